"""Allocations: parts of payments that are there, on bills that are there, within what is left of both."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.data_access.importers.conftest import Importer, reasons

HEADER = "vendor,account_number,payment,invoice_number,amount,applied_on\n"


def applied(payment: str = "P-1", bill: str = "INV-1", amount: str = "10.00", day: str = "") -> str:
    return f"Lumina,A-1,{payment},{bill},{amount},{day}\n"


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country\nHQ,Head office,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\n", create_missing=True)
    bills = "vendor,account_number,invoice_number,issued_on,amount\nLumina,A-1,INV-1,2024-01-31,100.00\nLumina,A-1,INV-2,2024-02-15,50.00\n"
    importer.accept("invoices", bills)
    payments = (
        "vendor,account_number,paid_on,amount,confirmation_number,external_id,status\nLumina,A-1,2024-02-10,80.00,OK-1,P-1,\n"
        "Lumina,A-1,2024-02-11,30.00,OK-2,,\nLumina,A-1,2024-02-12,30.00,OK-9,P-8,\nLumina,A-1,2024-02-12,31.00,OK-9,P-9,\n"
        "Lumina,A-1,2024-02-13,-9.00,,P-R,\nLumina,A-1,2024-02-14,9.00,,P-B,returned\n"
    )
    importer.accept("payments", payments)
    return importer


def test_by_id_or_confirmation_number(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept(
        "allocations", HEADER + applied(amount="60.00") + applied("OK-2", "INV-2", "30.00", "2024-03-01")
    )
    assert (report.added, report.created.allocations) == (2, 2)
    assert known.table("allocations", "amount", "applied_on") == [(6000, date(2024, 2, 10)), (3000, date(2024, 3, 1))]
    assert known.table("invoices", "settled") == [6000, 3000]
    check()


def test_the_same_file_again_and_twins(known: Importer, check: Callable[[], None]) -> None:
    text = HEADER + applied() + applied()
    assert known.accept("allocations", text).added == 2
    report = known.accept("allocations", text)
    assert (report.added, report.duplicate) == (0, 2)
    # The payment under its other name is the same payment.
    assert known.accept("allocations", HEADER + applied("OK-1")).duplicate == 1
    check()


REFUSED = [
    (applied("P-7"), "payment", "Lumina ••••1 has no payment of that id or confirmation number"),
    (applied("OK-9"), "payment", "has 2 payments of that id"),
    (applied("P-R"), "payment", "is a refund: it pays no bill"),
    (applied("P-B"), "payment", "is a returned payment: it pays no bill"),
    (applied(bill="INV-9"), "invoice_number", "has no such bill"),
    (applied(amount="70.01"), "amount", "is more than the 70.00 USD left of this payment"),
    (applied(bill="INV-2", amount="50.01"), "amount", "is more than the 50.00 USD open on this bill"),
    (applied(day="2024-02-09"), "applied_on", "is before 2024-02-10"),
    (applied(bill="INV-2", day="2024-02-14"), "applied_on", "is before 2024-02-15"),
    (applied(amount="-1.00"), "amount", "is not above zero"),
]


def test_what_cannot_be_is_rejected_alone(known: Importer, check: Callable[[], None]) -> None:
    good = applied()
    report = known.accept("allocations", HEADER + good + "".join(text for text, _, _ in REFUSED))
    assert (report.added, report.rejected) == (1, len(REFUSED))
    at_line = 3
    for reject, (text, column, reason) in zip(report.rejects, REFUSED, strict=True):
        assert (reject.line, reject.column) == (at_line, column)
        assert re.search(reason, reject.reason), reject.reason
        at_line += text.count("\n")
    assert sorted(known.table("import_rejects", "line", "column_name", "value", "reason")) == reasons(report)
    check()


def test_a_bill_in_parts_is_paid_part_by_part(known: Importer, check: Callable[[], None]) -> None:
    for number in ("1", "2"):
        known.accept(
            "charges",
            f"vendor,account_number,invoice_number,line,amount,issued_on\nLumina,A-1,INV-3,{number},20.00,2024-02-0{number}\n",
        )
    report = known.accept("allocations", HEADER + applied(bill="INV-3", amount="30.00"))
    assert (report.added, report.created.allocations) == (1, 2)
    assert known.table("allocations", "amount") == [2000, 1000]
    assert known.accept("allocations", HEADER + applied(bill="INV-3", amount="30.00")).duplicate == 1
    check()
