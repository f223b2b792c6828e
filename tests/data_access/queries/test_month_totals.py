"""What is read from the totals of months is what its rows say, for every filter, on any day."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from data_access.database import Database
from data_access.folding import fold
from data_access.queries import late_bills as late
from data_access.queries import month_totals, site_totals
from data_access.queries import punctuality as punctual
from data_access.queries.dimensions import filter_options
from data_access.queries.late_ranking import late_ranking
from data_access.queries.movements import movements_by
from data_access.queries.overdue_counts import overdue_counts
from data_access.queries.overdue_moves import overdue_moves
from data_access.queries.payment_totals import payment_totals, payments_by_month
from data_access.queries.punctuality import punctuality
from data_access.queries.rankings import payment_ranking
from data_access.queries.spend import billed_by_month, bills_counted, spend
from data_access.queries.spend_ranking import billed_by_site, spend_ranking
from data_access.queries.trends import history
from data_access.schema import allocations, invoices, payments
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import month_ends
from tests import factories as make
from tests.outsider import START, Outsider

ALL = Scope.all_sites()
LAST = date(2026, 10, 16)
DAYS = tuple(START + timedelta(days=number) for number in (66, 400))
MONTHS_OF = {
    period: [f"{year}-{month:02}" for month in months]
    for year in range(2024, 2027)
    for period, months in (
        (f"{year}", range(1, 13)),
        *((f"{year}-Q{n}", range(3 * n - 2, 3 * n + 1)) for n in range(1, 5)),
        *((f"{year}-{n:02}", (n,)) for n in range(1, 13)),
    )
}
WEIGHTS = (("EUR", 11), ("USD", 10))
ASKED = (
    {},
    {"since": date(2026, 2, 1), "regions": ("R1",), "currencies": ("EUR",)},
    {"since": date(2026, 1, 17), "until": date(2026, 1, 25)},
    {"since": date(2027, 1, 1)},
    {"vendors": ("V0",), "until": date(2026, 2, 20)},
    {"service_types": ("voice", "internet"), "currencies": ("EUR",)},
    {"methods": ("card",), "regions": ("R1", "R2")},
)


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    outsider = Outsider(shared_database, Random(3))
    for step in range(90):
        outsider.write()
        if step == 60:
            fold(shared_database)  # some of it added up, some not
    where = outsider.where(next(iter(outsider.accounts)))  # a bill that was paid in time, and is open since
    bill = make.invoice(shared_database, where, "BACK", START, START + timedelta(days=30), 400)
    use = {"invoice_id": bill, "payment_id": make.payment(shared_database, where, START, 400)}
    paid = make.allocation(shared_database, where, 400, START + timedelta(days=9), **use)
    make.allocation(shared_database, where, 400, START + timedelta(days=60), reverses_id=paid, **use)
    for day in range(5):  # and some that were paid in time
        bill = make.invoice(shared_database, where, f"IN{day}", START, START + timedelta(days=40 + day), 10)
        use = {"invoice_id": bill, "payment_id": make.payment(shared_database, where, START, 10)}
        make.allocation(shared_database, where, 10, START, **use)
        borne = {"chargeback_site_id": outsider.sites[day % len(outsider.sites)]}  # one of them the home site
        make.add(shared_database, "charges", **where, invoice_id=bill, issued_on=START, amount=3 + day, **borne)
    for number, account in enumerate(list(outsider.accounts)[:4]):  # the last with anything, due in its month and after
        due = LAST + timedelta(days=(4, 60)[number % 2])
        make.invoice(shared_database, outsider.where(account), f"LAST{number}", LAST, due, 70 + number)
    return shared_database


def _everything(database: Database, filters: Filters, turn: int) -> dict[str, object]:
    """What totals tell: at turn 0 by all that they tell it by, else by every other of these."""
    found: dict[str, object] = {}

    def some(*by: str) -> tuple[str, ...]:
        return by[turn % 2 :: 2] if turn else by

    with database.reading(ALL) as connection:
        for by in some("currency", "region", "vendor", "site"):
            found[f"movements {by}"] = movements_by(connection, ALL, filters, by)
        for by in some("month", "method", "channel", "currency", "region", "vendor", "service_type", "site"):
            found[f"payments {by}"] = payment_totals(connection, ALL, filters, by)
        found["payments by status"] = payment_totals(connection, ALL, filters, "status")
        for kept in ({"statuses": ("returned", "void")}, {"statuses": ("posted", "pending"), "channels": ("phone",)}):
            for by in some("currency", "status"):
                found[f"payments by {by} {kept}"] = payment_totals(connection, ALL, filters, by, **kept)
        for split in some("method", "channel"):
            found[f"payments by month and {split}"] = payments_by_month(connection, ALL, filters, split)
        for by in some("month", "region", "vendor"):
            found[f"punctuality {by}"] = punctuality(connection, ALL, filters, by)
        found["billed"] = [row for row in billed_by_month(connection, ALL, filters) if row[2]]
        found["billed by site"] = sorted(row for row in billed_by_site(connection, ALL, filters) if row[2])
        for by in some("site", "vendor"):
            found[f"payment ranking {by}"] = payment_ranking(connection, ALL, filters, by=by, limit=2, weights=WEIGHTS)
            found[f"spend ranking {by}"] = spend_ranking(connection, ALL, filters, by=by, limit=2, weights=WEIGHTS)
            found[f"late ranking {by}"] = late_ranking(connection, ALL, filters, by=by, limit=2)
        found["overdue moves"] = overdue_moves(connection, ALL, filters, limit=2, weights=WEIGHTS)
        days = month_ends(filters.as_of, 4)
        for by in some("currency", "region", "vendor", "site"):
            found[f"history {by}"] = history(connection, ALL, filters, days, by)
        found["overdue bills"] = overdue_counts(connection, ALL, filters, days)
    return found


@pytest.mark.parametrize(("as_of", "narrowed"), [(DAYS[0], ASKED), (DAYS[1], ASKED[::3])], ids=map(str, DAYS))
def test_the_totals_of_months_say_what_the_rows_say(ledger, as_of, narrowed, monkeypatch):
    asked = [Filters(as_of=as_of, **each) for each in narrowed]
    kept = [_everything(ledger, filters, turn) for turn, filters in enumerate(asked)]
    monkeypatch.setattr(month_totals, "kept_by_month", lambda _scope, _filters: False)
    monkeypatch.setattr(site_totals, "kept_by_month", lambda _scope, _filters: False)
    for turn, (filters, found) in enumerate(zip(asked, kept, strict=True)):
        rows = _everything(ledger, filters, turn)
        for what, told in found.items():
            assert told == rows[what], f"{what}: {filters}"


def test_billed_by_month_is_what_spend_has(ledger):
    filters = Filters(as_of=date(2026, 12, 31))
    with ledger.reading(ALL) as connection:
        by_month = spend(connection, ALL, filters, "month")
        assert billed_by_month(connection, ALL, filters) == [(r.key, r.currency, r.amount) for r in by_month]
        assert bills_counted(connection, ALL, filters) == sum(
            row.bills for row in spend(connection, ALL, filters, "currency")
        )


@pytest.mark.parametrize("more", [{}, {"currencies": ("EUR",)}, {"since": START + timedelta(days=1)}], ids=str)
def test_what_a_region_is_billed_is_what_its_sites_bear(ledger, more):
    """Lines of one region's bills that a site of another one bears count there, as `spend` has them."""
    filters, charged_back = Filters(as_of=date(2026, 12, 31), **more), 0
    together: dict[tuple[str, str], int] = Counter()
    with ledger.reading(ALL) as connection:
        whole = billed_by_month(connection, ALL, filters)
        for region in filter_options(connection, ALL).regions:
            of_region = replace(filters, regions=(region,))
            found = billed_by_month(connection, ALL, of_region)
            assert found == [(r.key, r.currency, r.amount) for r in spend(connection, ALL, of_region, "month")]
            months = month_totals.months_of(connection, ALL, of_region)
            at_home = connection.execute(month_totals.billed(ALL, of_region, months)).all()
            charged_back += found != [tuple(row) for row in at_home]
            together.update({(month, currency): amount for month, currency, amount in found})
    together = {key: amount for key, amount in together.items() if amount}
    assert together == {(month, currency): amount for month, currency, amount in whole if amount}
    assert (charged_back > 1) == (not more)  # all are in dollars, and on the first day


def test_what_moved_is_the_difference_of_two_days(ledger, monkeypatch):
    """From either side of a month, and on the last day with anything, when bills fall due later in its month."""
    with ledger.reading(ALL) as connection:
        dated = (allocations.c.applied_on, invoices.c.issued_on, payments.c.paid_on)
        last = max(connection.scalar(select(func.max(day))) for day in dated)
        open_now = invoices.c.settled < invoices.c.amount
        to_come = select(func.count()).where(open_now, invoices.c.due_on >= START + timedelta(days=40))
        assert connection.scalar(to_come)
        asked = [Filters(as_of=day) for day in (last, *(START + timedelta(days=n) for n in range(3, 150, 13)))]
        kept = [overdue_moves(connection, ALL, filters, limit=9, weights=WEIGHTS) for filters in asked]
        monkeypatch.setattr(site_totals, "kept_by_month", lambda _scope, _filters: False)
        for filters, found in zip(asked, kept, strict=True):
            assert found == overdue_moves(connection, ALL, filters, limit=9, weights=WEIGHTS), filters.as_of


@pytest.mark.parametrize(
    "narrowed", [ASKED[0], *ASKED[4:6], {"regions": ("R1",), "vendors": ("V0",)}, {"sites": ("S0", "S2")}], ids=str
)
def test_positions_are_rolled_back_from_the_last_day_with_anything(ledger, narrowed, monkeypatch):
    """Bills are open then that fall due later, in its month and after it; of one month alone, and of several."""
    filters = Filters(LAST, **narrowed)
    with ledger.reading(ALL) as connection:

        def told():
            for months in (1, 2, 5):
                days = month_ends(filters.as_of, months)
                groups = ("currency", "region", "vendor", "site")
                yield from (history(connection, ALL, filters, days, by) for by in groups)
                yield overdue_counts(connection, ALL, filters, days)

        kept = list(told())
        monkeypatch.setattr(month_totals, "kept_by_month", lambda _scope, _filters: False)
        monkeypatch.setattr(site_totals, "kept_by_month", lambda _scope, _filters: False)
        assert kept == list(told())


@pytest.mark.parametrize("few", [0, late.FEW])
def test_late_bills_come_in_the_order_of_all_of_them(ledger, few, monkeypatch):
    """Found along the due days or by account: the bills that punctuality counts from the rows, page by page either way."""
    monkeypatch.setattr(late, "FEW", few)
    monkeypatch.setattr(late, "_LOOKED_AT", 1)
    with ledger.reading(ALL) as connection:
        for narrowed in ASKED[:: 2 if few else 6]:  # with no filter it is along the due days anyway
            filters = Filters(as_of=DAYS[1], **narrowed)
            bills = punctual._due_bills(ALL, filters)
            rows = connection.execute(select(bills).where(bills.c.in_time < bills.c.amount)).all()
            wanted = sorted(((row.due_on, row.id, row.amount - row.paid) for row in rows), reverse=True)
            found, page = [], late.late_bills(connection, ALL, filters, limit=5)
            while page:
                found += [(bill.due_on, bill.id, bill.open_amount) for bill in page]
                again = late.late_bills(connection, ALL, filters, after=(page[-1].due_on, page[-1].id), limit=5)
                if again:
                    assert len(page) == 5
                    before = (again[0].due_on, again[0].id)
                    assert late.late_bills(connection, ALL, filters, before=before, limit=5) == page
                page = again
            assert found == wanted


def test_months_are_put_together_from_the_fewest_periods():
    for first in range(30):
        for last in range(first, 30):
            begin, end = (f"{2024 + n // 12}-{n % 12 + 1:02}" for n in (first, last))
            found = site_totals.periods(begin, end)
            counted = Counter()
            for period, sign in found.items():
                counted.update(dict.fromkeys(MONTHS_OF[period], sign))
            assert {month for month, times in counted.items() if times} == {
                f"{2024 + n // 12}-{n % 12 + 1:02}" for n in range(first, last + 1)
            }
            assert set(counted.values()) <= {0, 1}
            assert len(found) <= 7
    assert site_totals.periods("2026-03", "2026-02") == {}


def test_from_the_beginning_is_all_time_less_what_came_later_where_that_is_less(database):
    site_id = make.site(database)
    for period in ("2021", "2026", "ever"):
        make.add(database, "site_totals", site_id=site_id, period=period, currency="USD")
    months = [f"{2021 + n // 12}-{n % 12 + 1:02}" for n in range(72)]
    of_all_time = 0
    with database.reading(ALL) as connection:
        for number, last in enumerate(months, start=1):
            found = site_totals._within_reach(connection, None, last)
            of_all_time += "ever" in found
            counted = Counter()
            for period, sign in found.items():
                counted.update(dict.fromkeys(months if period == "ever" else _months_of(period, months), sign))
            assert [month for month in months if counted[month]] == months[:number]
            assert set(counted.values()) <= {0, 1}
            assert len(found) <= len(site_totals.periods("2021-01", last))
        assert site_totals._within_reach(connection, None, "2031-05") == {"ever": 1}
        assert site_totals._within_reach(connection, None, "2020-12") == {}
    assert 12 < of_all_time < 60


def _months_of(period, months):
    year, _, quarter = period.partition("-Q")
    if quarter:
        return [month for month in months if month[:4] == year and (int(month[5:]) + 2) // 3 == int(quarter)]
    return [month for month in months if month.startswith(period)]


def test_who_sees_some_sites_reads_their_rows_alone(ledger):
    filters = Filters(as_of=date(2026, 12, 31))
    with ledger.reading(Scope.of([1])) as connection:
        own = movements_by(connection, Scope.of([1]), filters, "currency")
    with ledger.reading(ALL) as connection:
        every = movements_by(connection, ALL, filters, "currency")
        assert own == movements_by(connection, Scope.of([1]), filters, "currency") != every


def test_the_last_day_of_the_calendar_is_answered_too(ledger):
    last, late = Filters(as_of=date.max), Filters(as_of=date(2028, 1, 1))  # after everything
    with ledger.reading(ALL) as connection:
        for by in ("month", "method", "vendor"):
            assert payment_totals(connection, ALL, last, by) == payment_totals(connection, ALL, late, by)
        assert billed_by_month(connection, ALL, last) == billed_by_month(connection, ALL, late)
        assert movements_by(connection, ALL, last, "region") == movements_by(connection, ALL, late, "region")


def test_what_falls_due_later_in_the_month_has_not_moved_yet(database):
    """On the last day with anything: a bill that is late by then, and one that is not yet."""
    where = make.office(database)
    for number, due in enumerate((date(2026, 3, 4), date(2026, 3, 20))):
        make.invoice(database, where, f"B{number}", date(2026, 3, 1), due, 500)
    with database.reading(ALL) as connection:
        moved = overdue_moves(connection, ALL, Filters(as_of=date(2026, 3, 10)))
    assert moved.sums == (("USD", 500),)
