"""Finance's aging: by site, vendor, account or region, on any day, with the bills behind each row; it ties out."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from data_access.queries.aging_groups import AgingGroup
from domain.aging import DEFAULT_EDGES, AgingRow, EdgesError, check_edges
from domain.filters import Basis, Filters
from domain.periods import month_ends
from ui import (
    aging_table,
    bill_grid,
    bills,
    currencies,
    exports,
    filter_bar,
    month_end,
    notices,
    paging,
    positions,
    quick_check,
    reads,
    section,
    tie_out,
    wording,
)
from ui.currencies import Shown
from ui.formats import day
from ui.page_address import Here
from ui.search_box import search_box
from ui.viewer import Viewer

BY = {"Site": "site", "Vendor": "vendor", "Account": "account", "Region": "region"}
BASES = {"Due date": Basis.DUE, "Invoice date": Basis.INVOICE}
OPEN, AGE = "open", "age"  # address keys: the row that is open, and the age of the bills shown
HERE = Here(
    "balances",
    {"by": "Site", "view": "Report", "q": "", "basis": "Due date", "edges": "30,60,90", currencies.SWITCH: ""}
    | {OPEN: "", AGE: ""}
    | paging.OWN
    | bills.OWN,
)
TALL, SHORT = 560, 300


def render(viewer: Viewer) -> None:
    """Controls, the finding, the report or grid, the tie-out, and the bills of what was clicked."""
    controls = st.container(horizontal=True, vertical_alignment="center", key="balances-controls")
    with controls:
        by = BY[
            st.segmented_control(
                "By",
                list(BY),
                default="Site",
                required=True,
                key="by",
                bind="query-params",
                label_visibility="collapsed",
            )
            or "Site"
        ]
        view = st.segmented_control(
            "View",
            ["Report", "Grid", "Bills"],
            default="Report",
            required=True,
            key="view",
            bind="query-params",
            label_visibility="collapsed",
        )
        filters = _aged(filter_bar.chosen(viewer))
        st.space("stretch")
        search = search_box("a site, vendor or account", "q", 260)
    filters = replace(filters, search=search)
    if view == "Bills":
        bill_grid.draw(viewer, filters)
        return
    shown = currencies.choose(viewer, filters)
    sums = reads.aging_sums(viewer, shown.filters, by, weights=shown.weights)
    with controls:
        month_end.offer(viewer, filters)
        exports.offer("balances", f"balances by {by}", viewer, partial(aging_table.whole_sheet, viewer, shown, by))
    if not sums.overdue:
        if search:
            notices.nothing_matches()
        else:
            notices.nothing_open(filters.as_of)
        tie_out.draw(viewer, shown, {})
        return
    fetch = partial(reads.aging_page, viewer, shown.filters, by, weights=shown.weights)
    page = paging.page("aging", (shown.filters, by), fetch, aging_table.ORDERS)
    table = _table(viewer, shown, by, page.rows, sums.overdue)
    opened = st.query_params.get(OPEN), st.query_params.get(AGE)
    _finding(table)
    height = SHORT if any(opened) else TALL
    if view == "Grid":
        selected = table.grid(height)
        opened = (selected, opened[1]) if selected else opened
    else:
        opening = HERE.opening(OPEN, {AGE: None, **bills.CLOSED})
        table.report(page, opening, HERE.turning(), height)
    paging.turner(page, lambda group: group.mark, len(sums.overdue), ("Before", "Next"))
    tie_out.draw(viewer, shown, dict(sums.outstanding))
    if any(opened):
        bills.draw(viewer, table, *opened, HERE)
    quick_check.draw(viewer, shown.filters, shown.currency)


def _table(
    viewer: Viewer, shown: Shown, by: str, groups: Sequence[AgingGroup], past_due: Sequence[int]
) -> aging_table.AgingTable:
    """The groups of a page, with thirteen month ends of each and of everything."""
    days = month_ends(shown.filters.as_of, positions.MONTHS)
    # An account has one currency, and two vendors may use one account number: nothing to merge.
    rows: list[AgingRow] = []
    for group in groups:
        rows += map(shown.converted, group.rows) if by == "account" else shown.merged(group.rows)
    keys = tuple(group.key for group in groups)
    if by == "site":
        of_page = replace(shown, filters=replace(shown.filters, sites=keys))
        history = positions.outstanding_by_group(viewer, of_page, by, days)
    elif by == "account":
        history = positions.outstanding_by_group(viewer, shown, by, days, among=tuple(map(int, keys)))
    else:
        history = positions.outstanding_by_group(viewer, shown, by, days)
    return aging_table.AgingTable(
        by,
        tuple(rows),
        shown,
        positions.owed(viewer, shown),
        past_due,
        history,
        positions.outstanding(viewer, shown, days),
    )


def _finding(table: aging_table.AgingTable) -> None:
    filters = table.shown.filters
    due = filters.basis is Basis.DUE
    basis = "days past due" if due else "days since the invoice date"
    section.finding(
        wording.concentration(table.past_due, table.by, what="the past due" if due else "what was billed earlier"),
        f"Open bills by {basis}, {table.shown.unit}, {day(filters.as_of)}",
        section.aging_key(filters.edges, filters.basis),
    )


def _aged(filters: Filters) -> Filters:
    """The filters with the basis and the edges of this page's own chip."""
    basis = st.session_state.get("basis") or st.query_params.get("basis")
    known = basis in BASES and basis != "Due date"
    with st.popover(f"**Age from:** {basis.lower()}" if known else "Aging", key="chip-aging"):
        basis = st.radio("Age is counted from the", list(BASES), key="basis", bind="query-params") or "Due date"
        text = st.text_input(
            "Buckets end at these days", ",".join(map(str, DEFAULT_EDGES)), key="edges", bind="query-params"
        )
        try:
            edges = check_edges([int(part) for part in (text or "").split(",")])
        except (EdgesError, ValueError):
            st.warning("Write rising day counts such as 30,60,90.")
            edges = DEFAULT_EDGES
    return replace(filters, basis=BASES[basis], edges=edges)
