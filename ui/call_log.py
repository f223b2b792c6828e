"""The call log: its own filters, what waits for somebody, calls by month, and the table page by page."""

from dataclasses import replace
from functools import partial

import streamlit as st

from data_access.queries.calls import COUNTED, EVERY_CALL, CallFilters
from data_access.queries.sheets import calls_sheet
from domain.filters import Filters
from domain.periods import add_months, month_start
from ui import (
    call_links,
    call_table,
    call_words,
    exports,
    filter_bar,
    ledger_tables,
    links,
    notices,
    paging,
    positions,
    reads,
    section,
    sparklines,
    wording,
)
from ui.charts import calls as call_charts
from ui.filter_bar import FROM, PERIOD, TO
from ui.formats import day, escape
from ui.search_box import search_box
from ui.viewer import Viewer

PAGE_ROWS, MONTHS = 25, 13


def controls(viewer: Viewer) -> tuple[Filters, CallFilters]:
    """Search, the log's own chips, export and the way to the form; returns all filters of the log."""
    words: dict[str, list[str]] = reads.plain("call_words", viewer)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="call-controls"):
        search = search_box("a site, vendor, agent, number or note", call_links.FIND)
        outcomes = _chip(call_links.OUTCOME, "Outcome", {word: word for word in words["outcome"]})
        purposes = _chip(call_links.PURPOSE, "Purpose", {word: word for word in words["purpose"]})
        verified = _chip(call_links.VERIFIED, "Caller", call_words.VERIFIED)
        todo = st.toggle("With a promise or follow-up", key=call_links.TODO, bind="query-params")
        filters = replace(filter_bar.chosen(viewer), search=search)
        wanted = CallFilters(outcomes, purposes, verified, with_follow_up=todo)
        st.space("stretch")
        exports.offer("calls", "calls", viewer, lambda: reads.sheet(viewer, filters, calls_sheet, wanted=wanted))
        if viewer.may_write():
            st.button(
                "Log a call", type="primary", icon=":material/add_call:", key="log-call", on_click=call_links.open_form
            )
    return filters, wanted


def _chip(key: str, name: str, labels: dict[str, str]) -> tuple[str, ...]:
    picked = [value for value in st.session_state.get(key) or () if value in labels]
    first = f"**{name}:** {escape(labels[picked[0]])}" if picked else name
    with st.popover(f"{first} +{len(picked) - 1}" if len(picked) > 1 else first, key=f"chip-{key}"):
        if not labels:
            st.caption("No call is logged yet.")
            return ()
        chosen = st.pills(
            name,
            list(labels),
            selection_mode="multi",
            format_func=lambda value: escape(labels[value]),
            key=key,
            bind="query-params",
        )
    return tuple(chosen)


def by_month(viewer: Viewer, filters: Filters, wanted: CallFilters) -> None:
    """How many calls there were, and how many of them ended with a payment."""
    first = filters.since or add_months(month_start(filters.as_of), 1 - MONTHS)
    searched, filters = bool(filters.search.strip()), replace(filters, search="")
    rows = reads.filtered("calls_by_month", viewer, filters, first=first, wanted=wanted)
    months = positions.months_shown(replace(filters, since=first))
    paid, other = dict.fromkeys(months, 0), dict.fromkeys(months, 0)
    for row in rows:
        paid[row.month] += row.paid
        other[row.month] += row.count - row.paid
    made = sum(paid.values()) + sum(other.values())
    section.finding(
        wording.calls_that_paid(sum(paid.values()), made, len(months)),
        "Calls by month, in the local time of their site" + (", whatever is searched for" if searched else ""),
        [sparklines.category("subject", call_charts.PAID), sparklines.category("other", call_charts.OTHER)],
    )
    if not made:
        notices.empty("No calls", "No call of these months matches the filters.", ":material/call_end:")
        return

    def open_month() -> None:
        month = section.picked("calls-months")
        if month:
            start, last = positions.month_span(month, filters.as_of)
            links.follow(
                "calls",
                {
                    **call_links.here(),
                    **paging.AFRESH,
                    PERIOD: "Custom",
                    FROM: start.isoformat(),
                    TO: last.isoformat(),
                },
            )

    figure = call_charts.by_month(months, list(paid.values()), list(other.values()))
    section.chart(figure, "calls-months", "Calls by month, and how many ended with a payment", open_month)


def log(viewer: Viewer, filters: Filters, wanted: CallFilters) -> None:
    """The calls themselves, page by page."""
    if filters.search.strip() or wanted != EVERY_CALL:
        _found(viewer, filters, wanted)
        return
    count: int = reads.filtered("call_count", viewer, filters, wanted=wanted)
    many = f"{COUNTED:,}+ calls" if count > COUNTED else wording.counted(count, "call")
    section.finding(many, "In the local time of their site")
    if not count:
        notices.empty("No calls here", "Clear a filter, or log the first call.", ":material/call_end:")
        return
    fetch = partial(reads.filtered, "call_rows", viewer, filters, wanted=wanted)
    found = paging.page("calls", (filters, wanted), fetch, call_table.ORDERS, PAGE_ROWS)
    head = found.head(call_links.log_address, "Started", "started_at")
    call_table.draw("calls", found.rows, filters, started=head)
    paging.turner(found, ledger_tables.mark_of(found), count if count <= COUNTED else None)


def _found(viewer: Viewer, filters: Filters, wanted: CallFilters) -> None:
    """The calls that a search or a choice leaves, a stretch of the log at a time."""
    everywhere = st.query_params.get(call_links.EVERYWHERE, "") == filters.search
    read = partial(reads.filtered, "found_calls", viewer, filters, wanted=wanted, everywhere=everywhere)
    stretches = paging.Stretches(read)
    found = paging.page("calls", (filters, wanted, everywhere), stretches, call_table.ORDERS, PAGE_ROWS)
    until = stretches.until
    whole = not found.earlier and not found.more and until is None
    section.finding(
        wording.counted(len(found.rows), "call") if whole else "Calls found", "In the local time of their site"
    )
    if found.rows:
        head = found.head(call_links.log_address, "Started", "started_at")
        call_table.draw("calls", found.rows, filters, started=head)
    else:
        more = "None in this stretch of the log." if until else "Clear a filter, or search for less."
        notices.empty("No calls here", more, ":material/call_end:")
    paging.turner(found, ledger_tables.mark_of(found))
    if stretches.last is not None and stretches.last.by_name:
        way = call_links.log_address({**paging.AFRESH, call_links.EVERYWHERE: filters.search})
        st.caption(
            f"Calls of the accounts that “{escape(filters.search)}” names. [Look in agents, numbers and notes too]({way})"
        )
    elif until:
        back = f"Looked at calls back to {day(until[0].date())}"
        paging.search_on(found, stretches, back)
