"""What is kept of alerts on past days is what the rules find as of these, whoever writes and judges meanwhile; on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from data_access import kept_alerts, past_alerts
from data_access.confinement import confine
from data_access.folding import fold
from data_access.months import rebuild
from data_access.past_alerts import DAYS, keep
from data_access.queries import found_alerts
from data_access.queries.alert_findings import findings
from data_access.queries.alert_pages import standing, waiting
from data_access.queries.found_alerts import found
from data_access.schema import accounts, alert_marks, metadata, past_alert_days, past_findings, sites, vendors
from data_access.scope import Scope
from data_access.verification.findings import findings_stand
from domain.alerts.lifecycle import urgency
from domain.alerts.thresholds import Thresholds
from domain.alerts.watch import Watch
from domain.filters import Filters
from seed.writing import generate_with_faults, write
from tests import factories as make
from tests.data_access.alert_writes import changed, rows_of, writes

TODAY = date(2026, 11, 20)
DAY, OTHER = TODAY - timedelta(days=30), TODAY - timedelta(days=61)
ALL, USUAL, WATCH = Scope.all_sites(), Thresholds(), Watch()


@pytest.fixture(scope="module")
def planted(shared_database):
    """A ledger in which every rule finds something today, judged for today."""
    tables, _ = generate_with_faults("tiny", 1, TODAY)
    write(shared_database, tables, "operator")
    _judge(shared_database)
    return shared_database


@pytest.fixture
def kept(planted):
    """The same, and judged for DAY; afterwards no day is kept."""
    _judge(planted)
    assert keep(planted, DAY, USUAL)
    yield planted
    with planted.writer.begin() as connection:
        confine(connection, ALL)
        past_alerts.forget(connection)
    assert rows_of(planted, past_findings) == []


def _judge(database):
    fold(database)
    kept_alerts.keep(database, TODAY, USUAL)


def _known(database, day=DAY, filters=None):
    """What is read from what is kept; the rules are not asked about everybody for it."""
    filters = filters or Filters(as_of=day)
    with database.reading(ALL) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_alerts, "findings", None)
        known = found(connection, ALL, filters, WATCH)
        told = known.every()
        assert {rule: n for rule, n in known.counts().items() if n} == {
            rule: sum(f.rule == rule for f in told) for rule in {f.rule for f in told}
        }
        assert standing(connection, ALL, filters, watch=WATCH, today=TODAY).number() == len(told)
    return told


def _anew(database, day=DAY, scope=ALL):
    with database.reading(scope) as connection:
        return sorted(findings(connection, scope, day, USUAL), key=urgency)


def _is_kept(database, day=DAY, thresholds=USUAL):
    with database.reading(ALL) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_alerts, "findings", lambda *_, **__: [])
        return found(connection, ALL, Filters(as_of=day), Watch(thresholds)).kept is not None


def _off(database):
    with database.reading(ALL) as connection:
        return list(findings_stand(connection, connection.scalars(select(accounts.c.id)).all()))


def test_what_is_kept_is_what_the_rules_find_a_page_at_a_time(kept):
    assert keep(kept, OTHER, USUAL)
    told = _known(kept)
    assert told == _anew(kept)
    assert _known(kept, OTHER) == _anew(kept, OTHER)
    assert len({finding.rule for finding in told}) > 5
    assert told not in (_known(kept, OTHER), _anew(kept, TODAY))
    pages, mark = [], None
    asked = {"watch": WATCH, "today": TODAY, "limit": 7}
    with kept.reading(ALL) as connection:
        while page := waiting(connection, ALL, Filters(as_of=DAY), after=mark, **asked):
            pages += [row.finding for row in page]
            mark = urgency(page[-1].finding)
        assert pages == told
        back = waiting(connection, ALL, Filters(as_of=DAY), before=urgency(told[9]), **asked)
        assert [row.finding for row in back] == told[2:9]
        known = found(connection, ALL, Filters(as_of=DAY), WATCH)
        assert known.of([told[3].key, ("R01", "nothing")]) == {told[3].key: told[3]}
    homes = {row.id: row.site_id for row in rows_of(kept, accounts)}
    for site in rows_of(kept, sites):
        of_site = _known(kept, filters=Filters(as_of=DAY, sites=(site.code,)))
        assert of_site == [f for f in told if f.account_id and homes[f.account_id] == site.id]


def test_whatever_is_written_is_judged_for_the_day_when_it_is_read_and_when_it_is_judged(kept):
    before, seen = _known(kept), 0
    for number, (what, _, write_it) in enumerate(writes(kept, DAY), start=1):
        write_it()
        if number % 4 == 0:
            after = _anew(kept)
            assert _known(kept) == after, what
            seen, before = seen + (after != before), after
        _judge(kept)
        if number % 4 == 0:
            assert rows_of(kept, alert_marks) == []
            assert _known(kept) == after, what
            assert _off(kept) == []
    assert seen >= 3  # it told something else often enough


def test_a_credit_on_one_account_is_found_for_the_notice_on_another(kept):
    vendor, site_id = rows_of(kept, vendors)[0].id, rows_of(kept, sites)[0].id
    asked, other = (make.account(kept, site_id, vendor, f"ASTRAY-{n}") for n in range(2))
    where = {"account_id": asked, "site_id": site_id}
    bill = make.invoice(kept, where, "ASTRAY", DAY - timedelta(days=60), DAY - timedelta(days=30), 78_80)
    paid = make.payment(kept, where, DAY - timedelta(days=40), 78_80)
    make.allocation(kept, where, 78_80, DAY - timedelta(days=40), payment_id=paid, invoice_id=bill)
    make.add(kept, "notices", **where, kind="late", dated=DAY - timedelta(days=5), amount=78_80, invoice_id=bill)
    _judge(kept)
    assert not [f for f in _known(kept) if (f.rule, f.account_id) == ("R23", asked)]
    elsewhere = {"account_id": other, "site_id": site_id}
    make.invoice(kept, elsewhere, "CAME-BACK", DAY - timedelta(days=10), None, 78_80, kind="credit_note")
    told = _known(kept)
    assert [f for f in told if (f.rule, f.account_id) == ("R23", asked)]
    _judge(kept)
    assert _known(kept) == told == _anew(kept)
    make.add(
        kept, "services", **elsewhere, identifier="ASTRAY"
    )  # what is kept of the other is found once more, not twice
    assert _known(kept) == _anew(kept)


def _in_three(database, monkeypatch):
    """Judge a day in three turns; how many accounts there are, and how many at once."""
    number = len(rows_of(database, accounts))
    few = -(-number // 3)
    monkeypatch.setattr(past_alerts, "FEW", few)
    return number, few


def test_what_is_written_while_the_day_is_judged_is_told_right(kept, monkeypatch):
    number, few = _in_three(kept, monkeypatch)
    first = rows_of(kept, accounts)[0]
    where = {"account_id": first.id, "site_id": first.site_id}

    def told(judged, number):
        progress.append((judged, number))
        if judged == few:  # of an account that was judged: by one who judges for today, and by one who does not
            make.invoice(kept, where, "MEANWHILE-1", OTHER - timedelta(days=50), OTHER - timedelta(days=20), 410_00)
            _judge(kept)
            make.invoice(kept, where, "MEANWHILE-2", OTHER - timedelta(days=51), OTHER - timedelta(days=21), 420_00)

    progress = []
    assert keep(kept, OTHER, USUAL, told)
    assert progress[0] == (few, number)
    assert progress[-1] == (number, number)
    assert _known(kept, OTHER) == _anew(kept, OTHER)
    _judge(kept)
    assert _known(kept, OTHER) == _anew(kept, OTHER)


def test_one_goes_on_where_another_was_ended(kept, monkeypatch):
    number, few = _in_three(kept, monkeypatch)

    def ended(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(kept, OTHER, USUAL, ended)
    assert not _is_kept(kept, OTHER)
    told = []
    assert keep(kept, OTHER, USUAL, lambda *how_far: told.append(how_far))
    assert told[-1][0] == number - few
    assert _known(kept, OTHER) == _anew(kept, OTHER)


def test_other_grounds_and_very_many_marks_give_the_days_up(kept, monkeypatch):
    assert not _is_kept(kept, thresholds=Thresholds(due_days=9))
    contacts = metadata.tables["payment_contacts"]
    label = rows_of(kept, contacts)[0].label
    changed(kept, contacts, rows_of(kept, contacts)[0].id, label="other desk")
    assert not _is_kept(kept)
    _judge(kept)
    assert rows_of(kept, past_alert_days) == []
    changed(kept, contacts, rows_of(kept, contacts)[0].id, label=label)
    assert keep(kept, DAY, USUAL)
    _judge(kept)
    assert _is_kept(kept)
    monkeypatch.setattr(past_alerts, "_MOST", 2)
    _mark(kept, 2)
    _judge(kept)
    assert _is_kept(kept)
    _mark(kept, 3)
    _judge(kept)
    assert (rows_of(kept, past_alert_days), rows_of(kept, past_findings)) == ([], [])


def _mark(database, number):
    with database.writer.begin() as connection:
        confine(connection, ALL)
        some = [{"account_id": a.id, "site_id": a.site_id} for a in rows_of(database, accounts)[:number]]
        connection.execute(insert(alert_marks), some)


def test_a_day_that_is_given_up_while_it_is_judged_is_not_told(kept):
    def told(*_):
        with kept.writer.begin() as connection:
            confine(connection, ALL)
            past_alerts.forget(connection)

    assert not keep(kept, OTHER, USUAL, told)
    assert rows_of(kept, past_findings) == []


def test_a_few_days_are_kept_and_the_oldest_asked_for_makes_room(kept):
    for ago in range(1, DAYS + 1):
        assert keep(kept, DAY - timedelta(days=ago), USUAL)
    assert [row.day for row in rows_of(kept, past_alert_days)] == [DAY - timedelta(days=n) for n in range(1, DAYS + 1)]
    assert {row.day for row in rows_of(kept, past_findings)} == {DAY - timedelta(days=n) for n in range(1, DAYS + 1)}
    rebuild(kept)
    assert rows_of(kept, past_alert_days) == []
    _judge(kept)


def test_who_sees_some_sites_is_told_what_the_rules_find_within_them(kept):
    homes = {row.site_id for row in rows_of(kept, accounts)}
    scope = Scope.of(homes)
    with kept.reading(scope) as connection:
        known = found(connection, scope, Filters(as_of=DAY), WATCH)
        assert known.kept is None  # judged at the read
        told = known.every()
        if kept.dialect == "postgresql":
            for table in ("past_alert_days", "past_findings"):
                assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    assert told == _anew(kept, scope=scope)
    assert "R10" not in {finding.rule for finding in told}


def test_nobody_waits_for_many_accounts_who_would_rather_not(kept, monkeypatch):
    monkeypatch.setattr(found_alerts, "FEW", 3)
    for day, narrowed, unjudged in ((OTHER, {}, True), (OTHER, {"accounts": (1, 2)}, False), (DAY, {}, False)):
        with kept.reading(ALL) as connection:
            asked = connection, ALL, Filters(as_of=day, **narrowed)
            told = standing(*asked, watch=WATCH, today=TODAY, hasty=True)
            assert told.unjudged is unjudged
            assert (told == standing(*asked, watch=WATCH, today=TODAY)) is not unjudged
    scope = Scope.of({row.site_id for row in rows_of(kept, accounts)})
    with kept.reading(scope) as connection:
        told = standing(connection, scope, Filters(as_of=OTHER), watch=WATCH, today=TODAY, hasty=True)
    assert not told.unjudged


@pytest.mark.parametrize("how", ["gone", "made up", "otherwise"])
def test_d3_finds_what_the_rules_do_not_say(kept, how):
    row = next(row for row in rows_of(kept, past_findings) if row.rule == "R03")
    which = f"past_findings: R03 {row.cause} of account_id {row.account_id} on {DAY}"
    lie, said = {
        "gone": (delete(past_findings).where(past_findings.c.id == row.id), f"{which} is missing"),
        "made up": (
            insert(past_findings).values(row._asdict() | {"id": 10**6, "cause": "x"}),
            f"past_findings: R03 x of account_id {row.account_id} on {DAY} is kept, the rules do not find it",
        ),
        "otherwise": (
            update(past_findings).where(past_findings.c.id == row.id).values(since=OTHER),
            f"past_findings: since of R03 {row.cause} of account_id {row.account_id} on {DAY} is {OTHER}, found now {row.since}",
        ),
    }[how]
    assert _off(kept) == []
    with kept.writer.begin() as connection:
        confine(connection, ALL)
        connection.execute(lie)
    assert _off(kept) == [f"{said}; `python manage.py rebuild` makes it anew"]


def test_no_account_is_left_out(kept):
    with kept.reading(ALL) as connection:
        number = connection.scalar(select(func.max(past_alert_days.c.judged_to)))
        assert number == max(row.id for row in rows_of(kept, accounts))
