"""Past imports: who, when, from which file, what became of its rows; and the rejected rows of one of them."""

from datetime import datetime
from functools import partial

import streamlit as st

from data_access.exporting import Sheet
from data_access.queries.imports import BatchRow, RejectRow
from ui import exports, notices, paging, reads, section, wording
from ui.formats import escape, moment
from ui.import_preview import said
from ui.ledger_tables import TALL
from ui.page_address import Here, number_in
from ui.search_box import search_box
from ui.tables import Column, report
from ui.viewer import Viewer

BATCH, FIND = "batch", "found"  # address keys: the import whose rejected rows are open, the search
HERE = Here("import", {FIND: ""} | paging.OWN)
LISTED, SHOWN = 1000, 50


def draw(viewer: Viewer) -> None:
    """The newest first, page by page."""
    search = search_box("a file, kind, source or person", FIND)
    shown = paging.page(
        "imports",
        search,
        partial(reads.plain, "batch_rows", viewer, actor=viewer.name, search=search),
        paging.one_order(datetime, int),
    )
    found: list[BatchRow] = list(shown.rows)
    section.finding(
        "The newest imports" if shown.earlier or shown.more else _how_many(len(found)),
        "Newest first; the same file again adds nothing"
        + ("" if viewer.scope.everything else "; your own, as a file may hold rows of sites that you do not see"),
    )
    if not found and search:
        notices.empty("No such import", "Clear the search above.", ":material/filter_alt_off:")
        return
    if not found:
        notices.empty(
            "Nothing was imported yet",
            "Drop a file above: sites and accounts first, then bills.",
            ":material/upload_file:",
        )
        return
    report(
        "rows-imports",
        [
            Column("When", [_when(row) for row in found]),
            Column("Who", [escape(row.actor) for row in found]),
            Column("Kind", [row.kind for row in found]),
            Column("File", [escape(row.file_name) for row in found]),
            Column("Source", [escape(row.source) for row in found]),
            Column("Read", [f"{row.rows_read:,}" for row in found], right=True),
            Column("Added", [f"**{row.added:,}**" for row in found], right=True),
            Column("There already", [f"{row.duplicate:,}" for row in found], right=True),
            Column("Rejected", [_rejected(row) for row in found], right=True),
            Column("SHA-256", [f"`{row.sha256[:12]}`" for row in found]),
        ],
        "Past imports, newest first",
        height=TALL,
        dense=True,
    )
    paging.turner(shown, lambda row: (row.imported_at, row.id))
    if wanted := number_in(BATCH):
        for batch in reads.plain("batch_rows", viewer, actor=viewer.name, batch_id=wanted):
            _opened(viewer, batch)


def _how_many(number: int) -> str:
    return wording.counted(number, "import") if number else "No import yet"


def _when(row: BatchRow) -> str:
    return HERE.link(moment(row.imported_at, st.context.timezone), {BATCH: str(row.id)})


def _rejected(row: BatchRow) -> str:
    return HERE.link(f"{row.rejected:,}", {BATCH: str(row.id)}) if row.rejected else "–"


def _opened(viewer: Viewer, batch: BatchRow) -> None:
    found: list[RejectRow] = reads.plain("reject_rows", viewer, actor=viewer.name, batch_id=batch.id, limit=LISTED)
    section.finding(
        f"{wording.counted(batch.rejected, 'row')} of {escape(batch.file_name)} {'was' if batch.rejected == 1 else 'were'} rejected",
        f"SHA-256 {batch.sha256}",
    )

    if not found:
        st.markdown(f"[:material/close: Close]({HERE.address({BATCH: None})})")
        return

    def sheet() -> Sheet:
        rows = [[row.line, row.column_name, row.value, row.reason, row.row_text] for row in found]
        return Sheet(
            "Rejected rows",
            (f"Rejected rows of {batch.file_name}",),
            ("Line", "Column", "Value", "Reason", "Row"),
            rows,
        )

    with st.container(horizontal=True):
        st.markdown(f"[:material/close: Close]({HERE.address({BATCH: None})})", width="content")
        exports.offer("batch-rejects", "rejected rows", viewer, sheet)
    shown = found[:SHOWN]
    report(
        "batch-rejects",
        [
            Column("Line", [f"{row.line:,}" for row in shown], right=True),
            Column("Column", [escape(row.column_name) for row in shown]),
            Column("Value", [escape(row.value) for row in shown]),
            Column("Reason", [said(row.reason) for row in shown]),
        ],
        "Rejected rows of the import",
    )
    if batch.rejected > len(shown):
        st.caption(f"The first {len(shown)} of {batch.rejected:,}; the export holds {len(found):,}.")
