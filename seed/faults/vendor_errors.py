"""R23 and R24: vendors that lose a payment, or fine one that was in time."""

from datetime import timedelta
from random import Random

from domain.notices import NoticeKind
from seed.faults.account_life import Life
from seed.faults.stage import Stage
from seed.records import Charge

_UNPAID = (-2, -1)


def _asked_again(stage: Stage, rng: Random, paid_ago: int) -> Life:
    """The vendor asks for the bill before the newest."""
    life = Life(stage, rng, newest=rng.randrange(5, 9), unpaid=_UNPAID)
    bill = life.bills[-2]
    life.pay(bill, stage.day(paid_ago))
    return life


def _credited_elsewhere(stage: Stage, rng: Random, amount: int) -> None:
    """Another account of the vendor has the money."""
    other = Life(stage, rng)
    other.credit(rng.randrange(8, 13), amount)
    stage.expect("R23", "the_account_that_has_the_money", other.account)


def paid_on_another_account(stage: Stage, rng: Random) -> Life:
    """Paid in time; the vendor asks for it, and shows the amount elsewhere."""
    life = _asked_again(stage, rng, rng.randrange(18, 25))
    bill = life.bills[-2]
    notice = life.notice(NoticeKind.LATE, rng.randrange(2, 7), None, bill.amount, rng.choice((bill, None)))
    _credited_elsewhere(stage, rng, bill.amount)
    life.must("R23", notice)
    return life


def asked_before_it_was_paid(stage: Stage, rng: Random) -> Life:
    """The notice was right; the money came after it. An equal credit elsewhere is a coincidence."""
    life = _asked_again(stage, rng, rng.randrange(1, 3))
    life.notice(NoticeKind.LATE, 5, None, life.bills[-2].amount, life.bills[-2])
    _credited_elsewhere(stage, rng, life.bills[-2].amount)
    return life


def asked_in_error(stage: Stage, rng: Random) -> Life:
    """Paid in time and asked for, but no other account has the money."""
    life = _asked_again(stage, rng, rng.randrange(18, 25))
    life.notice(NoticeKind.LATE, 5, None, life.bills[-2].amount, life.bills[-2])
    return life


def _fee() -> Charge:
    return Charge("late_fee", "Late payment charge", 500)


def fined_though_in_time(stage: Stage, rng: Random) -> Life:
    """Every bill was paid in time, and the newest has a late fee."""
    life = Life(stage, rng)
    life.bills[-1].charges.append(_fee())
    life.must("R24", life.bills[-1])
    return life


def fined_rightly(stage: Stage, rng: Random) -> Life:
    """The bill before was paid after its due day."""
    life = Life(stage, rng, unpaid=(-3, -1))
    late = life.bills[-3]
    life.pay(late, late.falls_due_on + timedelta(days=rng.randrange(2, 8)))
    life.bills[-1].charges.append(_fee())
    return life


def fee_given_back(stage: Stage, rng: Random) -> Life:
    """Fined in error, and credited on the next bill."""
    life = Life(stage, rng, unpaid=_UNPAID)
    fined = life.bills[-2]
    fined.charges.append(_fee())
    life.pay(fined, fined.falls_due_on - timedelta(days=2))
    life.bills[-1].charges.append(Charge("credit", "Late payment charge taken back", -500))
    return life


STORIES = (
    ("R23", paid_on_another_account),
    ("R23", asked_before_it_was_paid),
    ("R23", asked_in_error),
    ("R24", fined_though_in_time),
    ("R24", fined_rightly),
    ("R24", fee_given_back),
)
