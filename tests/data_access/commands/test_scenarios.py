"""A scenario's life: saved, changed, renamed, copied, deleted; and who sees what of it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.commands.scenarios import Computed, change, copy, delete, rename, save
from data_access.queries.scenarios import opened, own_scenarios
from data_access.schema import scenarios
from data_access.scope import Scope
from data_access.verification.trail import changes_are_told
from domain.what_if.actions import Action, Kind, Scenario, Selection, What

ALL = Scope.all_sites()
ANA, VERA = "ana", "vera@example.com"
DAY = date(2026, 11, 20)
PAY = Action(Kind.PAY, on=DAY, what=What.OVERDUE)


@pytest.fixture
def both(where, other, bills):
    """A scenario that pays at either site, by site, by account and by bill, and everywhere."""
    names = {"here": "HQ", "there": "BR"}
    selections = [
        Selection(sites=(names["here"], names["there"])),
        Selection(sites=(names["there"],)),
        Selection(accounts=(where["account_id"], other["account_id"])),
        Selection(bills=(other["bill"],)),
        Selection(bills=(bills["jan"],), vendors=("Halden", "Lumina")),
        Selection(),
    ]
    return Scenario("Both", 60, tuple(replace(PAY, selection=each) for each in selections))


@pytest.fixture
def act(database):
    """act(command, ..., who=ANA, scope=ALL) in one transaction."""

    def _act(command, *args, who=ANA, scope=ALL):
        return database.writing(who, scope, lambda writing: command(writing, scope, *args))

    return _act


@pytest.fixture
def sees(database):
    """sees(link, who, scope): the scenario behind the link, as they see it."""

    def _sees(link, who=ANA, scope=ALL):
        with database.reading(scope, who) as connection:
            return opened(connection, scope, link, who)

    return _sees


@pytest.fixture
def lists(database):
    def _lists(who=ANA, scope=ALL):
        with database.reading(scope, who) as connection:
            return [saved.scenario.name for saved in own_scenarios(connection, scope, actor=who)]

    return _lists


def test_it_is_kept_as_it_was_built_and_told(act, sees, lists, both, told, database):
    saved = act(save, both, Computed(DAY, "v1"))
    assert sees(saved.link) == saved
    assert (saved.scenario, saved.mine, saved.as_of, saved.data_version) == (both, True, DAY, "v1")
    assert told()[-1] == ("create", "scenarios", saved.id)
    longer = replace(both, name="Longer", horizon_days=90)
    changed = act(change, saved.link, longer, Computed(date(2026, 11, 21), "v2"))
    assert (changed.link, changed.scenario, changed.as_of, changed.data_version) == (
        saved.link, longer, date(2026, 11, 21), "v2",
    )  # fmt: skip
    renamed = act(rename, saved.link, "Shorter")
    assert (renamed.scenario.name, renamed.as_of, renamed.data_version) == ("Shorter", date(2026, 11, 21), "v2")
    assert lists() == ["Shorter"]
    act(delete, saved.link)
    assert sees(saved.link) is None
    assert lists() == []
    assert [action for action, entity, _ in told() if entity == "scenarios"] == ["create", "update", "update", "delete"]
    assert missing(database) == []
    with database.writer.begin() as connection:
        connection.execute(scenarios.delete())
    assert len(missing(database)) == 4


def missing(database):
    with database.reading(ALL) as connection:
        return [said for said in changes_are_told(connection) if "scenarios" in said]


def test_another_reads_it_by_its_link_and_changes_only_a_copy(act, sees, lists, both):
    link = act(save, both, Computed(DAY)).link
    assert sees(link, VERA).mine is False
    assert lists(VERA) == []
    for command, args in ((rename, ("Mine",)), (delete, ()), (change, (both, Computed(DAY)))):
        with pytest.raises(NotFoundError, match="save a copy"):
            act(command, link, *args, who=VERA)
    mine = act(copy, link, "Mine", who=VERA)
    assert (mine.owner, mine.mine, mine.scenario) == (VERA, True, replace(both, name="Mine"))
    assert mine.link != link
    assert lists() == ["Both"]


def test_who_sees_one_site_sees_what_is_done_there_and_nothing_of_the_other(act, sees, both, own, where, bills):
    link = act(save, both, Computed(DAY)).link
    found = sees(link, VERA, own).scenario
    assert [action.selection for action in found.actions] == [
        Selection(sites=("HQ",)),
        Selection(accounts=(where["account_id"],)),
        Selection(bills=(bills["jan"],), vendors=("Lumina",)),
        Selection(),
    ]
    kept = act(copy, link, "Copy", who=VERA, scope=own)
    assert kept.scenario.actions == found.actions
    assert sees(kept.link, ANA).scenario.actions == found.actions  # the copy holds no more than that
    assert sees(link, VERA, Scope.of([])).scenario.actions == (PAY,)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_the_database_itself_shows_another_only_by_its_link(act, database, both, own):
    link = act(save, both, Computed(DAY)).link
    mine = act(save, replace(both, name="Mine"), Computed(DAY), who=VERA, scope=own)
    with database.reading(own, VERA) as connection:
        assert connection.scalars(select(scenarios.c.link)).all() == [mine.link]
        assert opened(connection, own, link, VERA) is not None
        assert connection.scalar(select(func.count()).select_from(scenarios)) == 2
    with database.reading(own, VERA) as connection:  # the setting ended with its transaction
        assert connection.scalars(select(scenarios.c.link)).all() == [mine.link]

    def steal(writing):
        row = {"link": "x" * 22, "name": "x", "owner": ANA, "actions": "{}", "as_of": DAY}
        writing.connection.execute(scenarios.insert().values(**row, created_at=writing.at, updated_at=writing.at))
        writing.record("create", "scenarios", 1)

    with pytest.raises(ProgrammingError, match="row-level security"):
        database.writing(VERA, own, steal)


def test_names_are_ones_own_and_free_again_after_a_deletion(act, lists, both):
    first = act(save, both, Computed(DAY))
    with pytest.raises(LedgerRefusedError, match="you have a scenario 'Both' already"):
        act(save, both, Computed(DAY))
    act(save, both, Computed(DAY), who=VERA)
    second = act(save, replace(both, name="Second"), Computed(DAY))
    with pytest.raises(LedgerRefusedError, match="'Both' already"):
        act(rename, second.link, "Both")
    act(delete, first.link)
    act(rename, second.link, "Both")
    assert lists() == ["Both"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_name_that_cannot_be_kept_is_refused(act, lists, both):
    for name in ("", " a", "a\nb", "x" * 61):
        with pytest.raises(LedgerRefusedError, match="1 to 60 characters"):
            act(save, replace(both, name=name), Computed(DAY))
    with pytest.raises(LedgerRefusedError, match="payment card"):
        act(save, replace(both, name="Card 4111111111111111"), Computed(DAY))
    for link in ("", "x" * 22, "1"):
        with pytest.raises(NotFoundError):
            act(copy, link, "Copy")
    assert lists() == []
