"""The days on which a plan has a service off, beside the rules of risk asked anew each morning: terms with parts, and notices."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cash_plan.cost import outage
from domain.cash_plan.horizon import Horizon
from domain.cash_plan.payables import Choices, plan_account
from domain.risk import assess
from seed.organisation import stream
from seed.small_plans import facts_with_parts

AS_OF = date.fromordinal(740_000)
WEEKS = 6


def days_off(facts, made, schedule):
    """On how many days of the plan service may have stopped, by risk, with the money that shows by then."""
    found = 0
    for morning in range(made.edges[0], made.edges[-1]):
        here = [week < made.weeks and made.edges[week + 1] <= morning for week in schedule]
        paid = {b.id: sum(p.amount for p, shows in zip(made.payables, here, strict=True) if shows and p.bill == b.id)
                for b in facts.bills}  # fmt: skip
        bills = tuple(replace(b, open_amount=b.open_amount - paid[b.id]) for b in facts.bills)
        notices = tuple(
            replace(n, paid_since=sum(paid[b.id] for b in bills if n.covers(b.id, b.due_on))) for n in facts.notices
        )
        window = assess(replace(facts, bills=bills, notices=notices), AS_OF).firm.window
        found += window is not None and window.earliest.toordinal() <= morning
    return found


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_a_plan_has_it_off_when_the_rules_of_risk_let_it_stop(seed):
    """Any schedule. Of several bills under one notice a plan says which to pay for it; paying others is never less."""
    rng = stream(seed, "any schedule")
    facts = facts_with_parts(rng)
    made = replace(plan_account(1, facts, Horizon(AS_OF, WEEKS), Choices()), in_full=False)
    schedule = []
    for p in made.payables:
        schedule.append(rng.randint(0 if p.after is None else schedule[p.after], WEEKS))
    _, off = outage(made, tuple(schedule))
    by_risk = days_off(facts, made, schedule)
    assert by_risk <= off
    if not facts.notices or len(facts.bills) == 1:
        assert by_risk == off
