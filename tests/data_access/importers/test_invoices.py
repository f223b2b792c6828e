"""Bills that state their amount, credit notes, disputes."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.data_access.importers.conftest import Importer, reasons

HEADER = "vendor,account_number,invoice_number,issued_on,amount,due_on,period_start,period_end,kind,disputed,external_id,currency\n"


def bill(number: str = "INV-1", issued: str = "2024-01-31", amount: str = "12.50", rest: str = ",,,,,,") -> str:
    return f"Lumina,A-1,{number},{issued},{amount},{rest}\n"


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country\nHQ,Head office,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\nLumina,A-2,HQ\n", create_missing=True)
    return importer


def stored(importer: Importer) -> list[tuple[object, ...]]:
    return importer.table("invoices", "number", "kind", "issued_on", "due_on", "period_start", "period_end", "amount")


def test_a_bill_with_everything(known: Importer, check: Callable[[], None]) -> None:
    text = bill(rest="2024-02-29,2024-01-01,2024-01-31,invoice,yes,X-1,usd")
    report = known.accept("invoices", HEADER + text)
    assert (report.read, report.added, report.created.bills) == (1, 1, 1)
    # The file's period includes its last day; the ledger keeps the first day after.
    assert stored(known) == [
        ("INV-1", "invoice", date(2024, 1, 31), date(2024, 2, 29), date(2024, 1, 1), date(2024, 2, 1), 1250)
    ]
    assert known.table("invoices", "import_key", "external_id", "amount_from", "source") == [
        ("id:X-1", "X-1", "bill", "file")
    ]
    assert known.table("disputes", "amount", "opened_on") == [(1250, date(2024, 1, 31))]
    check()


def test_credit_notes_by_sign_or_by_name(known: Importer, check: Callable[[], None]) -> None:
    text = (
        bill("CN-1", amount="(12.50)")
        + bill("CN-2", amount="20.00", rest=",,,Credit note,,,")
        + bill("CN-3", amount="-5.00", rest=",,,credit,,,")
    )
    assert known.accept("invoices", HEADER + text).added == 3
    assert known.table("invoices", "number", "kind", "amount") == [
        ("CN-1", "credit_note", 1250),
        ("CN-2", "credit_note", 2000),
        ("CN-3", "credit_note", 500),
    ]
    check()


def test_the_same_file_again_and_an_overlapping_one(known: Importer, check: Callable[[], None]) -> None:
    first, second, third = bill("INV-1"), bill("INV-2", amount="20.00"), bill("INV-3", amount="30.00")
    known.accept("invoices", HEADER + first + second)
    again = known.accept("invoices", HEADER + first + second)
    assert (again.added, again.duplicate, again.rejected) == (0, 2, 0)
    overlapping = known.accept("invoices", HEADER + second + third)
    assert (overlapping.added, overlapping.duplicate) == (1, 1)
    # Another source, or the same bill twice in one file, is still the same bill.
    assert known.accept("invoices", HEADER + first + first, source="other").duplicate == 2
    assert known.count("invoices") == 3
    check()


def test_a_bill_twice_in_one_file_is_one_bill(known: Importer) -> None:
    report = known.accept("invoices", HEADER + bill() + bill() + bill(amount="13.00"))
    assert (report.added, report.duplicate, report.rejected) == (1, 1, 1)
    assert report.rejects[0].reason == "is on line 2 already, as another bill"


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        (
            bill(amount="13.00"),
            "amount",
            "amount is 13.00 here and 12.50 on bill INV-1 in the ledger; what is posted is not changed",
        ),
        (bill(issued="2024-01-30"), "issued_on", "issued_on is 2024-01-30 here and 2024-01-31 on bill"),
        (bill(rest="2024-02-29,,,,,,"), "due_on", "due_on is 2024-02-29 here and blank on bill"),
        (bill("INV-9", rest=",,,,,X-1,"), "external_id", "id 'X-1' is in the ledger with another bill: INV-1"),
    ],
)
def test_a_posted_bill_is_not_changed(known: Importer, text: str, column: str, reason: str) -> None:
    known.accept("invoices", HEADER + bill(rest=",,,,,X-1,"))
    report = known.accept("invoices", HEADER + text)
    assert report.rejects[0].column == column
    assert reason in report.rejects[0].reason
    assert known.count("invoices") == 1


def test_details_left_out_are_no_difference(known: Importer) -> None:
    known.accept("invoices", HEADER + bill(rest="2024-02-29,2024-01-01,2024-01-31,invoice,,X-1,"))
    report = known.accept(
        "invoices", "vendor,account_number,invoice_number,issued_on,amount\nLumina,A-1,INV-1,31 Jan 2024,$12.50\n"
    )
    assert report.duplicate == 1


def test_a_bill_known_from_its_lines(known: Importer, check: Callable[[], None]) -> None:
    lines = "vendor,account_number,invoice_number,amount,issued_on\n"
    known.accept("charges", lines + "Lumina,A-1,INV-1,10.00,2024-01-31\n")
    known.accept("charges", lines + "Lumina,A-1,INV-1,2.50,2024-01-31\n")
    report = known.accept("invoices", HEADER + bill() + bill(amount="10.00"))
    assert (report.duplicate, report.rejected) == (1, 1)
    assert report.rejects[0].reason == "is 10.00 here; bill INV-1 is in the ledger from its lines, which come to 12.50"
    check()


REFUSED = [
    (bill(amount="0.00"), "amount", "is zero: there is nothing to owe"),
    (bill(amount="-1.00", rest=",,,invoice,,,"), "amount", "is below zero on an invoice"),
    (bill(rest="2024-01-30,,,,,,"), "due_on", "is before the bill was issued on 2024-01-31"),
    (bill(rest=",2024-01-31,2024-01-30,,,,"), "period_end", "is before the period starts"),
    (bill(rest=",,,,yes please,,"), "disputed", "'yes please' is not an amount"),
    (bill(rest=",,,,1,,"), "disputed", "can be yes or an amount"),
    (bill(rest=",,,,12.51,,"), "disputed", "not between nothing and the amount"),
    (bill(amount="-9.00", rest=",,,,yes,,"), "disputed", "a credit note cannot be disputed"),
    (bill(rest=",,,statement,,,"), "kind", "'statement' is none of invoice, credit_note"),
    (bill(rest=",,,,,,EUR"), "currency", "is EUR, the account is in USD"),
    (bill(amount="€12.50"), "amount", "is in EUR, the account in USD"),
    (bill(amount="12.505"), "amount", "three decimals|more than the 2 decimals"),
    (bill(amount="1e5"), "amount", "not an amount"),
    (bill(amount="NaN"), "amount", "not an amount"),
    (bill(amount="99999999999999.99"), "amount", "more than 15 digits"),
    (bill(issued="2024-02-30"), "issued_on", "'2024-02-30' is not a date"),
    (bill(issued="1969-12-31"), "issued_on", "not between 1970 and 2100"),
    (bill(number=""), "invoice_number", "is needed and empty"),
    (bill(number="I" * 65), "invoice_number", "at most 64"),
    (bill(number="INV\x001"), "invoice_number", "control character"),
    ('Lumina,A-1,"INV\n1",2024-01-31,12.50,,,,,,,\n', "invoice_number", "two lines"),
    ("Lumina,A-9,INV-1,2024-01-31,12.50,,,,,,,\n", "account_number", "there is no account of Lumina '••••9'"),
    ("Lumnia,A-1,INV-1,2024-01-31,12.50,,,,,,,\n", "vendor", "did you mean 'Lumina'"),
    ("Lumina,A-1,INV-1\n", "", "the row has 3 cells, the header 12"),
]


def test_what_cannot_be_is_rejected_alone(known: Importer, check: Callable[[], None]) -> None:
    good = bill("GOOD")
    report = known.accept("invoices", HEADER + good + "".join(text for text, _, _ in REFUSED))
    assert (report.added, report.rejected) == (1, len(REFUSED))
    at_line = 3
    for reject, (text, column, reason) in zip(report.rejects, REFUSED, strict=True):
        assert (reject.line, reject.column) == (at_line, column)
        assert re.search(reason, reject.reason), reject.reason
        at_line += text.count("\n")
    assert sorted(known.table("import_rejects", "line", "column_name", "value", "reason")) == reasons(report)
    check()


def test_several_problems_are_one_reject(known: Importer) -> None:
    report = known.accept("invoices", HEADER + bill(issued="never", amount="lots"))
    assert reasons(report) == [(2, "issued_on", "never", "'never' is not a date; also amount: 'lots' is not an amount")]


def test_disputes_of_a_part(known: Importer, check: Callable[[], None]) -> None:
    known.accept(
        "invoices", HEADER + bill(rest=",,,,2.50,,") + bill("INV-2", rest=",,,,no,,") + bill("INV-3", rest=",,,,0,,")
    )
    assert known.table("disputes", "amount") == [250]
    check()


def test_paid_settles_each_on_its_day(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept("invoices", HEADER + bill() + bill("CN-1", amount="-5.00"), paid=True)
    assert (report.created.bills, report.created.payments, report.created.allocations) == (2, 2, 2)
    assert known.table("invoices", "settled") == [1250, 500]
    assert known.table("payments", "kind", "amount", "allocated", "method", "paid_on") == [
        ("payment", 1250, 1250, "published", date(2024, 1, 31)),
        ("refund", 500, 500, "published", date(2024, 1, 31)),
    ]
    check()


def test_create_missing_needs_a_currency(importer: Importer, check: Callable[[], None]) -> None:
    header = "vendor,account_number,invoice_number,issued_on,amount\n"
    report = importer.accept(
        "invoices", f"{header}Lumina,A-1,I-1,2024-01-31,12.50\nLumina,A-2,I-2,2024-01-31,£12.50\n", create_missing=True
    )
    assert (report.added, report.rejected) == (0, 2)
    assert {reject.column for reject in report.rejects} == {"currency"}
    report = importer.accept(
        "invoices", f"{header}Lumina,A-1,I-1,2024-01-31,12.50\nLumina,A-2,I-2,2024-01-31,€12.50\n", create_missing=True
    )
    assert report.added == 1  # only the euro sign stands for one currency
    report = importer.accept(
        "invoices", f"{header}Lumina,A-1,I-1,2024-01-31,12.50\n", "currency==USD", create_missing=True
    )
    assert report.added == 1
    assert importer.table("accounts", "account_number", "currency") == [("A-2", "EUR"), ("A-1", "USD")]
    check()


def test_yen_and_dinars_have_their_own_decimals(importer: Importer) -> None:
    header = "vendor,account_number,invoice_number,issued_on,amount,currency\n"
    report = importer.accept(
        "invoices",
        header
        + "L,A-1,I-1,2024-01-31,1234,JPY\nL,A-1,I-2,2024-01-31,12.50,JPY\nL,A-2,I-3,2024-01-31,0.125,KWD\nL,A-2,I-4,2024-01-31,1234.5,KWD\n",
        create_missing=True,
    )
    assert importer.table("invoices", "amount") == [1234, 125, 1_234_500]
    assert [(r[0], r[3]) for r in reasons(report)] == [(3, "12.50 has more than the 0 decimals of JPY")]
