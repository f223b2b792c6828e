"""When a bill gets paid, and how: by the account's habit, the site's strain, and the weekly payment run."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from domain.periods import add_months
from domain.working_days import add_working_days, working_day_from, working_day_until
from seed.records import Account, Bill, Way

# By strain 0..3: chance in a thousand to be late; days past due (least, most, most likely); chance of paying in parts
_LATE = (58, 160, 290, 480)
_LAG = ((1, 18, 4), (2, 48, 12), (4, 74, 24), (6, 100, 36))
_IN_PARTS = (4, 20, 110, 190)
_CARE = {"power": 65, "water": 90, "circuit": 115}  # per cent of that chance: nobody lets the lights go out
_THURSDAY = 3
_RUN = frozenset({"ach", "transfer", "cheque"})  # paid by head office, on Thursdays


@dataclass(frozen=True, slots=True)
class Instalment:
    """A planned payment of a bill; share in per cent, 100 is whatever is then open."""

    day: date
    way: Way
    share: int = 100


def strain_on(account: Account, day: date, today: date) -> int:
    """Strained sites were better a year and more ago."""
    strain = account.site.strain
    if strain >= 2 and day < add_months(today, -15):
        return strain - 1
    return strain


def payment_run(latest: date, country: str) -> date:
    """The last weekly run on or before a day: Thursday, or the working day before it."""
    thursday = latest - timedelta(days=(latest.weekday() - _THURSDAY) % 7)
    return working_day_until(thursday, country)


def _in_time(account: Account, bill: Bill, method: str, rng: Random) -> date:
    due, country = bill.falls_due_on, account.site.country
    if method in _RUN:
        day = payment_run(due - timedelta(days=6 if method == "cheque" else rng.randrange(1, 4)), country)
    else:
        day = working_day_until(due - timedelta(days=rng.randrange(1, 9)), country)
    earliest = add_working_days(bill.issued_on + timedelta(days=1), 1, country)
    return min(max(day, earliest), max(earliest, working_day_until(due, country)))


def _late(account: Account, bill: Bill, strain: int, method: str, rng: Random) -> date:
    low, high, mode = _LAG[strain]
    day = bill.falls_due_on + timedelta(days=round(rng.triangular(low, high, mode)))
    if method in _RUN:
        day = payment_run(day + timedelta(days=6), account.site.country)
    return working_day_from(max(day, bill.falls_due_on + timedelta(days=1)), account.site.country)


def _how_when_late(account: Account, lag: int, rng: Random) -> Way:
    """Late money goes by telephone more often than not: it is the quickest to reach the vendor."""
    country = account.site.country
    if lag > 8 and country != "DE" and rng.random() < 0.55:
        return Way("card" if country != "US" or rng.random() < 0.6 else "e-check", "phone")
    return account.way


def plan(account: Account, bill: Bill, today: date, rng: Random) -> list[Instalment]:
    """How this bill will be paid: in one go, or the larger part first and the rest some weeks later."""
    if account.way.method == "autopay":
        return [Instalment(bill.falls_due_on, account.way)]
    strain = strain_on(account, bill.issued_on, today)
    chance = _LATE[strain] * _CARE.get(account.service_type, 100) // 100
    if rng.randrange(1000) >= chance:
        return [Instalment(_in_time(account, bill, account.way.method, rng), account.way)]
    day = _late(account, bill, strain, account.way.method, rng)
    lag = (day - bill.falls_due_on).days
    way = _how_when_late(account, lag, rng)
    if lag > 10 and bill.amount > 20_000 and rng.randrange(1000) < _IN_PARTS[strain]:
        rest = working_day_from(day + timedelta(days=rng.randrange(14, 36)), account.site.country)
        return [
            Instalment(day, way, rng.randrange(40, 75)),
            Instalment(rest, account.way),
        ]
    return [Instalment(day, way)]


def posting_day(paid_on: date, method: str, country: str, rng: Random) -> date:
    """When the vendor shows a payment: at once to six days later, cheques after the mail."""
    days = {"card": (1, 2), "e-check": (2, 3), "ach": (1, 2), "autopay": (0, 1), "cheque": (3, 6), "transfer": (1, 1)}
    low, high = days[method]
    if method == "cheque":
        return working_day_from(paid_on + timedelta(days=rng.randrange(low, high + 1)), country)
    return add_working_days(paid_on, rng.randrange(low, high + 1), country)
