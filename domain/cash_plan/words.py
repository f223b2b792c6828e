"""Why something is paid, or is not, as a sentence of facts. How an amount and a day are written is up to who shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import ceil

from domain.cash_plan.payment_run import Fact, Left, Payment, Why


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes minor units, and days."""

    money: Callable[[int], str]
    day: Callable[[date], str]


def proof(gap: float | None) -> str:
    """How near a plan is to the best: rounded up, never down."""
    if gap is None:
        return "not proven yet"
    if gap == 0:
        return "no plan on this cash costs less"
    return f"no plan on this cash costs less by more than {ceil(gap * 10_000) / 100:.2f}%"


def why_paid(payment: Payment, write: Writer) -> str:
    """One sentence."""
    fact = payment.fact
    saved = _parts(fact, write)
    if fact.why is Why.CASH_LEFT:
        in_time = payment.shows_on <= fact.due_on
        return (
            f"There is cash for it, and it is {'paid by its due day' if in_time else 'due'}, {write.day(fact.due_on)}."
        )
    if fact.why is Why.SAVES_FEE:
        return f"Saves a late fee of {write.money(fact.cost.fees)}{_on(fact, write)}."
    first = {
        Why.MUST_PAY: f"A must-pay, due {write.day(fact.due_on)}",
        Why.KEEPS_ON: f"Keeps the service on past {_stop(fact, write)}",
        Why.RESTORES: "Brings the service on again",
    }[fact.why]
    return f"{first}: saves {', '.join(saved)}." if saved else f"{first}."


def why_left(left: Left, write: Writer) -> str:
    """One sentence, or two."""
    fact = left.fact
    costs = f"Costs {', '.join(parts)}" if (parts := _parts(fact, write)) else ""
    if costs and fact.stops_on and fact.cost.lost:
        costs = f"{costs}; it may stop from {_stop(fact, write)}"
    if fact.why is Why.HELD:
        held = "Will be billed too late for this plan." if left.payable.expected else "Held."
        return f"{held} {costs}." if costs else held
    if fact.why is Why.NO_EFFECT:
        return f"Paying it alone would spare nothing in these weeks; due {write.day(fact.due_on)}."
    return f"{costs}. The cash saves more elsewhere."


def _parts(fact: Fact, write: Writer) -> list[str]:
    cost = fact.cost
    days = f"{cost.days_off} {'day' if cost.days_off == 1 else 'days'} off ({write.money(cost.lost)})"
    return [
        *([days] if cost.days_off > 0 else []),
        *([f"{write.money(cost.restoral)} restoral"] if cost.restoral > 0 else []),
        *([f"{write.money(cost.fees)} late fees"] if cost.fees > 0 else []),
    ]


def _stop(fact: Fact, write: Writer) -> str:
    if fact.stops_on is None:
        return "these weeks"
    return f"{write.day(fact.stops_on)} ({'notice' if fact.noticed else 'terms'})"


def _on(fact: Fact, write: Writer) -> str:
    return f" on {write.day(fact.fee_on)}" if fact.fee_on else ""
