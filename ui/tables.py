"""Reports and grids. A report is a dense st.table with Markdown cells; a grid is st.dataframe for sorting and selecting.

A report goes to the browser as it is: a frame with a style would cost twenty times as much, and be another table at each run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from data_access.queries.open_bills import OpenBill
from domain.filters import Basis
from domain.masking import masked
from domain.money import to_decimal
from ui.formats import escape, plain_amount

ROW_PX, HEAD_PX, GRID_ROW_PX = 27, 34, 28


@dataclass(frozen=True, slots=True)
class Column:
    """A report's column: its head, a Markdown cell a row, and the cell of the total row if there is one."""

    head: str
    cells: Sequence[str]
    total: str = ""
    right: bool = False


def report(
    key: str,
    columns: Sequence[Column],
    alt: str,
    *,
    total: bool = False,
    height: int | None = None,
    dense: bool = False,
) -> None:
    """Draw a report. Numbers go right; with `total` the last row stays in view; `height` in px makes it scroll.

    A `dense` one keeps each row on one line and scrolls sideways where it is too wide, its first column in view.
    """
    table = _table(
        tuple(
            (column.head or " " * (i + 1), (*column.cells, *((column.total,) if total else ())))
            for i, column in enumerate(columns)
        )
    )
    right = "".join(f"_r{i}" for i, column in enumerate(columns, 1) if column.right)  # style.css aligns by it
    kind = f"{'dense-' if dense else ''}{'total-' if total else ''}"
    with st.container(key=f"report-{kind}{key}{right and right + '_'}"):
        rows_px = HEAD_PX + ROW_PX * table.num_rows
        fits = not height or rows_px <= height
        st.table(table, border="horizontal", height="content" if fits else height, hide_index=True, alt=alt)


@lru_cache(maxsize=64)
def _table(columns: tuple[tuple[str, tuple[str, ...]], ...]) -> pa.Table:
    """Kept, since a page mostly says what it said before: to build one takes ten times as long as to find it."""
    return pa.table({head: pa.array(cells, pa.string()) for head, cells in columns})


def grid(
    key: str, rows: dict[str, list[Any]], alt: str, *, money: Sequence[str] = (), height: int | None = None
) -> int | None:
    """Draw a sortable grid of `rows` (head -> values); returns the index of the selected row, None for none.

    `money` names the columns of amounts in major units (Decimal), shown with separators and two decimals at least.
    """
    frame = pd.DataFrame({head: [float(v) if head in money else v for v in values] for head, values in rows.items()})
    config = {head: st.column_config.NumberColumn(head, format="accounting") for head in money}
    event = st.dataframe(
        frame,
        key=key,
        hide_index=True,
        row_height=GRID_ROW_PX,
        height=min(height, HEAD_PX + GRID_ROW_PX * len(frame)) if height else "auto",
        column_config=config,
        on_select="rerun",
        selection_mode="single-row",
        alt=alt,
    )
    selected = event["selection"]["rows"]
    return selected[0] if selected else None


def amounts(minor: Sequence[int], currency: str) -> list[str]:
    """Table cells of amounts: 1,234.56, a dash for zero."""
    return [plain_amount(amount, currency) for amount in minor]


def major_amounts(minor: Sequence[int], currency: str) -> list[Any]:
    """The same for a grid: Decimal in major units."""
    return [to_decimal(amount, currency) for amount in minor]


def open_bills(
    key: str, bills: Sequence[OpenBill], alt: str, head: Callable[[str, str], str], basis: Basis, *, height: int = 320
) -> None:
    """The open bills behind a number in a report that scrolls; `head` makes a head that orders them. By invoice date they are old, not late."""
    report(
        key,
        [
            Column(
                head("Due", "due_on"),
                [f"{bill.due_on:%Y-%m-%d}" + (" ⚑" if bill.due_missing else "") for bill in bills],
            ),
            Column(
                "Late" if basis is Basis.DUE else "Age",
                [f"{bill.days_late} d" if bill.days_late else "–" for bill in bills],
                right=True,
            ),
            Column("Site", [escape(bill.site_name) for bill in bills]),
            Column("Vendor", [escape(bill.vendor) for bill in bills]),
            Column("Account", [masked(bill.account_number) for bill in bills]),
            Column("Bill", [escape(bill.number) for bill in bills]),
            Column("Issued", [f"{bill.issued_on:%Y-%m-%d}" for bill in bills]),
            Column("", [bill.currency for bill in bills]),
            Column("Amount", [plain_amount(bill.amount, bill.currency) for bill in bills], right=True),
            Column(
                head("Open", "open_amount"),
                [f"**{plain_amount(bill.open_amount, bill.currency)}**" for bill in bills],
                right=True,
            ),
            Column("Disputed", [plain_amount(bill.disputed, bill.currency) for bill in bills], right=True),
        ],
        alt,
        height=height,
        dense=True,
    )
