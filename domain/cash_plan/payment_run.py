"""A plan as payments to make: on which day, by which method so that the money shows in time, and why; and what stays unpaid."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.cash_plan.cost import Cost, account_cost
from domain.cash_plan.horizon import Horizon
from domain.cash_plan.problem import Payable, Plan, PlanAccount, Problem, Schedule
from domain.working_days import add_working_days, working_day_until

# Where the usual method of an account is too slow, or not known: what a bank does by itself before what costs a call.
_PREFERRED = ("ach", "transfer", "e-check", "card", "cheque")

_BY_CALL = frozenset({"card", "e-check"})


class Why(StrEnum):
    """The chief fact for which something is paid, or is not."""

    MUST_PAY = "must_pay"
    KEEPS_ON = "keeps_on"
    RESTORES = "restores"
    SAVES_FEE = "saves_fee"
    CASH_LEFT = "cash_left"
    HELD = "held"
    NO_EFFECT = "no_effect"
    COSTS = "costs"


@dataclass(frozen=True, slots=True)
class Fact:
    """Why, and what it saves, or costs if it is left. stops_on: from when the service may stop for it; fee_on: a day of a fee."""

    why: Why
    cost: Cost
    due_on: date
    stops_on: date | None = None
    fee_on: date | None = None
    noticed: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """One bill, or part of one, to pay in `week`. pay_by: the last day on which `method` has the same effect; None: none near."""

    account: PlanAccount
    payable: Payable
    week: int
    pay_on: date
    method: str
    shows_on: date
    pay_by: date | None
    fact: Fact

    @property
    def by_call(self) -> bool:
        """Is it usually made on a call?"""
        return self.method in _BY_CALL and not self.payable.expected


@dataclass(frozen=True, slots=True)
class Left:
    """What stays unpaid until the end."""

    account: PlanAccount
    payable: Payable
    fact: Fact


def payments(problem: Problem, plan: Plan, horizon: Horizon, usual: Mapping[int, str]) -> list[Payment]:
    """By week, what saves most first. usual: the method by which each account (id) is paid."""
    found = []
    for a, i, week in problem.payments(plan):
        account, schedule = problem.accounts[a], plan[a]
        last = last_effect(account, i, week)
        method = _method(account, horizon, week, last, usual.get(account.id, ""))
        days = dict(account.posting)[method]
        by = add_working_days(working_day_until(last, account.calendar), -days, account.calendar) if last else None
        pay_on = horizon.pay_day(week, account.calendar)
        shows_on = horizon.shows_on(week, account.calendar, days)
        by = None if by is None else max(by, pay_on)
        fact = _fact_of_paid(account, schedule, i, problem.never)
        found.append(Payment(account, account.payables[i], week, pay_on, method, shows_on, by, fact))
    return sorted(found, key=lambda p: (p.week, -p.fact.cost.total, p.payable.due_on, p.payable.bill, p.payable.amount))


def left(problem: Problem, plan: Plan) -> list[Left]:
    """What costs most first."""
    found = [
        Left(account, p, _fact_of_left(account, plan[a], i))
        for a, account in enumerate(problem.accounts)
        for i, p in enumerate(account.payables)
        if plan[a][i] == problem.never
    ]
    return sorted(found, key=lambda one: (-one.fact.cost.total, one.payable.due_on, one.payable.bill))


def last_effect(account: PlanAccount, i: int, week: int) -> date | None:
    """The last day on which the money of payable `i` may show for the effect that it has in `week`; None: any."""
    shown, p = account.edges[week + 1] - 1, account.payables[i]
    first_stop = min((q.stops_on for q in account.payables if q.stops_on is not None), default=account.edges[-1])
    if account.suspended or first_stop <= shown:
        return date.fromordinal(shown)  # the service may be off: each day counts
    days = [fee.day - 1 for fee in account.fees if fee.day > shown and any(i == part for part, _ in fee.parts)]
    days += [p.stops_on - 1] if p.stops_on is not None else []
    days += [p.due_on] if p.due_on >= shown else []
    return date.fromordinal(min(days)) if days else None


def _method(account: PlanAccount, horizon: Horizon, week: int, last: date | None, usual: str) -> str:
    posting = dict(account.posting)
    choices = [m for m in (usual, *_PREFERRED) if m in posting]
    in_time = (m for m in choices if last is None or horizon.shows_on(week, account.calendar, posting[m]) <= last)
    return next(in_time, min(posting, key=lambda m: (posting[m], m)))


def _fact_of_paid(account: PlanAccount, schedule: Schedule, i: int, never: int) -> Fact:
    without = [never if n in _with_those_after(account, i) else week for n, week in enumerate(schedule)]
    saved = _less(account_cost(account, tuple(without)), account_cost(account, schedule))
    p = account.payables[i]
    if p.last_week is not None:
        why = Why.MUST_PAY
    elif saved.total <= 0:
        why = Why.CASH_LEFT
    elif saved.lost or saved.restoral:
        why = Why.RESTORES if account.suspended else Why.KEEPS_ON
    else:
        why = Why.SAVES_FEE
    return _fact(account, i, why, saved, after=account.edges[schedule[i] + 1])


def _fact_of_left(account: PlanAccount, schedule: Schedule, i: int) -> Fact:
    p = account.payables[i]
    with_it = list(schedule)
    for n in [i, *_those_before(account, i)]:
        with_it[n] = min(with_it[n], account.payables[n].first_week)
    saved = _less(account_cost(account, schedule), account_cost(account, tuple(with_it)))
    why = Why.HELD if p.held else Why.COSTS if saved.total > 0 else Why.NO_EFFECT
    return _fact(account, i, why, saved, after=account.edges[0])


def _fact(account: PlanAccount, i: int, why: Why, cost: Cost, *, after: int) -> Fact:
    p = account.payables[i]
    fees = [fee.day for fee in account.fees if fee.day > after and any(i == part for part, _ in fee.parts)]
    stops = date.fromordinal(p.stops_on) if p.stops_on is not None and p.stops_on < account.edges[-1] else None
    fee_on = date.fromordinal(min(fees)) if fees else None
    return Fact(why, cost, date.fromordinal(p.due_on), stops, fee_on, p.noticed)


def _less(dear: Cost, cheap: Cost) -> Cost:
    return Cost(
        dear.fees - cheap.fees, dear.restoral - cheap.restoral, dear.lost - cheap.lost, dear.days_off - cheap.days_off
    )


def _with_those_after(account: PlanAccount, i: int) -> Iterator[int]:
    yield i
    for n, p in enumerate(account.payables):
        if p.after == i:
            yield from _with_those_after(account, n)


def _those_before(account: PlanAccount, i: int) -> Iterator[int]:
    before = account.payables[i].after
    while before is not None:
        yield before
        before = account.payables[before].after
