"""What moved the balance is the difference between two balances, for any two days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from data_access.queries.balances import aging
from data_access.queries.movements import Movements, movements
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()


@pytest.fixture
def busy(database):
    """A bill paid, the payment returned, a credit note, an early payment, a refund; and a bill in euros."""
    where = make.office(database)
    january = make.invoice(database, where, "J", date(2026, 1, 5), date(2026, 2, 4), 10000)
    paid = make.payment(database, where, date(2026, 2, 10), 6000)
    first = make.allocation(database, where, 6000, date(2026, 2, 10), payment_id=paid, invoice_id=january)
    make.allocation(database, where, 6000, date(2026, 2, 20), payment_id=paid, invoice_id=january, reverses_id=first)
    make.payment(database, where, date(2026, 2, 20), 6000, kind="reversal", reverses_id=paid)
    make.payment(database, where, date(2026, 2, 25), 7000)
    make.invoice(database, where, "C", date(2026, 3, 10), None, 1500, kind="credit_note")
    make.payment(database, where, date(2026, 4, 5), 1000, kind="refund")
    other = make.account(database, where["site_id"], make.vendor(database, "Halden"), "H", currency="EUR")
    make.invoice(database, where | {"account_id": other}, "E", date(2026, 2, 2), date(2026, 2, 2), 900)


def moved(database, scope, **filters):
    with database.reading(Scope.all_sites()) as connection:
        return movements(connection, scope, Filters(**filters))


def test_by_hand(database, busy):
    dollars = {"currencies": ("USD",)}
    assert moved(database, ALL, as_of=date(2026, 4, 30), **dollars) == [
        Movements("USD", billed=10000, credited=1500, paid=13000, refunded=1000, returned=6000)
    ]
    february = moved(
        database, ALL, as_of=date(2026, 4, 30), since=date(2026, 2, 10), until=date(2026, 2, 20), **dollars
    )
    assert february == [Movements("USD", billed=0, credited=0, paid=6000, refunded=0, returned=0)]
    assert february[0].change == -6000


def test_opening_and_movements_make_closing_for_any_two_days(database, busy):
    days = [date(2025, 12, 31) + timedelta(days=step) for step in range(0, 130, 9)]
    with database.reading(Scope.all_sites()) as connection:
        for before, after in pairwise(days):
            for currency in ("USD", "EUR"):
                owed = []
                for day in (before, after):
                    rows = aging(connection, ALL, Filters(as_of=day, currencies=(currency,)), "currency")
                    owed.append(sum(row.outstanding for row in rows))
                found = movements(
                    connection, ALL, Filters(as_of=after, since=before + timedelta(days=1), currencies=(currency,))
                )
                assert owed[0] + sum(m.change for m in found) == owed[1]


def test_a_scope_is_needed_and_held(database, busy):
    assert moved(database, Scope.of([]), as_of=date(2026, 4, 30)) == []
    with pytest.raises(ScopeRequiredError):
        moved(database, None, as_of=date(2026, 4, 30))
