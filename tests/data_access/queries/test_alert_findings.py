"""The alert rules from the ledger, on planted faults: on both databases, within a scope, and as of days gone by."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from data_access.queries.alert_findings import findings
from data_access.queries.leg_states import LegState
from data_access.queries.reconciliation import legs
from data_access.schema import accounts, bank_statements, sites
from data_access.scope import Scope, ScopeRequiredError
from domain.alerts.catalog import RULES, Severity
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from seed.writing import generate_with_faults, write
from terminal.alert_scores import sheet_of

TODAY = date(2026, 11, 20)
ALL = Scope.all_sites()
USUAL = Thresholds()


@pytest.fixture(scope="module")
def planted(shared_database):
    """The answer sheet of the ledger in shared_database."""
    tables, answers = generate_with_faults("tiny", 1, TODAY)
    write(shared_database, tables, "operator")
    return answers


@pytest.fixture
def found(shared_database, planted):
    def of(as_of=TODAY, scope=ALL, thresholds=USUAL, only=None):
        with shared_database.reading(scope) as connection:
            return findings(connection, scope, as_of, thresholds, only)

    return of


def test_what_was_planted_is_found_and_nothing_else_on_the_planted(found, planted):
    sheet = sheet_of(planted)
    assert {rule for rule, _ in sheet.alerts} == set(RULES)
    keys = [finding.key for finding in found() if sheet.concerns(finding)]
    assert sorted(keys) == sorted(sheet.alerts)


def test_no_two_findings_have_one_key_and_none_is_from_tomorrow(found):
    every = found()
    assert len({finding.key for finding in every}) == len(every)
    assert all(finding.since <= TODAY for finding in every)


def test_each_finding_names_an_account_as_it_is_and_no_account_number(found, shared_database):
    with shared_database.reading(ALL) as connection:
        rows = {row.id: row for row in connection.execute(select(accounts))}
    for finding in found():
        if finding.account_id is None:
            assert finding.rule == "R25"
            continue
        row = rows[finding.account_id]
        assert (finding.site_id, finding.vendor_id, finding.currency) == (row.site_id, row.vendor_id, row.currency)
        told = " ".join(value for _, value in finding.facts if f"{row.account_number}/" not in value)
        assert row.account_number not in told.replace(f"CKT-{row.account_number}", "")


def test_the_gravest_come_first_and_then_by_site(found, shared_database):
    with shared_database.reading(ALL) as connection:
        codes = {row.id: row.code for row in connection.execute(select(sites))}
    order = list(Severity)
    places = [(order.index(RULES[f.rule].severity), codes.get(f.site_id, "")) for f in found()]
    assert places == sorted(places)
    assert len({severity for severity, _ in places}) == 3


def test_only_some_rules(found):
    every = found()
    for some in (frozenset({"R03"}), frozenset({"R05", "R10", "R18"}), frozenset()):
        assert found(only=some) == [finding for finding in every if finding.rule in some]


def test_within_a_scope_are_the_same_findings_of_its_sites(found, shared_database):
    with shared_database.reading(ALL) as connection:
        camden = connection.scalar(select(sites.c.id).where(sites.c.code == "FT2"))
    inside = found(scope=Scope.of({camden}))
    assert {f.site_id for f in inside} == {camden, None}
    # Where the other account's site is hidden, so is what it shows: R23 needs both.
    whole = {f.key for f in found() if f.site_id in (camden, None)}
    assert {f.key for f in inside} <= whole
    assert {rule for rule, _ in whole - {f.key for f in inside}} <= {"R23"}
    assert found(scope=Scope.of(())) == [f for f in found() if f.site_id is None]


@pytest.mark.parametrize("as_of", [TODAY, TODAY - timedelta(days=70)], ids=["today", "a day gone by"])
def test_few_accounts_judged_alone_are_judged_as_among_all(found, shared_database, as_of):
    whole, judged = found(as_of), 0
    with shared_database.reading(ALL) as connection:
        homes = {row.id: row.code for row in connection.execute(select(accounts.c.id, sites.c.code).join(sites))}
        for code in sorted(set(homes.values())):
            filters = Filters(
                as_of=as_of, since=as_of, sites=(code,), search="no such"
            )  # what else they ask is the caller's
            of_site = findings(connection, ALL, as_of, USUAL, filters=filters)
            assert of_site == [f for f in whole if homes.get(f.account_id) in (None, code)], code
            judged += len(of_site)
    assert judged > 20


def test_bank_statements_are_for_those_who_see_every_site(found, shared_database):
    with shared_database.reading(ALL) as connection:
        northern = connection.scalar(select(sites.c.id).where(sites.c.code == "FT3"))
    assert any(f.rule == "R10" for f in found())
    assert not any(f.rule == "R10" for f in found(scope=Scope.of({northern})))


@pytest.mark.parametrize("as_of", [TODAY, TODAY - timedelta(days=3)])
def test_what_r10_misses_in_the_bank_is_what_the_three_legs_miss(found, shared_database, as_of):
    """The legs say so from the first day on that some statement covers; the rule waits, and for all statements."""
    told = {f.entity_id for f in found(as_of, only=frozenset({"R10"})) if f.rule == "R10"}
    with shared_database.reading(ALL) as connection:
        rows = legs(connection, ALL, Filters(as_of=as_of), limit=100_000)
    uncovered = {row.id for row in rows if row.state is LegState.NO_STATEMENT}
    missing = {row.id for row in rows if row.posted_on and row.matched < row.amount} - uncovered
    assert told
    assert told <= missing
    with shared_database.reading(ALL) as connection:
        covered = _covered_days(connection)
    for row in rows:
        crossed = row.posted_on and row.posted_on + timedelta(days=USUAL.bank_days + 1)
        if row.id in missing and crossed <= as_of:
            wanted = {row.paid_on + timedelta(days=n) for n in range((crossed - row.paid_on).days)}
            banks = covered[("card" if row.method == "card" else "bank"), row.currency].values()
            assert (row.id in told) == (bool(banks) and all(wanted <= days for days in banks)), row


def _covered_days(connection):
    """By kind and currency: by bank account, every day that a statement of it covers."""
    found = defaultdict(lambda: defaultdict(set))
    for row in connection.execute(select(bank_statements)):
        days = (row.period_end - row.period_start).days
        more = (row.period_start + timedelta(days=n) for n in range(days))
        found[row.kind, row.currency][row.bank_account].update(more)
    return found


def test_no_scope_is_refused(shared_database):
    with shared_database.reading(ALL) as connection, pytest.raises(ScopeRequiredError):
        findings(connection, None, TODAY, USUAL)


@pytest.mark.slow
def test_a_finding_keeps_its_day_and_a_new_one_began_today(found, planted):
    """Day by day over ten days."""
    sheet, before = sheet_of(planted), {}
    for back in range(10, -1, -1):
        day = TODAY - timedelta(days=back)
        now = {f.key: f for f in found(day) if sheet.concerns(f)}
        for key, finding in now.items():
            if key in before:
                assert before[key].since == finding.since, finding
            elif before:
                assert finding.since == day, finding
        before = now


def test_the_past_does_not_know_what_came_later(found):
    early = date(2026, 9, 1)
    assert all(finding.since <= early for finding in found(early))
    assert found(date(2023, 1, 1)) == []


def test_thresholds_move_the_day(found):
    assert len(found(only=frozenset({"R04"}), thresholds=Thresholds(due_days=9))) > len(found(only=frozenset({"R04"})))
    assert not found(only=frozenset({"R22"}), thresholds=Thresholds(unapplied_days=400))
