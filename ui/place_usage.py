"""What was used at one site or on one account: by month, by line, and whom it called."""

from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st

from data_access.queries.usage import UsageTotal
from data_access.queries.usage_lines import VOICE, CalledNumber, UsageLine, line_mark, usage_sheet
from ui import exports, notices, paging, reads, section, sparklines, wording
from ui import window as windows
from ui.formats import DASH, day, escape, plain_amount
from ui.ledger_tables import TALL, currency_column, place_columns
from ui.place import Place
from ui.tables import Column, report

_BYTES = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


def draw(place: Place) -> None:
    """Months and numbers side by side, then the lines, paged."""
    filters = place.filters
    totals: list[UsageTotal] = place.read("usage_totals", filters, by="month")
    period = windows.in_words(filters) if filters.since or filters.until else f"up to {day(filters.as_of)}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        section.finding(_finding(totals), f"{period[:1].upper()}{period[1:]}, in the local months of the site")
        if totals:
            build = partial(reads.sheet, place.viewer, filters, usage_sheet, **place.kept)
            exports.offer("usage", f"{place.name} usage", place.viewer, build)
    if not totals:
        notices.empty("No usage here", "Call records and usage tables come with an import of the kind usage.")
        return
    called: list[CalledNumber] = place.read("top_called", filters)
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        st.subheader("By month", anchor=False)
        _months(totals)
    with right:
        st.subheader("Most called", anchor=False)
        _called(called)
    st.subheader("By line", anchor=False)
    found = paging.page(
        "usage",
        (filters, place.account_id),
        partial(place.read, "usage_lines", filters),
        paging.one_order(str, int, int, str, str),
    )
    _lines(found.rows, place.columns)
    paging.turner(found, line_mark)


def quantity(amount: int, unit: str) -> str:
    """In the unit that people say: minutes, GB, messages."""
    if unit == "seconds":
        return f"{amount / 60:,.1f} min"
    if unit == "bytes":
        name, size = next((each for each in _BYTES if amount >= each[1]), ("B", 1))
        return f"{amount / size:,.1f} {name}" if size > 1 else f"{amount} B"
    return f"{amount:,} {escape(unit)}"


def _finding(totals: Sequence[UsageTotal]) -> str:
    calls = [total for total in totals if total.kind == VOICE]
    if not calls:
        return wording.counted(sum(total.records for total in totals), "record") + " of usage" if totals else "No usage"
    spoken = quantity(sum(total.quantity for total in calls), "seconds")
    return f"{wording.counted(sum(total.records for total in calls), 'call')}, {spoken}"


def _months(totals: Sequence[UsageTotal]) -> None:
    """Newest first; each bar measures against the largest of its kind."""
    rows = sorted(totals, key=lambda total: (total.key, total.kind), reverse=True)
    most = _largest(rows)
    columns = [
        Column("Month", [row.key for row in rows]),
        Column("Kind", [escape(row.kind) for row in rows]),
        Column("Records", [f"{row.records:,}" for row in rows], right=True),
        Column("Used", [f"**{quantity(row.quantity, row.unit)}**" for row in rows], right=True),
        Column("", [_bar(row, most[row.kind, row.unit]) for row in rows]),
        *_billed_and_cost(rows),
    ]
    report("rows-usage-months", columns, "Usage by month, newest first", height=TALL, dense=True)


def _largest(rows: Iterable[UsageTotal]) -> dict[tuple[str, str], int]:
    most: dict[tuple[str, str], int] = {}
    for row in rows:
        most[row.kind, row.unit] = max(most.get((row.kind, row.unit), 0), row.quantity)
    return most


def _bar(row: UsageTotal, most: int) -> str:
    return sparklines.bar(row.quantity, most, f"{quantity(row.quantity, row.unit)} in {row.key}")


def _billed_and_cost(rows: Sequence[UsageTotal] | Sequence[UsageLine]) -> list[Column]:
    """Only what the records tell."""
    columns = []
    if any(row.billed_s for row in rows):
        billed = [quantity(row.billed_s, "seconds") if row.billed_s else DASH for row in rows]
        columns.append(Column("Billed", billed, right=True))
    if any(row.cost is not None for row in rows):
        cost = [DASH if row.cost is None else plain_amount(row.cost, row.currency) for row in rows]
        columns += [*currency_column(rows), Column("Cost told", cost, right=True)]
    return columns


def _called(rows: Sequence[CalledNumber]) -> None:
    if not rows:
        st.markdown("No call names the number that it went to.")
        return
    columns = [
        Column("Number", [escape(row.number) for row in rows]),
        Column("Calls", [f"{row.records:,}" for row in rows], right=True),
        Column("Talked", [quantity(row.quantity, "seconds") for row in rows], right=True),
    ]
    report("rows-usage-called", columns, "Numbers that were called longest", dense=True)


def _lines(rows: Sequence[UsageLine], place: Sequence[str]) -> None:
    columns = [
        Column("Month", [row.month for row in rows]),
        Column("Line", [escape(row.identifier) or "no line named" for row in rows]),
        *place_columns(rows, place),
        Column("Kind", [escape(row.kind) for row in rows]),
        Column("Records", [f"{row.records:,}" for row in rows], right=True),
        Column("Used", [f"**{quantity(row.quantity, row.unit)}**" for row in rows], right=True),
        *_billed_and_cost(rows),
    ]
    report("rows-usage-lines", columns, "Usage by month and line, newest first", height=TALL, dense=True)
