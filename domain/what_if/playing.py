"""A scenario's actions, played on the bills in the order of their days."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from domain.what_if.actions import Action, Kind, Scenario, What
from domain.what_if.billing import billed, day_of
from domain.what_if.book import Book, Draws
from domain.what_if.chosen import chosen_accounts, chosen_bills
from domain.what_if.minimum import minimum
from domain.what_if.spreading import spread
from domain.what_if.start import Start, Whole


class _Step(NamedTuple):
    day: int
    do: Callable[[], None]


def played(start: Start, scenario: Scenario) -> Book:
    """The book once everything up to the horizon is paid; on one day actions go in their order, and autopay after them."""
    book = Book(start, billed(start, scenario))
    draws = Draws(book)
    for action in scenario.actions:
        chosen = chosen_bills(start, book.bills, action.selection)
        if action.kind is Kind.AUTOPAY:
            draws.autopay(chosen, day_of(start, action.on))
        elif action.kind is Kind.DELAY:
            draws.delay(chosen, action.days or 0, action.method)
    steps = [step for action in scenario.actions for step in _steps(book, draws, action)]
    for step in sorted(steps, key=lambda step: step.day):
        if step.day > scenario.horizon_days:
            break
        draws.play_until(step.day - 1)
        step.do()
    draws.play_until(scenario.horizon_days)
    return book


def _steps(book: Book, draws: Draws, action: Action) -> Iterator[_Step]:
    day = day_of(book.start, action.on)
    chosen = np.flatnonzero(chosen_bills(book.start, book.bills, action.selection))
    match action.kind:
        case Kind.PAY:
            yield _Step(day, lambda: _pay(book, action, chosen, day))
        case Kind.SPLIT:
            yield from _parts(book, draws, action, chosen)
        case Kind.DISPUTE:
            yield _Step(day, lambda: _dispute(book, action, chosen, day))
        case Kind.CREDIT:
            yield _Step(day, lambda: _credit(book, action, chosen, day))


def _pay(book: Book, action: Action, chosen: Whole, day: int) -> None:
    owed = book.owed_on(day)[chosen]
    match action.what:
        case What.OVERDUE:
            owed = np.where(book.bills.due[chosen] < day, owed, 0)
        case What.MINIMUM:
            owed = np.minimum(owed, minimum(book, day).of_bill[chosen])
        case What.AMOUNT:
            chosen = book.oldest_first(chosen)
            purse = np.zeros(len(chosen), np.int64)
            owed = spread(book.owed_on(day)[chosen], np.array([action.amount]), purse)
    book.pay(chosen, owed, day, action.method)


def _parts(book: Book, draws: Draws, action: Action, chosen: Whole) -> Iterator[_Step]:
    """The first part fixes all of them; what does not divide is in the last one."""
    first, parts, apart = day_of(book.start, action.on), action.parts or 1, action.days or 0
    planned = np.zeros(len(chosen), np.int64)
    each = np.zeros(len(chosen), np.int64)

    def begin() -> None:
        planned[:] = book.owed_on(first)[chosen]
        each[:] = planned // parts
        draws.leave(chosen[planned > 0])
        pay(first, each)

    def pay(day: int, amounts: Whole) -> None:
        book.pay(chosen, np.minimum(amounts, book.rest[chosen]), day, action.method)

    def pay_last(day: int) -> None:
        pay(day, planned - each * (parts - 1))

    yield _Step(first, begin)
    for part in range(1, parts - 1):
        yield _Step(first + part * apart, lambda day=first + part * apart: pay(day, each))
    last = first + (parts - 1) * apart
    yield _Step(last, lambda: pay_last(last))


def _dispute(book: Book, action: Action, chosen: Whole, day: int) -> None:
    owed = book.owed_on(day)[chosen]
    book.withhold(chosen, owed if action.amount is None else np.minimum(owed, action.amount), day)


def _credit(book: Book, action: Action, chosen: Whole, day: int) -> None:
    """To each account's bills, the oldest due first and those in dispute last; what is over stays on the account."""
    bills = book.bills
    purses = np.zeros(len(book.start.accounts.ids), np.int64)
    purses[chosen_accounts(book.start, action.selection)] = action.amount
    chosen = book.oldest_first(chosen[bills.issued[chosen] <= day])
    on = np.full(len(chosen), day)

    def give(wanted: Whole) -> None:
        given = spread(wanted, purses, bills.account[chosen])
        np.subtract.at(purses, bills.account[chosen], given)
        book.apply(chosen, given, on, on, np.zeros(len(chosen), np.int64))

    give(book.rest[chosen])
    give(book.left[chosen])  # by now nothing but what is in dispute, or the purse is empty
    book.keep_on_account(np.arange(len(purses)), purses, day)
