"""When bills come: telecom in advance on a fixed day, meters in arrears after a reading whose day varies a little."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from domain.periods import add_months
from domain.working_days import add_working_days, working_day_from
from seed.records import Account

METERED = frozenset({"power", "water"})


@dataclass(frozen=True, slots=True)
class Cycle:
    """One bill to come: its period is half-open."""

    issued_on: date
    due_on: date
    period_start: date
    period_end: date


def _advance(account: Account, since: date, until: date) -> Iterator[Cycle]:
    """Every `months` months on the bill day; a year in advance starts in the month in which the account was opened."""
    step = account.vendor.months
    start = (account.opened_on if step == 12 else max(since, account.opened_on)).replace(day=account.bill_day)
    while start <= until:
        end = add_months(start, step)
        gone = account.closed_on is not None and account.closed_on <= start
        if start >= since and start >= account.opened_on and not gone:
            yield Cycle(start, start + timedelta(days=account.terms_days), start, end)
        start = end


def _arrears(account: Account, since: date, until: date, rng: Random) -> Iterator[Cycle]:
    """Read on a working day around the bill day, billed a few working days later, due on a working day."""
    country, step = account.site.country, account.vendor.months
    nominal = add_months(since.replace(day=account.bill_day), -step - (account.bill_day % step if step > 1 else 0))
    last = None
    while nominal <= until:
        read = working_day_from(nominal + timedelta(days=rng.randrange(-1, 2)), country)
        issued_on = add_working_days(read, rng.randrange(2, 5), country)
        start = max(last or read, account.opened_on)
        if last is not None and start < read and since <= issued_on <= until:
            due_on = working_day_from(issued_on + timedelta(days=account.terms_days), country)
            yield Cycle(issued_on, due_on, start, read)
        last = read
        nominal = add_months(nominal, step)


def cycles(account: Account, since: date, until: date, rng: Random) -> Iterator[Cycle]:
    """The bills of an account issued from `since` to `until` (both included), in order."""
    if account.service_type in METERED:
        return _arrears(account, since, until, rng)
    return _advance(account, since, until)
