"""Disputes: the amount stays in its bucket and in the total, and is told apart."""

import pytest

from data_access.commands.refusals import LedgerRefusedError


def test_a_dispute_stays_visible_and_apart(books):
    """30.00 of 100.00 are disputed; the rest is paid in time. 30.00 grow old, all of it disputed."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.disputes("JAN", "30.00", on="2026-01-15")
    books.pays("70.00", on="2026-02-02")
    assert books.statement(("2026-01-14", "2026-01-15", "2026-02-02", "2026-03-10")) == [
        {"Not due": "100.00", "Owed": "100.00"},
        {"Not due": "100.00", "Disputed": "30.00", "Owed": "100.00"},
        {"Not due": "30.00", "Disputed": "30.00", "Owed": "30.00"},
        {"31–60": "30.00", "Disputed": "30.00", "Owed": "30.00"},
    ]
    row = books.row("2026-03-10")
    assert (row.overdue, row.disputed_overdue) == (3000, 3000)  # nothing undisputed is late
    assert books.row("2026-02-04").disputed_overdue == 0  # not late yet


def test_a_dispute_won_is_credited(books):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    dispute = books.disputes("JAN", "30.00", on="2026-01-15")
    books.pays("70.00", on="2026-02-02")
    books.credit_note("CR", "30.00", issued="2026-03-12")
    books.uses_credit("CR", "JAN", "30.00", on="2026-03-12")
    books.settles(dispute, on="2026-03-12", outcome="credited")
    assert books.on("2026-03-11") == {"31–60": "30.00", "Disputed": "30.00", "Owed": "30.00"}
    assert books.on("2026-03-12") == {}


def test_a_dispute_lost_is_owed_like_anything_else(books):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    dispute = books.disputes("JAN", "30.00", on="2026-01-15")
    books.settles(dispute, on="2026-02-20", outcome="rejected")
    assert books.on("2026-02-19") == {"1–30": "100.00", "Disputed": "30.00", "Owed": "100.00"}
    assert books.on("2026-02-20") == {"1–30": "100.00", "Owed": "100.00"}


def test_no_more_is_in_dispute_than_is_open(books):
    """60.00 withheld, then 80.00 paid all the same: only the 20.00 still open can be in dispute."""
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.disputes("JAN", "60.00", on="2026-01-15")
    books.pays("80.00", on="2026-02-02")
    assert books.on("2026-02-02") == {"Not due": "20.00", "Disputed": "20.00", "Owed": "20.00"}


def test_a_bill_is_not_disputed_beyond_its_amount_nor_before_it_came(books):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.disputes("JAN", "60.00", on="2026-01-15")
    with pytest.raises(LedgerRefusedError, match=r"60\.00 USD withheld already"):
        books.disputes("JAN", "40.01", on="2026-01-16")
    with pytest.raises(LedgerRefusedError, match="issued on 2026-01-05"):
        books.disputes("JAN", "10.00", on="2026-01-04")
    books.disputes("JAN", "40.00", on="2026-01-16")
    assert books.on("2026-01-16") == {"Not due": "100.00", "Disputed": "100.00", "Owed": "100.00"}
