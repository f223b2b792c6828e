"""The bills of a scenario: those of the start, at other prices, without what is cancelled, and with new ones."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from domain.filters import Basis
from domain.what_if.actions import Action, Kind, Scenario
from domain.what_if.bill_terms import bill_terms
from domain.what_if.chosen import chosen_accounts, chosen_bills
from domain.what_if.start import Bills, Start, Whole

_WHOLE = 10_000  # basis points


def day_of(start: Start, on: date | None) -> int:
    """The day of an action; None and days that have passed are the as-of day."""
    return 0 if on is None else max(0, (on - start.as_of).days)


def billed(start: Start, scenario: Scenario) -> Bills:
    """One after the other in the order of the actions: what a later one changes, it changes of the price so far."""
    bills = start.bills
    for action in scenario.actions:
        match action.kind:
            case Kind.PRICE_CHANGE:
                bills = _repriced(start, bills, action, _at(action.basis_points or 0))
            case Kind.CANCEL:
                bills = _repriced(start, bills, action, _without(action.amount))
            case Kind.NEW_BILL:
                bills = _with_new(start, bills, action)
    return bills


def is_expected(start: Start, bills: Bills) -> np.ndarray:
    """By bill: one that is still to come and was not added by the scenario."""
    places = np.arange(len(bills.ids))
    return (bills.ids == 0) & (places < len(start.bills.ids))


def _at(basis_points: int) -> Callable[[Whole], Whole]:
    """Rounded half up, as bills are, and exact for the largest amount."""
    factor = _WHOLE + basis_points

    def price(amounts: Whole) -> Whole:
        whole, rest = np.divmod(amounts, _WHOLE)
        return whole * factor + (rest * factor * 2 + _WHOLE) // (2 * _WHOLE)

    return price


def _without(charge: int | None) -> Callable[[Whole], Whole]:
    return (lambda amounts: amounts * 0) if charge is None else (lambda amounts: np.maximum(0, amounts - charge))


def _repriced(start: Start, bills: Bills, action: Action, price: Callable[[Whole], Whole]) -> Bills:
    later = is_expected(start, bills) & (bills.issued >= day_of(start, action.on))
    later &= chosen_bills(start, bills, action.selection)
    changed = {
        name: np.where(later, price(getattr(bills, name)), getattr(bills, name))
        for name in ("amount", "low", "high", "recurring", "billed")
    }
    return replace(bills, **changed)


def _with_new(start: Start, bills: Bills, action: Action) -> Bills:
    accounts = start.accounts
    owners = np.flatnonzero(chosen_accounts(start, action.selection))
    issued = np.full(len(owners), day_of(start, action.on))
    due = issued + accounts.terms_days[owners]
    if action.due_on is not None:
        due = np.maximum(issued, day_of(start, action.due_on))
    amount, none = np.full(len(owners), action.amount), np.zeros(len(owners), np.int64)
    terms = bill_terms(
        start.as_of,
        start.policies,
        accounts.country.names,
        policy=accounts.policy[owners],
        country=accounts.country.index[owners],
        young_until=accounts.young_until[owners],
        issued=issued,
        due=due,
    )
    new = {
        "account": owners,
        "ids": none,
        "issued": issued,
        "due": due,
        "base": issued if start.basis is Basis.INVOICE else due,
        **dict.fromkeys(("amount", "low", "high", "recurring", "billed"), amount),
        **dict.fromkeys(("pending", "disputed"), none),
        **terms._asdict(),
    }
    columns = {name: np.concatenate([getattr(bills, name), column]) for name, column in new.items()}
    return Bills(numbers=bills.numbers, **columns)
