"""Files for the reading tests: written as bytes, so that nothing is cleaner than in life."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from data_access.importers.reading.headers import Wanted
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.parse import Reading, parse
from data_access.importers.reading.record import Record

BILLS = Wanted(
    frozenset({"vendor", "accountnumber", "invoicenumber", "issuedon", "amount", "dueon", "description"}),
    (("vendor",), ("accountnumber",), ("invoicenumber",), ("issuedon",), ("amount",)),
)
HEADER = "vendor,account_number,invoice_number,issued_on,amount\n"
ROW = "Lumina,A-1,INV-1,2024-01-31,12.50\n"


def read(content: bytes | str, wanted: Wanted = BILLS, sheet: str = "", **limits: int) -> tuple[Reading, list[Record]]:
    """Parse without a child process: the report and its rows."""
    rows: list[Record] = []
    data = content.encode() if isinstance(content, str) else content
    return parse(io.BytesIO(data), wanted, sheet, Limits(**limits), rows.extend), rows


def cells(content: bytes | str, wanted: Wanted = BILLS, sheet: str = "") -> list[list[str | float]]:
    """The cells of the rows."""
    return [row.cells for row in read(content, wanted, sheet)[1]]


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], merges: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A workbook of plain cells; `merges` are (range, text) on the first sheet."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    for number, (name, rows) in enumerate(sheets.items()):
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(index, column, value)
        if not number:
            for where, text in merges:
                sheet.merge_range(where, text)
    book.close()
    return path.read_bytes()


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<?xml version="1.0"?><workbook {MAIN} '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Bills" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData/></worksheet>",
}


def raw_workbook(parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """An .xlsx made by hand, with some parts put in place of the usual ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({**_PARTS, **(parts or {})}).items():
            archive.writestr(name, content)
    return out.getvalue()
