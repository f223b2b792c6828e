"""The open bills behind a row or a bucket, a page at a time, and how they make up its figure."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import streamlit as st

from data_access.queries.sheets import open_bills_sheet
from domain.aging import AgingRow, bucket_labels, bucket_names, older_label
from domain.filters import Basis, Filters
from ui import exports, notices, paging, reads, section, tables, wording
from ui.aging_table import AgingTable
from ui.formats import escape, exact_money, whole_money
from ui.lists import SOON_DAYS
from ui.page_address import Here
from ui.search_box import search_box
from ui.viewer import Viewer

FIND, PREFIX = "bill", "bills-"  # address keys: the number looked for; and what goes before those of the page
ORDERS = paging.Ordering({"due_on": (date, int), "open_amount": (int, int)}, "due_on", PREFIX)
OWN = {FIND: ""} | {PREFIX + key: "" for key in paging.OWN}
CLOSED: dict[str, str | None] = dict.fromkeys(OWN)


def draw(viewer: Viewer, table: AgingTable, key: str | None, age: str | None, here: Here) -> None:
    """Open bills of the row `key` (None: of all rows) and of the age `age`: a bucket's name, late, soon, or None."""
    close = here.address({"open": None, "age": None, **CLOSED})
    arguments, aged = _of_age(table, age)
    filters, row = _row(viewer, table, key)
    if key and row is None:
        st.caption(f"The {table.by} that the address opens has nothing open here. [Close]({close})")
        return
    if row is not None and table.by == "account":
        arguments["account_id"] = int(row.labels["account_id"])
    of = table.named(row) if row is not None else "Everything in view"
    title = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"[Close]({close})", width="content")
        arguments["find"] = search_box("a bill's number", FIND, 220, "Find a bill")
        exports.offer(
            "bills", "open bills", viewer, lambda: reads.sheet(viewer, filters, open_bills_sheet, **arguments)
        )
    sums = reads.filtered("open_bill_sums", viewer, filters, **arguments)
    number = sum(bills for _, bills, _ in sums)
    amount = sum(table.shown.minor(left, currency) for currency, _, left in sums)
    with title:
        section.finding(
            f"{escape(of)}: {wording.count(number, 'open bill')}{aged}, {exact_money(amount, table.shown.currency)}",
            "⚑ has no due date and counts from its invoice date and the account's terms."
            + (
                f" Unapplied money of {whole_money(row.unapplied, table.shown.currency)} is not in it."
                if row is not None and row.unapplied and not age
                else ""
            ),
        )
    if not number:
        notices.empty("No open bills", "Nothing of this age and number is open here.")
        return
    fetch = partial(reads.open_bills, viewer, filters, **arguments)
    page = paging.page("bills", (filters, tuple(arguments.items())), fetch, ORDERS)
    heads = partial(page.head, here.address)
    tables.open_bills("bills", page.rows, f"Open bills, {of}", heads, filters.basis)
    column = page.sort.removeprefix("-")
    paging.turner(page, lambda bill: (getattr(bill, column), bill.invoice_id), number, ("Before", "Next"))


def _row(viewer: Viewer, table: AgingTable, key: str | None) -> tuple[Filters, AgingRow | None]:
    """The filters of the row's bills, and the row, also where another page of the table holds it."""
    filters, by = table.shown.filters, table.by
    if not key:
        return filters, None
    if by == "account":
        known = key.isascii() and key.isdigit() and len(key) < len(str(2**63))
        rows = reads.aging(viewer, filters, by, among=(int(key),)) if known else []
    else:
        filters = replace(filters, **{{"site": "sites", "vendor": "vendors", "region": "regions"}[by]: (key,)})
        rows = [row for row in reads.aging(viewer, filters, by) if row.key == key]
    merged = [table.shown.converted(row) for row in rows] if by == "account" else table.shown.merged(rows)
    return filters, merged[0] if merged else None


def _of_age(table: AgingTable, age: str | None) -> tuple[dict[str, object], str]:
    filters = table.shown.filters
    names = bucket_names(filters.edges)
    due = filters.basis is Basis.DUE
    if age == "late":
        return {"overdue_only": True}, f" {older_label(filters.basis).lower()}"
    if age == "soon":
        return {"due_until": filters.as_of + timedelta(days=SOON_DAYS)}, f" due in {SOON_DAYS} days"
    if age in names:
        index = names.index(age)
        label = bucket_labels(filters.edges, filters.basis)[index]
        first = "not due" if due else "billed the same day"
        said = f"{label[0].lower()}{label[1:]} days {'late' if due else 'old'}" if index else first
        return {"bucket_index": index}, f" {said}"
    return {}, ""
