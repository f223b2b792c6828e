"""Promises and follow-ups of the log that wait for somebody."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_access.queries.follow_ups import FollowUp
from domain.filters import Filters
from domain.promises import Standing
from ui import call_links, call_table, call_words, notices, reads, section, wording
from ui.formats import DASH, day, escape, exact_money, short_day
from ui.tables import Column, report
from ui.viewer import Viewer

SHOWN_ROWS = 7


def draw(viewer: Viewer, filters: Filters) -> None:
    """Promises and follow-ups that are due: broken promises first, each with its way back to the telephone."""
    everything = replace(filters, since=None, until=None, search="")
    found: list[FollowUp] = reads.filtered("follow_ups", viewer, everything)
    found = sorted(found, key=lambda end: end.promise is not Standing.OVERDUE)  # within these, the longest overdue
    as_of = filters.as_of
    section.finding(
        wording.waiting([(end.promise, end.follow_up) for end in found]),
        f"Open promises to pay and agreed follow-ups, up to 7 days ahead of {day(as_of)}",
    )
    if not found:
        notices.empty(
            "Nothing waits", "Promises and follow-ups of logged calls appear here a week before their day.",
            ":material/task_alt:",
        )  # fmt: skip
        return
    first = found if st.session_state.get("waiting-all") else found[:SHOWN_ROWS]
    columns = [
        Column("Due", [_due(end, filters) for end in first]),
        Column("Account", [call_table.account(end.call) for end in first]),
        Column("Left to do", [_left(end, filters) for end in first]),
        Column("Past due", _past_due(viewer, everything, first), right=True),
    ]
    if viewer.may_write():
        columns.append(Column("", [call_links.ways(end.call.account_id) for end in first]))
    report("waiting", columns, "Promises and follow-ups to act on", dense=True)
    if len(found) > SHOWN_ROWS:
        st.checkbox(f"Show all {len(found)}", key="waiting-all")


def _past_due(viewer: Viewer, filters: Filters, ends: Sequence[FollowUp]) -> list[str]:
    rows = {int(row.labels["account_id"]): row for row in reads.aging(viewer, filters, "account")}
    return [
        escape(exact_money(row.overdue, row.currency)) if row and row.overdue else DASH
        for row in (rows.get(end.call.account_id) for end in ends)
    ]


def _due(end: FollowUp, filters: Filters) -> str:
    standing = end.promise if end.promise and end.promise.is_open and end.call.promised_on == end.due_on else None
    standing = standing or end.follow_up
    badge = call_words.standing_badge(standing, end.due_on, filters.as_of) if standing else ""
    return f"{badge}  \n:small[{short_day(end.due_on, filters.as_of)}]"


def _left(end: FollowUp, filters: Filters) -> str:
    when = short_day(call_words.local_date(end.call.started_at, end.call.timezone), filters.as_of)
    address = call_links.call_address(end.call.id)
    return f"{call_words.left_to_do(end, filters.as_of)}  \n:small[[Call of {when}]({address})]"
