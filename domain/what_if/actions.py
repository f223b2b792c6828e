"""A scenario: what is done to which accounts and bills, and when. Amounts in minor units of its one currency.

`on` None is the as-of day, and so is a day that has passed by then: a saved scenario keeps its meaning as days go by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from domain.money import LARGEST_MINOR
from domain.policies import USUAL_POSTING

SHORTEST, LONGEST = 30, 180  # days of a horizon
MOST_ACTIONS, MOST_PARTS = 50, 24
METHODS = tuple(USUAL_POSTING)
_WHOLE = 10_000  # basis points


class ScenarioError(ValueError):
    """A scenario that cannot be played; the text begins with the place: `actions[2].amount: ...`."""


class Kind(StrEnum):
    """What is done."""

    PAY = "pay"
    DELAY = "delay"  # pay each bill so many days after its due day, and not otherwise
    SPLIT = "split"  # pay in equal parts
    AUTOPAY = "autopay"  # the vendor draws each bill on its due day
    DISPUTE = "dispute"
    CREDIT = "credit"  # the vendor credits each account
    PRICE_CHANGE = "price_change"  # of the expected bills
    NEW_BILL = "new_bill"  # one more on each account
    CANCEL = "cancel"  # expected bills stop, or fall by the charge of one service


class What(StrEnum):
    """What a payment covers of the selected bills, always without what is in dispute."""

    ALL = "all"
    OVERDUE = "overdue"
    MINIMUM = "minimum"  # what keeps each account on
    AMOUNT = "amount"  # so much in all, the oldest due first


@dataclass(frozen=True, slots=True)
class Selection:
    """Which accounts and bills; empty means all, and everything that is named must fit.

    sites: codes; vendors: names; accounts, bills: ids. Expected bills belong to their account and have no id.
    """

    regions: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()
    accounts: tuple[int, ...] = ()
    bills: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done from the day `on`; which fields a kind needs and takes, see NEEDS and TAKES.

    amount: in all for `pay`, for each bill of `dispute` (None: the whole of it), for each account of `credit` and
    `new_bill`, off each expected bill for `cancel` (None: no further bills). days: after the due day for `delay`, between the
    parts for `split`. basis_points: of the expected amount, for `price_change`.
    """

    kind: Kind
    selection: Selection = Selection()
    on: date | None = None
    what: What | None = None
    amount: int | None = None
    method: str = ""  # '' is ach
    days: int | None = None
    parts: int | None = None
    basis_points: int | None = None
    due_on: date | None = None

    def __post_init__(self) -> None:
        given = {field.name for field in fields(self) if getattr(self, field.name) not in (None, "")}
        needs = NEEDS[self.kind] | ({"amount"} if self.what is What.AMOUNT else set())
        for name in sorted(needs - given):
            raise ScenarioError(f"{name}: {self.kind} needs it")
        for name in sorted(given - needs - TAKES[self.kind] - {"kind", "selection"}):
            raise ScenarioError(f"{name}: {_named(self)} takes none")
        _within("amount", self.amount, 1, LARGEST_MINOR)
        _within("days", self.days, 0, LONGEST)
        _within("parts", self.parts, 2, MOST_PARTS)
        _within("basis_points", self.basis_points, -_WHOLE, 10 * _WHOLE)
        if self.method and self.method not in METHODS:
            raise ScenarioError(f"method: {self.method!r} is none of {', '.join(METHODS)}")
        if self.due_on is not None and self.on is not None and self.due_on < self.on:
            raise ScenarioError(f"due_on: {self.due_on} is before the bill's day, {self.on}")


NEEDS: Mapping[Kind, set[str]] = {
    Kind.PAY: {"what"},
    Kind.DELAY: {"days"},
    Kind.SPLIT: {"parts", "days"},
    Kind.AUTOPAY: set(),
    Kind.DISPUTE: set(),
    Kind.CREDIT: {"amount"},
    Kind.PRICE_CHANGE: {"basis_points"},
    Kind.NEW_BILL: {"amount"},
    Kind.CANCEL: set(),
}
TAKES: Mapping[Kind, set[str]] = {
    Kind.PAY: {"on", "method"},
    Kind.DELAY: {"method"},
    Kind.SPLIT: {"on", "method"},
    Kind.AUTOPAY: {"on"},
    Kind.DISPUTE: {"on", "amount"},
    Kind.CREDIT: {"on"},
    Kind.PRICE_CHANGE: {"on"},
    Kind.NEW_BILL: {"on", "due_on"},
    Kind.CANCEL: {"on", "amount"},
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """Actions in the order in which they are taken on one day. currency: of their amounts; '' where there are none."""

    name: str
    horizon_days: int = 90
    actions: tuple[Action, ...] = ()
    currency: str = ""

    def __post_init__(self) -> None:
        _within("horizon_days", self.horizon_days, SHORTEST, LONGEST)
        if len(self.actions) > MOST_ACTIONS:
            raise ScenarioError(f"actions: {len(self.actions)} are more than {MOST_ACTIONS}")
        if not self.currency:
            for index, action in enumerate(self.actions):
                if action.amount is not None:
                    raise ScenarioError(f"currency: actions[{index}] has an amount; say in which currency")


def _named(action: Action) -> str:
    return f"{action.kind} {action.what}" if action.what else f"{action.kind}"


def _within(name: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise ScenarioError(f"{name}: {value} is not between {least} and {most}")
