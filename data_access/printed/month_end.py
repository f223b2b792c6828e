"""The month-end pack as a document to print: the tables of the workbook, the long ones by their first rows."""

from datetime import date, datetime

from data_access.exporting import Cell, Sheet
from data_access.month_end_sheets import COVER, month_end_cover, month_end_parts
from data_access.printed.document import Document, Section, Table
from data_access.queries.month_end import MonthEnd
from domain.money import Money

ROWS_PRINTED = 40


def month_end_document(pack: MonthEnd, made_at: datetime) -> Document:
    """`made_at` is aware."""
    parts = month_end_parts(pack)
    cover = month_end_cover(pack, made_at, parts)
    told = [(str(name), str(value)) for name, value in cover.rows]
    month = told[0][1]
    return Document(
        title=f"Month-end pack {month}",
        subtitle=", ".join(f"{name.lower()} {value}" for name, value in told[1:3]),
        sections=[Section(COVER, pairs=told), *(_section(part) for part in parts)],
        footer=f"Duewatch, month-end {month}, {told[1][1]}",
        wide=True,
    )


def _section(sheet: Sheet) -> Section:
    rows = sheet.rows[: len(sheet.rows) - sheet.totals]
    sums = sheet.rows[len(sheet.rows) - sheet.totals :]
    lines = [] if rows else ["None."]
    if len(rows) > ROWS_PRINTED:
        lines = [f"{len(rows) - ROWS_PRINTED:,} more rows are in the workbook; the totals are of all {len(rows):,}."]
    shown = [*rows[:ROWS_PRINTED], *sums]
    # A column is of amounts or counts where any of its cells is.
    right = tuple(
        column for column in range(len(sheet.columns)) if any(isinstance(row[column], Money | int) for row in shown)
    )
    table = Table(sheet.columns, [[_text(cell) for cell in row] for row in shown], right, len(sums))
    return Section(sheet.title, table=table if rows else None, lines=[*lines, *sheet.about])


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return f"{cell.decimal:,}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
