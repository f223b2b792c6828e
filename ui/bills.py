"""The open bills behind a row or a bucket, and how they make up its figure."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from data_access.queries.open_bills import OpenBill
from data_access.queries.sheets import open_bills_sheet
from domain.aging import bucket_labels, bucket_names
from ui import exports, notices, reads, section, tables, wording
from ui.aging_table import AgingTable
from ui.formats import escape, exact_money, whole_money
from ui.lists import SOON_DAYS
from ui.viewer import Viewer

MOST = 500


def draw(viewer: Viewer, table: AgingTable, key: str | None, age: str | None, close: str) -> None:
    """Open bills of the row `key` (None: of all rows) and of the age `age`: a bucket's name, late, soon, or None."""
    filters = table.shown.filters
    row = next((row for row in table.rows if table.key(row) == key), None)
    arguments, aged = _of_age(table, age)
    if key and row is None:
        st.caption(f"The {table.by} that the address opens has nothing open here. [Close]({close})")
        return
    if row is not None and table.by == "account":
        arguments["account_id"] = int(row.labels["account_id"])
    elif row is not None:
        field = {"site": "sites", "vendor": "vendors", "region": "regions"}[table.by]
        filters = replace(filters, **{field: (row.key,)})
    found: list[OpenBill] = reads.open_bills(viewer, filters, limit=MOST, **arguments)
    amounts = [table.shown.minor(bill.open_amount, bill.currency) for bill in found]
    of = table.named(row) if row is not None else "Everything in view"
    more = len(found) == MOST
    section.finding(
        f"{escape(of)}: {'the first ' if more else ''}{wording.count(len(found), 'open bill')}{aged}, "
        f"{exact_money(sum(amounts), table.shown.currency)}",
        "Oldest due first; ⚑ has no due date and counts from its invoice date and the account's terms."
        + (
            f" Unapplied money of {whole_money(row.unapplied, table.shown.currency)} is not in it."
            if row is not None and row.unapplied and not age
            else ""
        ),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"[Close]({close})", width="content")
        exports.offer(
            "bills", "open bills", viewer, lambda: reads.sheet(viewer, filters, open_bills_sheet, **arguments)
        )
    if found:
        tables.open_bills("bills", found, f"Open bills, {of}")
    else:
        notices.empty("No open bills", "Nothing of this age is open here.")


def _of_age(table: AgingTable, age: str | None) -> tuple[dict[str, object], str]:
    filters = table.shown.filters
    names = bucket_names(filters.edges)
    if age == "late":
        return {"overdue_only": True}, " past due"
    if age == "soon":
        return {"due_until": filters.as_of + timedelta(days=SOON_DAYS)}, f" due in {SOON_DAYS} days"
    if age in names:
        label = bucket_labels(filters.edges)[names.index(age)]
        return {
            "bucket_index": names.index(age)
        }, " not due" if label == "Not due" else f" {label[0].lower()}{label[1:]} days late"
    return {}, ""
