"""One action of a scenario, adjusted: to what it applies, when, how much. What stands in the boxes is what the address says."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from domain.money import to_decimal
from domain.what_if.actions import METHODS, NEEDS, TAKES, Action, Kind, Scenario, What
from ui import what_if_selection
from ui.call_entry import amount_of
from ui.formats import short_day
from ui.viewer import Viewer
from ui.what_if_fields import Change, Fields
from ui.what_if_results import Basis

_WHAT = {What.MINIMUM: "To stay on", What.OVERDUE: "Overdue", What.ALL: "All open", What.AMOUNT: "An amount"}
_DAYS = {Kind.DELAY: "Days after the due day", Kind.SPLIT: "Days between the parts"}
_METHODS = ("", *METHODS)


def draw(viewer: Viewer, basis: Basis, scenario: Scenario, at: int, change: Change) -> None:
    """Its boxes; each change is handed to `change` as the action that it makes."""
    action, fields = scenario.actions[at], Fields(scenario, at, change)
    takes = NEEDS[action.kind] | TAKES[action.kind]
    if action.kind is Kind.PAY:
        _what(basis, action, fields)
    if "amount" in takes or action.what is What.AMOUNT:
        _amount(basis, scenario, action, fields)
    if action.kind is Kind.PRICE_CHANGE:
        fields.put("percent", (action.basis_points or 0) // 100)
        st.slider("Price change, percent", -50, 100, key=fields.key("percent"), format="%d%%",
                  on_change=fields.on_change("percent", lambda v: {"basis_points": v * 100}))  # fmt: skip
    if action.kind in _DAYS:
        fields.put("days", action.days or 0)
        st.slider(_DAYS[action.kind], 0, 90, key=fields.key("days"), on_change=fields.on_change("days"))
    if action.kind is Kind.SPLIT:
        fields.put("parts", action.parts or 2)
        st.slider("Parts", 2, 12, key=fields.key("parts"), on_change=fields.on_change("parts"))
    if "on" in takes:
        _on(basis, scenario, action, fields)
    if "method" in takes:
        fields.put("method", action.method)
        st.selectbox("How", _METHODS, key=fields.key("method"), on_change=fields.on_change("method"),
                     format_func=lambda m: m or "ACH, as usual")  # fmt: skip
    what_if_selection.draw(viewer, basis, action, fields)


def _what(basis: Basis, action: Action, fields: Fields) -> None:
    def read(value: What | None) -> dict[str, Any]:
        chosen = value or What.OVERDUE
        return {"what": chosen, "amount": what_if_selection.owed(basis, action) if chosen is What.AMOUNT else None}

    fields.put("what", action.what)
    st.segmented_control("Pay", list(_WHAT), format_func=_WHAT.__getitem__, key=fields.key("what"), required=True,
                         on_change=fields.on_change("what", read))  # fmt: skip


def _amount(basis: Basis, scenario: Scenario, action: Action, fields: Fields) -> None:
    currency = scenario.currency or basis.currency
    optional = "amount" in TAKES[action.kind]
    fields.put("amount", "" if action.amount is None else f"{to_decimal(action.amount, currency):,}")

    def typed(text: str) -> dict[str, Any]:
        return {"amount": amount_of(text, currency) if text.strip() or not optional else None}

    if action.kind is Kind.PAY:
        most = max(what_if_selection.owed(basis, action), action.amount or 1)
        unit = 10 ** max(0, len(str(most)) - 3)  # some hundred steps
        fields.put("slider", min(-(-most // unit), round((action.amount or 0) / unit)))
        st.slider(
            f"Amount, {currency}",
            0,
            -(-most // unit),
            key=fields.key("slider"),
            format=" ",
            on_change=fields.on_change("slider", lambda steps: {"amount": max(1, min(most, steps * unit))}),
            help="Arrow keys move it by a step; type an exact amount below.",
        )
    label = f"Amount, {currency}" + (", empty for the whole of it" if optional else "")
    st.text_input(label if action.kind is not Kind.PAY else f"Exactly, {currency}", key=fields.key("amount"),
                  on_change=fields.on_change("amount", typed))  # fmt: skip


def _on(basis: Basis, scenario: Scenario, action: Action, fields: Fields) -> None:
    as_of = basis.start.as_of
    days = [as_of + timedelta(days=n) for n in range(scenario.horizon_days + 1)]
    fields.put("on", min(max(action.on or as_of, as_of), days[-1]))

    def said(day: date) -> str:
        return "today" if day == as_of else short_day(day, as_of)

    st.select_slider("On", days, format_func=said, key=fields.key("on"),
                     on_change=fields.on_change("on", lambda day: {"on": None if day == as_of else day}))  # fmt: skip
