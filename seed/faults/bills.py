"""R14 to R19: bills that are missing, doubled, out of shape, or do not add up."""

from datetime import timedelta
from random import Random

from domain.periods import add_months
from seed.faults.account_life import TERMS, Life
from seed.faults.stage import Stage
from seed.records import Charge


def bill_missing(stage: Stage, rng: Random) -> Life:
    """A monthly account that has not billed for six weeks or more."""
    life = Life(stage, rng, newest=rng.randrange(42, 58), unpaid=())
    life.must("R14")
    return life


def bill_a_few_days_late(stage: Stage, rng: Random) -> Life:
    """Its next bill was to be expected a few days ago."""
    return Life(stage, rng, newest=rng.randrange(31, 37), unpaid=())


def billed_by_the_quarter(stage: Stage, rng: Random) -> Life:
    """Two months without a bill are its rhythm."""
    return Life(stage, rng, newest=rng.randrange(42, 80), months=3, unpaid=())


def last_bill_of_a_closed_account(stage: Stage, rng: Random) -> Life:
    """Nothing more is to come."""
    life = Life(stage, rng, newest=rng.randrange(50, 90), unpaid=())
    life.account.closed_on = add_months(life.bills[-1].issued_on, 1)
    return life


def billed_without_rhythm(stage: Stage, rng: Random) -> Life:
    """Call-outs: a bill now and then."""
    life = Life(stage, rng, count=0)
    for ago in (400, 390, 270, 255, 130, 120, 60):
        bill = life.bill(stage.day(ago), rng.randrange(9_000, 9_500), None)
        life.pay(bill, bill.issued_on + timedelta(days=10))
    return life


def billed_twice(stage: Stage, rng: Random) -> Life:
    """The same period for the same amount, under another number."""
    life = Life(stage, rng)
    first = life.bills[-1]
    again = first.issued_on + timedelta(days=rng.randrange(1, 4))
    life.must(
        "R15",
        life.bill(again, first.amount, (first.period_start, first.period_end), due_on=again + timedelta(days=TERMS)),
    )
    return life


def same_amount_every_month(stage: Stage, rng: Random) -> Life:
    """One amount, seven periods."""
    return Life(stage, rng, amounts=[rng.randrange(20_000, 90_000)] * 7)


def twin_withdrawn(stage: Stage, rng: Random) -> Life:
    """Billed twice, and one of them taken back by a credit note."""
    life = Life(stage, rng)
    first = life.bills[-1]
    twin = life.bill(first.issued_on, first.amount, (first.period_start, first.period_end))
    note = life.credit(rng.randrange(1, 4), twin.amount, reverses=twin)
    life.apply(note, twin, twin.amount, note.issued_on)
    return life


def far_from_usual(stage: Stage, rng: Random) -> Life:
    """Half as much again or more, or a third of it, on an account that hardly varies."""
    usual = rng.randrange(20_000, 90_000)
    amounts = [usual + rng.randrange(-usual // 50, usual // 50) for _ in range(6)]
    life = Life(stage, rng, amounts=[*amounts, usual * rng.choice((30, 160, 210, 300)) // 100])
    life.must("R16", life.bills[-1])
    return life


def high_within_its_spread(stage: Stage, rng: Random) -> Life:
    """Half as much again, on an account that swings with the season."""
    usual = rng.randrange(20_000, 90_000)
    return Life(stage, rng, amounts=[usual * percent // 100 for percent in (70, 125, 90, 140, 75, 120, 155)])


def half_a_month(stage: Stage, rng: Random) -> Life:
    """Half the days for half the price."""
    usual = rng.randrange(20_000, 90_000)
    life = Life(stage, rng, amounts=[usual] * 6 + [usual // 2])
    last = life.bills[-1]
    last.period_end = last.issued_on + timedelta(days=15)
    return life


def billed_after_closure(stage: Stage, rng: Random) -> Life:
    """The account was closed two months ago, and bills on."""
    life = Life(stage, rng, newest=rng.randrange(65, 90), unpaid=())
    closed_on = add_months(life.bills[-1].issued_on, 1)
    life.account.closed_on = closed_on
    issued_on = stage.day(rng.randrange(5, 13))
    life.must("R17", life.bill(issued_on, life.bills[-1].amount, (closed_on, add_months(closed_on, 1))))
    return life


def final_bill(stage: Stage, rng: Random) -> Life:
    """Issued after the closure, for days before it."""
    life = Life(stage, rng, newest=rng.randrange(65, 90), unpaid=())
    last_end = add_months(life.bills[-1].issued_on, 1)
    life.account.closed_on = last_end + timedelta(days=rng.randrange(12, 28))
    life.bill(stage.day(rng.randrange(5, 13)), life.bills[-1].amount, (last_end, life.account.closed_on))
    return life


def days_between_periods(stage: Stage, rng: Random) -> Life:
    """Days that no bill is for, or two are."""
    life = Life(stage, rng)
    last = life.bills[-1]
    last.period_start = last.issued_on + timedelta(days=rng.choice((-9, -6, 5, 8, 11)))
    life.must("R18", last)
    return life


def last_day_printed(stage: Stage, rng: Random) -> Life:
    """The vendor prints the last day of a period where others print the day after: a day is missing between any two."""
    life = Life(stage, rng)
    for bill in life.bills:
        bill.period_end = add_months(bill.issued_on, 1) - timedelta(days=1)
    return life


def month_ends(stage: Stage, rng: Random) -> Life:
    """Periods that end on the 28th to the 31st, as the vendor's program has it."""
    life = Life(stage, rng)
    first = stage.day(12).replace(day=1)
    for back, bill in enumerate(reversed(life.bills)):
        start, end = add_months(first, -back), add_months(first, 1 - back)
        bill.period_start = start - timedelta(days=rng.randrange(0, 2))
        bill.period_end = end - timedelta(days=rng.randrange(0, 3))
    return life


def two_series_on_one_account(stage: Stage, rng: Random) -> Life:
    """Internet from the 1st and voice from the middle of the month: their periods overlap as a rule."""
    life = Life(stage, rng, amounts=[40_000] * 7)
    for bill in list(life.bills[:-1]):
        issued_on = bill.issued_on + timedelta(days=15)
        if issued_on <= stage.today:
            period = (issued_on, add_months(bill.issued_on, 1) + timedelta(days=15))
            other = life.bill(issued_on, 40_500 + rng.randrange(300), period)
            life.pay(other, min(stage.today, other.falls_due_on - timedelta(days=3)))
    return life


def does_not_add_up(stage: Stage, rng: Random) -> Life:
    """A line is missing on the bill, or one too many."""
    life = Life(stage, rng)
    last = life.bills[-1]
    last.stated = last.amount + rng.choice((-1, 1)) * rng.randrange(50, 2_000)
    life.must("R19", last)
    return life


def adds_up_with_a_credit(stage: Stage, rng: Random) -> Life:
    """Tax and a credit line; together they are the bill."""
    life = Life(stage, rng)
    life.bills[-1].charges += [
        Charge("tax", "Tax", 1_200),
        Charge("credit", "Outage credit", -rng.randrange(400, 1_600)),
    ]
    return life


def without_lines(stage: Stage, rng: Random) -> Life:
    """Only the amount is known."""
    life = Life(stage, rng)
    last = life.bills[-1]
    last.stated, last.charges = last.amount, []
    return life


STORIES = (
    ("R14", bill_missing),
    ("R14", bill_a_few_days_late),
    ("R14", billed_by_the_quarter),
    ("R14", last_bill_of_a_closed_account),
    ("R14", billed_without_rhythm),
    ("R15", billed_twice),
    ("R15", same_amount_every_month),
    ("R15", twin_withdrawn),
    ("R16", far_from_usual),
    ("R16", high_within_its_spread),
    ("R16", half_a_month),
    ("R17", billed_after_closure),
    ("R17", final_bill),
    ("R18", days_between_periods),
    ("R18", last_day_printed),
    ("R18", month_ends),
    ("R18", two_series_on_one_account),
    ("R19", does_not_add_up),
    ("R19", adds_up_with_a_credit),
    ("R19", without_lines),
)
