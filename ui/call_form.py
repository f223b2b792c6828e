"""Logging a call, and correcting a logged one: one form beside the call sheet. What was typed stays until it is saved."""

from typing import Any

import streamlit as st

from data_access.commands.calls import log_call
from data_access.queries.call_sheet import CallSheet
from data_access.queries.calls import CallRow
from ui import call_account, call_fields, call_links, call_sheet, denials, links, notices, page_address, reads, section
from ui.call_entry import CallEntry, EntryError, check
from ui.formats import escape, exact_money
from ui.viewer import Viewer
from ui.writes import RefusedError, write


def draw(viewer: Viewer, asked: str) -> None:
    """The form for a new call; `asked` is an account's id or anything else for one still to be chosen."""
    _back({call_links.LOG: None})
    if not viewer.may_write():
        denials.refused(viewer, "logging a call", denials.READS_ONLY)
        return
    prefix = draft_prefix()
    form, beside = st.columns([1.55, 1], gap="medium")
    with form:
        section.finding("Log a call", "The call, and the payment taken on it, are saved together or not at all")
        account = call_account.choose(viewer, prefix, asked)
    if account is None:
        with beside:
            notices.empty(
                "Choose the account", "The number to ring, what is owed and what was said last appear here.",
                ":material/contact_phone:",
            )  # fmt: skip
        return
    sheet: CallSheet = reads.plain("call_sheet", viewer, account_id=account.id, as_of=viewer.today)
    with beside:
        call_sheet.draw(viewer, sheet)
    with form:
        entry = call_fields.draw(viewer, prefix, sheet)
        _save(viewer, prefix, sheet, entry, None)


def correct(viewer: Viewer, asked: str) -> None:
    """The same form, filled with a logged call; saving adds the corrected record and keeps the old one."""
    _back({call_links.FIX: None, call_links.CALL: asked})
    if not viewer.may_write():
        denials.refused(viewer, "correcting a call", denials.READS_ONLY)
        return
    versions: list[CallRow] = (
        reads.plain("call_versions", viewer, call_id=int(asked), as_of=viewer.today) if asked.isdecimal() else []
    )
    if not versions:
        denials.not_found(viewer, "call", page_address.number_in(call_links.FIX))
        notices.empty("There is no such call", "It may belong to a site that you do not see.", ":material/call_end:")
        return
    call = versions[-1]
    prefix = f"fix-{call.id}-"
    sheet: CallSheet = reads.plain("call_sheet", viewer, account_id=call.account_id, as_of=viewer.today)
    call_fields.fill(prefix, call)
    form, beside = st.columns([1.55, 1], gap="medium")
    with beside:
        call_sheet.draw(viewer, sheet)
    with form:
        section.finding(
            "Correct a call",
            f"{escape(call.vendor)}, {escape(call.site_name)}: the record as it was stays in the history, and so does a payment",
        )
        entry = call_fields.draw(viewer, prefix, sheet, correcting=True)
        _save(viewer, prefix, sheet, entry, call)


def _back(changes: dict[str, str | None]) -> None:
    """Where the form is left without saving."""
    target = links.address("calls", {**call_links.here(), **changes})
    st.markdown(
        f"[:material/arrow_back: {'Back to the call' if changes.get(call_links.CALL) else 'All calls'}]({target})"
    )


def _save(viewer: Viewer, prefix: str, sheet: CallSheet, entry: CallEntry, corrected: CallRow | None) -> None:
    """Faults of the last try, what still deserves a look, and the button.

    The button is read here and not in a callback: a callback would get what was typed up to the run before the click.
    """
    state: Any = st.session_state
    above = st.container()
    if entry.payment and not entry.confirmation.strip():
        st.caption(
            ":orange[:material/warning:] Ask for the confirmation number: without one the payment cannot be proven."
        )
    label = (
        "Save the correction" if corrected else "Save the call and the payment" if entry.payment else "Save the call"
    )
    if st.button(label, type="primary", icon=":material/check:", key=f"{prefix}save"):
        # A second click on the same button finds the call saved.
        if not state.get(f"{prefix}done"):
            state[f"{prefix}faults"] = _saved(viewer, prefix, sheet, entry, corrected)
        if state.get(f"{prefix}done"):
            _leave(prefix)
    faults = state.get(f"{prefix}faults")
    if faults:
        above.error("\n".join(f"- {escape(fault)}" for fault in faults), title="Not saved yet", icon=":material/error:")


def _saved(
    viewer: Viewer, prefix: str, sheet: CallSheet, entry: CallEntry, corrected: CallRow | None
) -> tuple[str, ...]:
    """Record it; returns why not, or nothing."""
    state: Any = st.session_state
    try:
        draft, payment = check(entry, sheet.bills, viewer.now)
        call_id, _ = write(
            viewer,
            lambda writing: log_call(writing, viewer.scope, draft, payment, corrected.id if corrected else None),
        )
    except EntryError as error:
        return error.faults
    except RefusedError as error:
        return (str(error),)
    state[f"{prefix}done"] = call_id
    state["call-done"] = _told(viewer, sheet, entry, corrected is not None)
    return ()


def _leave(prefix: str) -> None:
    """On to the saved call; the next draft begins empty."""
    state: Any = st.session_state
    call_id = state[f"{prefix}done"]
    for key in [key for key in state if isinstance(key, str) and key.startswith(prefix) and key != f"{prefix}done"]:
        del state[key]
    if prefix == draft_prefix():
        state["call-draft"] += 1
    for key in (call_links.LOG, call_links.FIX):
        st.query_params.pop(key, None)
    st.query_params[call_links.CALL] = str(call_id)
    st.rerun()


def draft_prefix() -> str:
    """What the keys of the draft under way begin with."""
    return f"call-{st.session_state.setdefault('call-draft', 1)}-"


def _told(viewer: Viewer, before: CallSheet, entry: CallEntry, corrected: bool) -> str:
    """What happened, in Markdown."""
    vendor = escape(before.account.vendor)
    if corrected:
        return "The correction is saved. The record as it was stays in the history."
    if entry.payment is None:
        return f"The call with {vendor} is logged."
    after: CallSheet = reads.plain("call_sheet", viewer, account_id=before.account.id, as_of=viewer.today)
    code = before.account.currency
    return (
        f"The call with {vendor} is logged, and {escape(exact_money(before.balance - after.balance, code))} paid by "
        f"{entry.payment.method}: pending until it posts. Owed on the account: "
        f"{escape(exact_money(before.balance, code))} → **{escape(exact_money(after.balance, code))}**."
    )
