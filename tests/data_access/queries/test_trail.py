"""The audit trail as it is searched: within the scope, page by page, account numbers masked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from data_access.commands.calls import CallDraft, log_call
from data_access.commands.disputes import close_dispute, open_dispute
from data_access.commands.payments import PaymentDraft, post_payment, record_payment
from data_access.commands.reveals import reveal_numbers
from data_access.exporting import as_csv
from data_access.queries import trail_search
from data_access.queries.trail import (
    TrailFilters,
    TrailWords,
    trail_count,
    trail_event,
    trail_rows,
    trail_sheet,
    trail_words,
)
from data_access.queries.trail_search import found_events
from data_access.scope import Scope, ScopeRequiredError
from domain.audit_words import sentence
from tests import factories as make
from tests.conftest import NOW

ALL = Scope.all_sites()
EVERY = TrailFilters()
NUMBER = "4415-0098-7731"
DAY = date(2026, 2, 10)


@pytest.fixture
def told(database):
    """Eight events: two of no site, four at HQ by ana, two at BR by ben. The ids by name."""
    near, far = make.site(database), make.site(database, "BR", region="South")
    ids = {"near": near, "far": far}
    ids["lumina"] = make.account(database, near, make.vendor(database, "Lumina"), NUMBER)
    ids["halden"] = make.account(database, far, make.vendor(database, "Halden"), "H-7788 4400", currency="JPY")
    ids["bill"] = make.invoice(
        database, {"account_id": ids["halden"], "site_id": far}, "E", date(2026, 1, 5), None, 900
    )

    def seeded(w):
        w.record("grant", "users", 1, after={"email": "ana@example.com", "role": "admin"})
        w.record("create", "accounts", ids["lumina"], site_id=near, after={"account_number": NUMBER, "terms_days": 30})

    def near_work(w):
        paid = record_payment(
            w, ALL, PaymentDraft(ids["lumina"], DAY, 1234, "card", note=f"acct {NUMBER}", apply="none")
        )
        post_payment(w, ALL, paid, DAY)
        reveal_numbers(w, ALL, [ids["lumina"]], "call sheet")

    def far_work(w):
        dispute = open_dispute(w, ALL, ids["bill"], amount=400, reason="100% wrong", opened_on=DAY)
        close_dispute(w, ALL, dispute, DAY, "won")

    database.writing("operator", ALL, seeded)
    database.writing("ana", ALL, near_work)
    database.writing("ben", ALL, far_work)
    database.writing(
        "ben", ALL, lambda w: w.record("import", "import_batches", 5, after={"kind": "fx", "file": "x.csv"})
    )
    return ids


@pytest.fixture
def read(database):
    def _read(scope=ALL, wanted=EVERY, **more):
        with database.reading(scope) as connection:
            return trail_rows(connection, scope, wanted, **more)

    return _read


def numbers(rows):
    return [row.seq for row in rows]


def test_newest_first_with_what_there_is_to_tell(read, told):
    rows = read()
    assert numbers(rows) == [8, 7, 6, 5, 4, 3, 2, 1]
    paid = rows[5]
    assert (paid.actor, paid.action, paid.entity, paid.site, paid.site_name) == (
        "ana",
        "record",
        "payments",
        "HQ",
        "HQ site",
    )
    assert (paid.account, paid.currency, paid.at) == ("Lumina ••••7731", "USD", NOW)
    assert [sentence(row.told) for row in rows] == [
        "Imported fx from x.csv: 0 added, 0 rejected",
        "Closed a dispute: won",
        "Disputed JPY 400: 100% wrong",
        "Was shown the whole account number: call sheet",
        "Marked a payment as posted on 2026-02-10",
        "Recorded a payment of USD 12.34",
        "Added an account",
        "Gave ana@example.com the role admin",
    ]
    # An event that names no account has that of its row.
    assert [row.account for row in rows] == ["", "Halden ••••4400", "Halden ••••4400", *["Lumina ••••7731"] * 4, ""]
    assert rows[0].prev_hash == rows[1].hash


def test_no_account_number_is_told(database, read, told):
    """Not in notes, and not one that the account had before or that is gone."""
    old = {"account_number": "8800-1122-3344"}
    database.writing(
        "ana", ALL, lambda w: w.record("fill", "accounts", told["lumina"], site_id=told["near"], before=old)
    )
    database.writing("ana", ALL, lambda w: w.record("delete", "accounts", 99, before=old))
    assert "8800" not in repr(read())
    assert NUMBER not in repr(read())
    with database.reading(ALL) as connection:
        written = as_csv(trail_sheet(connection, ALL, EVERY, ("All of it",))).decode()
    assert NUMBER not in written
    assert written.count("••••7731") > 4


def test_somebody_of_one_site_sees_its_events_only(read, told):
    own = Scope.of([told["near"]])
    assert numbers(read(own)) == [5, 4, 3, 2]
    assert numbers(read(Scope.of([told["far"]]))) == [7, 6]
    assert numbers(read(Scope.of([told["near"], told["far"]]))) == [7, 6, 5, 4, 3, 2]  # none of no site
    assert read(Scope.of([])) == []
    # A search for another site, person or text does not reach further.
    for wanted in (TrailFilters(sites=("BR",)), TrailFilters(people=("ben",)), TrailFilters(search="wrong")):
        assert read(own, wanted) == []


def test_an_event_outside_the_scope_is_none(database, told):
    own = Scope.of([told["near"]])
    with database.reading(ALL) as connection:
        assert trail_event(connection, ALL, 7).seq == 7
        assert trail_event(connection, ALL, 99) is None
    with database.reading(own) as connection:
        assert trail_event(connection, own, 3).seq == 3
        assert trail_event(connection, own, 7) is None
        assert trail_event(connection, own, 1) is None
        assert trail_count(connection, own, EVERY) == 4
        assert trail_words(connection, own) == TrailWords(
            ("ana", "operator"), ("create", "post", "record", "reveal"), ("accounts", "payments")
        )


SEARCHES = [
    (TrailFilters(people=("ben",)), [8, 7, 6]),
    (TrailFilters(people=("ben", "operator")), [8, 7, 6, 2, 1]),
    (TrailFilters(sites=("HQ",)), [5, 4, 3, 2]),
    (TrailFilters(regions=("South",)), [7, 6]),
    (TrailFilters(kinds=("reveal", "record")), [5, 3]),
    (TrailFilters(things=("payments",)), [4, 3]),
    (TrailFilters(things=("disputes",), people=("ana",)), []),
    (TrailFilters(search="100% WRONG"), [6]),
    (TrailFilters(search="100_"), []),
    (TrailFilters(search="ana@example"), [1]),
    (TrailFilters(search=NUMBER), [3, 2]),
    (TrailFilters(since=NOW), [8, 7, 6, 5, 4, 3, 2, 1]),
    (TrailFilters(since=NOW + timedelta(seconds=1)), []),
    (TrailFilters(until=NOW), []),
    (TrailFilters(until=NOW + timedelta(seconds=1), kinds=("close",)), [7]),
]


def test_searches(database, read, told):
    for wanted, found in SEARCHES:
        assert numbers(read(wanted=wanted)) == found, wanted
        with database.reading(ALL) as connection:
            assert trail_count(connection, ALL, wanted) == len(found), wanted


def test_page_by_page_nothing_is_missed_or_doubled(read, told):
    for wanted in (EVERY, TrailFilters(people=("ana", "ben"))):
        whole = numbers(read(wanted=wanted))
        pages, mark = [], None
        while page := numbers(read(wanted=wanted, after=mark, limit=3)):
            pages += page
            mark = (page[-1],)
        assert pages == whole


def test_the_export_holds_what_is_searched_and_runs_nothing(database, told):
    draft = CallDraft(told["lumina"], datetime(2026, 2, 10, 15, tzinfo=UTC), outcome="=HYPERLINK(1)", notes="x")
    database.writing("=cmd()", ALL, lambda w: log_call(w, ALL, draft))
    with database.reading(ALL) as connection:
        sheet = trail_sheet(connection, ALL, replace(EVERY, things=("calls",)), ("Thing: calls",))
    (row,) = sheet.rows
    assert len(row) == len(sheet.columns)
    text = as_csv(sheet).decode("utf-8-sig").splitlines()
    assert text[1] == "# Thing: calls"
    assert text[-1].split(",")[2] == "'=cmd()"
    assert "Outcome: – → =HYPERLINK(1)" in text[-1]


def test_without_a_scope_it_is_not_answered(database, told):
    with database.reading(ALL) as connection, pytest.raises(ScopeRequiredError):
        trail_rows(connection, None, EVERY)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("wanted", [EVERY, TrailFilters(sites=("HQ",)), TrailFilters(things=("payments",))])
def test_the_trail_is_read_from_its_end_and_never_sorted(database, told, wanted):
    seen = []

    def keep(_connection, _cursor, statement, parameters, *_):
        seen.append((statement, parameters))

    event.listen(database.reader, "before_cursor_execute", keep)
    with database.reading(ALL) as connection:
        trail_rows(connection, ALL, wanted)
        statement, parameters = next(each for each in seen if "FROM audit_log" in each[0])
        plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
    assert "audit_log" in plan
    assert "TEMP B-TREE" not in plan
    assert ("ix_audit_log_site_id_seq" in plan) == bool(wanted.sites)


def _walked(connection, wanted, **more):
    pages, mark = [], None
    while True:
        found = found_events(connection, ALL, wanted, after=mark, limit=3, **more)
        shown = found.rows[:2]
        pages += [row.seq for row in shown]
        mark = (shown[-1].seq,) if len(found.rows) > len(shown) else found.until
        if mark is None:
            return pages


@pytest.mark.parametrize("stretch", [2, 100])
def test_all_stretches_together_are_the_whole_search(database, told, monkeypatch, stretch):
    monkeypatch.setattr(trail_search, "LOOKED_AT", stretch)
    later = NOW + timedelta(days=60)
    database._now = lambda: later
    for n in range(6):
        database.writing(
            "ana" if n % 2 else "ben", ALL, lambda w, n=n: w.record("create", "sites", n, after={"name": f"Later {n}"})
        )
    searches = [
        EVERY,
        replace(EVERY, search="later"),
        replace(EVERY, search="nothing says this"),
        replace(EVERY, people=("ana",), until=NOW + timedelta(days=1)),
        replace(EVERY, kinds=("create",), since=NOW + timedelta(days=30)),
        replace(EVERY, things=("payments",), regions=("North",)),
        replace(EVERY, sites=("HQ", "BR"), search="a"),
    ]
    with database.reading(ALL) as connection:
        for wanted in searches:
            every = [row.seq for row in trail_rows(connection, ALL, wanted)]
            assert _walked(connection, wanted) == every
            assert _walked(connection, wanted, sort="seq") == every[::-1]
            back = [row.seq for row in found_events(connection, ALL, wanted, before=(4,), limit=1).rows]
            assert stretch < 100 or back == [seq for seq in every if seq > 4][-1:]
        assert trail_count(connection, ALL, EVERY, most=5) == 5
        # Long before the other events, what is near in time is found without looking at them.
        start = found_events(connection, ALL, replace(EVERY, until=NOW + timedelta(seconds=1)), limit=1)
        assert start.rows[0].seq == 8


def test_who_sees_some_sites_looks_at_all_of_theirs(database, told, monkeypatch):
    monkeypatch.setattr(trail_search, "LOOKED_AT", 1)
    own = Scope.of([told["near"]])
    with database.reading(own) as connection:
        found = found_events(connection, own, replace(EVERY, search="ana"))
        assert list(found.rows) == trail_rows(connection, own, replace(EVERY, search="ana"))
        assert len(found.rows) == 3
        assert found.until is None
