"""The totals of months follow from the ledger's rows, whoever writes: after each random write they equal them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from data_access import folding, kept_sums, recount
from data_access.confinement import confine
from data_access.database import Database, is_transient
from data_access.folding import fold
from data_access.months import differences, rebuild
from data_access.queries.balances import aging
from data_access.schema import allocations, call_days, calls, invoices, month_totals, payments, site_totals
from data_access.scope import Scope
from data_access.verification import verify
from domain.filters import Filters
from tests import factories as make
from tests.outsider import START, Outsider

ALL = Scope.all_sites()


def _wrong(database: Database) -> list[str]:
    with database.reading(ALL) as connection:
        return list(differences(connection))


def _stored(database: Database) -> int:
    with database.reading(ALL) as connection:
        return connection.scalar(select(func.count()).select_from(month_totals))


def test_after_each_write_of_another_program_the_totals_are_right(database, monkeypatch):
    monkeypatch.setattr(recount, "AT_ONCE", 1)  # each account is counted for itself
    monkeypatch.setattr(folding, "_MOVES_AT_ONCE", 3)  # a sum that three were added to has more added
    outsider = Outsider(database, Random(1))
    done = set()
    for step in range(70):
        name = outsider.write()
        done.add(name)
        assert _wrong(database) == [], f"after step {step}, {name}"
        if step % 20 == 19:
            fold(database)
            assert _wrong(database) == []
    assert len(done) == 9
    before = _stored(database)
    fold(database)
    assert _stored(database) < before
    with database.reading(ALL) as connection:
        assert connection.scalar(select(func.count()).where(month_totals.c.account_id.is_not(None))) == 0
        for kept in kept_sums.KEPT:  # each sum is there once
            t = kept.table.c
            twice = select(*(t[name] for name in kept.named)).group_by(*(t[name] for name in kept.named))
            assert connection.execute(twice.having(func.count() > 1)).all() == []
    rebuild(database)
    assert _wrong(database) == []
    assert [r for r in verify(database, date(2026, 9, 1)).results if r.findings] == []


def test_verify_says_which_total_is_wrong_and_rebuild_mends_it(database):
    where = make.office(database)
    make.invoice(database, where, "B1", START, None, 500)
    with database.writer.begin() as connection:
        connection.execute(update(month_totals).values(billed=month_totals.c.billed + 7))
    fold(database)
    with database.writer.begin() as connection:
        quarter = update(site_totals).where(site_totals.c.period == "2026-Q1")
        connection.execute(quarter.values(billed=site_totals.c.billed - 3))
        nowhere = {"site_id": where["site_id"], "period": "1999", "currency": "USD", "late": 1}
        connection.execute(insert(site_totals).values(nowhere))
    found = {result.id: result.findings for result in verify(database, date(2026, 9, 1)).results}["D1"]
    which = "month 2026-01, region North, vendor_id 1, service_type internet, currency USD"
    assert f"month_totals: billed of {which} is 7 too much; `python manage.py rebuild` makes it anew" in found
    of_site = f"of site_id {where['site_id']}, period"
    assert (
        f"site_totals: late {of_site} 1999, currency USD is 1 too much; `python manage.py rebuild` makes it anew"
        in found
    )
    # the seven came in as the site's too, when they were folded
    assert sorted(each.split(" is ")[0] for each in found if " billed of site_id" in each) == [
        f"site_totals: billed {of_site} {period}, currency USD"
        for period in ("2026", "2026-01", "2026-02", "2026-Q1", "ever")
    ]
    rebuild(database)
    assert _wrong(database) == []


def test_calls_by_day_follow_whoever_writes_calls(database):
    """The days are those of UTC, whatever the zone of the site."""
    where = make.office(database)
    late, early = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    rows = [where | {"started_at": at, "outcome": outcome} for at, outcome in ((late, "paid"), (late, "promised"))]
    with database.writer.begin() as connection:
        connection.execute(insert(calls).values(rows))  # several in one statement
    first = make.add(database, "calls", **where, started_at=early, outcome="paid")
    make.add(database, "calls", **where, started_at=early, outcome="promised", amends_id=first)
    days = {date(2026, 3, 1): (2, 1), date(2026, 3, 2): (2, 1)}
    for fresh in (True, False):
        assert _wrong(database) == []
        with database.reading(ALL) as connection:
            found = connection.execute(select(call_days.c.day, call_days.c.calls, call_days.c.paid)).all()
        assert {day: tuple(sum(row[n] for row in found if row[0] == day) for n in (1, 2)) for day in days} == days
        assert len(found) == (3 if fresh and database.dialect == "postgresql" else 4 if fresh else 2)
        fold(database)
    with database.writer.begin() as connection:
        connection.execute(update(call_days).where(call_days.c.day == early.date()).values(paid=3))
        connection.execute(delete(call_days).where(call_days.c.day == late.date()))
    again = "; `python manage.py rebuild` makes it anew"
    assert sorted(_wrong(database)) == [
        f"call_days: calls of day 2026-03-01 is 2 too little{again}",
        f"call_days: paid of day 2026-03-01 is 1 too little{again}",
        f"call_days: paid of day 2026-03-02 is 2 too much{again}",
    ]
    assert rebuild(database)["call_days"] == 2
    assert _wrong(database) == []


def test_what_was_refused_leaves_no_trace(database):
    where = make.office(database)
    bill = make.invoice(database, where, "B1", START, None, 500)
    paid = make.payment(database, where, START, 400)
    with pytest.raises(DBAPIError):
        make.allocation(database, where, 450, START, payment_id=paid, invoice_id=bill)
    assert _wrong(database) == []


def test_an_allocation_dated_before_another_of_its_bill_settles_it_on_the_later_day(database):
    """And several of one bill and day, in one statement, settle it once."""
    where = make.office(database)
    paid = make.payment(database, where, START, 1_000)
    days = [START + timedelta(days=number) for number in (10, 20, 40)]
    for number in range(2):
        bill = make.invoice(database, where, f"B{number}", START, days[0], 100)
        rows = [
            where | {"payment_id": paid, "invoice_id": bill, "amount": amount, "applied_on": day}
            for amount, day in ((60, days[2]), (30, days[1 if number else 2]), (10, days[0 if number else 2]))
        ]
        for some in [[row] for row in rows] if number else [rows]:
            with database.writer.begin() as connection:
                connection.execute(insert(allocations).values(some))
            assert _wrong(database) == []
    with database.reading(ALL) as connection:
        filters = [Filters(as_of=day) for day in days]
        assert [aging(connection, ALL, each, "currency")[0].open_count for each in filters[:2]] == [2, 2]
        assert aging(connection, ALL, filters[2], "currency")[0].open_count == 0


def test_bills_settled_in_parts_on_their_due_day_or_twice_are_counted_as_the_triggers_do(database):
    where = make.office(database)
    paid = make.payment(database, where, START, 10_000)
    due = START + timedelta(days=10)
    for number, parts in enumerate(
        (
            [(100, 10)],  # in time, on the last day
            [(100, 11)],
            [(60, 5), (40, 70)],  # late from one month to another
            [(100, 10), (-100, 40), (100, 75)],  # taken back after it was late no more
            [(70, 3), (-70, 6), (100, 9)],
            [(30, 2)],
        )
    ):
        bill = make.invoice(database, where, f"B{number}", START, due if number % 2 else None, 100)
        ids = {"payment_id": paid, "invoice_id": bill}
        last = None
        for amount, days in parts:
            back = {"reverses_id": last} if amount < 0 else {}
            on = START + timedelta(days=days + (0 if number % 2 else 20))  # its terms are 30 days
            last = make.allocation(database, where, abs(amount), on, **ids, **back)
    assert _wrong(database) == []


def _retried(work) -> None:
    for _ in range(20):
        try:
            return work()
        except DBAPIError as error:
            if not is_transient(error):
                raise
    raise AssertionError("never got through")


def test_writers_of_one_month_do_not_wait_for_each_other_and_nothing_is_lost(database):
    """Four writers, somebody who adds up and somebody who makes anew, all at once."""
    site_id, vendor_id = make.site(database), make.vendor(database)
    own = [{"account_id": make.account(database, site_id, vendor_id, f"A{n}"), "site_id": site_id} for n in range(4)]

    def write(n: int) -> None:
        for number in range(15):
            bill = make.invoice(database, own[n], f"B{number}", START, None, 100)
            paid = make.payment(database, own[n], START, 100)
            make.allocation(database, own[n], 100, START, payment_id=paid, invoice_id=bill)

    def tidy(work) -> None:
        for _ in range(8):
            _retried(lambda: work(database))

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(write, n) for n in range(4)] + [pool.submit(tidy, work) for work in (fold, rebuild)]
        for job in jobs:
            job.result()
    assert _wrong(database) == []
    with database.reading(ALL) as connection:
        assert connection.scalar(select(func.sum(month_totals.c.billed))) == 4 * 15 * 100
        assert connection.scalar(select(func.count()).select_from(allocations)) == 60
        assert connection.scalar(select(func.count()).select_from(payments)) == 60


def test_on_postgresql_an_open_transaction_holds_up_no_writer_of_the_same_month(postgres_ledgers):
    with postgres_ledgers.lent() as url:
        database = Database(url)
        where = make.office(database)
        other = where | {"account_id": make.account(database, where["site_id"], 1, "A-200")}
        row = {"kind": "invoice", "number": "B1", "issued_on": START, "amount": 100}
        with database.writer.begin() as first:
            first.execute(insert(invoices), [where | row])
            with database.writer.begin() as second:
                second.execute(text("SET LOCAL lock_timeout = '5s'"))
                second.execute(insert(invoices), [other | row])
            fold(database)
        assert _wrong(database) == []
        database.close()


def test_on_postgresql_only_triggers_write_for_a_site_and_only_who_sees_every_site_reads(postgres_ledgers):
    with postgres_ledgers.lent() as url:
        database = Database(url)
        where = make.office(database)
        scope = Scope.of([where["site_id"]])
        with database.writer.begin() as connection:
            confine(connection, scope)
            connection.execute(
                insert(invoices), [where | {"kind": "invoice", "number": "1", "issued_on": START, "amount": 9}]
            )
        assert _wrong(database) == []
        assert _stored(database) == 2
        forged = text(
            "INSERT INTO month_totals (account_id, site_id, month, region, vendor_id, service_type, currency, billed) "
            "VALUES (:account_id, :site_id, '2026-01', 'North', 1, '', 'USD', 5)"
        )
        with database.writer.connect() as connection:
            confine(connection, scope)
            with pytest.raises(DBAPIError, match="follows from the ledger"):
                connection.execute(forged, where)
        with database.reading(scope) as connection:
            assert connection.execute(select(month_totals)).all() == []
        database.close()
