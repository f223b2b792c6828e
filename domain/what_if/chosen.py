"""Which accounts and bills a selection means."""

from enum import StrEnum

import numpy as np

from domain.what_if.actions import Action, Kind, Scenario, Selection
from domain.what_if.start import Bills, Flags, Start


def chosen_accounts(start: Start, selection: Selection) -> Flags:
    """By account; where bills are named, only the accounts of these."""
    accounts = start.accounts
    chosen = np.ones(len(accounts.ids), bool)
    if selection.regions or selection.sites:
        fits = [
            (not selection.regions or site.region in selection.regions)
            and (not selection.sites or site.code in selection.sites)
            for site in start.sites
        ]
        chosen &= np.array(fits, bool)[accounts.site]
    if selection.vendors:
        chosen &= accounts.vendor.among(selection.vendors)
    if selection.service_types:
        chosen &= accounts.service_type.among(selection.service_types)
    if selection.accounts:
        chosen &= np.isin(accounts.ids, selection.accounts)
    if selection.bills:
        named = np.zeros(len(chosen), bool)
        named[start.bills.account[np.isin(start.bills.ids, selection.bills)]] = True
        chosen &= named
    return chosen


def chosen_bills(start: Start, bills: Bills, selection: Selection) -> Flags:
    """By bill of `bills`: those of the chosen accounts, expected ones among them unless bills are named."""
    chosen = chosen_accounts(start, selection)[bills.account]
    if selection.bills:
        chosen &= np.isin(bills.ids, selection.bills) & (bills.ids > 0)
    return chosen


class Lack(StrEnum):
    """What an action would need and its selection has none of."""

    ACCOUNT = "account"
    BILL = "bill"  # open or expected
    EXPECTED = "expected bill"


def lacking(start: Start, scenario: Scenario) -> dict[int, Lack]:
    """By place, the actions that select nothing: a name that is not there, or is not to be seen, is told by nothing else."""
    return {place: lack for place, action in enumerate(scenario.actions) if (lack := _lack(start, action)) is not None}


def _lack(start: Start, action: Action) -> Lack | None:
    if not chosen_accounts(start, action.selection).any():
        return Lack.ACCOUNT
    chosen = chosen_bills(start, start.bills, action.selection)
    match action.kind:
        case Kind.NEW_BILL | Kind.CREDIT:
            return None
        case Kind.PRICE_CHANGE | Kind.CANCEL:
            return None if (chosen & (start.bills.ids == 0)).any() else Lack.EXPECTED
    return None if chosen.any() else Lack.BILL
