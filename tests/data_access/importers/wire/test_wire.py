"""Bills and remittances by wire: what lands of each format, once, and whole."""

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from data_access.importers.errors import ImportRefusedError, ImportUsageError
from tests.data_access.importers.conftest import Importer, reasons
from tests.data_access.importers.wire.documents import ADVICE, BILL, STATEMENT, cii, pdf, ubl, x12

FOLDER = Path(os.environ.get("REAL_DATA_DIR") or Path(__file__).resolve().parents[5] / "shared" / "real")
real = pytest.mark.skipif(not FOLDER.exists(), reason=f"no real data: {FOLDER} (set REAL_DATA_DIR)")


@pytest.fixture
def known(importer: Importer, without_child: None) -> Importer:
    importer.accept("sites", "code,name,country\nHQ,Head office,US\nLAB,Laboratory,US\n")
    text = "vendor,account_number,site\nLumina,A-1,HQ\nLumina,A-2,LAB\n"
    importer.accept("accounts", text, create_missing=True)
    return importer


def bills(importer: Importer) -> list[object]:
    return importer.table("invoices", "number", "kind", "amount", "issued_on", "due_on")


def charges(importer: Importer) -> list[object]:
    return importer.table("charges", "type", "description", "amount")


def test_an_810_is_a_bill_with_its_lines_once(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept("edi", x12("810", *BILL))
    assert (report.read, report.added, report.created.bills) == (4, 4, 1)
    assert bills(known) == [("INV-1", "invoice", 2350, date(2024, 1, 31), date(2024, 3, 1))]
    assert charges(known) == [
        ("recurring", "Handset", 2050),
        ("credit", "Goodwill", -100),
        ("fee", "Regulatory fee", 250),
        ("tax", "Tax ST", 150),
    ]
    assert report.documents[0] | {"due_on": ""} == {
        "number": "INV-1",
        "vendor": "Lumina",
        "issued_on": "2024-01-31",
        "due_on": "",
        "lines": "4",
        "total": "23.50",
        "currency": "USD",
    }
    again = known.accept("edi", x12("810", *BILL, control="000000002", joint="~"))
    assert (again.added, again.duplicate) == (0, 4)
    check()


def test_a_bill_that_comes_again_with_other_lines_is_not_billed_twice(known: Importer) -> None:
    known.accept("edi", x12("810", *BILL))
    assert known.accept("edi", x12("810", *BILL), source="another").duplicate == 4
    other = x12("810", *BILL).replace("Handset", "Handset, black")
    assert (known.accept("edi", other).rejected, known.table("invoices", "amount")) == (4, [2350])
    twice = known.accept("edi", ubl() + " ")
    assert twice.added == 2


def test_a_bill_twice_in_a_file_is_an_error(known: Importer) -> None:
    first = x12("810", *BILL).split("~\n")
    inner = first[2:-4]
    inner[0], last = "ST*810*0002", "SE*14*0002"
    both = [*first[:-3], *inner, last, "GE*2*1", first[-2], ""]
    report = known.accept("edi", "~\n".join(both))
    assert (report.added, reasons(report)[0][3]) == (4, "bill INV-1 stands in this file already, at 3 (at 17)")


def test_lines_that_do_not_add_up_are_told_and_the_bill_is_owed_as_billed(known: Importer) -> None:
    report = known.accept("edi", x12("810", *("TDS*2500" if each.startswith("TDS") else each for each in BILL)))
    assert report.findings == [
        "bill INV-1: its lines come to 23.50, its total is 25.00; the difference of 1.50 is a line of its own, "
        "so that what is owed is what was billed"
    ]
    assert known.table("invoices", "amount") == [2500]
    assert charges(known)[-1] == ("adjustment", "Total of the bill less its lines", 150)


@pytest.mark.parametrize("signed", ["", "-"])
def test_a_credit_note_is_one_whatever_its_sign(known: Importer, signed: str) -> None:
    segments = ("BIG*20240131*CN-1*****CR", *BILL[1:4], f"TDS*{signed}1000")
    known.accept("edi", x12("810", *segments))
    assert bills(known) == [("CN-1", "credit_note", 1000, date(2024, 1, 31), None)]


def test_an_811_leaves_out_what_earlier_bills_owe(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept("edi", x12("811", *STATEMENT))
    assert bills(known) == [("ST-1", "invoice", 5000, date(2024, 1, 31), date(2024, 2, 29))]
    assert [row[2] for row in charges(known)] == [3000, 1500, 425, 75]
    assert report.findings == [
        "bill ST-1: its total of 90.00 holds 40.00 of earlier bills (BAL), which are not billed twice"
    ]
    check()


def test_an_820_pays_the_bills_it_names(known: Importer, check: Callable[[], None]) -> None:
    known.accept("edi", x12("810", *BILL))
    second = ("BIG*20240131*INV-2", "REF*12*A-2", *BILL[3:5], "TDS*4650")
    known.accept("edi", x12("810", *second))
    report = known.accept("edi", x12("820", *ADVICE))
    assert (report.added, report.created.payments, report.created.allocations) == (2, 2, 2)
    assert known.table("payments", "amount", "confirmation_number", "method", "paid_on") == [
        (2350, "TRACE-9", "ach", date(2024, 3, 1)),
        (4650, "TRACE-9", "ach", date(2024, 3, 1)),
    ]
    assert known.table("invoices", "settled") == [2350, 4650]
    assert known.accept("edi", x12("820", *ADVICE)).duplicate == 2
    check()


def _advice(*items: tuple[str, str], trace: str = "TRACE-9") -> tuple[str, ...]:
    total = sum(float(amount) for _, amount in items)
    head = (f"BPR*C*{total:.2f}*C*ACH************20240301", f"TRN*1*{trace}", *ADVICE[2:5])
    return (*head, *(f"RMR*IV*{number}**{amount}" for number, amount in items))


def test_an_820_is_one_payment_for_each_account(known: Importer, check: Callable[[], None]) -> None:
    """Three bills of one account, the last paid in two items, and one of another: the bank shows them under one number."""
    for number, account in (("INV-1", "A-1"), ("INV-2", "A-2"), ("INV-3", "A-1"), ("INV-4", "A-1")):
        known.accept("edi", x12("810", f"BIG*20240131*{number}", f"REF*12*{account}", *BILL[3:5], "TDS*4650"))
    items = (("INV-1", "46.50"), ("INV-2", "40.00"), ("INV-3", "6.50"), ("INV-4", "5.00"), ("INV-4", "7.00"))
    report = known.accept("edi", x12("820", *_advice(*items)))
    assert (report.read, report.added, report.created.payments, report.created.allocations) == (5, 5, 2, 4)
    assert known.table("payments", "amount", "allocated", "confirmation_number") == [
        (65_00, 65_00, "TRACE-9"),
        (40_00, 40_00, "TRACE-9"),
    ]
    assert known.table("invoices", "number", "settled") == [
        ("INV-1", 46_50),
        ("INV-2", 40_00),
        ("INV-3", 6_50),
        ("INV-4", 12_00),
    ]
    again = known.accept("edi", x12("820", *_advice(*reversed(items))))
    assert (again.duplicate, again.created.payments) == (5, 0)
    # Other bills, or another number, are another payment.
    for other in (
        _advice(("INV-3", "1.00"), ("INV-4", "64.00")),
        _advice(("INV-3", "2.00"), ("INV-4", "2.00"), trace="T-8"),
    ):
        assert known.accept("edi", x12("820", *other)).created.payments == 1
    check()


def test_a_payment_of_several_bills_lands_whole_or_not(known: Importer) -> None:
    known.accept("edi", x12("810", *BILL))
    advice = [each.replace("RMR", "REF*12*A-1~RMR") for each in _advice(("INV-1", "3.50"), ("NOPE", "1.00"))]
    report = known.accept("edi", x12("820", *"~".join(advice).split("~")))
    assert (report.read, report.rejected, known.count("payments"), known.count("allocations")) == (2, 2, 0, 0)
    assert {reason[3] for reason in reasons(report)} == {"Lumina ••••1 has no bill 'NOPE': import it first"}


def test_an_820_without_accounts_finds_them_by_their_bills(known: Importer) -> None:
    known.accept("edi", x12("810", *BILL))
    advice = ("BPR*C*23.50*C*ACH************20240301", *ADVICE[1:6])
    assert known.accept("edi", x12("820", *advice)).added == 1
    unknown = x12("820", "BPR*C*1.00*C*CHK************20240301", *ADVICE[1:5], "RMR*IV*NOPE**1.00")
    assert "names no account" in reasons(known.accept("edi", unknown))[0][3]


@pytest.mark.parametrize(
    ("file", "number"), [(ubl(), "U-1"), (cii(), "F-1"), (pdf(cii()), "F-1")], ids=["ubl", "cii", "factur-x"]
)
def test_an_e_invoice_lands(known: Importer, check: Callable[[], None], file: str | bytes, number: str) -> None:
    report = known.accept("edi", file)
    assert (report.added, report.findings) == (2, [])
    assert bills(known) == [(number, "invoice", 12100, date(2024, 2, 1), date(2024, 3, 2))]
    assert [row[2] for row in charges(known)] == [10000, 2100]
    assert known.accept("edi", file).duplicate == 2
    check()


@pytest.mark.parametrize("file", [ubl("CreditNote"), cii(code="381")], ids=["ubl", "cii"])
def test_an_e_credit_note_lands(known: Importer, file: str) -> None:
    known.accept("edi", file)
    assert known.table("invoices", "kind", "amount") == [("credit_note", 12100)]


def test_a_wrong_envelope_is_refused_and_taken_by_name_only(known: Importer) -> None:
    wrong = x12("810", *BILL).replace("SE*14", "SE*15")
    with pytest.raises(ImportRefusedError, match=r"SE01 of transaction 0001 \(810\) says 15, there are 14 segments"):
        known.accept("edi", wrong)
    assert known.count("invoices") == 0
    report = known.accept("edi", wrong, accept_envelope=True)
    assert report.added == 4
    assert report.findings[0].startswith("taken though its envelope is wrong: SE01")
    assert json.loads(known.table("import_batches", "options")[-1]) == {"accept_envelope": True}
    assert "SE01" in str(known.table("audit_log", "after")[-1])
    with pytest.raises(ImportUsageError, match="has no envelope"):
        known.accept("charges", "vendor\n", accept_envelope=True)


def test_a_bill_lands_whole_or_not(known: Importer) -> None:
    stores = ("IT1**3*EA*5.00**UP*X", "SDQ*EA*92*HQ*1*NOWHERE*2", "TDS*1500")
    report = known.accept("edi", x12("810", *BILL[:5], *stores))
    assert (report.added, report.rejected, known.count("charges"), known.count("invoices")) == (0, 2, 0, 0)
    assert [reason[3] for reason in reasons(report)] == [
        "another line of this bill is rejected, and a bill lands whole",
        "there is no site 'NOWHERE'; import it first, or use --create-missing",
    ]


def test_stores_bear_their_part(known: Importer, check: Callable[[], None]) -> None:
    stores = ("IT1**3*EA*5.00**UP*X", "SDQ*EA*92*HQ*1*LAB*2", "TDS*1500")
    known.accept("edi", x12("810", *BILL[:5], *stores))
    assert known.table("charges", "amount", "chargeback_site_id") == [(500, None), (1000, 2)]
    check()


@real
def test_the_real_invoice(known: Importer, check: Callable[[], None]) -> None:
    """Derived by hand: 2 x 5.45 + 2 x 5.45 + 3 x 4.85 + 3 x 5.15 + 5.90 = 57.70; net 100 days from 2018-11-22."""
    content = (FOLDER / "invoice_810.edi").read_bytes()
    report = known.accept("edi", content)
    assert (report.rejected, {reason[3] for reason in reasons(report)}) == (10, {"vendor is needed and empty"})
    assert "sender 5141231234 names no vendor" in report.findings[0]
    maps = ["vendor==Paper", "account_number==10055500", "currency==USD"]
    landed = known.accept("edi", content, *maps, create_missing=True)
    assert (landed.read, landed.added, landed.findings) == (10, 10, [])
    assert bills(known) == [("I-0042537", "invoice", 5770, date(2018, 11, 22), date(2019, 3, 2))]
    assert known.table("accounts", "site_id", account_number="10055500") == known.table("sites", "id", code="00262")
    check()


@real
def test_the_real_statement(known: Importer, check: Callable[[], None]) -> None:
    content = (FOLDER / "statement_811.edi").read_bytes()
    with pytest.raises(ImportRefusedError, match="says 6, there are 7 segments"):
        known.accept("edi", content)
    maps = ["vendor==Lumina", "account_number==A-1"]
    known.accept("edi", content, *maps, accept_envelope=True)
    assert bills(known) == [("INV1", "invoice", 5000, date(2020, 1, 1), None)]
    check()
