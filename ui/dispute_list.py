"""Disputes on Reconcile: what is withheld, how many days are left to press it, and what the vendor answered."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from data_access.queries.disputes import DisputeCase, DisputeEvent, DisputeSums
from domain.filters import Filters
from domain.masking import masked
from ui import dispute_forms, dispute_refunds, links, notices, paging, reads, section, tables, wording
from ui.formats import DASH, day, escape, plain_amount, short_day
from ui.page_address import Changes, Here, number_in
from ui.viewer import Viewer

OPEN = "dispute"  # address key: the dispute that is open
TALL, SHORT = 520, 280
_PREFIX = "dispute-"  # of where the list is turned to: other views of the page have lists of their own
_ORDER = paging.Ordering({"": (int, date, int)}, "", _PREFIX)
HERE = Here(
    "reconcile", {"view": "Three legs", OPEN: "", dispute_forms.BILL: ""} | {_PREFIX + key: "" for key in paging.OWN}
)


def draw(viewer: Viewer, filters: Filters) -> None:
    """The finding, the list with those whose window closes first, and one with its history; forms for those who may."""
    dispute_forms.told()
    dispute_forms.open_if_asked(viewer, filters)
    dispute_refunds.candidates(viewer, filters)
    sums: DisputeSums = reads.filtered("dispute_sums", viewer, filters)
    if not sums.number:
        notices.empty("No disputes", "Nothing is or was withheld from a bill in view.")
        return
    section.finding(
        f"{wording.count(sums.standing, 'dispute')} open, {_lapsed(sums)}",
        f"A window is counted from the issue of the bill, as of {day(filters.as_of)}; those that close first are first.",
    )
    read = partial(reads.filtered, "dispute_cases", viewer, filters)
    wanted = number_in(OPEN)
    opened: list[DisputeCase] = read(dispute_id=wanted) if wanted else []
    page = paging.page("disputes", filters, read, _ORDER)
    rows: Sequence[DisputeCase] = page.rows
    columns = [
        tables.Column("Bill", [_bill(row) for row in rows]),
        tables.Column("Days left", [_left(row) for row in rows], right=True),
        tables.Column("Withheld", [_withheld(row) for row in rows], right=True),
        tables.Column("Answer", [_outcome(row, filters.as_of) for row in rows]),
    ]
    tables.report("rows-disputes", columns, "Disputes", height=SHORT if opened else TALL)
    paging.turner(page, lambda row: row.mark, sums.number, ("Before", "After"))
    for row in opened:
        _history(viewer, filters, row)


def _said(event: DisputeEvent) -> str:
    return ": ".join(filter(None, (event.credit_note and f"credit note {event.credit_note}", event.text)))


def _address(row: DisputeCase | None) -> Changes:
    return {"view": "Disputes", OPEN: str(row.id) if row else None, dispute_forms.BILL: None}


def _lapsed(sums: DisputeSums) -> str:
    return (
        f"{sums.unanswered or 'none'} of them unanswered past the window"
        if sums.past
        else "none of them past its window"
    )


def _bill(row: DisputeCase) -> str:
    account = escape(f"{row.site} · {row.vendor} {masked(row.account_number)}")
    kind = "" if row.kind == "bill" else f", {row.kind.replace('_', ' ')}"
    number = HERE.link(row.number, _address(row))
    return f"{number}  \n:small[{account}{kind}]"


def _withheld(row: DisputeCase) -> str:
    disputed, credited = (plain_amount(amount, row.currency) for amount in (row.amount, row.credited))
    of = f"  \n:small[{disputed} disputed, {credited} credited]" if row.credited else ""
    return f"{plain_amount(row.withheld, row.currency)} {row.currency}{of}"


def _outcome(row: DisputeCase, as_of: date) -> str:
    if row.closed_on:
        return f"{escape(row.outcome) or 'closed'}  \n:small[closed {short_day(row.closed_on, as_of)}]"
    return f"{row.answer or 'none yet'}  \n:small[since {short_day(row.opened_on, as_of)}]"


def _left(row: DisputeCase) -> str:
    return DASH if row.closed_on else f":red[**{row.days_left}**]" if row.days_left < 0 else str(row.days_left)


def _history(viewer: Viewer, filters: Filters, row: DisputeCase) -> None:
    section.finding(f"Dispute of bill {escape(row.number)}", f"The window closes on {day(row.closes_on)}.")
    bill = links.link("The bill", "sites", {"account": str(row.account_id), "bill": str(row.invoice_id)})
    st.markdown(f"[Close]({HERE.address(_address(None))}) · {bill}")
    dispute_forms.actions(viewer, filters, row)
    dispute_refunds.offer(viewer, filters, row)
    told: list[tuple[date, str, int | None, str]] = [(row.opened_on, "opened", row.amount, row.reason)]
    told += [(e.dated, e.answer or e.kind, e.amount, _said(e)) for e in row.events]
    if row.closed_on:
        told.append((row.closed_on, "closed", None, row.outcome))
    columns = [
        tables.Column("Day", [f"{on:%Y-%m-%d}" for on, *_ in told]),
        tables.Column("What", [what for _, what, *_ in told]),
        tables.Column("Amount", [plain_amount(n, row.currency) if n else DASH for _, _, n, _ in told], right=True),
        tables.Column("Told", [escape(text) for *_, text in told]),
    ]
    tables.report("dispute-history", columns, "What came of the dispute", height=TALL, dense=True)
