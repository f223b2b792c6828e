"""How good the cash plan is: against every plan there is on small cases, against simple rules on made-up tenants, and at size."""

import argparse
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from domain.cash_plan.horizon import WEEKS
from domain.cash_plan.planner import Planned, plan_at_once, proven
from domain.cash_plan.problem import Problem
from domain.cash_plan.simple_rules import MustPayError
from seed.cash_tenants import tenant, tenants
from seed.small_plans import least_cost, small_problem
from terminal.session import ADMINS, DONE, FOUND, Session

AS_OF = date(2026, 11, 20)
SIZE, SECONDS, WITHIN = 5_000, 10.0, 0.01
_SURE = 60.0  # seconds for a small case, which needs none


@dataclass(frozen=True, slots=True)
class SmallScore:
    """Of `cases`: how many the must-pays make impossible, and the seeds where the proven plan is not the best one."""

    cases: int
    impossible: int
    wrong: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TenantScore:
    """savings: by tenant, the part of the best simple rule's cost that the plan spares. dearer: seeds where it costs more."""

    savings: tuple[float, ...]
    gaps: tuple[float, ...]
    dearer: tuple[int, ...]
    over: tuple[int, ...]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register `plan-scores`."""
    parser = commands.add_parser(
        "plan-scores",
        parents=[shared],
        help="measure the cash plan on made-up cases; exit 1 unless it is as good as asked",
    )
    parser.add_argument("--cases", type=_several, default=500, metavar="N", help="small cases (default 500)")
    parser.add_argument("--tenants", type=_several, default=200, metavar="N", help="tenants (default 200)")
    parser.add_argument("--size", type=_several, default=SIZE, metavar="N", help=f"accounts of the large one ({SIZE})")
    parser.add_argument("--random-seed", type=int, default=1, metavar="N", help="another number, other cases")
    parser.set_defaults(run=run_scores, needs_schema=False, roles=ADMINS)


def _several(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number; write 0 or more")
    return int(text)


def small_score(random_seeds: Iterable[int]) -> SmallScore:
    """The proven plan against every plan."""
    cases, impossible, wrong = 0, 0, []
    for random_seed in random_seeds:
        problem = small_problem(random_seed)
        best = least_cost(problem)
        cases += 1
        try:
            found = proven(problem, plan_at_once(problem), lambda _: _SURE, gap=0.0)
        except MustPayError:
            impossible += best is None
            wrong += [] if best is None else [random_seed]
            continue
        if not found.cost.total == found.bound == best or not problem.affords(found.plan):
            wrong.append(random_seed)
    return SmallScore(cases, impossible, tuple(wrong))


def tenant_score(problems: Iterable[Problem], *, seconds: float = SECONDS) -> TenantScore:
    """The plan against the best of the simple rules."""
    savings, gaps, dearer, over = [], [], [], []
    for n, problem in enumerate(problems):
        found = _proven(problem, plan_at_once(problem), seconds)
        simple = found.best_simple.total
        savings.append(found.saving / simple if simple else 0.0)
        gaps.append(found.gap or 0.0)
        dearer += [n] if found.saving < 0 else []
        over += [] if problem.affords(found.plan) else [n]
    return TenantScore(tuple(savings), tuple(gaps), tuple(dearer), tuple(over))


def _proven(problem: Problem, first: Planned, seconds: float) -> Planned:
    """In seconds of the processor: what else the machine does changes no score."""
    until = time.process_time() + seconds
    return proven(problem, first, lambda _: until - time.process_time())


def run_scores(session: Session, args: argparse.Namespace) -> int:
    """Print all three; 1 where one is not as good as asked."""
    seed = args.random_seed
    small = small_score(range(seed * 10_000, seed * 10_000 + args.cases))
    many = tenant_score(tenants(seed, AS_OF, args.tenants))
    size = _size(seed, args.size) if args.size else {}
    result = {
        "small": {"cases": small.cases, "impossible": small.impossible, "wrong": list(small.wrong)},
        "tenants": {
            "count": len(many.savings),
            "dearer": list(many.dearer),
            "over_the_cash": list(many.over),
            "median_saving": median(many.savings) if many.savings else None,
            "least_saving": min(many.savings, default=None),
            "median_gap": median(many.gaps) if many.gaps else None,
            "largest_gap": max(many.gaps, default=None),
        },
        "size": size,
    }
    session.show(result, _text(small, many, size))
    late = bool(size) and (size["gap"] > WITHIN or size["proven_cpu_seconds"] > SECONDS)
    return FOUND if small.wrong or many.dearer or many.over or late else DONE


def _size(random_seed: int, accounts: int) -> dict[str, Any]:
    """A tenant of `accounts` accounts over 13 weeks. Processor time is told beside the clock's, which others share."""
    problem = tenant(random_seed, AS_OF, accounts=accounts)
    clock, busy = time.monotonic(), time.process_time()
    first = plan_at_once(problem)
    first_clock, first_busy = time.monotonic() - clock, time.process_time() - busy
    clock, busy = time.monotonic(), time.process_time()
    found = proven(problem, first, lambda _: SECONDS - (time.process_time() - busy), gap=WITHIN / 2)
    return {
        "accounts": len(problem.accounts),
        "weeks": WEEKS,
        "payables": sum(len(account.payables) for account in problem.accounts),
        "first_seconds": first_clock,
        "first_cpu_seconds": first_busy,
        "proven_seconds": time.monotonic() - clock,
        "proven_cpu_seconds": time.process_time() - busy,
        "first_cost": first.cost.total,
        "cost": found.cost.total,
        "gap": found.gap,
        "saving": found.saving / found.best_simple.total,
    }


def _text(small: SmallScore, many: TenantScore, size: dict[str, Any]) -> str:
    lines = [
        f"small cases: {small.cases}, as good as the best of every plan in all but {len(small.wrong)}; "
        f"impossible, and said so: {small.impossible}"
    ]
    if many.savings:
        lines.append(
            f"tenants: {len(many.savings)}, dearer than the best simple rule: {len(many.dearer)}, over the cash: "
            f"{len(many.over)}, median saving {median(many.savings):.1%}, least {min(many.savings):.1%}; "
            f"gap: median {median(many.gaps):.3%}, largest {max(many.gaps):.2%}"
        )
    if size:
        lines.append(
            f"{size['accounts']:,} accounts, {size['payables']:,} bills, {size['weeks']} weeks: first plan in "
            f"{size['first_seconds']:.2f} s ({size['first_cpu_seconds']:.2f} s of processor), proven within "
            f"{size['gap']:.2%} in {size['proven_seconds']:.1f} s ({size['proven_cpu_seconds']:.1f} s); "
            f"saving {size['saving']:.1%}"
        )
    return "\n".join(lines)
