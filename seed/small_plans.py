"""Small random cash problems with everything in them, and the least cost by trying every plan: what the proof is checked with.

Bases of fees are round, so that a fee never needs rounding. In a part of them one account is made from bills, notices and terms
that accept a part payment, as real ones are.
"""

from datetime import date, timedelta
from itertools import accumulate, product
from random import Random

from domain.cash_plan.cost import account_cost
from domain.cash_plan.horizon import Horizon
from domain.cash_plan.payables import Choices, plan_account
from domain.cash_plan.problem import FeeDay, Payable, PlanAccount, Problem, Schedule
from domain.notices import Notice, NoticeKind
from domain.policies import FeeBase, LateFeeTerms, PartTerms, Policy, RestoralTerms, SuspensionDays
from domain.risk_facts import AccountFacts, RiskBill, RiskService
from seed.organisation import stream

_DAY = 740_000  # any day
_ROUND = 10_000
_TERMS = (
    LateFeeTerms(FeeBase.PAST_DUE, 150),
    LateFeeTerms(FeeBase.PAST_DUE, flat=1_000),
    LateFeeTerms(FeeBase.PAST_DUE, 150, minimum=2_500),
    LateFeeTerms(FeeBase.PAST_DUE, 500, flat=200, minimum=500, cap=5_000),
)


def small_problem(random_seed: int) -> Problem:
    """One to four accounts with one to three payables each, over one to four weeks."""
    rng = stream(random_seed, "small plans")
    weeks = rng.randint(1, 4)
    accounts = tuple(_account(rng, n + 1, weeks) for n in range(rng.randint(1, 4)))
    if rng.random() < 0.4:
        made = plan_account(1, facts_with_parts(rng), Horizon(date.fromordinal(_DAY), weeks), Choices())
        accounts = (made, *accounts[1:]) if made else accounts
    owed = sum(p.amount for account in accounts for p in account.payables)
    share = rng.random() / weeks
    cash = tuple(int(owed * share * rng.choice((0, 0.5, 1, 1.5))) for _ in range(weeks))
    return Problem(cash, accounts, rng.choice((0, 0, 5 * _ROUND)))


def _account(rng: Random, number: int, weeks: int) -> PlanAccount:
    counts = rng.randint(1, 4)
    end = _DAY + 7 * weeks
    edges = (_DAY, *(min(_DAY + 7 * week + counts, end) for week in range(weeks)), end)
    payables: list[Payable] = []
    for i in range(rng.choice((1, 1, 1, 2, 2, 3))):
        payables.append(_payable(rng, number * 10 + i, weeks, payables))
    return PlanAccount(
        id=number,
        payables=tuple(payables),
        edges=edges,
        fees=tuple(_fees(rng, payables, edges)) if rng.random() < 0.8 else (),
        lost_per_day=rng.choice((0, 500, 5_000, 50_000)),
        restoral=rng.choice((0, 3_500, 20_000)),
        in_full=rng.random() < 0.6,
        suspended=rng.random() < 0.15,
    )


def facts_with_parts(rng: Random) -> AccountFacts:
    """One or two bills of a vendor that accepts a part of each, at times with a notice."""
    as_of = date.fromordinal(_DAY)
    part = PartTerms(rng.choice((2_500, 5_000, 8_000)), rng.choice((7, 14, 40)))
    days = rng.choice((SuspensionDays(12, 14, 20), SuspensionDays(28, 30, 35)))
    terms = Policy(
        "Small", date(2020, 1, 1), "s", currency="USD", late_fee=LateFeeTerms(FeeBase.PAST_DUE, flat=1_000), part=part,
        suspension=days, restoral=RestoralTerms(rng.choice((0, 3_500)), past_due_in_full=rng.random() < 0.5),
    )  # fmt: skip
    bills = []
    for n in range(rng.choice((1, 2))):
        due_on = as_of + timedelta(rng.randint(-45, 5))
        amount = rng.randint(2, 50) * _ROUND
        billed = amount + rng.choice((0, 0, amount // 2, amount * 2))
        bills.append(RiskBill(10 + n, f"B{n}", due_on - timedelta(20), due_on, amount, billed=billed))
    notices: tuple[Notice, ...] = ()
    if rng.random() < 0.4:
        asked = rng.choice((None, rng.randint(1, 50) * _ROUND))
        acts_on = as_of + timedelta(rng.randint(1, 14))
        notices = (Notice(1, NoticeKind.SUSPENSION, as_of - timedelta(2), acts_on, asked),)
    line = RiskService("L", "", "S", rng.randint(1, 5), rng.choice((1, 10)))
    return AccountFacts(tuple(bills), "US", policy=terms, notices=notices, services=(line,))


def _payable(rng: Random, bill: int, weeks: int, before: list[Payable]) -> Payable:
    """One that is as old as the horizon is long, or to come; the rest of the one before, held or a must-pay at times."""
    amount = rng.randint(1, 50) * _ROUND
    if before and before[-1].after is None and rng.random() < 0.2:
        first = before[-1]
        stops = None if first.stops_on is None else first.stops_on + rng.randint(0, 20)
        return Payable(
            bill,
            str(bill),
            amount,
            first.issued_on,
            first.due_on,
            stops,
            len(before) - 1,
            first.first_week,
            held=first.held,
        )
    due = _DAY + rng.randint(-60, 7 * weeks)
    stops = None if rng.random() < 0.25 else due + rng.choice((12, 20, 30, 45))
    first_week = rng.randint(0, weeks - 1) if rng.random() < 0.15 else 0
    held = rng.random() < 0.05
    last = rng.randint(first_week, weeks - 1) if not held and rng.random() < 0.1 else None
    return Payable(bill, str(bill), amount, due - 20, due, stops, None, first_week, last, held)


def _fees(rng: Random, payables: list[Payable], edges: tuple[int, ...]) -> list[FeeDay]:
    terms, grace = rng.choice(_TERMS), rng.choice((1, 6))
    parts: list[tuple[int, int]] = []
    found = []
    for day in sorted({p.due_on + grace for p in payables}):
        news = [i for i, p in enumerate(payables) if p.due_on + grace == day]
        parts += [(i, max(_ROUND, payables[i].amount // rng.choice((1, 2)) // _ROUND * _ROUND)) for i in news]
        if edges[0] < day < edges[-1]:
            week = max(w for w in range(-1, len(edges) - 2) if edges[w + 1] <= day)
            found.append(FeeDay(day, week, terms, tuple(news), tuple(parts)))
    return found


def least_cost(problem: Problem) -> int | None:
    """By trying every plan; None where not even the must-pays can be paid."""
    choices = [_schedules(problem, account) for account in problem.accounts]
    costs = [
        sum(cost for cost, _ in chosen)
        for chosen in product(*choices)
        if all(
            sum(paid) <= limit
            for paid, limit in zip(zip(*(paid for _, paid in chosen), strict=True), problem.limits, strict=True)
        )
    ]
    return min(costs, default=None)


def _schedules(problem: Problem, account: PlanAccount) -> list[tuple[int, tuple[int, ...]]]:
    """(cost, paid by the end of each week) of all that may be done with one account, but what is dearer and needs no less."""
    alone = Problem(problem.cash, (account,), sum(p.amount for p in account.payables))
    found: list[tuple[int, tuple[int, ...]]] = []
    for schedule in product(range(problem.never + 1), repeat=len(account.payables)):
        if alone.affords((schedule,)):
            found.append((account_cost(account, schedule).total, _paid(account, schedule, problem.never)))
    kept: list[tuple[int, tuple[int, ...]]] = []
    for cost, paid in sorted(found):
        if not any(all(a <= b for a, b in zip(less, paid, strict=True)) for _, less in kept):
            kept.append((cost, paid))
    return kept


def _paid(account: PlanAccount, schedule: Schedule, weeks: int) -> tuple[int, ...]:
    by_week = [0] * weeks
    for p, week in zip(account.payables, schedule, strict=True):
        if week < weeks:
            by_week[week] += p.amount
    return tuple(accumulate(by_week))
