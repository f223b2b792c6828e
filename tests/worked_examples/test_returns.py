"""Payments that come back: their bills are open again from that day, and no day before it changes."""

import pytest

from data_access.commands.refusals import LedgerRefusedError
from domain.allocation import ReversedPaymentError


def test_a_returned_e_check_reopens_its_bill_on_the_return_date(books):
    """Paid in time on 2 February, bounced on the 9th: the bill is five days late again, as if never paid."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    payment = books.pays("100.00", on="2026-02-02")
    days = ("2026-02-01", "2026-02-02", "2026-02-08", "2026-02-09", "2026-03-07")
    assert books.statement(days[:3]) == [{"Not due": "100.00", "Owed": "100.00"}, {}, {}]
    books.comes_back(payment, on="2026-02-09")
    assert books.statement(days) == [
        {"Not due": "100.00", "Owed": "100.00"},
        {},
        {},
        {"1–30": "100.00", "Owed": "100.00"},
        {"31–60": "100.00", "Owed": "100.00"},
    ]


def test_a_return_reopens_every_bill_that_it_paid(books):
    """One e-check for two bills and a bit: both are open again, and what lay on account is gone."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.bill("FEB", "80.00", issued="2026-02-05", due="2026-03-07")
    payment = books.pays("200.00", on="2026-02-10")
    books.comes_back(payment, on="2026-02-16")
    assert books.on("2026-02-10") == {"Unapplied": "-20.00", "Owed": "-20.00"}
    assert books.on("2026-02-16") == {"Not due": "80.00", "1–30": "100.00", "Owed": "180.00"}


def test_paid_again_after_the_return(books):
    """The second payment settles what the first did not."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    first = books.pays("100.00", on="2026-02-02")
    books.comes_back(first, on="2026-02-09")
    books.pays("125.00", on="2026-02-12", to={"JAN": "100.00"})
    assert books.on("2026-02-11") == {"1–30": "100.00", "Owed": "100.00"}
    assert books.on("2026-02-12") == {"Unapplied": "-25.00", "Owed": "-25.00"}


def test_paid_again_before_the_return_was_known(books):
    """The second payment of the 5th lies on account until the first comes back on the 9th, and settles the bill from then."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    first = books.pays("100.00", on="2026-02-02")
    books.comes_back(first, on="2026-02-09")
    books.pays("100.00", on="2026-02-05")
    assert books.on("2026-02-05") == {"Unapplied": "-100.00", "Owed": "-100.00"}
    assert books.on("2026-02-08") == {"Unapplied": "-100.00", "Owed": "-100.00"}
    assert books.on("2026-02-09") == {}


def test_a_credit_used_on_a_bill_whose_payment_came_back(books):
    """The credit of the 3rd is used for the bill of a payment that bounced on the 9th: it counts from the 9th."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    first = books.pays("100.00", on="2026-02-02")
    books.comes_back(first, on="2026-02-09")
    books.credit_note("C1", "100.00", issued="2026-02-03")
    books.uses_credit("C1", "JAN", "100.00", on="2026-02-03")
    assert books.on("2026-02-08") == {"Unapplied": "-100.00", "Owed": "-100.00"}
    assert books.on("2026-02-09") == {}


def test_a_cheque_lost_in_the_mail_was_on_its_way_until_it_was_stopped(books):
    """While pending it counts as paid; stopped, it is void, and the bill is late."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    cheque = books.pays("100.00", on="2026-01-30", pending=True)
    books.comes_back(cheque, on="2026-02-20")
    assert books.on("2026-02-19") == {}
    assert books.on("2026-02-20") == {"1–30": "100.00", "Owed": "100.00"}
    with pytest.raises(ReversedPaymentError, match="was void on 2026-02-20"):
        books.posts(cheque, on="2026-02-21")


def test_a_part_applied_after_the_payment_comes_back_too(books):
    """60.00 on account, 40.00 of it used ten days later, then the whole payment bounces."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    payment = books.pays("60.00", on="2026-01-10", apply="none")
    books.applies(payment, {"JAN": "40.00"}, on="2026-01-20")
    books.comes_back(payment, on="2026-01-25")
    assert books.statement(("2026-01-10", "2026-01-19", "2026-01-20", "2026-01-24", "2026-01-25")) == [
        {"Not due": "100.00", "Unapplied": "-60.00", "Owed": "40.00"},
        {"Not due": "100.00", "Unapplied": "-60.00", "Owed": "40.00"},
        {"Not due": "60.00", "Unapplied": "-20.00", "Owed": "40.00"},
        {"Not due": "60.00", "Unapplied": "-20.00", "Owed": "40.00"},
        {"Not due": "100.00", "Owed": "100.00"},
    ]


def test_nothing_is_paid_with_money_that_came_back(books):
    """Nor does it come back twice, nor before the day on which it was last used."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    payment = books.pays("60.00", on="2026-01-10", apply="none")
    books.applies(payment, {"JAN": "40.00"}, on="2026-01-20")
    with pytest.raises(LedgerRefusedError, match="on or after the day of its last allocation"):
        books.comes_back(payment, on="2026-01-15")
    assert books.on("2026-01-20") == {"Not due": "60.00", "Unapplied": "-20.00", "Owed": "40.00"}
    books.comes_back(payment, on="2026-01-25")
    with pytest.raises(ReversedPaymentError, match="was returned on 2026-01-25"):
        books.comes_back(payment, on="2026-01-26")
    with pytest.raises(ReversedPaymentError, match="nothing of it is left"):
        books.applies(payment, {"JAN": "1.00"}, on="2026-01-26")
