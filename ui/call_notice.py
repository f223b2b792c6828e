"""A notice that the vendor sent or told on the telephone: entered by hand, listed, withdrawn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from data_access.commands.notices import NoticeDraft, record_notice, withdraw_notice
from data_access.database import Writing
from data_access.queries.call_sheet import CallSheet
from data_access.queries.notices import NoticeRow
from domain.notices import NoticeKind
from ui.call_entry import EntryError, amount_of
from ui.formats import day, escape, exact_money, short_day
from ui.viewer import Viewer
from ui.writes import RefusedError, write

SHOWN, LATELY = 5, timedelta(days=30)
_KINDS = {
    NoticeKind.LATE: "Late notice",
    NoticeKind.SUSPENSION: "Suspension announced",
    NoticeKind.DISCONNECTION: "Disconnection announced",
}
_CHANNELS = ("letter", "e-mail", "telephone", "portal")


def offer(viewer: Viewer, sheet: CallSheet) -> None:
    """The form behind a button, for those who may write."""
    done = st.session_state.pop("notice-done", None)
    if done:
        st.toast(done, icon=":material/check_circle:")
    if not viewer.may_write():
        return
    prefix = f"notice-{sheet.account.id}-{st.session_state.setdefault('notice-turn', 0)}-"
    with st.popover("Record a notice", icon=":material/outgoing_mail:", key="notice-open"):
        kind = st.segmented_control(
            "What it says", list(_KINDS), default=NoticeKind.SUSPENSION, required=True,
            format_func=_KINDS.__getitem__, key=f"{prefix}kind",
        )  # fmt: skip
        left, right = st.columns(2)
        with left:
            dated = st.date_input("Dated", value=viewer.today, format="YYYY-MM-DD", key=f"{prefix}dated")
        with right:
            acts_on = st.date_input(
                "The vendor acts on", value=None, format="YYYY-MM-DD", disabled=kind is NoticeKind.LATE,
                key=f"{prefix}acts",
            )  # fmt: skip
        amount = st.text_input(
            f"It asks for, {sheet.account.currency}",
            placeholder="Empty where it names no amount",
            key=f"{prefix}amount",
        )
        bills = {bill.invoice_id: bill.number for bill in sheet.bills}
        bill = st.selectbox(
            "About", list(bills), index=None, format_func=bills.__getitem__,
            placeholder="All that was due before it", key=f"{prefix}bill",
        )  # fmt: skip
        left, right = st.columns(2)
        with left:
            reference = st.text_input("Its number", max_chars=120, key=f"{prefix}reference")
        with right:
            channel = st.selectbox("Came by", _CHANNELS, key=f"{prefix}channel")
        if st.button("Record it", type="primary", key=f"{prefix}save"):
            kind = kind or NoticeKind.LATE
            draft = NoticeDraft(
                account_id=sheet.account.id,
                kind=kind,
                dated=dated or viewer.today,
                acts_on=None if kind is NoticeKind.LATE else acts_on,
                invoice_id=bill,
                reference=(reference or "").strip(),
                channel=channel or "",
            )
            _record(viewer, prefix, draft, amount or "", sheet.account.currency)
        _refusal(prefix)


def standing(viewer: Viewer, sheet: CallSheet) -> None:
    """The notices that stand, and those of the last weeks, each with the way to withdraw it."""
    stands = {notice.id for notice in sheet.risk.risk.notices} if sheet.risk else set()
    lately = viewer.today - LATELY
    shown = [notice for notice in sheet.notices if notice.id in stands or notice.dated >= lately]
    for notice in shown[:SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":small[:material/outgoing_mail: {_words(notice, viewer.today)}]", width="content")
            if viewer.may_write():
                _withdraw(viewer, notice)


def _words(notice: NoticeRow, today: date) -> str:
    acts = f" for **{short_day(notice.acts_on, today)}**" if notice.acts_on else ""
    asks = f", asks {escape(exact_money(notice.amount, notice.currency))}" if notice.amount else ""
    reference = f", no. {escape(notice.reference)}" if notice.reference else ""
    return f"{_KINDS[NoticeKind(notice.kind)]}{acts}, dated {short_day(notice.dated, today)}{asks}{reference}"


def _withdraw(viewer: Viewer, notice: NoticeRow) -> None:
    prefix = f"notice-{notice.id}-withdraw-"
    with st.popover("Withdraw", key=f"{prefix}open", type="tertiary"):
        on = st.date_input(
            "It no longer stands from",
            value=viewer.today,
            min_value=notice.dated,
            format="YYYY-MM-DD",
            key=f"{prefix}on",
        )
        st.caption("The vendor took it back, or it was entered wrongly. It stays in the history.")
        if st.button("Withdraw it", type="primary", key=f"{prefix}save"):
            _act(
                viewer, prefix, lambda writing: withdraw_notice(writing, viewer.scope, notice.id, on or viewer.today),
                f"The notice of {day(notice.dated)} is withdrawn.",
            )  # fmt: skip
        _refusal(prefix)


def _record(viewer: Viewer, prefix: str, draft: NoticeDraft, amount: str, currency: str) -> None:
    """amount: as typed, empty where the notice names none."""
    try:
        asked = amount_of(amount, currency) if amount.strip() else None
    except EntryError as error:
        st.session_state[f"{prefix}refused"] = str(error)
        return
    draft = replace(draft, amount=asked)
    _act(viewer, prefix, lambda w: record_notice(w, viewer.scope, draft), f"{_KINDS[draft.kind]}: recorded.")


def _act(viewer: Viewer, prefix: str, work: Callable[[Writing], Any], done: str) -> None:
    try:
        write(viewer, work)
    except RefusedError as error:
        st.session_state[f"{prefix}refused"] = str(error)
        return
    st.session_state["notice-done"] = done
    st.session_state["notice-turn"] = st.session_state.get("notice-turn", 0) + 1
    st.rerun()


def _refusal(prefix: str) -> None:
    refusal = st.session_state.pop(f"{prefix}refused", None)
    if refusal:
        st.error(escape(refusal), icon=":material/error:")
