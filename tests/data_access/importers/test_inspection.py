"""A first look at a file says how it is written, and why it cannot be imported yet."""

import pytest

from data_access.importers.errors import ImportRefusedError
from data_access.importers.inspection import inspect
from data_access.importers.options import Options
from data_access.scope import Scope
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order

ALL = Scope.all_sites()


def look(tmp_path, content, **options):
    path = tmp_path / "bills.csv"
    path.write_bytes(content)
    return inspect("invoices", path, Options(scope=ALL, **options))


def test_what_a_file_is(tmp_path):
    content = (
        "Report\nVendor;Account number;invoice_number;issued_on;amount;\nLumina;1;N1;31.01.2026;1.234,50\n".encode(
            "cp1252"
        )
    )
    seen = look(tmp_path, content)
    assert (seen.delimiter, seen.header_line, seen.row_count) == (";", 2, 1)
    assert (seen.mark, seen.orders["issued_on"]) == (Mark.COMMA, Order.DMY)
    assert seen.mapped["account_number"] == "Account number"
    assert seen.first_rows == ((3, ("Lumina", "1", "N1", "31.01.2026", "1.234,50")),)
    assert [skip["line"] for skip in seen.skipped] == [1]
    assert not seen.refusal


def test_what_is_missing_is_said_and_what_matched_is_kept(tmp_path):
    seen = look(tmp_path, b"vendor,number,amount\nLumina,1,5\n")
    assert "no column for account_number" in seen.refusal
    assert seen.mapped == {"vendor": "vendor", "amount": "amount"}
    assert seen.titles == ("vendor", "number", "amount")


def test_a_constant_needs_no_column(tmp_path):
    content = b"account_number,invoice_number,issued_on,amount\n1,N1,2026-01-31,5.00\n"
    seen = look(tmp_path, content, constants={"vendor": "Lumina"})
    assert not seen.refusal
    assert "vendor" not in seen.mapped


def test_what_cannot_be_read_raises(tmp_path):
    with pytest.raises(ImportRefusedError, match=r"bills\.csv.*empty"):
        look(tmp_path, b"")
