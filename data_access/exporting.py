"""A table as a CSV or XLSX file: what was shown, with the filters and the day written on it, and no live formulas.

Used by the pages' download buttons and by `manage.py export`.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from domain.money import Money, exponent
from domain.parsing.text import guarded

Cell = str | int | float | Decimal | Money | date | datetime | bool | None

MOST_XLSX_ROWS = 1_048_576
_ABOVE, _ROWS_AT_ONCE = 3, 1_000
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


class TooManyRowsError(ValueError):
    """A worksheet cannot hold the table; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled table. `about` lines (filters, as-of day, basis) are written above it, in CSV behind a #.

    Money is written as a number; the caller gives the currency a column of its own. totals: how many of the last rows are sums.
    """

    title: str
    about: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    totals: int = 0


def safe_text(text: str) -> str:
    """Text that a spreadsheet does not take for a formula (our importers take the guard off again); a number stays one."""
    safe = guarded(text)
    return text if safe is not text and _NUMBER.fullmatch(text) else safe


def as_csv(sheet: Sheet) -> bytes:
    """All of it at once."""
    return b"".join(csv_chunks(sheet))


def csv_chunks(sheet: Sheet) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark (so that Excel reads it), amounts as plain decimals; some rows at a time."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in (sheet.title, *sheet.about):
        writer.writerow([safe_text(f"# {line}")])
    writer.writerow([safe_text(column) for column in sheet.columns])
    yield out.getvalue().encode("utf-8-sig")
    rows = iter(sheet.rows)
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows([_csv_cell(cell) for cell in row] for row in some)
        yield out.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe_text(cell)
    if isinstance(cell, Money):
        return str(cell.decimal)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def as_xlsx(sheet: Sheet) -> bytes:
    """One worksheet; amounts and dates as numbers in their own formats, text never as a formula or a link."""
    return as_workbook([sheet])


def as_workbook(sheets: Sequence[Sheet]) -> bytes:
    """A worksheet each, by its title; its rows wait on disk. Raises TooManyRowsError."""
    for sheet in sheets:
        if len(sheet.rows) + len(sheet.about) + _ABOVE > MOST_XLSX_ROWS:
            raise TooManyRowsError(
                f"{sheet.title} has {len(sheet.rows):,} rows and a worksheet holds {MOST_XLSX_ROWS:,}; "
                "narrow the filters, or export it as CSV"
            )
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    try:
        for sheet in sheets:
            _write(book, sheet)
    finally:
        book.close()
    return out.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(_sheet_name(sheet.title))
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True}))
    grey = book.add_format({"font_color": "#4A5563"})
    for index, line in enumerate(sheet.about, start=1):
        page.write_string(index, 0, line, grey)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    top = len(sheet.about) + 2
    for index, column in enumerate(sheet.columns):
        page.write_string(top, index, column, head)
    cells, sums = _Cells(book, page), _Cells(book, page, {"bold": True, "top": 1})
    first_total = len(sheet.rows) - sheet.totals
    widths = [len(column) for column in sheet.columns]
    for offset, row in enumerate(sheet.rows, start=1):
        for index, cell in enumerate(row):
            (cells if offset <= first_total else sums).write(top + offset, index, cell)
            widths[index] = max(widths[index], min(48, len(_csv_cell(cell))))
    for index, width in enumerate(widths):
        page.set_column(index, index, width + 2)
    page.freeze_panes(top + 1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    if first_total:
        page.autofilter(top, 0, top + first_total, len(sheet.columns) - 1)


class _Cells:
    """Writes one cell by its kind, with one format object a kind (a workbook keeps each format that it is given)."""

    def __init__(
        self, book: xlsxwriter.Workbook, page: Worksheet, look: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self.page = page
        self.plain = book.add_format(dict(look))
        self.day = book.add_format({**look, "num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({**look, "num_format": "yyyy-mm-dd hh:mm"})
        self.money = {
            n: book.add_format({**look, "num_format": "#,##0" + ("." + "0" * n if n else "")}) for n in range(5)
        }

    def write(self, row: int, column: int, cell: Cell) -> None:
        """Numbers as numbers, dates as dates, all else as text."""
        if cell is None:
            self.page.write_blank(row, column, None, self.plain)
        elif isinstance(cell, Money):
            self.page.write_number(row, column, float(cell.decimal), self.money[exponent(cell.currency)])
        elif isinstance(cell, datetime):
            self.page.write_datetime(row, column, cell.replace(tzinfo=None), self.moment)
        elif isinstance(cell, date):
            midnight = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a sheet knows no zones
            self.page.write_datetime(row, column, midnight, self.day)
        elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            self.page.write_number(row, column, float(cell), self.plain)
        else:
            self.page.write_string(row, column, "yes" if cell is True else "no" if cell is False else cell, self.plain)


def _sheet_name(title: str) -> str:
    """Excel allows 31 characters and none of []:*?/\\ in a sheet's name."""
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "Sheet"
