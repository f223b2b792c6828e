"""Exchange rates to the dollar: one for each month, a slow walk around a level."""

from datetime import date

from domain.periods import add_months
from seed.books import Rate
from seed.organisation import stream

_LEVEL_E4 = {"EUR": 10_850, "GBP": 12_700}  # dollars for one, in ten-thousandths
SOURCE = "Treasury, first of the month"


def draw_rates(random_seed: int, since: date, today: date) -> list[Rate]:
    """USD for one unit of each other currency on the first of every month from `since` to `today`."""
    rates = []
    for currency, level in sorted(_LEVEL_E4.items()):
        rng = stream(random_seed, "rate", currency)
        now, month = level, since.replace(day=1)
        while month <= today:
            rates.append(Rate(currency, "USD", month, now * 100_000))
            now += rng.randrange(-140, 141) - (now - level) // 8
            month = add_months(month, 1)
    return rates
