"""R01 to R06: bills that are not paid, or only seem so."""

from datetime import timedelta
from random import Random

from domain.notices import NoticeKind
from domain.periods import add_months
from seed.faults.account_life import Life
from seed.faults.stage import Stage

_UNPAID = (-2, -1)  # the newest bill and the one before it, which is past due


def left_unpaid_until_suspension(stage: Stage, rng: Random) -> Life:
    """Due 17 days ago or more, of a vendor that suspends after 30."""
    life = Life(stage, rng, vendor=stage.strict, newest=rng.randrange(9, 13), unpaid=_UNPAID)
    life.must("R01")
    life.must("R03")
    return life


def late_but_far_from_suspension(stage: Stage, rng: Random) -> Life:
    """A few days late: the vendor waits for weeks."""
    life = Life(stage, rng, vendor=stage.strict, newest=rng.randrange(4, 9), terms=30, unpaid=_UNPAID)
    life.must("R03")
    return life


def disputed_in_full(stage: Stage, rng: Random) -> Life:
    """Late and unpaid, but all of it is withheld."""
    life = Life(stage, rng, vendor=stage.strict, newest=rng.randrange(9, 13), unpaid=_UNPAID)
    life.dispute(life.bills[-2], life.bills[-2].amount, rng.randrange(5, 20))
    return life


def suspension_announced(stage: Stage, rng: Random) -> Life:
    """The notice names a day, and nothing was paid since."""
    life = Life(stage, rng, unpaid=_UNPAID)
    bill = life.bills[-2]
    kind = rng.choice((NoticeKind.SUSPENSION, NoticeKind.DISCONNECTION))
    life.must("R02", life.notice(kind, rng.randrange(2, 6), rng.randrange(5, 11), bill.amount, bill))
    life.must("R01")
    life.must("R03")
    return life


def notice_met(stage: Stage, rng: Random) -> Life:
    """The notice was paid, and the vendor shows it."""
    life = Life(stage, rng, unpaid=_UNPAID)
    bill = life.bills[-2]
    life.notice(NoticeKind.SUSPENSION, 6, rng.randrange(5, 11), bill.amount, bill)
    life.pay(bill, stage.day(rng.randrange(2, 6)))
    return life


def reminded_only(stage: Stage, rng: Random) -> Life:
    """A late notice announces nothing."""
    life = Life(stage, rng, unpaid=_UNPAID)
    life.notice(NoticeKind.LATE, rng.randrange(2, 6), None, life.bills[-2].amount, life.bills[-2])
    life.must("R03")
    return life


def past_due(stage: Stage, rng: Random) -> Life:
    """Nobody has paid; now and then two bills."""
    life = Life(stage, rng, unpaid=rng.choice((_UNPAID, (-3, *_UNPAID))))
    life.must("R03")
    return life


def late_money_under_way(stage: Stage, rng: Random) -> Life:
    """Past due, but the payment is on its way."""
    life = Life(stage, rng, unpaid=_UNPAID)
    life.pay(life.bills[-2], stage.day(1), posted=False)
    return life


def due_in_days(stage: Stage, rng: Random) -> Life:
    """Due today to in five days."""
    life = Life(stage, rng, newest=rng.randrange(16, 22))
    life.must("R04")
    return life


def due_next_week(stage: Stage, rng: Random) -> Life:
    """Due in six to eight days."""
    return Life(stage, rng, newest=rng.randrange(13, 16))


def due_and_sent(stage: Stage, rng: Random) -> Life:
    """Due in a few days, and paid already, though not yet posted."""
    life = Life(stage, rng, newest=rng.randrange(16, 21))
    life.pay(life.bills[-1], stage.day(rng.randrange(0, 2)), posted=False)
    return life


def due_and_promised(stage: Stage, rng: Random) -> Life:
    """Due in a few days, and promised on the telephone."""
    life = Life(stage, rng, newest=rng.randrange(16, 21))
    life.call(2, "extension", promised_on=stage.day(-rng.randrange(2, 6)))
    return life


def due_on_autopay(stage: Stage, rng: Random) -> Life:
    """Due in a few days; autopay draws it."""
    life = Life(stage, rng, newest=rng.randrange(16, 21), method="autopay")
    life.account.autopay_method = "bank account"
    return life


def autopay_failed(stage: Stage, rng: Random) -> Life:
    """Autopay drew every bill but this one."""
    life = Life(stage, rng, unpaid=_UNPAID, method="autopay")
    life.account.autopay_method = rng.choice(("card", "bank account"))
    life.must("R05", life.bills[-2])
    life.must("R03")
    return life


def autopay_drew(stage: Stage, rng: Random) -> Life:
    """Autopay drew every bill."""
    life = Life(stage, rng, method="autopay")
    life.account.autopay_method = "bank account"
    return life


def autopay_a_day_late(stage: Stage, rng: Random) -> Life:
    """Due yesterday or the day before: past due, but autopay may still draw."""
    life = Life(stage, rng, unpaid=_UNPAID, method="autopay")
    life.account.autopay_method = "bank account"
    life.bills[-2].due_on = stage.day(rng.randrange(1, 3))
    life.must("R03")
    return life


def card_expires(stage: Stage, rng: Random) -> Life:
    """The card behind autopay ends in a few weeks, or has ended."""
    life = Life(stage, rng, method="autopay")
    life.account.autopay_method = "card"
    life.account.autopay_expires_on = stage.day(-rng.randrange(-3, 45))
    life.must("R06")
    return life


def card_expires_next_year(stage: Stage, rng: Random) -> Life:
    """The card is good for months."""
    life = Life(stage, rng, method="autopay")
    life.account.autopay_method = "card"
    life.account.autopay_expires_on = stage.day(-rng.randrange(47, 400))
    return life


def card_of_a_closed_account(stage: Stage, rng: Random) -> Life:
    """The card has ended, and so has the account."""
    life = Life(stage, rng, method="autopay", newest=rng.randrange(100, 140), unpaid=())
    life.account.autopay_method = "card"
    life.account.autopay_expires_on = stage.day(20)
    life.account.closed_on = add_months(life.bills[-1].issued_on, 1) - timedelta(days=1)
    return life


STORIES = (
    ("R01", left_unpaid_until_suspension),
    ("R01", late_but_far_from_suspension),
    ("R01", disputed_in_full),
    ("R02", suspension_announced),
    ("R02", notice_met),
    ("R02", reminded_only),
    ("R03", past_due),
    ("R03", late_money_under_way),
    ("R04", due_in_days),
    ("R04", due_next_week),
    ("R04", due_and_sent),
    ("R04", due_and_promised),
    ("R04", due_on_autopay),
    ("R05", autopay_failed),
    ("R05", autopay_drew),
    ("R05", autopay_a_day_late),
    ("R06", card_expires),
    ("R06", card_expires_next_year),
    ("R06", card_of_a_closed_account),
)
