"""What was logged of a call, how its promise and follow-up stand, and what corrections changed."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from itertools import pairwise

import streamlit as st

from data_access.queries.calls import CallRow
from data_access.queries.payments import PaymentRow
from domain.filters import Filters
from domain.masking import masked_within
from domain.promises import follow_up_standing, promise_standing
from ui import call_words, reads
from ui.formats import DASH, day, escape
from ui.tables import Column, report
from ui.viewer import Viewer

_LABELS = {
    "started_at": "Started",
    "number": "Number",
    "direction": "Direction",
    "duration_s": "Length",
    "agent": "Vendor's agent",
    "caller": "Our caller",
    "caller_verified": "Caller verified",
    "purpose": "Purpose",
    "billing_period": "Billing period",
    "outcome": "Outcome",
    "confirmation_number": "Confirmation",
    "promised_on": "Promised for",
    "follow_up_on": "Follow up on",
    "notes": "Notes",
}


def draw(viewer: Viewer, call: CallRow, made: Sequence[PaymentRow], others: Sequence[CallRow]) -> None:
    """A table of what is known. made: payments made on the call; others: calls of the account, newest first."""
    said = {name: _said(call, name) for name in _LABELS}
    if call.promised_on:
        mine = call_words.local_date(call.started_at, call.timezone)
        paid = [p.paid_on for p in _payments_since(viewer, call) if p.reversed_on is None]
        standing = promise_standing(call.promised_on, mine, paid, viewer.today)
        said["promised_on"] += f" {call_words.standing_badge(standing, call.promised_on, viewer.today)}"
    if call.follow_up_on:
        later = [other for other in others if other.started_at > call.started_at]
        following = call_words.local_date(later[-1].started_at, later[-1].timezone) if later else None
        standing = follow_up_standing(call.follow_up_on, following, viewer.today)
        said["follow_up_on"] += f" {call_words.standing_badge(standing, call.follow_up_on, viewer.today)}"
    if made and not call.confirmation_number:
        said["confirmation_number"] = ":orange[:material/warning:] None: the payment cannot be proven"
    shown = [name for name in _LABELS if said[name] != DASH]
    report(
        "call",
        [Column("This call", [_LABELS[name] for name in shown]), Column("As logged", [said[name] for name in shown])],
        "What was logged of this call",
    )


def _payments_since(viewer: Viewer, call: CallRow) -> list[PaymentRow]:
    since = call_words.local_date(call.started_at, call.timezone)
    filters = Filters(as_of=viewer.today, since=since)
    found: list[PaymentRow] = reads.filtered("payment_rows", viewer, filters, account_id=call.account_id)
    return [payment for payment in found if payment.kind == "payment"]


_SAID: dict[str, Callable[[CallRow], str]] = {
    "started_at": call_words.started,
    "number": lambda call: call_words.phone(call.number),
    "direction": lambda call: f"{call_words.direction_icon(call.direction)} {call_words.DIRECTIONS[call.direction]}",
    "duration_s": lambda call: call_words.length(call.duration_s),
    "caller_verified": lambda call: call_words.verified_words(call.caller_verified),
    "outcome": lambda call: call_words.outcome_badge(call.outcome),
    "promised_on": lambda call: day(call.promised_on) if call.promised_on else DASH,
    "follow_up_on": lambda call: day(call.follow_up_on) if call.follow_up_on else DASH,
}


def _said(call: CallRow, name: str) -> str:
    if name in _SAID:
        return _SAID[name](call)
    return escape(masked_within(str(getattr(call, name)), call.account_number)) or DASH


def corrections(versions: Sequence[CallRow]) -> None:
    """What changed from version to version, the first one first; nothing where there is one only."""
    changes = [
        (_LABELS[field.name], _said(old, field.name), _said(new, field.name))
        for old, new in pairwise(versions)
        for field in fields(CallRow)
        if field.name in _LABELS and getattr(old, field.name) != getattr(new, field.name)
    ]
    if len(versions) == 1:
        return
    with st.expander(f"Corrected {'once' if len(versions) == 2 else f'{len(versions) - 1} times'}"):  # noqa: PLR2004
        report(
            "corrections",
            [
                Column(head, cells)
                for head, cells in zip(("Changed", "Was", "Now"), zip(*changes, strict=True), strict=True)
            ]
            if changes
            else [Column("Changed", ["Nothing but the record itself"])],
            "What the corrections changed",
        )
