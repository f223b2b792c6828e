"""Money, dates and account numbers as text. Amounts come in minor units with their currency.

Tiles say $214,292 (from a hundred millions on $441.7M), charts $19.4k, tables 1,234.56 with a dash for zero; a minus is ASCII.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import get_currency_name, get_currency_symbol

from domain.money import exponent, to_decimal

LOCALE = "en_US"
DASH = "–"
_SPECIAL = re.compile(r"[\\`*_\[\]~$<>:|#]|&(?=#?\w+;)")
_LIST = re.compile(r"^(\d{0,9})([-+.)])(?=\s|$)")
# Streamlit makes links, icons and arrows of text that is escaped already. What it looks for is cut in two, by an element
# that holds nothing: unlike an invisible character it is not copied with the text.
_SEAM = ":small[]"
_SEAMS = re.compile(
    r"(?<=:)(?=//|material[/_]|streamlit:)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)"
    r"|(?<=(?<!\S)[<>~-])(?=[->=]>?(?:\s|$))",
    re.IGNORECASE,
)
ROUNDS_UP_TO_1000, ROUNDS_UP_TO_100 = 999.5, 99.95
_MANY_MILLIONS = 100
_said_once = lru_cache(maxsize=10_000)  # the same amounts, days and names at each run


@lru_cache(maxsize=256)
def symbol(currency: str) -> str:
    """The currency's own sign: $, CA$, MX$, £, €; a code without a sign gets a no-break space after it."""
    sign = get_currency_symbol(currency, LOCALE)
    return sign if sign != currency else f"{currency}\N{NO-BREAK SPACE}"


@_said_once
def currency_name(currency: str) -> str:
    """US Dollar, British Pound."""
    return str(get_currency_name(currency, locale=LOCALE))


@_said_once
def whole_money(minor: int, currency: str) -> str:
    """$214,292: rounded to whole units, for tiles and hovers."""
    rounded = round(to_decimal(abs(minor), currency))
    sign = "-" if minor < 0 and rounded else ""
    return f"{sign}{symbol(currency)}{rounded:,}"


def figure_money(minor: int, currency: str) -> str:
    """The same for a tile, $441.7M from a hundred millions on: a phone's tile would cut off the last digits."""
    millions = abs(to_decimal(minor, currency)) / 1_000_000
    if millions < _MANY_MILLIONS:
        return whole_money(minor, currency)
    return f"{'-' if minor < 0 else ''}{symbol(currency)}{millions:,.1f}M"


def change_money(minor: int, currency: str) -> str:
    """How much a tile's figure changed by, -$40.9M from a million on: beside it stands what it is compared with."""
    many = abs(to_decimal(minor, currency)) >= 1_000_000  # noqa: PLR2004
    return short_money(minor, currency) if many else whole_money(minor, currency)


def short_money(minor: int, currency: str) -> str:
    """$19.4k, $118k, $2.1M: three digits, for labels in charts."""
    amount = float(to_decimal(abs(minor), currency))
    sign = "-" if minor < 0 else ""
    unit = ""
    for larger in ("k", "M", "B"):
        if amount < ROUNDS_UP_TO_1000:
            break
        amount, unit = amount / 1000, larger
    digits = f"{amount:,.1f}" if unit and amount < ROUNDS_UP_TO_100 else f"{amount:,.0f}"
    return f"{sign}{symbol(currency)}{digits}{unit}"


@_said_once
def exact_money(minor: int, currency: str) -> str:
    """$1,234.56: to the cent, with its sign."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{symbol(currency)}{to_decimal(abs(minor), currency):,}"


@_said_once
def plain_amount(minor: int, currency: str) -> str:
    """1,234.56 or a dash for zero: for table cells, whose head or caption names the currency."""
    return f"{to_decimal(minor, currency):,}" if minor else DASH


def major(minor: int, currency: str) -> float:
    """Major units for a chart's axis; never for arithmetic."""
    return minor / 10 ** exponent(currency)


def percent(part: int, whole: int) -> str:
    """61%; "less than 1%" and "more than 99%" where rounding would claim none or all."""
    if not whole or not part:
        return "0%"
    share = 100 * part / whole
    if 0 < share < 1:
        return "less than 1%"
    if 99 < share < 100:  # noqa: PLR2004
        return "more than 99%"
    return f"{share:.0f}%"


@_said_once
def day(value: date) -> str:
    """20 Nov 2026."""
    return f"{value.day} {value:%b %Y}"


@_said_once
def short_day(value: date, today: date) -> str:
    """20 Nov, with the year when it is not today's."""
    return f"{value.day} {value:%b}" if value.year == today.year else day(value)


def month(value: date) -> str:
    """Nov 2026."""
    return f"{value:%b %Y}"


def moment(value: datetime, zone: str | None) -> str:
    """20 Nov 2026, 06:10 in `zone`; UTC, and said so, when the zone is unknown."""
    try:
        local = value.astimezone(ZoneInfo(zone)) if zone else value
    except (ZoneInfoNotFoundError, ValueError):
        local = value
    text = f"{day(local.date())}, {local:%H:%M}"
    return text if zone and local is not value else f"{text} UTC"


@_said_once
def escape(text: str) -> str:
    """`text` as it stands on one line, where Streamlit would read Markdown; ordinary names come back unchanged."""
    pieces = _SEAMS.split(" ".join(text.split()))
    return _LIST.sub(r"\1\\\2", _SEAM.join(_SPECIAL.sub(r"\\\g<0>", piece) for piece in pieces))
