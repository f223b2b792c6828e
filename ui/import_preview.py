"""What importing a file would do, and what it did: counts, first rows, rejected rows one by one."""

import re
from typing import Any

import pandas as pd
import streamlit as st

from data_access.exporting import Sheet
from data_access.importers.inspection import Inspection
from data_access.importers.report import Report
from ui import exports, section, wording
from ui.formats import escape
from ui.tables import GRID_ROW_PX, Column, report
from ui.viewer import Viewer

SHOWN_ROWS, SHOWN_REJECTS, SHOWN_FINDINGS = 8, 50, 8
STATUSES = {"added": "new", "duplicate": "there already", "rejected": "rejected"}
# The terminal's options, and what they are called here; the first that fits counts, so the longer ones come first.
OPTIONS = (
    (r"use --create-missing", "tick Create missing sites, vendors and accounts"),
    (
        r"Name the file's own by --map field=column, or give one text for all rows by --map field==text",
        "Choose the file's own under Columns, or give one text for every row",
    ),
    (r"or --map \w+==\w+", "or give one text for every row under Columns"),
    (r"choose one by --map .*", "choose one under Columns"),
    (r"say --date-order( dmy, mdy or ymd)?", "say which under Dates"),
    (r"say --decimal point or --decimal comma", "say which under Decimals"),
    (r"name the right one by --decimal point or --decimal comma", "name the right one under Decimals"),
    (r"say which (one|vendor) by --map (\w+)==\w+", r"give it for every row as \2 under Columns"),
    (r"take it as it is with --accept-envelope", "tick Take it though its envelope is wrong"),
    (r"name one by --sheet", "name one under Sheet"),
)
# Where what was imported is looked at.
PAGES = {
    "invoices": "balances",
    "charges": "balances",
    "edi": "balances",
    "payments": "payments",
    "allocations": "payments",
    "calls": "calls",
}


def finding(found: Report) -> str:
    """118 of 120 rows can be imported, 2 are rejected."""
    verb = "can be imported" if found.dry_run else "was imported" if found.read == 1 else "were imported"
    if not found.read:
        return "The file has no rows"
    if not found.added:
        known = found.duplicate == found.read
        return (
            "Every row of this file is there already"
            if known
            else f"Nothing new {'in this file' if found.dry_run else 'was imported'}"
        )
    text = f"{found.added:,} of {wording.count(found.read, 'row')} {verb}"
    return f"{text}, {found.rejected:,} {'is' if found.rejected == 1 else 'are'} rejected" if found.rejected else text


def counts(found: Report) -> None:
    """Read is the sum of what became of each row; then what is made besides."""
    made = [
        wording.count(getattr(found.created, f"{noun}s"), noun)
        for noun in ("site", "vendor", "account", "bill", "payment", "allocation")
        if getattr(found.created, f"{noun}s")
    ]
    text = (
        f"**{found.read:,}** read = **{found.added:,}** {'new' if found.dry_run else 'added'} + "
        f"**{found.duplicate:,}** there already + **{found.rejected:,}** rejected"
    )
    st.markdown(text)
    if made:
        st.caption(f"{'Would make' if found.dry_run else 'Made'} {wording.listed(made, most=6)}.")
    if found.changed:
        st.caption(f"{wording.count(found.changed, 'row')} filled blanks or moved a payment on.")


def bills(found: Report) -> None:
    """The bills of a file that is no table, each with its total."""
    shown = found.documents[:SHOWN_REJECTS]
    if not shown:
        return
    section.finding(
        f"{wording.counted(len(found.documents), 'bill')} in the file", "Totals are the sums of the lines that land"
    )
    report(
        "bills",
        [
            Column("Bill", [escape(each["number"]) for each in shown]),
            Column("Vendor", [escape(each["vendor"]) for each in shown]),
            Column("Issued", [each["issued_on"] for each in shown]),
            Column("Due", [each["due_on"] for each in shown]),
            Column("Lines", [each["lines"] for each in shown], right=True),
            Column("Total", [f"{each['total']} {escape(each['currency'])}".strip() for each in shown], right=True),
        ],
        "Bills in the file",
    )


def first_rows(found: Report) -> None:
    """The first rows as they are understood."""
    rows = found.sample[:SHOWN_ROWS]
    if not rows:
        return
    names = [name for name in found.columns if any(row.values.get(name) for row in rows)]
    section.finding("The first rows as they are understood", "Line numbers are those of the file")
    cells: dict[str, list[Any]] = {"Line": [row.line for row in rows], "": [STATUSES[row.status] for row in rows]}
    cells |= {name: [row.values.get(name, "") for row in rows] for name in names}
    # A grid, because a wide table that scrolls sideways has to be reached by keyboard.
    st.dataframe(
        pd.DataFrame(cells),
        hide_index=True,
        row_height=GRID_ROW_PX,
        alt="The first rows of the file as they are understood",
        key="import-rows",
    )


def said(text: str) -> str:
    """A reason in the words of the page, where the importer speaks of the terminal's options; as Markdown."""
    for option, words in OPTIONS:
        text = re.sub(option, words, text)
    return escape(text)


def rejects(viewer: Viewer, found: Report) -> None:
    """Each rejected row with its line, column, value and reason; all of them as a file."""
    if not found.rejects:
        return
    section.finding(
        f"{wording.counted(found.rejected, 'row')} {'is' if found.rejected == 1 else 'are'} rejected",
        "Correct them in the file and import it again: what is there already is not added twice",
    )
    name, listed = found.file, tuple(found.rejects)

    def sheet() -> Sheet:
        about = (f"Rejected rows of {name}", f"SHA-256 {found.sha256}")
        rows = [[each.line, each.column, each.value, each.reason] for each in listed]
        return Sheet("Rejected rows", about, ("Line", "Column", "Value", "Reason"), rows)

    exports.offer("rejects", "rejected rows", viewer, sheet)
    shown = listed[:SHOWN_REJECTS]
    report(
        "rejects",
        [
            Column("Line", [f"{each.line:,}" for each in shown], right=True),
            Column("Column", [escape(each.column) for each in shown]),
            Column("Value", [escape(each.value) for each in shown]),
            Column("Reason", [said(each.reason) for each in shown]),
        ],
        "Rejected rows",
    )
    if found.rejected > len(shown):
        st.caption(f"The first {len(shown)} of {found.rejected:,}; the export holds {len(listed):,}.")


def remarks(found: Report, seen: Inspection) -> None:
    """What was found beside the rows, such as a gap between two statements."""
    for text in found.findings:
        if text not in seen.findings:
            st.caption(f":material/info: {escape(text)}")


def skipped(seen: Inspection) -> None:
    """Lines that are no rows, and remarks on how the file was read."""
    for text in seen.findings:
        st.caption(f":material/info: {said(text)}")
    if seen.skipped:
        lines = [f"line {skip['line']} ({escape(str(skip['reason']))})" for skip in seen.skipped[:SHOWN_FINDINGS]]
        more = len(seen.skipped) - len(lines)
        st.caption(f":material/info: Not rows: {', '.join(lines)}{f' and {more:,} more' if more else ''}")
