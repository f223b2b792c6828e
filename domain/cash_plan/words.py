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
    """One sentence, or two."""
    fact = payment.fact
    if fact.why is Why.CASH_LEFT:
        return _cash_left(payment, write)
    first = {
        Why.MUST_PAY: f"A must-pay, due {write.day(fact.due_on)}.",
        Why.KEEPS_ON: f"Keeps the service on: it may stop from {_stop(fact, write)}.",
        Why.RESTORES: "Brings the service on again, which is off.",
        Why.SAVES_FEE: f"Saves a late fee of {write.money(fact.cost.fees)}{_on(fact, write)}.",
    }[fact.why]
    return " ".join([first, *_saves(fact, write)])


def _cash_left(payment: Payment, write: Writer) -> str:
    due = payment.fact.due_on
    if payment.shows_on <= due:
        return f"There is cash for it, and it is paid by its due day, {write.day(due)}."
    return f"There is cash left for it; it is due {write.day(due)}."


def why_left(left: Left, write: Writer) -> str:
    """One sentence, or two."""
    fact = left.fact
    if fact.why is Why.HELD:
        held = "Still to be billed too late for this plan." if left.payable.expected else "Held."
        return " ".join([held, *_costs(fact, write)])
    if fact.why is Why.NO_EFFECT:
        return f"Paying it alone would spare nothing in these weeks; due {write.day(fact.due_on)}."
    return " ".join([*_costs(fact, write), "The cash saves more elsewhere."])


def _saves(fact: Fact, write: Writer) -> list[str]:
    parts = _parts(fact, write) if fact.why in (Why.KEEPS_ON, Why.RESTORES) else []
    return [f"Saves {', '.join(parts)}."] if parts else []


def _costs(fact: Fact, write: Writer) -> list[str]:
    parts = _parts(fact, write)
    if not parts:
        return []
    when = f"; service may stop from {_stop(fact, write)}" if fact.stops_on and fact.cost.lost else ""
    return [f"Left, it costs {', '.join(parts)}{when}."]


def _parts(fact: Fact, write: Writer) -> list[str]:
    cost = fact.cost
    days = f"{cost.days_off} {'day' if cost.days_off == 1 else 'days'} off ({write.money(cost.lost)})"
    return [
        *([days] if cost.days_off > 0 else []),
        *([f"restoral of {write.money(cost.restoral)}"] if cost.restoral > 0 else []),
        *([f"late fees of {write.money(cost.fees)}"] if cost.fees > 0 else []),
    ]


def _stop(fact: Fact, write: Writer) -> str:
    if fact.stops_on is None:
        return "a day of these weeks"
    return f"{write.day(fact.stops_on)} by the vendor's {'notice' if fact.noticed else 'terms'}"


def _on(fact: Fact, write: Writer) -> str:
    return f" on {write.day(fact.fee_on)}" if fact.fee_on else ""
