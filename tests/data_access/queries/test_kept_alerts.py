"""What is kept of the alert rules, with what was written since, is what they find anew; whoever writes, and on both databases."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from data_access import kept_alerts
from data_access.alert_marks import LOCK, touched
from data_access.commands.alerts import Target, take_alert
from data_access.commands.refusals import NotFoundError
from data_access.folding import fold, fold_many
from data_access.kept_alerts import keep
from data_access.months import rebuild
from data_access.queries import found_alerts
from data_access.queries.alert_findings import findings
from data_access.queries.alert_pages import standing, waiting
from data_access.queries.found_alerts import found
from data_access.schema import (
    accounts,
    metadata,
    sites,
    vendors,
)
from data_access.scope import Scope
from domain.alerts.catalog import RULES
from domain.alerts.lifecycle import urgency
from domain.alerts.thresholds import Thresholds
from domain.alerts.watch import Watch
from domain.filters import Filters
from seed.writing import generate_with_faults, write
from tests import factories as make
from tests.data_access.alert_writes import changed, rows_of, writes

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ALL, USUAL, WATCH = Scope.all_sites(), Thresholds(), Watch()
EVERYTHING = Filters(as_of=TODAY)


@pytest.fixture(scope="module")
def planted(shared_database):
    """A ledger in which every rule finds something, judged once."""
    tables, _ = generate_with_faults("tiny", 1, TODAY)
    write(shared_database, tables, "operator")
    fold(shared_database)
    assert keep(shared_database, TODAY, USUAL) == len(rows_of(shared_database, accounts))
    return shared_database


@pytest.fixture(scope="module")
def every(planted):
    """What the rules find in it, before a test writes."""
    return _agree(planted)


def _touched(database):
    with database.reading(ALL) as connection:
        return {account_id for account_id, *_ in connection.execute(touched(ALL))}


def _known(database, watch=WATCH):
    """What is read from what is kept."""
    with database.reading(ALL) as connection:
        known = found(connection, ALL, EVERYTHING, watch)
        assert known.kept is not None
        told = known.every()
        assert known.counts() == {rule: sum(f.rule == rule for f in told) for rule in known.counts()}
    return told


def _agree(database, watch=WATCH):
    """Read from what is kept and found anew are the same, word for word; returns them."""
    with database.reading(ALL) as connection:
        anew = sorted(findings(connection, ALL, TODAY, watch.thresholds, watch.rules), key=urgency)
    assert _known(database, watch) == anew
    return anew


def test_nothing_is_judged_twice_and_nothing_is_touched(planted, every):
    assert keep(planted, TODAY, USUAL) == 0
    assert _touched(planted) == set()
    assert {finding.rule for finding in every} == set(RULES)


def test_a_page_at_a_time_is_the_whole_list_there_and_back(planted, every):
    asked = {"watch": WATCH, "today": TODAY, "limit": 7}
    with planted.reading(ALL) as connection:
        pages, mark = [], None
        while page := waiting(connection, ALL, EVERYTHING, after=mark, **asked):
            pages.append(page)
            mark = urgency(page[-1].finding)
        assert [row.finding for page in pages for row in page] == every
        for before, page in pairwise(pages):
            back = waiting(connection, ALL, EVERYTHING, before=urgency(page[0].finding), **asked)
            assert back == before
        notes = waiting(
            connection, ALL, EVERYTHING, severities=("note",), rules=("R21", "R03"), **asked | {"limit": 99}
        )
        assert [row.finding for row in notes] == [f for f in every if f.rule == "R21"]


def test_filters_and_rules_that_are_off_leave_what_they_left(planted, every):
    homes = {row.id: row.site_id for row in rows_of(planted, accounts)}
    for site in rows_of(planted, sites):
        filters = Filters(as_of=TODAY, sites=(site.code,))
        with planted.reading(ALL) as connection:
            told = found(connection, ALL, filters, WATCH).every()
            told_by_number = standing(connection, ALL, filters, watch=WATCH, today=TODAY).number()
        assert told == [f for f in every if f.account_id and homes[f.account_id] == site.id]
        assert told_by_number == len(told)
    off = Watch(off=frozenset({"R03", "R25"}))
    assert _agree(planted, watch=off) == [f for f in every if f.rule not in off.off]


def test_whatever_is_written_is_judged_when_it_is_read(planted):
    """Each write leaves its mark; what several of them come to is read before they are kept, and after."""
    before, number = _known(planted), 0
    for number, (what, account_id, write_it) in enumerate(writes(planted, TODAY), start=1):
        write_it()
        assert account_id in _touched(planted), what
        if number % 6 == 0:
            after = _agree(planted)
            assert after != before, what
        fold(planted)
        assert account_id in _touched(planted), what  # folded, it is touched still; kept, it is not
        keep(planted, TODAY, USUAL)
        assert _touched(planted) == set(), what
        if number % 6 == 0:
            assert _known(planted) == after
            before = after
    assert number == 19


def test_the_next_row_of_an_account_is_judged_though_a_page_has_judged_the_one_before(planted):
    """Nothing else is written in between: a second mark that is left out would leave what was found remembered."""
    first = rows_of(planted, accounts)[0]
    where = {"account_id": first.id, "site_id": first.site_id}
    ends = {"contract_ends_on": TODAY + timedelta(days=30)}

    def ending():
        return len([f for f in _agree(planted) if (f.rule, f.account_id) == ("R21", first.id)])

    before = ending()
    for number in range(1, 3):
        make.add(planted, "services", **where, **ends, identifier=f"N-{number}")
        assert ending() == before + number


def test_many_marks_of_an_account_become_its_newest_and_it_is_touched_still(planted):
    some = rows_of(planted, accounts)[:3]
    for account in (*some, *some, some[0]):
        where = {"account_id": account.id, "site_id": account.site_id}
        make.add(planted, "calls", **where, started_at=NOW - timedelta(days=30), number="+18005550100")
    marks = metadata.tables["alert_marks"]
    newest = {row.account_id: row.id for row in rows_of(planted, marks)}
    told = _agree(planted)
    fold_many(planted)
    assert len(rows_of(planted, marks)) > len(newest)  # so few are no trouble
    fold(planted)
    assert {row.account_id: row.id for row in rows_of(planted, marks)} == newest
    assert len(rows_of(planted, marks)) == len(newest)
    assert _agree(planted) == told
    keep(planted, TODAY, USUAL)
    assert _touched(planted) == set()
    assert _known(planted) == told


def test_marks_stay_while_another_judges(planted):
    """Whoever takes marks away is alone: on PostgreSQL two would wait for each other's rows."""
    if planted.dialect == "sqlite":  # has one writer
        return
    account = rows_of(planted, accounts)[0]
    where = {"account_id": account.id, "site_id": account.site_id}
    for _ in range(2):
        make.add(planted, "calls", **where, started_at=NOW - timedelta(days=30), number="+18005550100")
    marks = metadata.tables["alert_marks"]
    before = rows_of(planted, marks)
    with planted.writer.begin() as judging:
        judging.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        fold(planted)
        assert rows_of(planted, marks) == before
    fold(planted)
    assert len(rows_of(planted, marks)) < len(before)
    keep(planted, TODAY, USUAL)


def test_a_credit_on_one_account_is_found_for_the_notice_on_another(planted):
    vendor = rows_of(planted, vendors)[0].id
    site_id = rows_of(planted, sites)[0].id
    asked, other = (make.account(planted, site_id, vendor, f"STRAY-{n}") for n in range(2))
    where = {"account_id": asked, "site_id": site_id}
    bill = make.invoice(planted, where, "STRAY", TODAY - timedelta(days=60), TODAY - timedelta(days=30), 77_70)
    paid = make.payment(planted, where, TODAY - timedelta(days=40), 77_70)
    make.allocation(planted, where, 77_70, TODAY - timedelta(days=40), payment_id=paid, invoice_id=bill)
    make.add(planted, "notices", **where, kind="late", dated=TODAY - timedelta(days=5), amount=77_70, invoice_id=bill)
    fold(planted)
    keep(planted, TODAY, USUAL)
    elsewhere = {"account_id": other, "site_id": site_id}
    assert not [f for f in _known(planted) if (f.rule, f.account_id) == ("R23", asked)]
    make.invoice(planted, elsewhere, "BACK", TODAY - timedelta(days=10), None, 77_70, kind="credit_note")
    assert asked not in _touched(planted)
    told = _agree(planted)
    assert [f for f in told if (f.rule, f.account_id) == ("R23", asked)]
    fold(planted)
    keep(planted, TODAY, USUAL)
    assert _known(planted) == told


def _stale(database, day=TODAY, thresholds=USUAL):
    """Nothing that is kept is read for these; what would be found instead is not asked."""
    with database.reading(ALL) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_alerts, "findings", lambda *_, **__: [])
        return found(connection, ALL, Filters(as_of=day), Watch(thresholds)).kept is None


def test_another_day_other_thresholds_and_other_terms_are_judged_anew(planted, monkeypatch):
    contacts = metadata.tables["payment_contacts"]
    with monkeypatch.context() as patch:
        patch.setattr(kept_alerts, "FEW", 3)  # some of them: each is judged as each other
        for day, thresholds in ((TODAY + timedelta(days=1), USUAL), (TODAY, Thresholds(due_days=9))):
            assert _stale(planted, day, thresholds)
            assert kept_alerts._keep_some(planted, day, thresholds) == 3
            assert keep(planted, TODAY, USUAL) == 3
        assert not _stale(planted)
        changed(planted, contacts, rows_of(planted, contacts)[0].id, label="desk")
        assert _stale(planted)
        assert kept_alerts._keep_some(planted, TODAY, USUAL) == 3
    rebuild(planted)
    assert _stale(planted)
    assert keep(planted, TODAY, USUAL) == len(rows_of(planted, accounts))
    _agree(planted)


def _lately(database, day, **narrowed):
    """What a page is told of a day that nobody may wait for."""
    with database.reading(ALL) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_alerts, "FEW", 3)
        patch.setattr(found_alerts, "findings", lambda *_, **__: [])
        filters = Filters(as_of=day, **narrowed)
        known = found(connection, ALL, filters, WATCH, lately=True)
        shown, told = standing(connection, ALL, filters, watch=WATCH, today=day), known.every()
    assert (shown.as_judged, shown.number()) == (known.as_judged, len(told))
    return known.as_judged, [finding for finding in told if finding.account_id]


def test_until_a_new_day_is_judged_pages_are_told_what_was_found_last(planted, monkeypatch):
    tomorrow = TODAY + timedelta(days=1)
    keep(planted, TODAY, USUAL)
    last = [finding for finding in _agree(planted) if finding.account_id]
    assert _lately(planted, TODAY) == (None, last)
    assert _lately(planted, tomorrow) == (TODAY, last)
    assert _lately(planted, TODAY - timedelta(days=1)) == (None, [])  # not what is known only later
    with monkeypatch.context() as patch:
        patch.setattr(kept_alerts, "FEW", 3)
        assert kept_alerts._keep_some(planted, tomorrow, USUAL) == 3
        assert _lately(planted, tomorrow)[0] == TODAY
    keep(planted, tomorrow, USUAL)
    assert _lately(planted, tomorrow)[0] is None
    few = next(
        s.code for s in rows_of(planted, sites) if 0 < sum(a.site_id == s.id for a in rows_of(planted, accounts)) <= 3
    )
    keep(planted, TODAY, USUAL)
    with planted.reading(ALL) as connection, monkeypatch.context() as patch:
        patch.setattr(found_alerts, "FEW", 3)
        of_site = found(connection, ALL, Filters(as_of=tomorrow, sites=(few,)), WATCH, lately=True)
    assert (of_site.as_judged, of_site.kept) == (None, None)  # these few are judged now


def test_who_acts_on_an_alert_of_the_day_before_acts_on_what_is_found_now(planted, monkeypatch):
    first, tomorrow = rows_of(planted, accounts)[0], TODAY + timedelta(days=1)
    where = {"account_id": make.account(planted, first.site_id, first.vendor_id, "DUE"), "site_id": first.site_id}
    make.invoice(planted, where, "DUE-1", TODAY - timedelta(days=20), TODAY, 500_00)
    fold(planted)
    keep(planted, TODAY, USUAL)
    monkeypatch.setattr(found_alerts, "FEW", 3)
    cause = f"accounts:{where['account_id']}"
    assert ("R04", cause) in {finding.key for finding in _lately(planted, tomorrow)[1]}
    with pytest.raises(NotFoundError):  # it is late by then, which is another alert
        planted.writing("ana", ALL, lambda w: take_alert(w, ALL, Target(("R04", cause), tomorrow, WATCH)))
    planted.writing("ana", ALL, lambda w: take_alert(w, ALL, Target(("R04", cause), TODAY, WATCH)))


def _confined(database, scope):
    """What is read of what is kept, for who sees some sites; it is what the rules find within them, word for word."""
    with database.reading(scope) as connection:
        known = found(connection, scope, EVERYTHING, WATCH)
        told = known.every()
        assert known.kept is not None
        assert told == sorted(findings(connection, scope, TODAY, USUAL), key=urgency)
        number = known.counts()
    assert {rule: n for rule, n in number.items() if n} == Counter(finding.rule for finding in told)
    return told


def test_who_sees_some_sites_is_told_what_the_rules_find_within_them(planted):
    keep(planted, TODAY, USUAL)
    every = _agree(planted)
    homes = [row.site_id for row in rows_of(planted, accounts)]
    seen = set()
    for site_ids in (set(homes[:1]), set(homes) - set(homes[:1]), set(homes)):
        told = _confined(planted, Scope.of(site_ids))
        seen |= {finding.rule for finding in told}
    assert seen == set(RULES) - {"R10"}  # what banks cover is not told
    assert len(told) == sum(finding.rule != "R10" for finding in every)


def test_what_is_elsewhere_is_not_told_to_who_sees_the_site_alone(planted):
    """A line at another site, and a vendor's credit on another site's account; before they are kept, and after."""
    vendor, (here, there) = rows_of(planted, vendors)[0].id, [row.id for row in rows_of(planted, sites)][:2]
    scope = Scope.of({here})
    account = make.account(planted, here, vendor, "APART")
    where = {"account_id": account, "site_id": here}
    bill = make.invoice(planted, where, "APART", TODAY - timedelta(days=60), TODAY - timedelta(days=30), 66_60)
    paid = make.payment(planted, where, TODAY - timedelta(days=40), 66_60)
    make.allocation(planted, where, 66_60, TODAY - timedelta(days=40), payment_id=paid, invoice_id=bill)
    make.add(planted, "notices", **where, kind="late", dated=TODAY - timedelta(days=5), amount=66_60, invoice_id=bill)
    late = make.invoice(planted, where, "OPEN", TODAY - timedelta(days=60), TODAY - timedelta(days=30), 50_00)
    cut = {"kind": "suspension", "dated": TODAY - timedelta(days=3), "acts_on": TODAY + timedelta(days=2)}
    make.add(planted, "notices", **where, **cut, invoice_id=late)
    for end in (here, there):
        make.add(planted, "services", account_id=account, site_id=end, identifier=f"AT-{end}")
    other = {"account_id": make.account(planted, there, vendor, "GOT-IT"), "site_id": there}
    make.invoice(planted, other, "BACK-2", TODAY - timedelta(days=10), None, 66_60, kind="credit_note")
    for judged in range(2):
        told = {f.rule: dict(f.facts) for f in _confined(planted, scope) if f.account_id == account}
        every = {f.rule: dict(f.facts) for f in _agree(planted) if f.account_id == account}
        assert (told["R01"]["services that stop"], every["R01"]["services that stop"]) == ("1", "2"), judged
        assert ("R23" in told, "R23" in every) == (False, True)
        fold(planted)
        keep(planted, TODAY, USUAL)
        assert _touched(planted) == set()
    with planted.reading(scope) as connection:
        _kept_within(planted, connection, here, account)


def _kept_within(database, connection, site_id, account_id):
    """PostgreSQL shows who sees some sites what is kept of these, but for what follows from what is elsewhere."""
    if database.dialect == "postgresql":
        for table in ("alert_findings", "alert_judged", "alert_marks"):
            homes = connection.scalars(text(f"SELECT DISTINCT site_id FROM {table}")).all()
            assert set(homes) <= {site_id}, table
        shown = connection.execute(text("SELECT account_id, rule FROM alert_findings")).all()
        assert shown
        assert account_id not in {row.account_id for row in shown}
        assert not {"R10", "R23"} & {row.rule for row in shown}
