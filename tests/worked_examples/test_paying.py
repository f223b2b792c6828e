"""Bills and the payments that settle them."""

import pytest

from domain.allocation import (
    NotPositiveError,
    OverpaidInvoiceError,
    OverspendError,
    UnknownInvoiceError,
    WrongAccountError,
)
from tests import factories as make
from tests.worked_examples.books import Books


def test_a_bill_paid_late(books):
    """January's bill is due on 4 February and paid on the 20th: sixteen days late, then gone."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.pays("100.00", on="2026-02-20")
    assert books.on("2026-01-04") == {}
    assert books.on("2026-01-05") == {"Not due": "100.00", "Owed": "100.00"}
    assert books.on("2026-02-04") == {"Not due": "100.00", "Owed": "100.00"}
    assert books.on("2026-02-05") == {"1–30": "100.00", "Owed": "100.00"}
    assert books.on("2026-02-19") == {"1–30": "100.00", "Owed": "100.00"}
    assert books.on("2026-02-20") == {}


def test_a_bill_paid_in_parts(books):
    """40.00 in time, 35.00 when it is a month late, and 25.00 that stays for the dunning letter."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.pays("40.00", on="2026-02-01")
    books.pays("35.00", on="2026-03-07")
    assert books.on("2026-02-01") == {"Not due": "60.00", "Owed": "60.00"}
    assert books.on("2026-03-06") == {"1–30": "60.00", "Owed": "60.00"}  # the 30th day
    assert books.on("2026-03-07") == {"31–60": "25.00", "Owed": "25.00"}
    assert books.on("2026-06-01") == {"Over 90": "25.00", "Owed": "25.00"}


def test_the_oldest_due_is_paid_first(books):
    """FEB came first but JAN falls due first: 150.00 settles JAN and half of FEB."""
    books.bill("FEB", "100.00", issued="2026-01-03", due="2026-03-05")
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.pays("150.00", on="2026-02-10")
    assert books.on("2026-02-09") == {"Not due": "100.00", "1–30": "100.00", "Owed": "200.00"}
    assert books.on("2026-02-10") == {"Not due": "50.00", "Owed": "50.00"}


def test_the_payer_may_choose_another_bill(books):
    """The bill of the line that must not go off is paid, the older one waits."""
    books.bill("OLD", "80.00", issued="2026-01-05", due="2026-02-04")
    books.bill("NEW", "120.00", issued="2026-02-05", due="2026-03-07")
    books.pays("120.00", on="2026-02-10", to={"NEW": "120.00"})
    assert books.on("2026-02-10") == {"1–30": "80.00", "Owed": "80.00"}


def test_a_payment_in_advance_waits_for_its_bill(books):
    """Paid on 1 January, applied on the 3rd to a bill of the 5th: on account until that bill is there."""
    payment = books.pays("100.00", on="2026-01-01", apply="none")
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.applies(payment, {"JAN": "100.00"}, on="2026-01-03")
    assert books.on("2026-01-01") == {"Unapplied": "-100.00", "Owed": "-100.00"}
    assert books.on("2026-01-04") == {"Unapplied": "-100.00", "Owed": "-100.00"}
    assert books.on("2026-01-05") == {}


def test_money_left_over_pays_the_next_bill(books):
    """130.00 for a bill of 100.00: 30.00 stays on account, and is used when February's bill is paid."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    payment = books.pays("130.00", on="2026-02-01")
    books.bill("FEB", "90.00", issued="2026-02-05", due="2026-03-07")
    assert books.on("2026-02-01") == {"Unapplied": "-30.00", "Owed": "-30.00"}
    assert books.on("2026-02-05") == {"Not due": "90.00", "Unapplied": "-30.00", "Owed": "60.00"}
    books.applies(payment, {"FEB": "30.00"}, on="2026-02-20")
    assert books.on("2026-02-19") == {"Not due": "90.00", "Unapplied": "-30.00", "Owed": "60.00"}
    assert books.on("2026-02-20") == {"Not due": "60.00", "Owed": "60.00"}


def test_posting_a_payment_moves_no_balance(books):
    """A payment counts from the day on which it was made; that the vendor shows it later changes nothing here."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    payment = books.pays("100.00", on="2026-02-03", pending=True)
    days = ("2026-02-02", "2026-02-03", "2026-02-06")
    before = [books.on(day) for day in days]
    assert before == [{"Not due": "100.00", "Owed": "100.00"}, {}, {}]
    books.posts(payment, on="2026-02-06")
    assert [books.on(day) for day in days] == before


def test_lines_that_come_late_are_owed_from_their_own_day(books):
    """A second part of a bill: same number, its own day and due day."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.bill("JAN", "18.95", issued="2026-01-20", due="2026-02-19", part=2)
    books.pays("100.00", on="2026-02-04")
    assert books.on("2026-01-19") == {"Not due": "100.00", "Owed": "100.00"}
    assert books.on("2026-01-20") == {"Not due": "118.95", "Owed": "118.95"}
    assert books.on("2026-02-20") == {"1–30": "18.95", "Owed": "18.95"}


def test_what_the_books_refuse(books):
    """Each refusal has its own reason, and leaves everything as it was."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.bill("PAID", "10.00", issued="2026-01-05", due="2026-01-06")
    books.pays("10.00", on="2026-01-06")
    other = Books(
        books.database,
        make.account(books.database, books.where["site_id"], make.vendor(books.database, "Halden"), "H-1"),
        books.where["site_id"],
        "H-1",
        "USD",
    )
    other.bill("THEIRS", "50.00", issued="2026-01-05", due="2026-02-04")
    books.documents |= other.documents
    payment = books.pays("60.00", on="2026-01-10", apply="none")
    before = books.on("2026-01-10")
    with pytest.raises(OverspendError, match="apply less"):
        books.applies(payment, {"JAN": "60.01"}, on="2026-01-10")
    with pytest.raises(OverpaidInvoiceError, match="more than the 10000 open"):
        books.applies(payment, {"JAN": "100.01"}, on="2026-01-10")
    with pytest.raises(NotPositiveError):
        books.applies(payment, {"JAN": "0.00"}, on="2026-01-10")
    with pytest.raises(UnknownInvoiceError, match="PAID is settled already"):
        books.applies(payment, {"PAID": "1.00"}, on="2026-01-10")
    with pytest.raises(WrongAccountError, match="THEIRS belongs to another account"):
        books.applies(payment, {"THEIRS": "50.00"}, on="2026-01-10")
    with pytest.raises(NotPositiveError):
        books.pays("0.00", on="2026-01-10")
    assert books.on("2026-01-10") == before == {"Not due": "100.00", "Unapplied": "-60.00", "Owed": "40.00"}


def test_a_credit_is_not_used_before_its_bill(books):
    """Asked for too early, it counts from the later of the two documents."""
    books.credit_note("CR", "10.00", issued="2026-01-02")
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.uses_credit("CR", "JAN", "10.00", on="2026-01-01")
    assert books.on("2026-01-04") == {"Unapplied": "-10.00", "Owed": "-10.00"}
    assert books.on("2026-01-05") == {"Not due": "90.00", "Owed": "90.00"}
