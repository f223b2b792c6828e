"""One cell to one value, by the form of its field. Raises CellError with the reason; never guesses."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from data_access.importers.fields import Field, Form
from data_access.importers.naming import near
from domain.money import MoneyError, exponent, known_currency, to_minor
from domain.parsing.amounts import AmountError, Mark, WrittenAmount, read_amount
from domain.parsing.dates import DateError, Order, read_date
from domain.parsing.instants import InstantError, split_clock
from domain.parsing.text import TextError, read_identifier, read_text, read_yes_or_no

MOST_DIGITS = 15
LONGEST_VALUE = 80  # characters of anything but text
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = (25_569, 73_415)  # 1970 to 2100
_PRECISE = 10**15  # Excel keeps fifteen digits; a longer number typed as one has lost its last
_GROUPED_WHOLE = re.compile(r"[0-9]{1,3}(?P<mark>[., '])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])")
_LETTERS_AND_DIGITS = re.compile(r"[^a-z0-9]+")
_CODE = 3
_TEXTS = (Form.IDENTIFIER, Form.TEXT, Form.NOTES)


class CellError(ValueError):
    """Why a cell cannot be taken."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the file as a whole decided: its decimal mark, and the date order of each field."""

    mark: Mark = Mark.POINT
    orders: dict[str, Order | None] = field(default_factory=dict)
    since_1904: bool = False


def read_cell(cell: str | Decimal, column: Field, conventions: Conventions) -> Any:
    """The value of a cell that is not blank. Amounts come as WrittenAmount, instants as text: both need their account."""
    if isinstance(cell, str) and len(cell) > LONGEST_VALUE and column.form not in _TEXTS:
        raise CellError(f"has {len(cell):,} characters, too many for this column")
    try:
        return _READERS[column.form](cell, column, conventions)
    except (TextError, AmountError, DateError, InstantError, MoneyError) as error:
        raise CellError(str(error)) from None


def minor_units(written: WrittenAmount, currency: str) -> int:
    """The amount in minor units of the account's currency. Raises CellError where the two do not go together."""
    if written.currencies is not None and currency not in written.currencies:
        raise CellError(f"is in {' or '.join(sorted(written.currencies)[:3])}, the account in {currency}")
    places = exponent(currency)
    if written.like_group and places < _CODE:
        raise CellError(f"has three decimals, {currency} has {places}: is its mark one of thousands?")
    if written.value and written.value.adjusted() + places >= MOST_DIGITS:
        raise CellError(f"has more than {MOST_DIGITS} digits, more than any bill")
    try:
        return to_minor(written.value, currency)
    except MoneyError as error:
        raise CellError(str(error)) from None


def as_text(cell: str | Decimal) -> str:
    """A cell as text; a whole number typed in a workbook without its '.0'.

    One that the workbook cut to 15 digits is only hinted at: a card number that lost its last digit is still one.
    """
    if isinstance(cell, str):
        return cell
    if cell == cell.to_integral_value():
        return f"{cell.quantize(Decimal(1)):f}" if abs(cell) < _PRECISE else f"{cell:.1E}"
    return f"{cell.normalize():f}"


def _typed_text(cell: str | Decimal) -> str:
    if isinstance(cell, Decimal) and abs(cell) >= _PRECISE:
        raise CellError("is a number of more than 15 digits, of which a workbook keeps only 15: store it as text")
    return as_text(cell)


def _identifier(cell: str | Decimal, column: Field, _conventions: Conventions) -> str:
    return read_identifier(_typed_text(cell), column.limit)


def _text(cell: str | Decimal, column: Field, _conventions: Conventions) -> str:
    return read_text(_typed_text(cell), column.limit)


def _notes(cell: str | Decimal, column: Field, _conventions: Conventions) -> str:
    return read_text(_typed_text(cell), column.limit, lines=True)


def _amount(cell: str | Decimal, _column: Field, conventions: Conventions) -> WrittenAmount:
    if isinstance(cell, Decimal):
        return WrittenAmount(cell, None, like_group=False)
    return read_amount(cell, conventions.mark)


def _disputed(cell: str | Decimal, column: Field, conventions: Conventions) -> WrittenAmount | bool:
    if as_text(cell) == "1":
        raise CellError("'1' can be yes or an amount: write yes, or 1.00")
    answer = read_yes_or_no(cell) if isinstance(cell, str) else None
    return answer if answer is not None else _amount(cell, column, conventions)


def _date(cell: str | Decimal, column: Field, conventions: Conventions) -> date:
    if isinstance(cell, Decimal):
        days = int(cell) if cell == cell.to_integral_value() and abs(cell) < _PRECISE else 0
        if _EXCEL_DAYS[0] <= days <= _EXCEL_DAYS[1] and not conventions.since_1904:
            return _EXCEL_EPOCH + timedelta(days)
        cell = as_text(cell)
    day, clock, offset = split_clock(cell)
    if clock is not None and offset is not None and clock.replace(microsecond=0).isoformat() != "00:00:00":
        raise CellError(f"{cell!r} names a moment, not the local date")
    return read_date(day, conventions.orders.get(column.name))


def _instant(cell: str | Decimal, _column: Field, _conventions: Conventions) -> str:
    return read_identifier(as_text(cell), 80)


def _whole(cell: str | Decimal, column: Field, _conventions: Conventions) -> int:
    text = as_text(cell)
    digits = text.removesuffix(".0")
    if _GROUPED_WHOLE.fullmatch(digits):
        digits = re.sub("[^0-9]", "", digits)
    if not (digits.isascii() and digits.isdigit()):
        raise CellError(f"{text!r} is not a whole number")
    if len(digits) > MOST_DIGITS or int(digits) > column.limit:
        raise CellError(f"{text!r} is more than {column.limit:,}")
    return int(digits)


def _duration(cell: str | Decimal, column: Field, conventions: Conventions) -> int:
    if isinstance(cell, str) and (match := _CLOCK.fullmatch(cell)):
        seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])
        if seconds > column.limit:
            raise CellError(f"{cell!r} is longer than {column.limit // 3600} hours")
        return seconds
    return _whole(cell, column, conventions)


def _rate(cell: str | Decimal, column: Field, conventions: Conventions) -> int:
    written = _amount(cell, column, conventions)
    scaled = written.value.scaleb(9)
    if written.currencies is not None or scaled <= 0 or scaled >= 10**18:
        raise CellError(f"{as_text(cell)!r} is not a rate above zero and below a thousand million")
    if scaled != scaled.to_integral_value():
        raise CellError(f"{as_text(cell)!r} has more than 9 decimals")
    return int(scaled)


def _degrees(cell: str | Decimal, column: Field, _conventions: Conventions) -> float:
    text = as_text(cell).replace("\u2212", "-")
    if not re.fullmatch(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,15})?", text):
        raise CellError(f"{text!r} is not a number of degrees")
    degrees = float(text.replace(",", "."))
    if abs(degrees) > column.limit:
        raise CellError(f"{text!r} is beyond {column.limit} degrees")
    return degrees


def _currency(cell: str | Decimal, _column: Field, _conventions: Conventions) -> str:
    code = as_text(cell).upper()
    if not known_currency(code):
        raise CellError(f"{as_text(cell)!r} is not an ISO 4217 currency code, such as USD")
    return code


def _country(cell: str | Decimal, _column: Field, _conventions: Conventions) -> str:
    text = as_text(cell)
    code = text.upper() if text.upper() in _countries().values() else _countries().get(text.casefold(), "")
    if not code:
        raise CellError(f"{text!r} is not a country: use its ISO 3166 code, such as US or GB")
    return code


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """English names and three-letter codes to two-letter codes."""
    names = {name.casefold(): code for code, name in Locale("en").territories.items() if re.fullmatch("[A-Z]{2}", code)}
    aliases = get_global("territory_aliases").items()
    codes = {alias.casefold(): targets[0] for alias, targets in aliases if len(targets) == 1}
    known = set(names.values()) - {"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"}  # CLDR's own, and no countries
    return {name: code for name, code in (codes | names | {"uk": "GB"}).items() if code in known}


def _timezone(cell: str | Decimal, _column: Field, _conventions: Conventions) -> str:
    text = as_text(cell)
    name = _zones().get(text.casefold())
    if name is None:
        raise CellError(f"{text!r} is not a time zone such as Europe/London{near(text, _zones().values())}")
    return name


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {
        name.casefold(): name for name in available_timezones() if not name.startswith(("posix", "right", "localtime"))
    }


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of a site, UTC where it names none that is known."""
    return ZoneInfo(name if name.casefold() in _zones() else "UTC")


def _choice(cell: str | Decimal, column: Field, _conventions: Conventions) -> str:
    text = as_text(cell)
    folded = _LETTERS_AND_DIGITS.sub("_", text.casefold()).strip("_")
    for written, kept in column.choices:
        if folded == written:
            return kept
    kept_ones = list(dict.fromkeys(kept for _, kept in column.choices))
    raise CellError(f"{text!r} is none of {', '.join(kept_ones)}")


_READERS: dict[Form, Callable[[str | Decimal, Field, Conventions], Any]] = {
    Form.IDENTIFIER: _identifier,
    Form.TEXT: _text,
    Form.NOTES: _notes,
    Form.AMOUNT: _amount,
    Form.DATE: _date,
    Form.INSTANT: _instant,
    Form.WHOLE: _whole,
    Form.DURATION: _duration,
    Form.RATE: _rate,
    Form.DEGREES: _degrees,
    Form.CURRENCY: _currency,
    Form.COUNTRY: _country,
    Form.TIMEZONE: _timezone,
    Form.CHOICE: _choice,
    Form.DISPUTED: _disputed,
}
