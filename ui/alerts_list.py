"""The alerts of the Service risk page: how many of each severity, the filters, the table page by page, and one opened."""

from collections.abc import Sequence

import streamlit as st

from data_access.queries.alert_pages import wanted as wanted_rules
from data_access.queries.alert_sheet import alerts_sheet
from data_access.queries.alerts import AlertRow
from domain.alerts.catalog import RULES, Severity
from domain.filters import Filters
from ui import alerts_detail, alerts_reads, alerts_table, alerts_words, exports, notices, reads, section
from ui.alerts_reads import Alerts
from ui.formats import day
from ui.viewer import Viewer

# Address keys.
SEVERITY, RULE, SHOWN = "severity", "rule", "alerts"
OPEN, MINE, SNOOZED, CLOSED = "Open", "Mine", "Snoozed", "Closed"


def draw(viewer: Viewer, filters: Filters) -> None:
    """The section; the alert that the address names is opened above the table."""
    found = alerts_reads.alerts(viewer, filters)
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="top"):
        section.finding(
            alerts_words.headline(found.standing.counts),
            f"Alerts on {day(filters.as_of)}, the most urgent first; one closes by itself when its cause is gone"
            + ("" if found.is_now else "; owners and snoozes are those of today, and not shown here"),
        )
        exports.offer(
            "alerts",
            "alerts",
            viewer,
            lambda: reads.sheet(viewer, filters, alerts_sheet, watch=found.watch, today=found.today),
        )
    shown, picked, wanted = _controls(found)
    question = ((shown, *picked, *wanted), filters)
    alerts_detail.open_if_asked(viewer, found)
    if shown == OPEN:
        if number := found.standing.number(picked, wanted):
            alerts_table.draw_waiting(viewer, found.waiting(picked, wanted), number, question, found.as_of)
        else:
            _empty(shown, found)
        return
    rows = _listed(found, shown, picked, wanted)
    if not rows:
        _empty(shown, found)
        return
    alerts_table.draw(viewer, rows, question, found.as_of, closed=shown == CLOSED)


def _controls(found: Alerts) -> tuple[str, Sequence[str], Sequence[str]]:
    """Which alerts are shown: open, one's own, snoozed or closed; of some severities; of some rules."""
    with st.container(horizontal=True, vertical_alignment="center", key="alert-controls"):
        shown = (
            st.segmented_control(
                "Which alerts",
                [OPEN, MINE, SNOOZED, CLOSED] if found.is_now else [OPEN],
                default=OPEN,
                required=True,
                key=SHOWN,
                bind="query-params",
                label_visibility="collapsed",
            )
            or OPEN
        )
        picked = st.pills(
            "Severity",
            [severity.value for severity in Severity],
            selection_mode="multi",
            key=SEVERITY,
            bind="query-params",
            label_visibility="collapsed",
        )
        wanted = st.multiselect(
            "Rule",
            [rule for rule in RULES if rule not in found.watch.off],
            format_func=lambda rule: f"{rule} {RULES[rule].title}",
            placeholder="Any rule",
            key=RULE,
            bind="query-params",
            label_visibility="collapsed",
            width=260,
        )
    return shown, picked, wanted


def _listed(found: Alerts, shown: str, severities: Sequence[str], rules: Sequence[str]) -> Sequence[AlertRow]:
    rows = {MINE: found.owned, SNOOZED: found.snoozed, CLOSED: found.closed}[shown]()
    asked = wanted_rules(severities, rules)
    return [row for row in rows if row.rule.id in asked]


def _empty(shown: str, found: Alerts) -> None:
    words = {
        OPEN: ("Nothing needs action", f"No rule finds anything here on {day(found.as_of)}."),
        MINE: ("No alert is yours", "Open an alert and take it: then it is listed here."),
        SNOOZED: ("Nothing is snoozed", "A snoozed alert is back on its day, or when it gets worse."),
        CLOSED: ("Nothing was closed lately", "Alerts closed in the last 30 days are listed here."),
    }
    title, next_step = words[shown]
    if shown == OPEN and (found.standing.number() or found.standing.snoozed):
        title, next_step = "No alert matches", "Choose another severity or rule."
    notices.empty(title, next_step, ":material/check_circle:")
