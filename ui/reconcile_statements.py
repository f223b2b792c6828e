"""The imported statements of the bank: what each adds up to, and what became of the lines of one."""

from datetime import date
from functools import partial

import streamlit as st

from data_access.queries.bank_statements import StatementLine, StatementRow
from data_access.queries.matched_lines import MatchedLine
from ui import filter_bar, links, notices, paging, reads, reconcile_acts, section, wording
from ui import reconcile_words as words
from ui.formats import day, escape, exact_money, plain_amount
from ui.ledger_tables import TALL
from ui.page_address import Here, number_in
from ui.tables import Column, report
from ui.viewer import Viewer

VIEW, STATEMENT = "view", "statement"  # address keys
TITLE = "Bank statements"
MOST_OFF = 3  # statements that are named above the table
HERE = Here("reconcile", {VIEW: "Three legs", STATEMENT: ""} | paging.OWN)


def draw(viewer: Viewer) -> None:
    """All statements, then the lines of the chosen one."""
    if not reconcile_acts.may_see(viewer):
        return
    as_of = filter_bar.chosen(viewer).as_of
    found: list[StatementRow] = reads.plain("statement_rows", viewer, as_of=as_of)
    if not found:
        notices.empty("No bank statement is imported yet", import_words(viewer), ":material/account_balance:")
        if viewer.may_write():
            st.markdown(links.link("Import a bank statement →", "import", {"kind": "bank"}))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        section.finding(finding(found), "Opening + movements = closing, to the cent; the newest first")
        if viewer.may_write():
            st.markdown(links.link("Import a bank statement →", "import", {"kind": "bank"}), width="content")
    _off(found)
    _statements(found)
    wanted = number_in(STATEMENT)
    chosen = next((each for each in found if each.id == wanted), None)
    if chosen is not None:
        _lines(viewer, chosen, as_of)
    elif st.query_params.get(STATEMENT):
        st.info(f"There is no such statement on {day(as_of)}.", icon=":material/link_off:")


def import_words(viewer: Viewer) -> str:
    """What to do about it, by role."""
    if viewer.may_write():
        kinds = "OFX, MT940, camt, BAI2, QIF, CSV or XLSX"
        return f"Import a statement ({kinds}); its lines are then matched to payments here."
    return "Finance imports them; their lines are then matched to payments here."


def finding(found: list[StatementRow]) -> str:
    """All nine statements add up, 14 lines are open."""
    wrong = sum(1 for each in found if each.difference)
    left = sum(each.lines - each.done for each in found)
    count = wording.counted(len(found), "statement")
    open_lines = (
        f"{wording.count(left, 'line')} {'is' if left == 1 else 'are'} open" if left else "every line is settled"
    )
    if wrong:
        return f"{wrong:,} of {wording.count(len(found), 'statement')} {'does' if wrong == 1 else 'do'} not add up, {open_lines}"
    return f"{count}, {open_lines}"


def _off(found: list[StatementRow]) -> None:
    """Those that do not add up, which may lie far below."""
    wrong = [row for row in found if row.difference]
    said = [
        f"{HERE.link(f'{row.bank_account}, {day(row.first)} to {day(row.last)}', {VIEW: TITLE, STATEMENT: str(row.id)})} "
        f"by {escape(exact_money(abs(row.difference or 0), row.currency))}"
        for row in wrong[:MOST_OFF]
    ]
    if wrong:
        more = f" and {len(wrong) - MOST_OFF:,} more" if len(wrong) > MOST_OFF else ""
        st.markdown(f":material/difference: Not adding up: {'; '.join(said)}{more}.")


def _statements(found: list[StatementRow]) -> None:
    report(
        "rows-statements",
        [
            Column("Account", [HERE.link(row.bank_account, {VIEW: TITLE, STATEMENT: str(row.id)}) for row in found]),
            Column("Period", [f"{row.first:%Y-%m-%d} – {row.last:%Y-%m-%d}" for row in found]),
            Column("", [row.currency for row in found]),
            Column("Opening", [_amount(row.opening, row.currency) for row in found], right=True),
            Column("Movements", [plain_amount(row.movements, row.currency) for row in found], right=True),
            Column("Closing", [_amount(row.closing, row.currency) for row in found], right=True),
            Column("Difference", [_difference(row) for row in found], right=True),
            Column("Lines", [f"{row.lines:,}" for row in found], right=True),
            Column("Settled", [_settled(row) for row in found], right=True),
        ],
        "Bank statements, the newest first",
        height=TALL,
        dense=True,
    )


def _amount(amount: int | None, currency: str) -> str:
    return "not stated" if amount is None else plain_amount(amount, currency)


def _difference(row: StatementRow) -> str:
    if row.difference is None:
        return "not known"
    return f":red[**{plain_amount(row.difference, row.currency)}**]" if row.difference else "0.00"


def _settled(row: StatementRow) -> str:
    return "all" if row.done == row.lines else f"{row.done:,} of {row.lines:,}"


def _lines(viewer: Viewer, statement: StatementRow, as_of: date) -> None:
    """The lines that it brought, with what had become of each by the end of the day."""
    section.finding(
        f"{wording.counted(statement.lines, 'line')} of {escape(statement.bank_account)}, {statement.done:,} settled",
        f"{day(statement.first)} to {day(statement.last)}, {statement.currency}; money out is negative; "
        "lines that another statement brought before are there",
    )
    if not statement.lines:
        notices.empty("No line of its own", "Its lines came with another statement before.", ":material/inbox:")
        return
    found = paging.page(
        "statement-lines",
        (statement.id, as_of),
        partial(reads.plain, "statement_lines", viewer, statement_id=statement.id, as_of=as_of),
        paging.one_order(date, int),
    )
    rows: list[StatementLine] = list(found.rows)
    matched: list[MatchedLine] = reads.plain(
        "matches_of_lines", viewer, line_ids=tuple(row.id for row in rows), as_of=as_of
    )
    briefs = reads.plain("payments_in_brief", viewer, ids=tuple(sorted({each.payment_id for each in matched})))
    became = []
    for row in rows:
        of_line = [each for each in matched if each.line_id == row.id]
        said = [
            links.link(words.payment_name(briefs[each.payment_id]), "reconcile", {"leg": str(each.payment_id)})
            for each in of_line
        ]
        if row.explained:
            said.append(f"{escape(row.explained)}{f': {escape(row.note)}' if row.note else ''}")
        elif row.matched < abs(row.amount):
            way = HERE.link("to match", {VIEW: "To match", STATEMENT: None, "line": str(row.id)})
            said.append(f":orange-badge[open] {way}" if row.amount < 0 else ":gray-badge[money in, open]")
        became.append("; ".join(said))
    report(
        "statement-lines",
        [
            Column("Booked", [f"{row.booked_on:%Y-%m-%d}" for row in rows]),
            Column("What the bank says", [words.line_text(row) for row in rows]),
            Column("What it is", became),
            Column(
                f"Amount, {statement.currency}", [plain_amount(row.amount, row.currency) for row in rows], right=True
            ),
        ],
        "Lines of the statement",
        height=TALL,
        dense=True,
    )
    paging.turner(found, lambda row: (row.booked_on, row.id), statement.lines, ("Earlier", "Later"))
