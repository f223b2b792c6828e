"""Made-up tenants whose cash is short: what the cash plan is measured on. Accounts as their risk is judged, without a database."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from domain.cash_plan.horizon import WEEKS, Horizon
from domain.cash_plan.payables import Choices, plan_account
from domain.cash_plan.problem import PlanAccount, Problem
from domain.notices import Notice, NoticeKind
from domain.periods import add_months
from domain.policies import Policy
from domain.risk_facts import AccountFacts, RiskBill, RiskService
from seed.organisation import stream
from seed.terms import terms

_MONTHS_LEFT = (0, 1, 2, 3)
_WEIGHED = (60, 24, 11, 5)  # how many months back the oldest unpaid bill of an account is
_PEOPLE = (0, 4, 12, 25, 60, 140)


def tenant(random_seed: int, as_of: date, *, accounts: int, weeks: int = WEEKS) -> Problem:
    """A tenant with `accounts` accounts in US dollars, and cash for a part of what is open."""
    rng = stream(random_seed, "cash tenants")
    rules = [p for own in terms(as_of).values() for p in own if p.currency == "USD" and p.effective_until is None]
    horizon = Horizon(as_of, weeks)
    oldest = [n * 10 + _MONTHS_LEFT[-1] for n in range(accounts)]  # few accounts have one as old
    newest = [n * 10 for n in range(accounts)]
    choices = Choices(rng.sample(newest, accounts // 50), rng.sample(oldest + newest, accounts // 25))
    made = (plan_account(n + 1, _facts(rng, rules, n, as_of), horizon, choices) for n in range(accounts))
    found = tuple(account for account in made if account is not None)
    owed = sum(p.amount for account in found for p in account.payables)
    share = rng.uniform(0.25, 0.9)
    pattern = [rng.choice((0.4, 1.0, 1.0, 1.6)) for _ in range(weeks)]
    cash = tuple(round(owed * share * part / sum(pattern)) for part in pattern)
    credit = round(owed * 0.05) if rng.random() < 0.3 else 0
    return Problem(_enough(cash, credit, found), found, credit)


def _facts(rng: Random, rules: list[Policy], n: int, as_of: date) -> AccountFacts:
    policy = rng.choice(rules)
    back = rng.choices(_MONTHS_LEFT, _WEIGHED)[0]
    amount = round(rng.lognormvariate(9.6, 1.0) / 5) * 5 + 1_000
    newest = as_of - timedelta(days=rng.randrange(30))
    bills = tuple(_bill(rng, n * 10 + m, amount, add_months(newest, -m)) for m in range(back, -1, -1))
    services = tuple(
        RiskService(f"L{n}-{k}", "", f"S{n % 97}", rng.randint(1, 5), rng.choice(_PEOPLE))
        for k in range(rng.choice((1, 1, 2)))
    )
    notices = ()
    late = [bill for bill in bills if (as_of - bill.due_on).days > policy.notice_days > 0]
    if late and rng.random() < 0.5 and policy.suspension:
        asked = rng.choice((None, max(1, sum(bill.owed for bill in late) // 2)))
        acts_on = as_of + timedelta(days=rng.randint(1, 20))
        notices = (Notice(n + 1, NoticeKind.SUSPENSION, as_of - timedelta(days=3), acts_on, asked),)
    return AccountFacts(bills, "US", date(2020, 1, 1), policy, notices, services=services)


def _bill(rng: Random, number: int, amount: int, issued_on: date) -> RiskBill:
    billed = round(amount * rng.uniform(0.9, 1.1))
    disputed = round(billed * rng.choice((0.3, 1.0))) if rng.random() < 0.03 else 0
    due_on = issued_on + timedelta(days=21)
    return RiskBill(number, f"B-{number}", issued_on, due_on, billed, 0, disputed, round(billed * 0.8))


def _enough(cash: tuple[int, ...], credit: int, accounts: tuple[PlanAccount, ...]) -> tuple[int, ...]:
    """`cash`, and in the first week what the must-pays need more."""
    problem = Problem(cash, accounts, credit)
    needed = accumulate(problem.spent(problem.nothing))
    short = max(0, *(paid - limit for paid, limit in zip(needed, problem.limits, strict=True)))
    return (cash[0] + short, *cash[1:])


def tenants(random_seed: int, as_of: date, count: int) -> Iterator[Problem]:
    """`count` tenants of 5 to 80 accounts."""
    rng = stream(random_seed, "sizes of cash tenants")
    for n in range(count):
        yield tenant(random_seed * 1_000 + n, as_of, accounts=rng.randint(5, 80))
