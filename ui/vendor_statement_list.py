"""Vendor statements on Reconcile: what the vendor says is open against what we say, and money on the wrong account."""

import streamlit as st

from data_access.queries.vendor_statements import MOST, MisappliedRow, StatementRow
from domain.filters import Filters
from domain.masking import masked
from domain.vendor_statements import State
from ui import links, notices, reads, section, tables, wording
from ui.formats import DASH, day, escape, exact_money, plain_amount
from ui.viewer import Viewer

OPEN = "vendor-statement"  # address key: the statement that is open
TALL, SHORT = 520, 280


def draw(viewer: Viewer, filters: Filters) -> None:
    """The finding, money on the wrong account, the newest statement of each account, and one with its documents."""
    rows: list[StatementRow] = reads.filtered("vendor_statements", viewer, filters)
    if not rows:
        notices.empty("No vendor statements", "Import one on the Import page: a row for each document that it lists.")
        return
    apart = [row for row in rows if row.difference]
    section.finding(
        f"{len(apart)} of {wording.count(len(rows), 'statement')} differ from the ledger",
        f"The newest statement of each account up to {day(filters.as_of)}, against what was open on its day; "
        "a difference is ours less theirs.",
    )
    if len(rows) == MOST:
        st.caption(
            f"Only the newest {MOST} statements are compared at once; narrow the filters above to see the others."
        )
    _misapplied(reads.filtered("misapplied_rows", viewer, filters))
    wanted = st.query_params.get(OPEN)
    opened = next((row for row in rows if str(row.id) == wanted), None)
    _statements(rows, SHORT if opened else TALL)
    if opened:
        _documents(opened)


def _name(row: StatementRow) -> str:
    return f"{row.site} · {row.vendor} {masked(row.account_number)}"


def _address(row: StatementRow | None) -> dict[str, str | None]:
    return {"view": "Vendor statements", OPEN: str(row.id) if row else None}


def _misapplied(found: list[MisappliedRow]) -> None:
    for each in found:
        short = each.short
        others = " and ".join(f"{escape(_name(row))} ({exact_money(n, row.currency)})" for row, n in each.long)
        paid = ""
        if each.payment_id is not None and each.paid_on is not None:
            payment = links.link(f"the payment of {day(each.paid_on)}", "payments", {"payment": str(each.payment_id)})
            paid = f" It would be {payment}."
        st.warning(
            f"**{exact_money(each.amount, short.currency)} may stand on the wrong account.** The vendor asks for it on "
            f"{escape(_name(short))}, and shows as much less on {others}.{paid}",
            icon=":material/swap_horiz:",
        )


def _statements(rows: list[StatementRow], height: int) -> None:
    def count(row: StatementRow, state: State) -> str:
        found = sum(each.state is state for each in row.rows)
        return str(found) if found else DASH

    columns = [
        tables.Column("Account", [links.link(_name(row), "reconcile", _address(row)) for row in rows]),
        tables.Column("Stated", [f"{row.stated_on:%Y-%m-%d}" for row in rows]),
        *(tables.Column(state.value.capitalize(), [count(row, state) for row in rows], right=True) for state in State),
        tables.Column("", [row.currency for row in rows]),
        tables.Column("Theirs", [plain_amount(row.theirs, row.currency) for row in rows], right=True),
        tables.Column("Ours", [plain_amount(row.ours, row.currency) for row in rows], right=True),
        tables.Column("Difference", [f"**{plain_amount(row.difference, row.currency)}**" for row in rows], right=True),
    ]
    tables.report("rows-statements", columns, "Vendor statements against the ledger", height=height, dense=True)


def _apart(row: StatementRow) -> str:
    return f"{exact_money(abs(row.difference), row.currency)} apart" if row.difference else "it agrees"


def _documents(row: StatementRow) -> None:
    section.finding(
        f"{escape(_name(row))} on {day(row.stated_on)}: {_apart(row)}",
        f"Ours {exact_money(row.ours, row.currency)} less theirs {exact_money(row.theirs, row.currency)}: "
        "the sum of the differences below.",
    )
    st.markdown(f"[Close]({links.address('reconcile', _address(None))})")

    def number(index: int) -> str:
        each = row.rows[index]
        if each.id is None or each.kind == "payment":
            return escape(each.number)
        return links.link(each.number, "sites", {"account": str(row.account_id), "bill": str(each.id)})

    def side(amount: int | None) -> str:
        return DASH if amount is None else plain_amount(amount, row.currency)

    columns = [
        tables.Column("Document", [number(index) for index in range(len(row.rows))]),
        tables.Column("Kind", [each.kind.replace("_", " ") for each in row.rows]),
        tables.Column("State", [each.state.value for each in row.rows]),
        tables.Column("Theirs", [side(each.theirs) for each in row.rows], right=True),
        tables.Column("Ours", [side(each.ours) for each in row.rows], right=True),
        tables.Column(
            "Difference",
            [plain_amount(each.difference, row.currency) for each in row.rows],
            plain_amount(row.difference, row.currency),
            right=True,
        ),
        tables.Column("Perhaps", [escape(each.reason) for each in row.rows]),
    ]
    tables.report("rows-documents", columns, "Documents on either side", total=True, height=TALL, dense=True)
