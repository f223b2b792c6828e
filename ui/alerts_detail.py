"""One alert: its facts, the rule and what to do next, where it leads, its history, and what people may do with it."""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from data_access.commands.alerts import (
    LONGEST_COMMENT,
    acknowledge,
    comment,
    release_alert,
    snooze,
    take_alert,
    wake,
)
from data_access.database import Writing
from data_access.queries.alerts import AlertEvent, AlertRow
from domain.alerts.lifecycle import LONGEST_SNOOZE
from domain.filters import Filters
from domain.masking import masked_within
from ui import alerts_words, call_links, denials, dispute_refunds, facts, notices, reads, section
from ui.alerts_reads import Alerts
from ui.alerts_words import ALERT
from ui.formats import day, escape, moment
from ui.tables import Column, report
from ui.viewer import Viewer
from ui.writes import RefusedError, write

DONE, REFUSED = "alert-done", "alert-refused"  # session state
A_WEEK, LONGEST_NUMBER = 7, 18
KINDS = {"accounts": "account", "invoices": "bill", "payments": "payment", "calls": "call"}  # as denials call them


def open_if_asked(viewer: Viewer, found: Alerts) -> None:
    """The alert that the address names; one that is not there is said to be so, whosever it is."""
    asked = st.query_params.get(ALERT)
    if not asked:
        return
    rule, _, cause = asked.partition(" ")
    row = found.named(rule, cause)
    if row is None:
        entity, _, number = cause.partition(":")
        known = entity in KINDS and number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
        denials.not_found(viewer, KINDS.get(entity, "account"), int(number) if known else None)
        notices.empty(
            "There is no such alert",
            "It may be closed for long, outside the filters, or about a site that you do not see.",
            ":material/notifications_off:",
        )
        return
    with st.container(border=True, key="alert"):
        _draw(viewer, found, row)


def _draw(viewer: Viewer, found: Alerts, row: AlertRow) -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        section.finding(f"{row.rule.id} {escape(row.rule.title)}", alerts_words.condition(row, found.watch))
        st.button("Close", icon=":material/close:", key="alert-close", type="tertiary", on_click=_close)
    if row.closed_on:
        st.markdown(f":green-badge[:material/check_circle: closed {day(row.closed_on)}] {escape(row.closed_because)}")
    else:
        st.markdown(f":material/arrow_forward: **{escape(row.rule.next_step)}**")
    facts.draw(
        [
            ("Severity", alerts_words.badge(row.rule.severity)),
            ("About", alerts_words.subject(row)),
            ("Amount", f"**{alerts_words.amount(row)}**"),
            ("Act by", "" if row.closed_on else alerts_words.act_by(row, found.as_of)),
            ("Since", day(row.finding.since)),
            ("Owner", escape(row.owner)),
            *(
                (escape(what), escape(alerts_words.days_written(masked_within(value, row.account_number))))
                for what, value in row.finding.facts
            ),
        ],
        4,
    )
    ways = [f"[Open {what}]({address})" for what, address in alerts_words.opens(row)]
    if row.account_id and viewer.may_write():
        ways.insert(0, f"[:material/add_call: Log a call]({call_links.form_address(row.account_id)})")
        ways.insert(0, f"[:material/phone_in_talk: Prepare a call]({call_links.prepare_address(row.account_id)})")
    st.markdown("\N{EM SPACE}".join(ways))
    if viewer.may_write() and found.is_now and not row.closed_on:
        if row.rule.id == "R24":
            dispute_refunds.of_bill(viewer, Filters(found.as_of), row.finding.entity_id)
        _actions(viewer, found, row)
    _history(viewer, row)


def _actions(viewer: Viewer, found: Alerts, row: AlertRow) -> None:
    target, scope = found.target(row), viewer.scope

    def do(work: Callable[[Writing], int], done: str) -> None:
        _act(viewer, work, done)

    with st.container(horizontal=True, key="alert-actions"):
        if row.owner == viewer.name:
            if st.button("Give it back", icon=":material/person_remove:", key="alert-release"):
                do(lambda w: release_alert(w, scope, target), "Nobody owns it any more.")
        elif st.button("Take it", icon=":material/person_add:", key="alert-take", type="primary"):
            do(lambda w: take_alert(w, scope, target), "It is yours now.")
        if not row.acknowledged_by and st.button("Acknowledge", icon=":material/done:", key="alert-acknowledge"):
            do(lambda w: acknowledge(w, scope, target), "Acknowledged: it stays in the list, marked as known.")
        if row.snoozed:
            if st.button("Wake it", icon=":material/notifications_active:", key="alert-wake"):
                do(lambda w: wake(w, scope, target), "It is back in sight.")
        else:
            with st.popover("Snooze", icon=":material/snooze:", key="alert-snooze"):
                until = _day(found.today)
                st.caption("It is back on that day, or before it when the amount grows or the day to act comes nearer.")
                if st.button("Snooze it", type="primary", key="alert-snooze-it"):
                    do(lambda w: snooze(w, scope, target, until), f"Out of sight until {day(until)}.")
        with st.popover("Comment", icon=":material/comment:", key="alert-comment"):
            said = st.text_area("What should others know?", key="alert-said", max_chars=LONGEST_COMMENT) or ""
            if st.button("Add it", type="primary", key="alert-comment-it", disabled=not said.strip()):
                do(lambda w: comment(w, scope, target, said), "The comment is added.")
    if refused := st.session_state.pop(REFUSED, None):
        st.error(escape(refused), icon=":material/error:")
    if done := st.session_state.pop(DONE, None):
        st.success(done, icon=":material/check_circle:")


def _day(today: date) -> date:
    first, last = today + timedelta(days=1), today + timedelta(days=LONGEST_SNOOZE)
    usual = today + timedelta(days=A_WEEK)
    return (
        st.date_input("Until", usual, min_value=first, max_value=last, key="alert-until", format="YYYY-MM-DD") or usual
    )


def _act(viewer: Viewer, work: Callable[[Writing], int], done: str) -> None:
    try:
        write(viewer, work)
    except RefusedError as error:
        st.session_state[REFUSED] = str(error)
    else:
        st.session_state[DONE] = done
        st.session_state.pop("alert-said", None)
    st.rerun()


def _close() -> None:
    if ALERT in st.query_params:
        del st.query_params[ALERT]


def _history(viewer: Viewer, row: AlertRow) -> None:
    if row.alert_id is None:
        st.caption("Found now; its history begins when somebody acts on it, or with the next digest.")
        return
    events: list[AlertEvent] = reads.plain("alert_history", viewer, alert_id=row.alert_id)
    zone = getattr(viewer.now.tzinfo, "key", None)
    report(
        "alert-history",
        [
            Column("When", [moment(event.at, zone) for event in events]),
            Column("Who", [escape(event.actor) for event in events]),
            Column("What", [alerts_words.EVENTS[event.kind] for event in events]),
            Column("", [escape(masked_within(event.note, row.account_number)) for event in events]),
        ],
        "History of the alert, oldest first",
        height=260,
    )
