"""What an action applies to: sites, vendors, accounts and bills to choose from, and what is owed on them."""

from typing import Any

import numpy as np
import streamlit as st

from domain.masking import masked
from domain.what_if.actions import Action, Kind
from ui import reads
from ui.formats import exact_money
from ui.viewer import Viewer
from ui.what_if_fields import Fields
from ui.what_if_results import Basis

MOST_ACCOUNTS = 400  # more are narrowed by site or vendor first


def draw(viewer: Viewer, basis: Basis, action: Action, fields: Fields) -> None:
    """What it applies to: empty boxes mean everything in the filters."""
    options = reads.options(viewer)
    names = {site.code: site.name for site in reads.every_site(viewer)}
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


def owed(basis: Basis, action: Action) -> int:
    """What is open, undisputed, in the selection."""
    start = basis.start
    rows = _rows(basis, action)
    if action.selection.accounts:
        rows = rows[np.isin(start.accounts.ids[rows], action.selection.accounts)]
    mine = np.isin(start.bills.account, rows) & (start.bills.ids > 0)
    return max(1, int((start.bills.amount - start.bills.disputed)[mine].sum()))


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
