"""What vendors say is open, from files."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.data_access.importers.conftest import Importer, reasons

HEAD = "vendor,account_number,statement_on,invoice_number,open_amount,issued_on,due_on,amount,kind,external_id\n"
STATED = ("kind", "number", "issued_on", "due_on", "amount", "open_amount")


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country\nLON,London,GB\nDEN,Denver,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,LON\nLumina,A-2,DEN\n", create_missing=True)
    return importer


def counts(report: object) -> tuple[int, int, int]:
    return tuple(getattr(report, name) for name in ("added", "duplicate", "rejected"))  # type: ignore[return-value]


def test_a_statement_is_of_one_account_and_day_and_lands_once(known: Importer, check: Callable[[], None]) -> None:
    march = (
        HEAD
        + 'Lumina,A-1,2024-03-31,INV-1,12.50,2024-03-01,2024-03-31,12.50,invoice,\nLumina,A-2,2024-03-31,7,"1,000.00",,,,,\n'
        + "Lumina,A-1,2024-03-31,CN-4,5.00,2024-03-02,,,credit note,\nLumina,A-1,2024-03-31,RCPT 9,-3.00,,,-4.00,payment,\n"
        + "Lumina,A-1,2024-03-31,N-2,-1.00,,,,,\n"
    )
    assert counts(known.accept("statements", march)) == (5, 0, 0)
    assert known.table("vendor_statements", "stated_on") == [date(2024, 3, 31)] * 2
    assert known.table("vendor_statement_lines", *STATED) == [
        ("invoice", "INV-1", date(2024, 3, 1), date(2024, 3, 31), 1250, 1250),
        ("invoice", "7", None, None, None, 100_000),
        ("credit_note", "CN-4", date(2024, 3, 2), None, None, -500),
        ("payment", "RCPT 9", None, None, -400, -300),
        ("credit_note", "N-2", None, None, None, -100),
    ]
    # The same file adds nothing; a longer one of the same day only what is new, to the same statement.
    assert counts(known.accept("statements", march)) == (0, 5, 0)
    assert counts(known.accept("statements", march + "Lumina,A-1,2024-03-31,INV-2,1.00,,,,,\n")) == (1, 5, 0)
    assert len(known.table("vendor_statements", "id")) == 2
    # The same bill is open on two statements: two lines.
    april = HEAD + "Lumina,A-1,2024-04-30,INV-1,12.50,2024-03-01,2024-03-31,12.50,invoice,\n"
    assert counts(known.accept("statements", april)) == (1, 0, 0)
    assert known.table("vendor_statements", "stated_on").count(date(2024, 4, 30)) == 1
    check()


def test_an_id_stands_for_one_line(known: Importer) -> None:
    row = "Lumina,A-1,2024-{},INV-1,12.50,,,,,L-1\n"
    assert counts(known.accept("statements", HEAD + row.format("03-31"))) == (1, 0, 0)
    assert counts(known.accept("statements", HEAD + row.format("03-31"))) == (0, 1, 0)
    report = known.accept("statements", HEAD + row.format("04-30"))
    assert counts(report) == (0, 0, 1)
    assert "another stated_on" in reasons(report)[0][-1]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # decided before anything is written
def test_a_line_that_cannot_be_is_rejected_alone(known: Importer, check: Callable[[], None]) -> None:
    refused = [
        ("Lumina,A-1,2024-03-31,I-2,-1.00,,,,invoice,\n", "nothing less than nothing is open"),
        ("Lumina,A-1,2024-03-31,I-2,5.00,,,4.00,,\n", "more than the amount of the bill"),
        ("Lumina,A-1,2024-03-31,I-2,5.00,2024-04-01,,,,\n", "after the statement of 2024-03-31"),
        ("Lumina,A-1,2024-03-31,I-2,$5.00,,,,,\n", "the account in GBP"),
        ("Lumina,A-1,2024-03-31,,5.00,,,,,\n", "invoice_number or document is needed"),
        ("Lumina,A-1,2024-03-31,I-2,,,,,,\n", "open_amount is needed"),
        ("Lumina,A-1,2024-03-31,I-2,5.00,,,,guess,\n", "none of invoice, credit_note, payment"),
        ("Lumina,A-9,2024-03-31,I-2,5.00,,,,,\n", "no account of Lumina '••••9'"),
    ]
    good = "Lumina,A-1,2024-03-31,I-1,5.00,,,,,\n"
    report = known.accept("statements", HEAD + good + "".join(row for row, _ in refused))
    assert counts(report) == (1, 0, len(refused))
    for (_, why), told in zip(refused, reasons(report), strict=True):
        assert why in told[-1]
    check()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_column_called_document_will_do(known: Importer) -> None:
    text = "vendor,account_number,statement_on,document,open_amount\nLumina,A-1,2024-03-31,RCPT-1,2.00\n"
    assert counts(known.accept("statements", text)) == (1, 0, 0)
    assert known.table("vendor_statement_lines", "number") == ["RCPT-1"]
