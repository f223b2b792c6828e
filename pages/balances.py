"""Finance's aging: by site, vendor, account or region, on any day, with the bills behind each row; it ties out."""

from dataclasses import replace

import streamlit as st

from domain.aging import DEFAULT_EDGES, EdgesError, check_edges
from domain.filters import Basis, Filters
from domain.periods import month_ends
from ui import (
    aging_table,
    bill_grid,
    bills,
    currencies,
    exports,
    filter_bar,
    links,
    month_end,
    notices,
    positions,
    quick_check,
    reads,
    section,
    tie_out,
    wording,
)
from ui.formats import day
from ui.search_box import search_box
from ui.viewer import Viewer

BY = {"Site": "site", "Vendor": "vendor", "Account": "account", "Region": "region"}
BASES = {"Due date": Basis.DUE, "Invoice date": Basis.INVOICE}
OPEN, AGE = "open", "age"  # address keys: the row that is open, and the age of the bills shown
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
    found = reads.aging(viewer, shown.filters, by)
    # An account has one currency, and two vendors may use one account number: nothing to merge.
    rows = [shown.converted(row) for row in found] if by == "account" else shown.merged(found)
    table = aging_table.AgingTable(
        by,
        tuple(sorted(rows, key=lambda row: (-row.overdue, -row.outstanding, row.name))),
        shown,
        positions.outstanding_by_group(viewer, shown, by, month_ends(filters.as_of, positions.MONTHS)),
    )
    with controls:
        month_end.offer(viewer, filters)
        exports.offer("balances", f"balances by {by}", viewer, table.sheet)
    if not rows:
        if search:
            notices.nothing_matches()
        else:
            notices.nothing_open(filters.as_of)
        tie_out.draw(viewer, shown, [])
        return
    opened = st.query_params.get(OPEN), st.query_params.get(AGE)
    _finding(table)
    height = SHORT if any(opened) else TALL
    if view == "Grid":
        selected = table.grid(height)
        opened = (selected, opened[1]) if selected else opened
    else:
        table.report(lambda key: links.address("balances", _here(key)), height)
    tie_out.draw(viewer, shown, found)
    if any(opened):
        bills.draw(viewer, table, *opened, links.address("balances", _here(None)))
    quick_check.draw(viewer, shown.filters, shown.currency)


def _finding(table: aging_table.AgingTable) -> None:
    filters = table.shown.filters
    basis = "days past due" if filters.basis is Basis.DUE else "days since the invoice date"
    section.finding(
        wording.concentration([row.overdue for row in table.rows], table.by),
        f"Open bills by {basis}, {table.shown.unit}, {day(filters.as_of)}",
        section.aging_key(filters.edges),
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


def _here(open_key: str | None) -> dict[str, str | None]:
    """This page's own part of the address, with another row open."""
    own: dict[str, str | None] = {OPEN: open_key}
    for key, default in (
        ("by", "Site"),
        ("view", "Report"),
        ("q", ""),
        ("basis", "Due date"),
        ("edges", "30,60,90"),
        (currencies.SWITCH, None),
    ):
        value = st.session_state.get(key)
        if value and value != default:
            own[key] = value
    return own
