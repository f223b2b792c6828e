"""The demo's organisation lived for longer, without its plot: what the back-test of the cash forecast is played on.

Beside what the demo has (seasons, tariffs that rise, late payers, payment runs, money that comes back), sites use more or
less each year, a winter or summer is hard or mild for a whole region at once, and now and then a bill carries work that
comes only once.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from domain.periods import add_months, month_start, months_between
from seed.bills import issue
from seed.books import Organisation
from seed.cycles import METERED, Cycle, cycles
from seed.history import History
from seed.organisation import draw_organisation, stream
from seed.records import Charge
from seed.terms import terms

_GROWS = (0.02, 0.05)  # usage in a year: mean and spread over the accounts
_WEATHER, _STAYS = 0.09, 0.5  # a region's month: spread, and how much of it the next month keeps
_ONCE = 0.015  # of bills that carry work that comes once
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class _Usage:
    """How an account's usage differs from the demo's: its own growth, its region's weather."""

    typical: tuple[int, ...]
    grows: float
    weather: dict[date, float]
    today: date

    def at(self, day: date) -> list[int]:
        """Of each service, for a bill of that day."""
        grown = (1 + self.grows) ** ((day - self.today).days / _YEAR)
        return [max(1, round(usage * grown * self.weather[month_start(day)])) if usage else 0 for usage in self.typical]


def cash_play(random_seed: int, today: date, months: int) -> Organisation:
    """The books of the `months` up to `today`; the same for the same arguments."""
    since = add_months(month_start(today), 1 - months)
    books = draw_organisation(random_seed, today)
    known = terms(today)
    books.policies = [(vendor, policy) for vendor in books.vendors for policy in known[vendor.slug]]
    weather: dict[str, dict[date, float]] = {}
    for account in books.accounts:
        name = (account.site.code, account.vendor.slug, account.service_type)
        rng, dice = stream(random_seed, "cash", *name), stream(random_seed, "cash dunning", *name)
        region = account.site.region
        if region not in weather:
            weather[region] = _weather(stream(random_seed, "weather", region), since, today)
        usage = _Usage(
            tuple(service.usage for service in account.services),
            rng.gauss(*_GROWS),
            weather[region] if account.service_type in METERED else dict.fromkeys(weather[region], 1.0),
            today,
        )
        history = History(books, account, today, rng, known[account.vendor.slug], dice)
        for cycle in cycles(account, since, today, rng):
            history.at(cycle.issued_on, _issue, cycle, usage, first=True)
        history.play()
    return books


def _weather(dice: Random, since: date, today: date) -> dict[date, float]:
    found, now = {}, 0.0
    for month in months_between(since, add_months(today, 1)):
        now = _STAYS * now + dice.gauss(0, _WEATHER * (1 - _STAYS**2) ** 0.5)
        found[month] = 1 + now
    return found


def _issue(history: History, day: date, cycle: Cycle, usage: _Usage) -> None:
    for service, used in zip(history.account.services, usage.at(day), strict=True):
        service.usage = used
    if history.rng.random() < _ONCE:
        history.next_lines.append(Charge("one_time", "Work on site", history.rng.randrange(15_000, 240_000)))
    issue(history, day, cycle)
