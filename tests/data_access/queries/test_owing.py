"""Sites in the order of what they owe: by sums of all time, also where something is open and nothing is owed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from data_access.database import Database
from data_access.folding import fold
from data_access.queries import aging_groups, owing
from data_access.queries.aging_groups import aging_page
from data_access.scope import Scope
from domain.filters import Basis, Filters
from tests import factories as make

ALL = Scope.all_sites()
PAST, NOW = date(2026, 3, 15), date(2026, 4, 20)
OWED = {"A": 100, "B": 60, "C": 0, "E": -40}  # of D nothing is open; of C all that is open is paid, and not yet applied


@pytest.fixture(scope="module", params=[False, True], ids=["some came in", "added up"])
def ledger(request: pytest.FixtureRequest, shared_database: Database) -> Database:
    """What is owed on both days; the last month has a bill and its payment for each site."""
    issued, vendor_id = date(2026, 1, 10), make.vendor(shared_database, f"V{request.param}")
    suffix = "2" if request.param else ""
    for code, (billed, paid, applied) in {
        "A": (130, 30, 30),
        "B": (60, 0, 0),
        "C": (50, 50, 0),
        "D": (30, 30, 30),
        "E": (0, 40, 0),
    }.items():
        site_id = make.site(shared_database, f"{code}{suffix}", region=f"R{suffix}")
        where = {"account_id": make.account(shared_database, site_id, vendor_id, code), "site_id": site_id}
        bill = billed and make.invoice(shared_database, where, "1", issued, issued + timedelta(days=30), billed)
        payment = paid and make.payment(shared_database, where, date(2026, 2, 1), paid)
        if applied:
            uses = {"payment_id": payment, "invoice_id": bill}
            make.allocation(shared_database, where, applied, date(2026, 2, 1), **uses)
        late = make.invoice(shared_database, where, "2", date(2026, 4, 1), date(2026, 4, 30), 70)
        payment = make.payment(shared_database, where, NOW, 70)
        make.allocation(shared_database, where, 70, NOW, payment_id=payment, invoice_id=late)
    if request.param:
        fold(shared_database)
    return shared_database


def _codes(ledger, filters, *, sort, limit, back):
    found, asked = [], {}
    with ledger.reading(ALL) as connection:
        if back:
            page = aging_page(connection, ALL, filters, by="site", sort=sort, limit=99)[-limit:]
        else:
            page = aging_page(connection, ALL, filters, by="site", sort=sort, limit=limit)
        while page:
            found = [*page, *found] if back else [*found, *page]
            asked = {"before": found[0].mark} if back else {"after": found[-1].mark}
            page = aging_page(connection, ALL, filters, by="site", sort=sort, limit=limit, **asked)
    return [group.key[0] for group in found]


@pytest.mark.parametrize("currencies", [("USD",), ()], ids=["one currency", "all"])
@pytest.mark.parametrize("as_of", [PAST, NOW], ids=str)
def test_who_owes_nothing_with_something_open_has_its_place_among_the_others(ledger, as_of, currencies, request):
    regions = ("R2",) if "added up" in request.node.name else ("R",)
    filters = Filters(as_of, regions=regions, currencies=currencies)
    for limit in range(1, 6):
        for back in (False, True):
            told = [_codes(ledger, filters, sort=f"{sign}outstanding", limit=limit, back=back) for sign in ("-", "")]
            assert told == [["A", "B", "C", "E"], ["E", "C", "B", "A"]], (limit, back)
    suffix = "2" if regions == ("R2",) else ""
    with_nothing = replace(
        filters, sites=tuple(f"{code}{suffix}" for code in "ABC")
    )  # the page is longer than what is owed
    assert _codes(ledger, with_nothing, sort="-outstanding", limit=9, back=False) == ["A", "B", "C"]
    with ledger.reading(ALL) as connection:
        page = aging_page(connection, ALL, filters, by="site", sort="-outstanding")
    assert {group.key[0]: group.values[0] for group in page} == OWED


def test_sites_are_put_in_order_without_what_stands_open_of_each_account(ledger, monkeypatch):
    """Today by what is past due as well, and of a few sites; by what is owed alone where no site on the page comes to nothing."""
    monkeypatch.setattr(owing, "standing", None)
    few = tuple(f"{code}{suffix}" for code in "AC" for suffix in ("", "2"))
    with ledger.reading(ALL) as connection:
        for basis in Basis:
            for sites in ((), few):
                filters = Filters(NOW, basis=basis, sites=sites, currencies=("USD",))
                assert next(g.values for g in aging_page(connection, ALL, filters, by="site", limit=2)) == (100, 100)
        monkeypatch.setattr(aging_groups, "owing", None)
        for day in (PAST, NOW):
            page = aging_page(connection, ALL, Filters(day), by="site", sort="-outstanding", limit=2)
            assert next(group.values for group in page) == (100,)


@pytest.mark.parametrize("as_of", [PAST, NOW], ids=str)
def test_currencies_count_by_their_weights(database, as_of):
    """X owes 100 USD and 10 EUR, Y 50 EUR, and Z 30 USD, for which it is owed 10 EUR: at three to one it owes nothing."""
    issued, vendor_id = date(2026, 1, 10), make.vendor(database, "V")
    site_ids = {code: make.site(database, code) for code in "XYZ"}
    for code, currency, amount in (
        ("X", "USD", 100),
        ("X", "EUR", 10),
        ("Y", "EUR", 50),
        ("Z", "USD", 30),
        ("Z", "EUR", -10),
    ):
        account_id = make.account(database, site_ids[code], vendor_id, f"{code}{currency}", currency=currency)
        where = {"account_id": account_id, "site_id": site_ids[code]}
        if amount > 0:
            make.invoice(database, where, "1", issued, issued + timedelta(days=30), amount)
        else:
            make.payment(database, where, date(2026, 2, 1), -amount)
        late = make.invoice(database, where, "2", date(2026, 4, 1), date(2026, 4, 30), 70)
        payment = make.payment(database, where, NOW, 70)
        make.allocation(database, where, 70, NOW, payment_id=payment, invoice_id=late)
    for weights, told in (
        ((("USD", 1), ("EUR", 3)), [("Y", 150), ("X", 130), ("Z", 0)]),
        ((("USD", 1),), [("X", 100), ("Z", 30), ("Y", 0)]),
        ((), [("X", 110), ("Y", 50), ("Z", 20)]),
    ):
        for limit in (1, 9):
            with database.reading(ALL) as connection:
                page = aging_page(
                    connection, ALL, Filters(as_of), by="site", sort="-outstanding", limit=limit, weights=weights
                )
            assert [(group.key, group.values[0]) for group in page] == told[:limit]
    with database.reading(ALL) as connection:
        filters = Filters(as_of, currencies=("EUR",))
        page = aging_page(connection, ALL, filters, by="site", sort="-outstanding", limit=1, weights=(("USD", 1),))
    assert [(group.key, group.values[0]) for group in page] == [("Y", 50)]


def test_what_is_due_on_the_day_is_not_late_yet(database):
    """Nor is by invoice date what was issued on it."""
    where = make.office(database)
    for number, (issued, due, amount) in enumerate(
        [
            (NOW - timedelta(days=30), NOW, 7),
            (NOW - timedelta(days=30), NOW - timedelta(days=1), 11),
            (NOW, NOW + timedelta(days=30), 5),
        ]
    ):
        make.invoice(database, where, str(number), issued, due, amount)
    for basis, late in ((Basis.DUE, 11), (Basis.INVOICE, 18)):
        with database.reading(ALL) as connection:
            page = aging_page(connection, ALL, Filters(NOW, basis=basis, currencies=("USD",)), by="site")
        assert [group.values for group in page] == [(late, 23)]


@pytest.mark.parametrize("as_of", [date(2026, 3, 7), date(2026, 3, 24)], ids=str)
def test_on_a_day_within_a_month_all_kinds_count(database, monkeypatch, as_of):
    """From the month's beginning, or back from its end: what has come back by then counts for nothing, 9 were paid and 6 refunded."""
    where = make.office(database)
    first, second = date(2026, 3, 5), date(2026, 3, 26)
    make.invoice(database, where, "1", date(2026, 1, 10), date(2026, 2, 10), 1000)
    for on, payment, refund in ((first, 64, 16), (second, 8, 4)):
        made = make.payment(database, where, date(2026, 2, 1), payment)
        given = make.payment(database, where, date(2026, 2, 1), refund, kind="refund")
        for back, amount in ((made, payment), (given, refund)):
            make.payment(database, where, on, amount, kind="reversal", reverses_id=back)
    for on, payment, refund in ((date(2026, 3, 6), 1, 2), (date(2026, 3, 27), 128, 32)):
        make.payment(database, where, on, payment)
        make.payment(database, where, on, refund, kind="refund")
    make.invoice(database, where, "2", date(2026, 4, 1), date(2026, 4, 30), 70, kind="credit_note")
    fold(database)
    monkeypatch.setattr(aging_groups, "owing", None)
    with database.reading(ALL) as connection:
        page = aging_page(connection, ALL, Filters(as_of), by="site", sort="-outstanding", limit=1)
    assert [group.values for group in page] == [(1000 - 8 - 1 + 4 + 2,)]
