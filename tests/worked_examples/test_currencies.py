"""Two currencies at one site: never one sum."""

from datetime import date

from data_access.queries.balances import aging, ledger_totals
from data_access.queries.trends import history
from data_access.scope import Scope
from domain.aging import add_up
from domain.filters import Filters
from tests import factories as make
from tests.worked_examples.books import EVERYWHERE, Books

MARCH = date(2026, 3, 10)


def euro_books(books):
    account = make.account(
        books.database, books.where["site_id"], make.vendor(books.database, "Halden"), "H-1", currency="EUR"
    )
    return Books(books.database, account, books.where["site_id"], "H-1", "EUR")


def test_dollars_and_euros_of_one_site_are_two_rows_and_two_totals(books):
    """100.00 dollars and 100.00 euros are owed; 100.00 dollars are paid; the euros are all that is left."""
    euros = euro_books(books)
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    euros.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    with books.database.reading(Scope.all_sites()) as connection:
        rows = aging(connection, EVERYWHERE, Filters(as_of=MARCH), "site")
        assert sorted((row.key, row.currency, row.outstanding) for row in rows) == [
            ("HQ", "EUR", 10_000),
            ("HQ", "USD", 10_000),
        ]
        assert ledger_totals(connection, EVERYWHERE, MARCH) == {"USD": 10_000, "EUR": 10_000}
    assert sorted((total.currency, total.outstanding) for total in add_up(rows)) == [("EUR", 10_000), ("USD", 10_000)]
    books.pays("100.00", on="2026-03-10")
    with books.database.reading(Scope.all_sites()) as connection:
        assert ledger_totals(connection, EVERYWHERE, MARCH) == {"EUR": 10_000}
        days = [date(2026, 1, 31), date(2026, 2, 28), MARCH]
        trend = history(connection, EVERYWHERE, Filters(as_of=MARCH), days)
    assert [(p.day, p.currency, p.outstanding, p.overdue) for p in trend] == [
        (days[0], "EUR", 10_000, 0),
        (days[0], "USD", 10_000, 0),
        (days[1], "EUR", 10_000, 10_000),
        (days[1], "USD", 10_000, 10_000),
        (days[2], "EUR", 10_000, 10_000),
    ]


def test_a_currency_without_decimals_keeps_its_own_minor_units(books):
    """5,000 yen are five thousand minor units; nobody multiplies by a hundred."""
    account = make.account(
        books.database, books.where["site_id"], make.vendor(books.database, "Kita"), "K-1", currency="JPY"
    )
    yen = Books(books.database, account, books.where["site_id"], "K-1", "JPY")
    yen.bill("JAN", "5,000", issued="2026-01-05", due="2026-02-04")
    yen.pays("1,200", on="2026-02-04")
    assert yen.on("2026-02-05") == {"1–30": "3,800", "Owed": "3,800"}
    assert yen.row("2026-02-05").outstanding == 3800


def test_credits_of_one_currency_do_not_pay_bills_of_another(books):
    euros = euro_books(books)
    euros.credit_note("CR", "40.00", issued="2026-01-05")
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    assert euros.on("2026-01-06") == {"Unapplied": "-40.00", "Owed": "-40.00"}
    assert books.on("2026-01-06") == {"Not due": "100.00", "Owed": "100.00"}
