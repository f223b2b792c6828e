"""Days: bucket borders, month ends, a missing due date, the other basis, other edges, and a whole half-year."""

from datetime import date, timedelta

import pytest

from domain.aging import EdgesError
from domain.filters import Basis


@pytest.mark.parametrize(
    ("days_after_due", "bucket"),
    [
        (0, "Not due"), (1, "1–30"), (30, "1–30"), (31, "31–60"), (60, "31–60"), (61, "61–90"), (90, "61–90"),
        (91, "Over 90"), (4000, "Over 90"),
    ],
)  # fmt: skip
def test_each_day_has_its_bucket(books, days_after_due, bucket):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    day = date(2026, 2, 4) + timedelta(days=days_after_due)
    assert books.on(day.isoformat()) == {bucket: "100.00", "Owed": "100.00"}


def test_terms_run_over_the_end_of_february(books):
    """Issued on 31 January on 30 days: due on 2 March, but on 1 March in a leap year. Both say no due date."""
    books.bill("2026", "100.00", issued="2026-01-31")
    books.bill("2028", "100.00", issued="2028-01-31")
    assert books.on("2026-03-02") == {"Not due": "100.00", "Owed": "100.00"}
    assert books.on("2026-03-03") == {"1–30": "100.00", "Owed": "100.00"}
    assert books.on("2028-03-01") == {"Not due": "100.00", "Over 90": "100.00", "Owed": "200.00"}
    assert books.on("2028-03-02") == {"1–30": "100.00", "Over 90": "100.00", "Owed": "200.00"}


def test_a_missing_due_date_is_flagged_and_counted_from_the_terms(books):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.bill("PAPER", "70.00", issued="2026-01-10")
    assert books.on("2026-02-09") == {"Not due": "70.00", "1–30": "100.00", "Owed": "170.00"}
    assert books.on("2026-02-10") == {"1–30": "170.00", "Owed": "170.00"}
    assert (books.row("2026-02-10").open_count, books.row("2026-02-10").flagged) == (2, 1)
    books.pays("70.00", on="2026-02-11", to={"PAPER": "70.00"})
    assert (books.row("2026-02-11").open_count, books.row("2026-02-11").flagged) == (1, 0)


def test_month_ends(books):
    """What the closing of each month says, with a payment on the last day of one and on the first of another."""
    books.bill("NOV", "100.00", issued="2025-11-30", due="2025-12-31")
    books.bill("DEC", "110.00", issued="2025-12-31", due="2026-01-31")
    books.bill("JAN", "120.00", issued="2026-01-31", due="2026-02-28")
    books.pays("100.00", on="2026-01-01")
    books.pays("50.00", on="2026-01-31")
    assert books.statement(("2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31")) == [
        {"Not due": "100.00", "Owed": "100.00"},
        {"Not due": "210.00", "Owed": "210.00"},  # November's is due today, and not late
        {"Not due": "180.00", "Owed": "180.00"},
        {"Not due": "120.00", "1–30": "60.00", "Owed": "180.00"},
        {"31–60": "180.00", "Owed": "180.00"},
    ]
    assert books.on("2026-01-01") == {"Not due": "110.00", "Owed": "110.00"}


def test_by_invoice_date_the_same_total_is_older(books):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.bill("FEB", "80.00", issued="2026-02-05", due="2026-03-07")
    books.pays("10.00", on="2026-02-01", apply="none")
    by_due, by_invoice = books.on("2026-02-05"), books.on("2026-02-05", basis=Basis.INVOICE)
    assert by_due == {"Not due": "80.00", "1–30": "100.00", "Unapplied": "-10.00", "Owed": "170.00"}
    assert by_invoice == {"Not due": "80.00", "31–60": "100.00", "Unapplied": "-10.00", "Owed": "170.00"}
    assert books.on("2026-02-06", basis=Basis.INVOICE)["1–30"] == "80.00"


def test_other_edges_cut_the_same_total_elsewhere(books):
    books.bill("JAN", "100.00", issued="2026-01-05", due="2026-02-04")
    books.bill("FEB", "80.00", issued="2026-02-05", due="2026-03-07")
    assert books.on("2026-03-22") == {"1–30": "80.00", "31–60": "100.00", "Owed": "180.00"}
    assert books.on("2026-03-22", edges=(14, 46)) == {"15–46": "180.00", "Owed": "180.00"}
    assert books.on("2026-03-22", edges=(15, 45)) == {"1–15": "80.00", "Over 45": "100.00", "Owed": "180.00"}
    assert books.on("2026-03-22", edges=(1,)) == {"Over 1": "180.00", "Owed": "180.00"}
    with pytest.raises(EdgesError):
        books.on("2026-03-22", edges=(60, 30))


def test_half_a_year_of_one_account(books):
    """Everything that happens to an account, and what its balance said on the days between."""
    books.bill("JAN", "412.50", issued="2026-01-05", due="2026-02-04")
    books.bill("FEB", "418.20", issued="2026-02-05", due="2026-03-07")
    jan = books.pays("412.50", on="2026-02-02")
    books.comes_back(jan, on="2026-02-09")
    books.bill("MAR", "431.75", issued="2026-03-05", due="2026-04-04")
    dispute = books.disputes("MAR", "60.00", on="2026-03-12")
    books.pays("500.00", on="2026-03-16")  # JAN, and 87.50 of FEB
    books.credit_note("CR", "60.00", issued="2026-04-20")
    books.uses_credit("CR", "MAR", "60.00", on="2026-04-20")
    books.settles(dispute, on="2026-04-20", outcome="credited")
    last = books.pays("710.45", on="2026-05-04")  # FEB's rest, MAR's rest, and 8.00 too much
    books.is_refunded("8.00", on="2026-06-01", payment=last)
    assert books.statement(
        (
            "2026-01-31", "2026-02-02", "2026-02-09", "2026-03-05", "2026-03-15", "2026-03-16", "2026-04-19",
            "2026-04-20", "2026-05-03", "2026-05-04", "2026-06-01",
        ),
    ) == [
        {"Not due": "412.50", "Owed": "412.50"},
        {},
        {"Not due": "418.20", "1–30": "412.50", "Owed": "830.70"},
        {"Not due": "849.95", "1–30": "412.50", "Owed": "1,262.45"},
        {"Not due": "431.75", "1–30": "418.20", "31–60": "412.50", "Disputed": "60.00", "Owed": "1,262.45"},
        {"Not due": "431.75", "1–30": "330.70", "Disputed": "60.00", "Owed": "762.45"},
        {"1–30": "431.75", "31–60": "330.70", "Disputed": "60.00", "Owed": "762.45"},
        {"1–30": "371.75", "31–60": "330.70", "Owed": "702.45"},
        {"1–30": "371.75", "31–60": "330.70", "Owed": "702.45"},
        {"Unapplied": "-8.00", "Owed": "-8.00"},
        {},
    ]  # fmt: skip
