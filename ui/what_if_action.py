"""One action of a scenario, adjusted: to what it applies, when, how much. What stands in the boxes is what the address says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import streamlit as st

from domain.masking import masked
from domain.money import to_decimal
from domain.what_if.actions import METHODS, NEEDS, TAKES, Action, Kind, Scenario, ScenarioError, What
from ui import reads
from ui.call_entry import EntryError, amount_of
from ui.formats import escape, exact_money, short_day
from ui.viewer import Viewer
from ui.what_if_results import Basis

MOST_ACCOUNTS = 400  # more are narrowed by site or vendor first
Change = Callable[[Action], None]
_WHAT = {What.MINIMUM: "What keeps service on", What.OVERDUE: "Overdue", What.ALL: "All open", What.AMOUNT: "An amount"}
_DAYS = {Kind.DELAY: "Days after the due day", Kind.SPLIT: "Days between the parts"}
_METHODS = ("", *METHODS)


def draw(viewer: Viewer, basis: Basis, scenario: Scenario, at: int, change: Change) -> None:
    """Its boxes; each change is handed to `change` as the action that it makes."""
    action, fields = scenario.actions[at], _Fields(scenario, at, change)
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
    _selection(viewer, basis, action, fields)


class _Fields:
    """The widgets of one action: their keys, and what a change of one does."""

    def __init__(self, scenario: Scenario, at: int, change: Change) -> None:
        self._action, self._change = scenario.actions[at], change
        self._prefix = f"what-if-{at}-{scenario.actions[at].kind}-"

    def key(self, field: str) -> str:
        """Of a widget."""
        return self._prefix + field

    def put(self, field: str, value: Any) -> None:
        """What the address says goes into the widget before it is drawn."""
        st.session_state[self.key(field)] = value

    def on_change(self, field: str, read: Callable[[Any], dict[str, Any]] | None = None) -> Callable[[], None]:
        """`read` says which fields of the action the widget's value sets; by itself the one of its name."""

        def changed() -> None:
            value = st.session_state[self.key(field)]
            try:
                self._change(replace(self._action, **(read(value) if read else {field: value})))
            except (ScenarioError, EntryError) as error:
                st.toast(escape(str(error)), icon=":material/error:")

        return changed

    def on_selection(self, field: str) -> Callable[[], None]:
        """The same for a field of the selection."""

        def read(value: Sequence[Any]) -> dict[str, Any]:
            return {"selection": replace(self._action.selection, **{field: tuple(value)})}

        return self.on_change(field, read)


def _what(basis: Basis, action: Action, fields: _Fields) -> None:
    def read(value: What | None) -> dict[str, Any]:
        chosen = value or What.OVERDUE
        return {"what": chosen, "amount": _owed(basis, action) if chosen is What.AMOUNT else None}

    fields.put("what", action.what)
    st.segmented_control("Pay", list(_WHAT), format_func=_WHAT.__getitem__, key=fields.key("what"), required=True,
                         on_change=fields.on_change("what", read))  # fmt: skip


def _amount(basis: Basis, scenario: Scenario, action: Action, fields: _Fields) -> None:
    currency = scenario.currency or basis.currency
    optional = "amount" in TAKES[action.kind]
    fields.put("amount", "" if action.amount is None else f"{to_decimal(action.amount, currency):,}")

    def typed(text: str) -> dict[str, Any]:
        return {"amount": amount_of(text, currency) if text.strip() or not optional else None}

    if action.kind is Kind.PAY:
        most = max(_owed(basis, action), action.amount or 1)
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


def _on(basis: Basis, scenario: Scenario, action: Action, fields: _Fields) -> None:
    as_of = basis.start.as_of
    days = [as_of + timedelta(days=n) for n in range(scenario.horizon_days + 1)]
    fields.put("on", min(max(action.on or as_of, as_of), days[-1]))

    def said(day: date) -> str:
        return "today" if day == as_of else short_day(day, as_of)

    st.select_slider("On", days, format_func=said, key=fields.key("on"),
                     on_change=fields.on_change("on", lambda day: {"on": None if day == as_of else day}))  # fmt: skip


def _selection(viewer: Viewer, basis: Basis, action: Action, fields: _Fields) -> None:
    """What it applies to: empty boxes mean everything in the filters."""
    options = reads.options(viewer)
    names = {code: name for code, name, _ in options.sites}
    boxes = (
        ("sites", "Sites", list(names), names.__getitem__),
        ("regions", "Regions", list(options.regions), str),
        ("vendors", "Vendors", list(options.vendors), str),
        ("service_types", "Services", list(options.service_types), str),
    )
    halves = st.columns(2)
    for number, (field, label, values, named) in enumerate(boxes):
        chosen = [value for value in getattr(action.selection, field) if value in values]
        with halves[number % 2]:
            fields.put(field, chosen)
            st.multiselect(label, values, format_func=named, key=fields.key(field), placeholder="All",
                           on_change=fields.on_selection(field))  # fmt: skip
    accounts = _accounts(basis, action)
    if not accounts or (len(accounts) > MOST_ACCOUNTS and not action.selection.accounts):
        st.caption(
            "Choose a site or a vendor to pick single accounts." if accounts else "No account is in this selection."
        )
        return
    fields.put("accounts", [each for each in action.selection.accounts if each in accounts])
    st.multiselect("Accounts", list(accounts), format_func=accounts.__getitem__, key=fields.key("accounts"),
                   placeholder="All", on_change=fields.on_selection("accounts"))  # fmt: skip
    if len(action.selection.accounts) == 1 and action.kind in (Kind.PAY, Kind.DELAY, Kind.SPLIT, Kind.DISPUTE):
        bills = _bills(basis, action.selection.accounts[0])
        fields.put("bills", [each for each in action.selection.bills if each in bills])
        st.multiselect("Bills", list(bills), format_func=bills.__getitem__, key=fields.key("bills"),
                       placeholder="All", on_change=fields.on_selection("bills"))  # fmt: skip


def _rows(basis: Basis, action: Action) -> Any:
    """Indexes of the start's accounts that fit the selection, single accounts aside."""
    wanted, start = action.selection, basis.start
    accounts = start.accounts
    site_fits = [
        (not wanted.sites or site.code in wanted.sites) and (not wanted.regions or site.region in wanted.regions)
        for site in start.sites
    ]
    kept = np.array(site_fits, dtype=bool)[accounts.site]
    if wanted.vendors:
        kept &= accounts.vendor.among(wanted.vendors)
    if wanted.service_types:
        kept &= accounts.service_type.among(wanted.service_types)
    return np.flatnonzero(kept)


def _accounts(basis: Basis, action: Action) -> dict[int, str]:
    """{id: what it is called} of the accounts to choose from, those with something open first."""
    accounts, sites = basis.start.accounts, basis.start.sites
    names = {
        int(accounts.ids[i]): f"{sites[int(accounts.site[i])].name}, {accounts.vendor[i]} {masked(accounts.numbers[i])}"
        for i in _rows(basis, action)
    }
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def _bills(basis: Basis, account_id: int) -> dict[int, str]:
    """{id: number and what is open} of an account's bills."""
    start = basis.start
    index = int(np.flatnonzero(start.accounts.ids == account_id)[0])
    found = np.flatnonzero((start.bills.account == index) & (start.bills.ids > 0))
    return {
        int(
            start.bills.ids[i]
        ): f"{start.bills.numbers[int(i)]}, {exact_money(int(start.bills.amount[i]), start.currency)}"
        for i in found
    }


def _owed(basis: Basis, action: Action) -> int:
    """What is open, undisputed, in the selection."""
    start = basis.start
    rows = _rows(basis, action)
    if action.selection.accounts:
        rows = rows[np.isin(start.accounts.ids[rows], action.selection.accounts)]
    mine = np.isin(start.bills.account, rows) & (start.bills.ids > 0)
    return max(1, int((start.bills.amount - start.bills.disputed)[mine].sum()))
