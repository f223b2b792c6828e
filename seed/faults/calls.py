"""R11 and R12: promises and follow-ups."""

from random import Random

from seed.faults.account_life import Life
from seed.faults.stage import Stage

_UNPAID = (-2, -1)


def promise_broken(stage: Stage, rng: Random) -> Life:
    """Promised for a day that is past; nothing was paid."""
    life = Life(stage, rng, unpaid=_UNPAID)
    promised_on = stage.day(rng.randrange(1, 7))
    life.must("R11", life.call(rng.randrange(8, 13), "extension", promised_on=promised_on, outcome="promised"))
    life.must("R03")
    return life


def promise_kept(stage: Stage, rng: Random) -> Life:
    """Paid between the call and the promised day."""
    life = Life(stage, rng, unpaid=_UNPAID)
    life.call(12, "extension", promised_on=stage.day(5), outcome="promised")
    life.pay(life.bills[-2], stage.day(rng.randrange(6, 11)))
    return life


def promise_kept_late(stage: Stage, rng: Random) -> Life:
    """Paid after the promised day, but paid."""
    life = Life(stage, rng, unpaid=_UNPAID)
    life.call(12, "extension", promised_on=stage.day(8), outcome="promised")
    life.pay(life.bills[-2], stage.day(rng.randrange(2, 7)))
    return life


def promise_ahead(stage: Stage, rng: Random) -> Life:
    """Past due, but the promised day has not come; or a later call moved it."""
    life = Life(stage, rng, unpaid=_UNPAID)
    if rng.random() < 0.5:
        life.call(12, "extension", promised_on=stage.day(4), outcome="promised")
    life.call(3, "extension", promised_on=stage.day(-rng.randrange(1, 8)), outcome="promised")
    life.must("R03")
    return life


def follow_up_forgotten(stage: Stage, rng: Random) -> Life:
    """Somebody was to ring again."""
    life = Life(stage, rng)
    life.must("R12", life.call(rng.randrange(15, 60), follow_up_on=stage.day(rng.randrange(1, 13))))
    return life


def follow_up_made(stage: Stage, rng: Random) -> Life:
    """Somebody rang again, in time or not."""
    life = Life(stage, rng)
    life.call(rng.randrange(15, 60), follow_up_on=stage.day(8))
    life.call(rng.randrange(2, 14))
    return life


def follow_up_ahead(stage: Stage, rng: Random) -> Life:
    """To be made in a few days."""
    life = Life(stage, rng)
    life.call(rng.randrange(2, 14), follow_up_on=stage.day(-rng.randrange(0, 9)))
    return life


def follow_up_of_a_promise_that_was_kept(stage: Stage, rng: Random) -> Life:
    """The payment has settled it."""
    life = Life(stage, rng, unpaid=_UNPAID)
    life.call(12, "extension", promised_on=stage.day(6), follow_up_on=stage.day(5), outcome="promised")
    life.pay(life.bills[-2], stage.day(rng.randrange(7, 11)))
    return life


STORIES = (
    ("R11", promise_broken),
    ("R11", promise_kept),
    ("R11", promise_kept_late),
    ("R11", promise_ahead),
    ("R12", follow_up_forgotten),
    ("R12", follow_up_made),
    ("R12", follow_up_ahead),
    ("R12", follow_up_of_a_promise_that_was_kept),
)
