"""Credit notes, overpayments and refunds: the negative column, and how it empties."""

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


def test_a_credit_note_waits_in_its_own_column_until_it_is_used(books):
    """15.00 credited on 1 February, used on the 10th; before that the bill is owed in full."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.credit_note("CR", "15.00", issued="2026-02-01")
    books.uses_credit("CR", "JAN", "15.00", on="2026-02-10")
    assert books.statement(("2026-01-31", "2026-02-01", "2026-02-09", "2026-02-10")) == [
        {"Not due": "100.00", "Owed": "100.00"},
        {"Not due": "100.00", "Unapplied": "-15.00", "Owed": "85.00"},
        {"1–30": "100.00", "Unapplied": "-15.00", "Owed": "85.00"},
        {"1–30": "85.00", "Owed": "85.00"},
    ]


def test_a_credit_larger_than_the_bill_serves_the_next_one(books):
    books.bill("JAN", "40.00", issued="2026-01-05", due="2026-02-04")
    books.credit_note("CR", "50.00", issued="2026-01-20")
    books.uses_credit("CR", "JAN", "40.00", on="2026-01-21")
    assert books.on("2026-01-21") == {"Unapplied": "-10.00", "Owed": "-10.00"}
    books.bill("FEB", "40.00", issued="2026-02-05", due="2026-03-07")
    books.uses_credit("CR", "FEB", "10.00", on="2026-02-05")
    assert books.on("2026-02-05") == {"Not due": "30.00", "Owed": "30.00"}


def test_a_credit_note_is_never_overdrawn_nor_used_elsewhere(books):
    books.bill("JAN", "40.00", issued="2026-01-05", due="2026-02-04")
    books.bill("FEB", "90.00", issued="2026-01-06", due="2026-03-04")
    books.credit_note("CR", "50.00", issued="2026-01-20")
    theirs = Books(
        books.database,
        make.account(books.database, books.where["site_id"], make.vendor(books.database, "Halden"), "H-1"),
        books.where["site_id"],
        "H-1",
        "USD",
    )
    theirs.bill("THEIRS", "50.00", issued="2026-01-05", due="2026-02-04")
    books.documents |= theirs.documents | {"NONE": 999_999}
    with pytest.raises(OverpaidInvoiceError, match="more than the 4000 open"):
        books.uses_credit("CR", "JAN", "40.01", on="2026-01-21")
    with pytest.raises(OverspendError, match="more than the 5000 left of it"):
        books.uses_credit("CR", "FEB", "50.01", on="2026-01-21")
    with pytest.raises(NotPositiveError):
        books.uses_credit("CR", "JAN", "-1.00", on="2026-01-21")
    with pytest.raises(WrongAccountError, match="THEIRS belongs to another account"):
        books.uses_credit("CR", "THEIRS", "1.00", on="2026-01-21")
    with pytest.raises(UnknownInvoiceError):
        books.uses_credit("CR", "NONE", "1.00", on="2026-01-21")
    assert books.on("2026-01-21") == {"Not due": "130.00", "Unapplied": "-50.00", "Owed": "80.00"}


def test_a_wrong_bill_is_withdrawn_by_a_credit_note_and_issued_again(books):
    """The whole bill goes on 12 January; the right one comes the same day."""
    books.bill("WRONG", "120.00", issued="2026-01-05", due="2026-02-04")
    books.credit_note("CR", "120.00", issued="2026-01-12", reverses="WRONG")
    books.uses_credit("CR", "WRONG", "120.00", on="2026-01-12")
    books.bill("RIGHT", "90.00", issued="2026-01-12", due="2026-02-11")
    assert books.on("2026-01-11") == {"Not due": "120.00", "Owed": "120.00"}
    assert books.on("2026-01-12") == {"Not due": "90.00", "Owed": "90.00"}


def test_an_overpayment_is_refunded(books):
    """Paid twice on 1 and 3 February; the vendor sends the second back on the 20th."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.pays("100.00", on="2026-02-01")
    twice = books.pays("100.00", on="2026-02-03")
    books.is_refunded("100.00", on="2026-02-20", payment=twice)
    assert books.statement(("2026-02-02", "2026-02-03", "2026-02-19", "2026-02-20")) == [
        {},
        {"Unapplied": "-100.00", "Owed": "-100.00"},
        {"Unapplied": "-100.00", "Owed": "-100.00"},
        {},
    ]


def test_a_refund_of_a_part_leaves_the_rest(books):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    payment = books.pays("130.00", on="2026-02-01")
    books.is_refunded("12.50", on="2026-02-20", payment=payment)
    assert books.on("2026-02-20") == {"Unapplied": "-17.50", "Owed": "-17.50"}


def test_a_closed_accounts_last_credit_is_paid_out(books):
    """Nothing left to use it on: the final credit of 64.20 comes back as money."""
    books.credit_note("FINAL", "64.20", issued="2026-03-01")
    books.is_refunded("64.20", on="2026-03-19", note="FINAL")
    assert books.on("2026-03-18") == {"Unapplied": "-64.20", "Owed": "-64.20"}
    assert books.on("2026-03-19") == {}


def test_a_refund_that_nobody_has_matched_is_owed_until_it_is(books):
    """Money came in and nobody knows for what: it is theirs until the credit note is found."""
    books.is_refunded("64.20", on="2026-03-01")
    assert books.on("2026-03-01") == {"Unapplied": "64.20", "Owed": "64.20"}
    books.credit_note("FINAL", "64.20", issued="2026-03-05")
    assert books.on("2026-03-05") == {}
