"""What can be paid on an account, and what it costs not to: from the facts that its risk is judged by."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.cash_plan.horizon import Horizon
from domain.cash_plan.problem import FeeDay, Payable, PlanAccount
from domain.late_fees import FeeItem, last_free_day
from domain.policies import USUAL_POSTING, FeeBase, Policy
from domain.risk import Stage, assess
from domain.risk_facts import AccountFacts, RiskBill, oldest_due_first, with_money_under_way
from domain.suspension import Cause, causes_of

# What a day without service costs for each person at the site and each step of criticality (1 to 5), in minor units.
LOST_RATE = 500
MOST = (
    10  # payables of one account: what can happen to it doubles with each, to 1,024 states a week and about a megabyte
)
_MOST_PARTS = 3  # of one bill


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user decides: bills that must be paid, bills that are held, and what lost service costs."""

    must_pay: Collection[int] = frozenset()
    hold: Collection[int] = frozenset()
    lost_rate: int = LOST_RATE


@dataclass(frozen=True, slots=True)
class _Stop:
    """`amount` of a bill stops the service on `day`, by a notice or by the terms."""

    amount: int
    day: date | None
    noticed: bool


def plan_account(
    account_id: int, facts: AccountFacts, horizon: Horizon, choices: Choices, expected: Iterable[RiskBill] = ()
) -> PlanAccount | None:
    """The account as a plan sees it; None where nothing is left to pay. Money under way pays first, promises do not.

    expected: bills that are still to come, with ids of their own.
    """
    to_come = tuple(expected)
    facts = with_money_under_way(replace(facts, promises=()), horizon.as_of)
    risk = assess(facts, horizon.as_of)  # suspended or not by what is here, not by what is to come
    facts, stops = _folded(facts, to_come, choices, horizon.as_of)
    if not facts.bills:
        return None
    new = {bill.id for bill in to_come}
    edges = horizon.edges(facts.calendar, min(posting_of(facts).values()))
    payables: list[Payable] = []
    for bill in facts.bills:
        payables += _payables(facts, bill, stops[bill.id], len(payables), expected=bill.id in new)
    payables = [_chosen(p, edges, horizon, facts.calendar, choices) for p in payables]
    policy = facts.policy
    return PlanAccount(
        id=account_id,
        payables=tuple(payables),
        edges=edges,
        fees=tuple(_fees(facts, policy, payables, edges)) if policy else (),
        lost_per_day=choices.lost_rate * max(1, risk.effect.criticality) * max(1, risk.effect.headcount),
        restoral=policy.restoral.fee if policy else 0,
        in_full=policy.restoral.past_due_in_full if policy else True,
        suspended=risk.firm.stage is Stage.SUSPENDED,
        calendar=facts.calendar,
        posting=tuple(posting_of(facts).items()),
    )


def _folded(
    facts: AccountFacts, to_come: tuple[RiskBill, ...], choices: Choices, as_of: date
) -> tuple[AccountFacts, dict[int, list[_Stop]]]:
    """The facts with what is owed and to come, and the parts of each bill: MOST together.

    Of more, the oldest bills that no notice names are paid together: those that nobody chose, then those that are held, then must-pays.
    """
    bills = [bill for bill in facts.bills if bill.owed]
    noticed = {notice.bill_id for notice in facts.notices}
    inside = Counter({bill.id: 1 for bill in bills})
    while True:
        now = replace(facts, bills=(*bills, *to_come))
        stops = _stops(now, as_of)
        over = sum(map(len, stops.values())) - MOST
        wishes: list[list[RiskBill]] = [[], [], []]
        for bill in oldest_due_first(bills):
            if bill.id not in noticed:
                wishes[1 if bill.id in choices.hold else 2 if bill.id in choices.must_pay else 0].append(bill)
        alike = next((group for group in wishes if len(group) > 1), None)
        if over <= 0 or alike is None:
            break
        old = alike[: max(1, over // _MOST_PARTS) + 1]
        inside[old[0].id] = sum(inside[bill.id] for bill in old)
        bills = [_together(old), *(bill for bill in bills if bill not in old)]
    named = [replace(b, number=f"{b.number} and {n - 1} more") if (n := inside[b.id]) > 1 else b for b in bills]
    return replace(now, bills=(*named, *to_come)), stops


def _together(bills: list[RiskBill]) -> RiskBill:
    return replace(
        bills[0],
        open_amount=sum(b.open_amount for b in bills),
        disputed=sum(min(b.disputed, b.open_amount) for b in bills),
        recurring=sum(b.recurring for b in bills),
        billed=sum(max(b.billed, b.open_amount) for b in bills),
    )


def posting_of(facts: AccountFacts) -> dict[str, int]:
    """Working days until a payment shows, by method."""
    return facts.policy.posting() if facts.policy else USUAL_POSTING


def _stops(facts: AccountFacts, as_of: date) -> dict[int, list[_Stop]]:
    """By bill, its parts in the order in which they are paid, of rising days.

    A notice that asks for less than is owed lets the rest wait, and so does a part that the terms accept; of the two what
    comes to less is paid first.
    """
    found: dict[int, list[_Stop]] = {}
    for cause in causes_of(facts, as_of):
        by_parts, asked = _asked(cause)
        for bill in cause.bills:
            levels = _levels(cause, bill, asked.get(bill.id, 0), by_parts=by_parts)
            found[bill.id] = list(_apart(levels, noticed=cause.stands))
    return found


def _asked(cause: Cause) -> tuple[bool, dict[int, int]]:
    """(are the parts that the terms accept less than what the notice asks, by bill what it asks of it)."""
    if cause.notice is None or not cause.stands:
        return False, {}
    own_days = {bill_id: window.earliest for bill_id, window in cause.by_policy.items()}
    asked = cause.notice.asks(sum(bill.owed for bill in cause.bills))
    by_parts = bool(cause.missing) and sum(cause.missing.values()) < asked
    found = {bill.id: cause.missing.get(bill.id, 0) if by_parts else 0 for bill in cause.bills}
    asked -= sum(found.values())
    for bill in sorted(cause.bills, key=lambda b: (own_days.get(b.id, date.max), b.due_on, b.id)):
        more = min(asked, bill.owed - found[bill.id])
        found[bill.id] += more
        asked -= more
    return by_parts, found


def _levels(cause: Cause, bill: RiskBill, asked: int, *, by_parts: bool) -> list[tuple[int, date | None]]:
    """(what must be paid of the bill in all, the day on which service may stop as long as it is not)."""
    now, own = cause.windows.get(bill.id), cause.by_policy.get(bill.id)
    if now is None:
        return [(bill.owed, None)]
    missing, later = cause.missing.get(bill.id, 0), cause.put_off.get(bill.id)
    if not cause.stands:
        return [(missing, now.earliest), (bill.owed, later.earliest)] if later else [(bill.owed, now.earliest)]
    met = max(own.earliest, now.earliest) if own else None  # once the notice is
    if later is None:
        return [(asked, now.earliest), (bill.owed, met)]
    end = max(cause.put_off_by_policy[bill.id].earliest, later.earliest)
    if by_parts:
        return [(missing, now.earliest), (asked, later.earliest), (bill.owed, end)]
    return [(asked, now.earliest), (max(asked, missing), met), (bill.owed, end)]


def _apart(levels: list[tuple[int, date | None]], *, noticed: bool) -> Iterator[_Stop]:
    """What each level asks more than the one before it; those of one day are one."""
    before = 0
    for n, (amount, day) in enumerate(levels):
        last_of_day = n + 1 == len(levels) or levels[n + 1][1] != day
        if last_of_day and amount > before:
            yield _Stop(amount - before, day, noticed and day == levels[0][1])
            before = amount


def _payables(facts: AccountFacts, bill: RiskBill, stops: list[_Stop], at: int, *, expected: bool) -> list[Payable]:
    due = facts.due_day(bill).toordinal()
    return [
        Payable(
            bill=bill.id,
            number=bill.number,
            amount=stop.amount,
            issued_on=bill.issued_on.toordinal(),
            due_on=due,
            stops_on=stop.day.toordinal() if stop.day else None,
            after=at + n - 1 if n else None,
            expected=expected,
            noticed=stop.noticed,
            part=n + 1,
            parts=len(stops),
        )
        for n, stop in enumerate(stops)
    ]


def _chosen(payable: Payable, edges: tuple[int, ...], horizon: Horizon, calendar: str, choices: Choices) -> Payable:
    weeks = range(horizon.weeks)
    first = 0
    if payable.expected:
        known = (w for w in weeks if horizon.pay_day(w, calendar).toordinal() >= payable.issued_on)
        first = next(known, horizon.weeks)
    held = payable.bill in choices.hold or first == horizon.weeks
    last = None
    if payable.bill in choices.must_pay and not held:
        last = max((w for w in weeks if edges[w + 1] <= payable.due_on + 1), default=first)
        last = max(first, last)
    return replace(payable, first_week=first, held=held, last_week=last)


def _fees(facts: AccountFacts, policy: Policy, payables: list[Payable], edges: tuple[int, ...]) -> Iterable[FeeDay]:
    """The days of the horizon from which a further bill is no longer free; fees of days before are on bills or to come."""
    if policy.late_fee.base is FeeBase.NONE:
        return
    bills = {bill.id: bill for bill in facts.bills}
    left = {bill.id: bill.owed for bill in facts.bills}
    charged: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for i, payable in enumerate(payables):
        bill = bills[payable.bill]
        item = FeeItem(bill.issued_on, bill.due_on, bill.open_amount, bill.disputed, bill.recurring)
        rest = left[bill.id] - payable.amount
        part = _base(policy, left[bill.id], bill) - _base(policy, rest, bill)
        left[bill.id] = rest
        if part:
            charged[last_free_day(item, policy, facts.country).toordinal() + 1].append((i, part))
    parts: list[tuple[int, int]] = []
    for day, news in sorted(charged.items()):
        parts += news
        if edges[0] < day < edges[-1]:
            week = bisect_right(edges, day, 0, len(edges) - 1) - 2
            yield FeeDay(day, week, policy.late_fee, tuple(i for i, _ in news), tuple(parts))


def _base(policy: Policy, owed: int, bill: RiskBill) -> int:
    return min(owed, bill.recurring) if policy.late_fee.base is FeeBase.RECURRING else owed
