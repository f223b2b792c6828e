"""The trend says on each day what the balances said on that day."""

from datetime import date, timedelta

import pytest

from data_access.folding import fold
from data_access.queries import dimensions
from data_access.queries.balances import aging
from data_access.queries.overdue_counts import overdue_counts
from data_access.queries.trends import Position, history
from data_access.scope import Scope
from domain.filters import Basis, Filters
from tests import factories as make

ALL = Scope.all_sites()


@pytest.fixture
def busy(database):
    """Bills with and without a due date, early, late, partial, returned, credited and refunded money."""
    where = make.office(database)
    january = make.invoice(database, where, "J", date(2026, 1, 5), date(2026, 2, 4), 10000)
    paid = make.payment(database, where, date(2026, 2, 10), 6000)
    first = make.allocation(database, where, 6000, date(2026, 2, 10), payment_id=paid, invoice_id=january)
    make.allocation(database, where, 6000, date(2026, 2, 20), payment_id=paid, invoice_id=january, reverses_id=first)
    make.payment(database, where, date(2026, 2, 20), 6000, kind="reversal", reverses_id=paid, method="ach")
    march = make.invoice(database, where, "M", date(2026, 3, 1), None, 5000)
    early = make.payment(database, where, date(2026, 2, 25), 7000)
    make.allocation(database, where, 3000, date(2026, 3, 1), payment_id=early, invoice_id=march)
    make.allocation(database, where, 2500, date(2026, 3, 20), payment_id=early, invoice_id=january)
    note = make.invoice(database, where, "C", date(2026, 3, 10), None, 1500, kind="credit_note")
    make.allocation(database, where, 500, date(2026, 4, 2), credit_note_id=note, invoice_id=march)
    refund = make.payment(database, where, date(2026, 4, 5), 1000, kind="refund")
    make.allocation(database, where, 1000, date(2026, 4, 6), credit_note_id=note, refund_id=refund)
    other = make.account(database, where["site_id"], make.vendor(database, "Halden"), "H", currency="EUR")
    make.invoice(database, where | {"account_id": other}, "E", date(2026, 2, 2), date(2026, 2, 2), 900)
    return where


@pytest.mark.parametrize("basis", list(Basis))
def test_each_day_of_the_trend_is_that_days_aging(database, busy, basis):
    days = [date(2026, 1, 1) + timedelta(days=step) for step in range(0, 130, 5)]
    with database.reading(Scope.all_sites()) as connection:
        for by in ("currency", "account"):
            shown = history(connection, ALL, Filters(as_of=days[-1], basis=basis), days, by)
            truth = []
            for day in days:
                for row in aging(connection, ALL, Filters(as_of=day, basis=basis), by):
                    if row.outstanding or row.overdue:
                        key = row.labels["account_id"] if by == "account" else row.key
                        truth.append(Position(day, key, row.currency, row.outstanding, row.overdue))
            assert shown == sorted(truth, key=lambda p: (p.day, p.key, p.currency))


def test_the_trend_by_hand(database, busy):
    days = [date(2026, 1, 31), date(2026, 2, 9), date(2026, 2, 15), date(2026, 2, 28)]
    with database.reading(Scope.all_sites()) as connection:
        positions = history(connection, ALL, Filters(as_of=days[-1], currencies=("USD",)), days)
    assert [(p.day, p.outstanding, p.overdue) for p in positions] == [
        (days[0], 10000, 0),
        (days[1], 10000, 10000),
        (days[2], 4000, 4000),
        (days[3], 3000, 10000),
    ]


@pytest.mark.parametrize("few", [0, 1000])
def test_what_a_search_finds_by_hand(database, busy, few, monkeypatch):
    """Whether its accounts are few, whose moves are read, or many, of whom each day reads what stood open."""
    monkeypatch.setattr(dimensions, "_MANY", few)
    days = [date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 28)]

    def told(search, by="currency", **more):
        with database.reading(ALL) as connection:
            found = history(connection, ALL, Filters(as_of=days[-1], search=search, **more), days, by)
        return [(days.index(p.day), p.key, p.outstanding, p.overdue) for p in found]

    of_lumina = [(0, 10000, 0), (1, 10000, 0), (2, 10000, 10000), (3, 3000, 10000)]
    assert told("lumina") == [(day, "USD", *amounts) for day, *amounts in of_lumina]
    assert told("lumina", "vendor") == [(day, "Lumina", *amounts) for day, *amounts in of_lumina]
    assert told("halden") == [(1, "EUR", 900, 0), (2, "EUR", 900, 900), (3, "EUR", 900, 900)]
    assert told("halden", currencies=("USD",)) == told("nobody") == []


@pytest.mark.parametrize("few", [0, 1000])
def test_who_sees_many_sites_but_not_all_is_told_of_these(database, busy, few, monkeypatch):
    """More sites than are looked up one by one; whether their accounts are few or not, another site's bill is not among them."""
    monkeypatch.setattr(dimensions, "_FEW", 0)
    monkeypatch.setattr(dimensions, "_MANY", few)
    far = make.site(database, "FAR")
    account_id = make.account(database, far, make.vendor(database, "Third"), "T")
    where = {"account_id": account_id, "site_id": far}
    make.invoice(database, where, "T", date(2026, 1, 2), date(2026, 1, 9), 77)
    days, own = [date(2026, 2, 1), date(2026, 2, 3), date(2026, 2, 28)], Scope.of([busy["site_id"]])
    of_own = [
        (0, "USD", 10000, 0),
        (1, "EUR", 900, 900),
        (1, "USD", 10000, 0),
        (2, "EUR", 900, 900),
        (2, "USD", 3000, 10000),
    ]
    for scope, chosen in ((own, ()), (ALL, ("HQ",))):
        filters = Filters(as_of=days[-1], sites=chosen)
        with database.reading(ALL) as connection:
            found = history(connection, scope, filters, days)
            counts = overdue_counts(connection, scope, filters, days)
        assert [(days.index(p.day), p.key, p.outstanding, p.overdue) for p in found] == of_own
        assert counts == [0, 1, 2]


def test_overdue_bills_are_counted_on_each_day(database, busy):
    """January's bill is late from 5 February, partly paid on the 10th, all open again on the 20th; the euro bill from the 3rd."""
    days = [date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 5), date(2026, 2, 10), date(2026, 2, 20)]
    with database.reading(Scope.all_sites()) as connection:
        assert overdue_counts(connection, ALL, Filters(as_of=days[-1]), days) == [0, 1, 2, 2, 2]
        assert overdue_counts(connection, ALL, Filters(as_of=days[-1], currencies=("EUR",)), days) == [0, 1, 1, 1, 1]
        assert overdue_counts(connection, Scope.of([]), Filters(as_of=days[-1]), days) == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("by", ["vendor", "site"])
def test_at_month_ends_by_hand(database, by, folded):
    """At one nothing moves from March on; what the other one was owed is paid in March, and nothing of it is left in April."""
    issued = date(2026, 1, 5)
    for name, amount in (("Lumina", 100), ("Halden", 50)):
        site = make.site(database, name)
        account = make.account(database, site, make.vendor(database, name), name)
        where = {"account_id": account, "site_id": site}
        bill = make.invoice(database, where, "I", issued, date(2026, 2, 4), amount)
        if name == "Halden":
            paid = make.payment(database, where, date(2026, 3, 5), amount)
            make.allocation(database, where, amount, date(2026, 3, 5), payment_id=paid, invoice_id=bill)
    days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 10)]
    january, february, march, april = days
    if folded:
        fold(database)
    for shown in (days, days[1:]):
        with database.reading(ALL) as connection:
            positions = history(connection, ALL, Filters(april), shown, by)
            assert overdue_counts(connection, ALL, Filters(april), shown) == [0, 2, 1, 1][-len(shown) :]
        assert [(p.day, p.key, p.outstanding, p.overdue) for p in positions] == [
            *([(january, "Halden", 50, 0), (january, "Lumina", 100, 0)] if january in shown else []),
            *((february, "Halden", 50, 50), (february, "Lumina", 100, 100)),
            *((march, "Lumina", 100, 100), (april, "Lumina", 100, 100)),
        ]


@pytest.mark.parametrize("as_of", [date(2026, 4, 10), date(2026, 5, 10)], ids=["today", "a past day"])
@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("by", ["vendor", "region", "currency"])
def test_at_month_ends_by_invoice_date_by_hand(database, by, folded, as_of):
    """On its own day a bill is not late, and what was left of it then is on the next: 70 of 100, nothing of one paid that day. 10 more are paid in March.

    Lumina is billed in dollars, Halden in euros. Nobody looks beyond 10 April, whether or not something is dated after it.
    """
    january, february, march, april = days = [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 10),
    ]
    accounts = {}
    for name, currency in (("Lumina", "USD"), ("Halden", "EUR")):
        site = make.site(database, name, region=name)
        account = make.account(database, site, make.vendor(database, name), name, currency=currency)
        accounts[name] = {"account_id": account, "site_id": site}

    def bill(name, issued, amount, paid_on=None, paid=0):
        made = make.invoice(database, accounts[name], str(issued), issued, issued + timedelta(days=30), amount)
        if paid_on:
            pay(name, made, paid_on, paid)
        return made

    def pay(name, made, paid_on, paid):
        money = make.payment(database, accounts[name], paid_on, paid)
        make.allocation(database, accounts[name], paid, paid_on, payment_id=money, invoice_id=made)

    pay("Lumina", bill("Lumina", january, 100, january, 30), date(2026, 3, 20), 10)
    bill("Lumina", february, 20, february, 20)
    bill("Lumina", april, 70)
    bill("Halden", date(2026, 1, 5), 50, date(2026, 3, 5), 50)
    make.payment(database, accounts["Halden"], date(2026, 2, 10), 5)
    if as_of > april:
        bill("Lumina", date(2026, 4, 25), 8, date(2026, 5, 1), 8)
        bill("Halden", date(2026, 5, 1), 9)
    if folded:
        fold(database)
    with database.reading(ALL) as connection:
        positions = history(connection, ALL, Filters(as_of, basis=Basis.INVOICE), days, by)
    key = {"vendor": {}, "region": {}, "currency": {"Lumina": "USD", "Halden": "EUR"}}[by]
    told = [
        *((january, "Halden", 50, 50), (january, "Lumina", 70, 0)),
        *((february, "Halden", 45, 50), (february, "Lumina", 70, 70)),
        *((march, "Halden", -5, 0), (march, "Lumina", 60, 60)),
        *((april, "Halden", -5, 0), (april, "Lumina", 130, 60)),
    ]
    assert [(p.day, p.key, p.outstanding, p.overdue) for p in positions] == [
        (day, key.get(name, name), *amounts) for day, name, *amounts in told
    ]


@pytest.mark.parametrize("folded", [False, True])
def test_some_sites_at_month_ends_by_hand(database, folded):
    """What another site owes, and what one of these is billed in another currency, is not in it, nor what falls due in April."""
    issued = date(2025, 11, 5)
    for name in ("A", "B", "C"):
        site = make.site(database, name)
        for number, (currency, amount) in enumerate((("USD", 100), ("EUR", 70))):
            account = make.account(database, site, make.vendor(database, f"{name}{number}"), name, currency=currency)
            where = {"account_id": account, "site_id": site}
            bill = make.invoice(database, where, "I", issued, date(2025, 12, 4), amount)
            make.invoice(database, where, "L", date(2026, 1, 20), date(2026, 4, 30), 9)
        if name == "A":  # its euros, half of them
            paid = make.payment(database, where, date(2026, 2, 5), 35)
            make.allocation(database, where, 35, date(2026, 2, 5), payment_id=paid, invoice_id=bill)
    days = [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 10)]
    december, january, february, march = days
    if folded:
        fold(database)
    with database.reading(ALL) as connection:
        filters = Filters(march, sites=("A", "B"), currencies=("EUR",))
        positions = history(connection, ALL, filters, days, "site")
    assert [(p.day, p.key, p.currency, p.outstanding, p.overdue) for p in positions] == [
        *((december, site, "EUR", 70, 70) for site in "AB"),
        *((january, site, "EUR", 79, 70) for site in "AB"),
        (february, "A", "EUR", 44, 35),
        (february, "B", "EUR", 79, 70),
        (march, "A", "EUR", 44, 35),
        (march, "B", "EUR", 79, 70),
    ]


def test_two_vendors_with_one_account_number_stay_apart(database):
    site = make.site(database)
    for name, amount in (("Lumina", 100), ("Halden", 200)):
        account = make.account(database, site, make.vendor(database, name), "SAME-1")
        make.invoice(
            database, {"account_id": account, "site_id": site}, "I", date(2026, 1, 5), date(2026, 2, 4), amount
        )
    with database.reading(Scope.all_sites()) as connection:
        day = date(2026, 2, 1)
        assert sorted(p.outstanding for p in history(connection, ALL, Filters(as_of=day), [day], "account")) == [
            100,
            200,
        ]
