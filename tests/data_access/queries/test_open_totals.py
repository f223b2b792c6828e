"""What is read from the sums of open items is what the rows say, for every filter, on any day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random

import pytest
from sqlalchemy import Row, func, select

from data_access.database import Database
from data_access.folding import fold
from data_access.queries import aging_groups, balances, dimensions, open_totals, standing, trends
from data_access.queries import open_bills as bills_page
from data_access.queries.aging_groups import AgingGroup, aging_page, aging_sums
from data_access.queries.balances import aging
from data_access.queries.due_dates import next_due
from data_access.queries.keyset import UnknownOrderError
from data_access.queries.movements import movements
from data_access.queries.open_bills import OpenBill, open_bill_sums, open_bills
from data_access.queries.overdue_counts import overdue_counts
from data_access.queries.past_documents import open_documents_on, unused_money_on
from data_access.queries.positions import nothing_since
from data_access.queries.trends import history
from data_access.schema import accounts, allocations, invoices, payments
from data_access.scope import Scope
from domain.filters import Basis, Filters
from domain.periods import month_ends
from tests import factories as make
from tests.outsider import START, Outsider

ALL = Scope.all_sites()
# In the month of the newest rows, before and after their half, at a month's end, before everything and after it.
DAYS = tuple(START + timedelta(days=days) for days in (-9, 12, 26, 40, 54, 63, 80, 900))
ASKED = (
    {},
    {"regions": ("R1",)},
    {"vendors": ("V0",)},
    {"service_types": ("voice", "internet"), "currencies": ("EUR",)},
    {"regions": ("R0",), "vendors": ("V1",)},  # by both: from the rows
    {"edges": (5, 12), "basis": Basis.INVOICE},
    {"edges": (5, 12)},
)


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    rng = Random(5)
    outsider = Outsider(shared_database, rng)
    for step in range(110):
        outsider.write()
        if step == 70:
            fold(shared_database)  # some of it added up, some not
    for number in range(5):  # groups that owe the same
        site_id, vendor_id = make.site(shared_database, f"T{number}", region="R1"), outsider.vendors[number % 2]
        where = {"account_id": make.account(shared_database, site_id, vendor_id, f"T{number}"), "site_id": site_id}
        make.invoice(shared_database, where, "1", START, START + timedelta(days=900 * number), 70)
    newest = _newest_day(shared_database)  # by invoice date not late on it
    make.invoice(shared_database, where, "2", newest, newest + timedelta(days=9), 80)
    for bill in outsider.bills:
        if bill["kind"] == "invoice" and rng.random() < 0.4:
            closed = None if rng.random() < 0.5 else bill["on"] + timedelta(days=30)
            row = {"invoice_id": bill["id"], "amount": 60, "opened_on": bill["on"], "closed_on": closed}
            make.add(shared_database, "disputes", **outsider.where(bill["account"]), **row)
    return shared_database


def _everything(database: Database, filters: Filters, groups: Iterable[str] = open_totals.BY) -> dict[str, object]:
    with database.reading(ALL) as connection:
        found: dict[str, object] = {by: aging(connection, ALL, filters, by) for by in groups}
        found["overdue bills"] = overdue_counts(connection, ALL, filters, (filters.as_of,))
    return found


@pytest.mark.parametrize("few", [1, 1000], ids=["nearest month end", "few rows since"])
def test_the_sums_of_open_items_say_what_the_rows_say(ledger, few, monkeypatch):
    monkeypatch.setattr(open_totals, "_FEW", few)
    monkeypatch.setattr(standing, "nothing_since", lambda *_: False)
    ways = islice(cycle(ASKED), few % len(ASKED), None)
    asked = [Filters(as_of=as_of, **narrowed) for as_of, narrowed in zip(DAYS, ways, strict=False)]
    kept = [_everything(ledger, filters) for filters in asked]
    rows = [row for found in kept for row in found["currency"]]
    assert sum(row.open_count for row in rows) > 40
    assert sum(row.disputed for row in rows) > sum(row.disputed_overdue for row in rows) > 0
    monkeypatch.setattr(open_totals, "kept_by_due_day", lambda *_: False)
    for filters, found in zip(asked, kept, strict=True):
        assert found == _everything(ledger, filters), filters


def test_what_is_open_now_is_what_the_rows_say_after_the_last_of_them(ledger, monkeypatch):
    monkeypatch.setattr(open_totals, "kept_by_due_day", lambda *_: False)
    with ledger.reading(ALL) as connection:
        assert [nothing_since(connection, ALL, day) for day in DAYS] == [False] * (len(DAYS) - 1) + [True]
    asked = [Filters(as_of=DAYS[-1], **narrowed) for narrowed in ASKED]
    now = [_everything(ledger, filters, ("site", "account")) for filters in asked]
    monkeypatch.setattr(standing, "nothing_since", lambda *_: False)
    for filters, found in zip(asked, now, strict=True):
        assert found == _everything(ledger, filters, ("site", "account")), filters


@pytest.mark.parametrize("scope", [ALL, Scope.of(range(1, 9))], ids=["all", "some"])
def test_by_invoice_date_the_newer_bills_and_the_sums_say_what_the_rows_say(ledger, scope, monkeypatch):
    with ledger.reading(ALL) as connection:
        issued = connection.scalar(select(func.max(invoices.c.issued_on)).where(invoices.c.settled < invoices.c.amount))
    as_of = _newest_day(ledger)
    newest = max((as_of - issued).days, 1)  # at the edge of a bucket
    chosen = ({}, {"regions": ("R1",)}, {"vendors": ("V0",), "currencies": ("EUR",)}, {"search": "s"})
    asked = [Filters(as_of, basis=Basis.INVOICE, edges=(newest, newest + 10), **narrowed) for narrowed in chosen]
    monkeypatch.setattr(dimensions, "_FEW", 0)  # nobody's sites are read by their accounts
    found = []
    with ledger.reading(scope) as connection:
        for apart in (True, False):
            if not apart:
                monkeypatch.setattr(standing, "nothing_since", lambda *_: False)
            for by in balances.AGING_GROUPS:
                found.append([aging(connection, scope, filters, by) for filters in asked])
            found.append([aging_page(connection, scope, filters, by="site", limit=99) for filters in asked])
    now, rows = found[: len(found) // 2], found[len(found) // 2 :]
    assert now == rows
    buckets = [row.buckets for row in now[balances.AGING_GROUPS.index("currency")][0]]
    first, *_, oldest = (sum(bucket) for bucket in zip(*buckets, strict=True))
    assert first > 0 < oldest


def test_who_sees_some_sites_is_told_of_these_alone(ledger):
    filters, own = Filters(as_of=DAYS[-1]), Scope.of([1])
    with ledger.reading(own) as connection:
        found = aging(connection, own, filters, "region")
    with ledger.reading(ALL) as connection:
        assert found == aging(connection, own, filters, "region") != aging(connection, ALL, filters, "region")


@pytest.mark.parametrize("as_of", [DAYS[4], DAYS[-1]], ids=str)
def test_what_the_filters_hide_is_what_the_accounts_outside_them_owe(ledger, as_of):
    narrowed = (*ASKED, {"sites": ("S1",)}, {"search": "s0"}, {"currencies": ("USD",)})
    with ledger.reading(ALL) as connection:
        everything = aging(connection, ALL, Filters(as_of=as_of), "account")
        for choice in narrowed:
            filters = Filters(as_of=as_of, **choice)
            inside = {row.labels["account_id"] for row in aging(connection, ALL, filters, "account")}
            outside: Counter[str] = Counter()
            for row in everything:
                if row.labels["account_id"] not in inside:
                    outside[row.currency] += row.outstanding
            found = balances.hidden_totals(connection, ALL, filters)
            assert {code: sums for code, sums in found.items() if sums} == dict(outside), choice


PAGED = (
    ({"currencies": ("USD",)}, "-overdue"),
    ({}, "outstanding"),
    ({"regions": ("R1",), "currencies": ("EUR",)}, "name"),
    ({"vendors": ("V0",), "sites": ("S0", "S1")}, "-name"),
    ({"search": "s1"}, "overdue"),
    ({"basis": Basis.INVOICE}, "overdue"),
    ({"as_of": DAYS[4]}, "-overdue"),
    ({"as_of": DAYS[3], "currencies": ("EUR",), "vendors": ("V1",)}, "-outstanding"),
    ({"as_of": DAYS[5], "basis": Basis.INVOICE, "regions": ("R1",)}, "-name"),
    ({"as_of": DAYS[2]}, "-outstanding"),
    ({"as_of": DAYS[4], "currencies": ("USD",)}, "-outstanding"),
    ({"as_of": DAYS[5]}, "outstanding"),
    ({"as_of": DAYS[6]}, "-outstanding"),
)
WEIGHTS = (("EUR", 1100), ("USD", 1000))


def _newest_day(database: Database) -> date:
    """Nothing is dated after it, and some bills are not due yet."""
    days = (allocations.c.applied_on, invoices.c.issued_on, payments.c.paid_on)
    with database.reading(ALL) as connection:
        return max(connection.execute(select(*(select(func.max(day)).scalar_subquery() for day in days))).one())


def _pages(database: Database, scope: Scope, filters: Filters, by: str, sort: str, *, back: bool) -> list[AgingGroup]:
    """All groups, a few at a time, from the first on or from the last back."""
    found: list[AgingGroup] = []
    with database.reading(scope) as connection:
        while True:
            mark = (found[0] if back else found[-1]).mark if found else None
            asked = {"before": mark} if back and mark else {"after": mark}
            weights = () if len(filters.currencies) == 1 else WEIGHTS
            if back and not mark:
                page = aging_page(connection, scope, filters, by=by, sort=sort, limit=10_000, weights=weights)[-3:]
            else:
                page = aging_page(connection, scope, filters, by=by, sort=sort, limit=3, weights=weights, **asked)
            if not page:
                return found
            found = [*page, *found] if back else [*found, *page]


@pytest.mark.parametrize("by", ["site", "account"])
@pytest.mark.parametrize("folded", [False, True], ids=["some came in", "added up"])
def test_pages_of_groups_hold_each_group_once_in_order_as_its_rows_say(ledger, by, folded, monkeypatch):
    if folded:
        fold(ledger)
    most, not_due, as_of = 0, 0, _newest_day(ledger)
    for number, (narrowed, sort) in enumerate(PAGED):
        filters = Filters(**{"as_of": as_of, **narrowed})
        scope = Scope.of([1, 3, 4, 6, 8]) if number % 2 == folded else ALL
        kept = _pages(ledger, scope, filters, by, sort, back=False)
        with ledger.reading(scope) as connection:
            sums = aging_sums(connection, scope, filters, by=by, weights=WEIGHTS)
            rows = aging(connection, scope, filters, by)
        assert kept == _pages(ledger, scope, filters, by, sort, back=True)
        # Each group as the whole report has it, and in the order that Python puts them in.
        monkeypatch.setattr(aging_groups, "_BY_THE_DATABASE", ())
        plain = _pages(ledger, scope, filters, by, sort, back=False)
        with ledger.reading(scope) as connection:
            others = aging_sums(connection, scope, filters, by=by, weights=WEIGHTS)
        monkeypatch.undo()
        most = max(most, len(plain))
        assert [group.values for group in kept] == [group.values for group in plain], (narrowed, sort)
        assert {g.key: (g.values, set(g.rows)) for g in kept} == {g.key: (g.values, set(g.rows)) for g in plain}
        assert sorted(row.key for group in kept for row in group.rows) == sorted(row.key for row in rows)
        assert (sorted(sums.overdue), sums.outstanding) == (sorted(others.overdue), others.outstanding)
        not_due += sum(row.buckets[0] for row in rows)
    assert most > 6 < not_due  # three pages


def _applied(rows: Iterable[Row[tuple[object, ...]]], name: str, as_of: date) -> Counter[object]:
    found: Counter[object] = Counter()
    for row in rows:
        if row.applied_on <= as_of:
            found[getattr(row, name)] += -row.amount if row.reverses_id else row.amount
    return found


@pytest.mark.parametrize("alone", [None, select(accounts.c.id).where(accounts.c.id.in_((1, 2, 5)))], ids=["all", "few"])
def test_what_stood_open_on_a_day_is_what_counting_every_allocation_says(ledger, alone):
    some, number = {1, 2, 5}, 0
    with ledger.reading(ALL) as connection:
        bills, money, uses = (connection.execute(select(table)).all() for table in (invoices, payments, allocations))
        for as_of in sorted({use.applied_on for use in uses}):
            for kind, name in (("invoice", "invoice_id"), ("credit_note", "credit_note_id")):
                applied = _applied(uses, name, as_of)
                left = {
                    bill.id: bill.amount - applied[bill.id]
                    for bill in bills
                    if bill.kind == kind and bill.issued_on <= as_of and (alone is None or bill.account_id in some)
                }
                found = connection.execute(open_documents_on((kind,), as_of, invoices.c.id, accounts_alone=alone)).all()
                assert sorted(row for row in found if row[1]) == sorted(item for item in left.items() if item[1])
                number += len(found)
            applied = _applied(uses, "payment_id", as_of) + _applied(uses, "refund_id", as_of)
            unused = {
                row.id: row.amount - applied[row.id]
                for row in money
                if row.kind != "reversal"
                and row.paid_on <= as_of
                and not (row.reversed_on and row.reversed_on <= as_of)
                and (alone is None or row.account_id in some)
            }
            found = connection.execute(unused_money_on(as_of, accounts_alone=alone)).all()
            assert sorted((row.id, row.left) for row in found if row.left) == sorted(
                item for item in unused.items() if item[1]
            )
    assert number > 120


def test_a_page_of_groups_follows_no_mark_of_nothing_and_no_unknown_order(ledger):
    with ledger.reading(ALL) as connection:
        for by, key in (("site", "nowhere"), ("account", "9" * 40), ("account", "x")):
            assert aging_page(connection, ALL, Filters(as_of=DAYS[-1]), by=by, after=(0, 0, key)) == []
        with pytest.raises(UnknownOrderError, match="choose one of name, outstanding, overdue"):
            aging_page(connection, ALL, Filters(as_of=DAYS[-1]), by="site", sort="colour")


def _bills(
    database: Database, filters: Filters, sort: str, narrowed: dict[str, object], *, back: bool
) -> list[OpenBill]:
    """All of them, a few at a time, from the first on or from the last back."""
    found: list[OpenBill] = []
    column = sort.removeprefix("-")
    last: dict[str, object] = {"due_on": date(2100, 1, 1), "open_amount": 10**9}
    ends = (last[column], 0) if not sort.startswith("-") else (DAYS[0] if column == "due_on" else 0, 0)
    with database.reading(ALL) as connection:
        while True:
            mark = (found[0] if back else found[-1]) if found else None
            at = (getattr(mark, column), mark.invoice_id) if mark else ends if back else None
            page = open_bills(
                connection, ALL, filters, sort=sort, limit=4, **{"before" if back else "after": at}, **narrowed
            )
            if not page:
                return found
            found = [*page, *found] if back else [*found, *page]


@pytest.mark.parametrize("sort", ["due_on", "-due_on", "open_amount", "-open_amount"])
def test_pages_of_open_bills_hold_each_bill_once_in_order(ledger, monkeypatch, sort):
    monkeypatch.setattr(bills_page, "_LOOKED_UP", {"sqlite": 3, "postgresql": 3})  # of a page of four
    column = sort.removeprefix("-")
    number = 0
    for filters, narrowed in (
        (Filters(as_of=DAYS[-1]), {}),
        (Filters(as_of=DAYS[-1], currencies=("USD",), edges=(5, 820)), {"bucket_index": 1}),
        (Filters(as_of=DAYS[-1], basis=Basis.INVOICE, edges=(5, 820)), {"bucket_index": 2, "find": "b1"}),
        (Filters(as_of=DAYS[-1], sites=("S1",)), {"overdue_only": True}),
        (Filters(as_of=DAYS[-1]), {"account_id": 2}),
        (Filters(as_of=DAYS[4]), {"due_until": DAYS[5]}),
        (Filters(as_of=DAYS[3], basis=Basis.INVOICE, vendors=("V0",), edges=(5, 12)), {"bucket_index": 1}),
        (Filters(as_of=DAYS[5], currencies=("USD",)), {"overdue_only": True, "find": "b"}),
        (Filters(as_of=_newest_day(ledger)), {"overdue_only": True}),
        (Filters(as_of=_newest_day(ledger)), {"find": "b"}),
        (Filters(as_of=_newest_day(ledger)), {"due_until": _newest_day(ledger) + timedelta(days=9)}),
    ):
        with ledger.reading(ALL) as connection:
            bills = open_bills(connection, ALL, filters, limit=10_000, **narrowed)  # all at once, as any day is read
            sums = open_bill_sums(connection, ALL, filters, **narrowed)
        bills.sort(key=lambda bill: (getattr(bill, column), bill.invoice_id), reverse=sort.startswith("-"))
        number += len(bills)
        assert _bills(ledger, filters, sort, narrowed, back=False) == bills
        assert _bills(ledger, filters, sort, narrowed, back=True) == bills
        amounts: Counter[str] = Counter()
        for bill in bills:
            amounts[bill.currency] += bill.open_amount
        counts = Counter(bill.currency for bill in bills)
        assert sums == sorted((code, counts[code], amounts[code]) for code in counts)
    assert number > 60


@pytest.mark.parametrize("by", ["site", "vendor", "account", "currency"])
def test_what_falls_due_next_is_the_first_of_the_open_bills(ledger, by):
    for filters in (Filters(as_of=DAYS[4]), Filters(as_of=_newest_day(ledger), regions=("R1",), basis=Basis.INVOICE)):
        first: dict[tuple[str, str], tuple[date, int, int]] = {}
        with ledger.reading(ALL) as connection:
            found = next_due(connection, ALL, filters, by)
            bills = open_bills(connection, ALL, filters, limit=10_000, due_until=DAYS[-1] + timedelta(days=9_999))
        for bill in bills:
            key = (str(bill.account_id) if by == "account" else getattr(bill, by), bill.currency)
            due_on, amount, number = first.get(key, (bill.due_on, 0, 0))
            if bill.due_on == due_on:
                first[key] = (due_on, amount + bill.open_amount, number + 1)
        assert {(row.key, row.currency): (row.due_on, row.amount, row.bills) for row in found} == first
        assert first


@pytest.mark.parametrize("last", [DAYS[4], DAYS[6], DAYS[7]], ids=str)
def test_month_ends_by_invoice_date_are_what_each_day_by_itself_says(ledger, last):
    days, told = month_ends(last, 5), 0
    for narrowed in ASKED:
        filters = Filters(last, **{**narrowed, "basis": Basis.INVOICE})
        for by in open_totals.BY:
            with ledger.reading(ALL) as connection:
                found = history(connection, ALL, filters, days, by)
                assert found == trends._each_by_itself(connection, ALL, filters, days, by), (narrowed, by)
            told += sum(position.overdue != position.outstanding for position in found)
    assert told


def test_few_sites_and_accounts_are_told_what_a_read_of_everybodys_rows_tells(ledger, monkeypatch):
    days = DAYS[1:6]
    asked = [Filters(as_of=day, sites=("S1", "T3"), basis=basis) for day in DAYS for basis in Basis]

    def everything() -> list[object]:
        found: list[object] = []
        with ledger.reading(ALL) as connection:
            for filters in asked:
                found += [aging(connection, ALL, filters, by) for by in ("site", "account")]
                found.append(movements(connection, ALL, filters))
                found.append(next_due(connection, ALL, filters, "account"))
            found += [history(connection, ALL, asked[-1], days, by) for by in ("site", "account", "currency")]
            found.append(overdue_counts(connection, ALL, asked[-1], days))
        return found

    few = everything()
    monkeypatch.setattr(dimensions, "_FEW", 0)
    assert few == everything()
    with ledger.reading(ALL) as connection:
        for as_of in DAYS:
            filters = Filters(as_of=as_of)
            some = aging(connection, ALL, filters, "account", among=(1, 3, 6))
            rows = aging(connection, ALL, filters, "account")
            assert some == [row for row in rows if row.labels["account_id"] in ("1", "3", "6")]
        some = history(connection, ALL, filters, days, "account", among=(1, 3))
        assert some == [row for row in history(connection, ALL, filters, days, "account") if row.key in ("1", "3")]
        assert some
