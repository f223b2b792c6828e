"""Amounts as written: 1.234,56  1,234.56  (123.45)  123.45-  -$5  £ 1 234,50  1'234.50.

Which of point and comma is the decimal mark is decided for a whole file, from values that allow only one reading
('12,50', '1.234,56'). '1,234' allows two: without other evidence somebody must say which.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from domain.money import known_currency


class AmountError(ValueError):
    """Text that is not one amount; says why."""


class Mark(StrEnum):
    """The decimal mark of a file."""

    POINT = "point"
    COMMA = "comma"

    @property
    def character(self) -> str:
        """How it is written."""
        return "." if self is Mark.POINT else ","

    @classmethod
    def of(cls, character: str) -> "Mark":
        """The mark that is written so."""
        return cls.POINT if character == "." else cls.COMMA


class WrittenAmount(NamedTuple):
    """`value` is signed. `currencies`: what its sign or code may stand for, None when there was none.

    `like_group`: it ends in exactly three decimals that could as well be a group of thousands.
    """

    value: Decimal
    currencies: frozenset[str] | None
    like_group: bool


_DOLLARS = frozenset(
    "USD CAD AUD NZD SGD HKD MXN TWD BSD BBD BZD BMD BND FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD CLP COP ARS".split()  # noqa: SIM905
)
_SIGNS: dict[str, frozenset[str]] = {
    "US$": frozenset({"USD"}),
    "CA$": frozenset({"CAD"}),
    "AU$": frozenset({"AUD"}),
    "NZ$": frozenset({"NZD"}),
    "HK$": frozenset({"HKD"}),
    "C$": frozenset({"CAD"}),
    "A$": frozenset({"AUD"}),
    "S$": frozenset({"SGD"}),
    "R$": frozenset({"BRL"}),
    "$": _DOLLARS,
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "FKP", "GIP", "SHP", "EGP", "SYP", "LBP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "RS.": frozenset({"INR", "PKR", "LKR", "NPR", "MUR"}),
    "RS": frozenset({"INR", "PKR", "LKR", "NPR", "MUR"}),
    "₩": frozenset({"KRW"}),
    "₽": frozenset({"RUB"}),
    "₺": frozenset({"TRY"}),
    "₪": frozenset({"ILS"}),
    "₴": frozenset({"UAH"}),
    "₦": frozenset({"NGN"}),
    "₱": frozenset({"PHP"}),
    "฿": frozenset({"THB"}),
    "₫": frozenset({"VND"}),
    "KR.": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "KR": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "ZŁ": frozenset({"PLN"}),
    "KČ": frozenset({"CZK"}),
    "FT": frozenset({"HUF"}),
    "FR.": frozenset({"CHF"}),
    "LEI": frozenset({"RON"}),
}
_BY_LENGTH = sorted(_SIGNS, key=len, reverse=True)
_MINUS = "-\u2212\u2012\u2013"
_SPACES = re.compile("[ \u00a0\u2007\u2009\u202f]")
_APOSTROPHES = re.compile("[\u2019\u02bc`\u00b4]")
_LONGEST = 60
_GROUP = 3
# Nearly every amount: nothing to take off, and two decimals that are no group of thousands.
_PLAIN = {mark: re.compile(rf"(?:[1-9][0-9]{{0,11}}|0)[{mark}][0-9]{{2}}") for mark in ".,"}
_BODY = re.compile(r"[0-9][0-9.,' ]*|[.,][0-9]+", re.ASCII)
# Thousands, or the Indian lakh and crore, all with one separator.
_GROUPED = re.compile(r"[0-9]{1,3}(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


def read_amount(text: str, mark: Mark) -> WrittenAmount:
    """The amount in `text`, its decimals written with `mark`. Raises AmountError."""
    if _PLAIN[mark.character].fullmatch(text):
        return WrittenAmount(Decimal(text.replace(",", ".")), None, like_group=False)
    negative, body, currencies = _undress(text)
    own, ambiguous = _decimal_mark(body, text)
    if own is not None and own is not mark:
        raise AmountError(f"{text!r} writes its decimals with a {own.value}, the file with a {mark.value}")
    decimals_follow = mark.character in body and (own is mark or ambiguous)
    whole, _, fraction = body.rpartition(mark.character) if decimals_follow else (body, "", "")
    digits = re.sub("[^0-9]", "", whole) or "0"
    value = Decimal(f"{digits}.{fraction}" if fraction else digits)
    return WrittenAmount(-value if negative else value, currencies, ambiguous and decimals_follow)


def written_mark(text: str) -> Mark | None:
    """The decimal mark that `text` alone proves; None when it proves none or is no amount."""
    for character, plain in _PLAIN.items():
        if plain.fullmatch(text):
            return Mark.of(character)
    try:
        _, body, _ = _undress(text)
        return _decimal_mark(body, text)[0]
    except AmountError:
        return None


def is_ambiguous(text: str) -> bool:
    """True where point and comma decide between two values: '1,234' and '1.234'."""
    try:
        _, body, _ = _undress(text)
        return _decimal_mark(body, text)[1]
    except AmountError:
        return False


def _undress(text: str) -> tuple[bool, str, frozenset[str] | None]:
    """(negative, digits and separators, currencies): signs, brackets and currencies taken off."""
    rest = _APOSTROPHES.sub("'", _SPACES.sub(" ", text)).strip()
    if len(rest) > _LONGEST:
        raise AmountError(f"{text[:20]!r}... is too long for an amount")
    negatives = 0
    currencies: frozenset[str] | None = None
    while rest and not _BODY.fullmatch(rest):
        if rest[0] in _MINUS or rest[-1] in _MINUS:
            negatives += 1
            rest = rest[1:] if rest[0] in _MINUS else rest[:-1]
        elif rest[0] == "+" and negatives == 0 and rest[1:2] != "+":
            rest = rest[1:]
        elif rest[0] == "(" and rest[-1] == ")":
            negatives += 1
            rest = rest[1:-1]
        else:
            rest, found = _take_currency(rest, text)
            currencies = found if currencies is None else currencies & found
        rest = rest.strip()
    if not rest or negatives > 1 or currencies == frozenset():
        raise AmountError(f"{text!r} is not an amount")
    return negatives == 1, rest, currencies


def _take_currency(rest: str, text: str) -> tuple[str, frozenset[str]]:
    upper = rest.upper()
    if len(upper) == len(rest):
        for sign in _BY_LENGTH:
            if upper.startswith(sign) and not upper[len(sign) : len(sign) + 1].isalpha():
                return rest[len(sign) :], _SIGNS[sign]
            if upper.endswith(sign) and not upper[: -len(sign)][-1:].isalpha():
                return rest[: -len(sign)], _SIGNS[sign]
        for code, other in ((upper[:3], rest[3:]), (upper[-3:], rest[:-3])):
            edge = other[:1] if upper.startswith(code) and rest[3:] == other else other[-1:]
            if code.isascii() and code.isalpha() and not edge.isalpha() and known_currency(code):
                return other, frozenset({code})
    if any(character.isdigit() and not character.isascii() for character in rest):
        raise AmountError(f"{text!r} has digits other than 0 to 9")
    raise AmountError(f"{text!r} is not an amount")


def _decimal_mark(body: str, text: str) -> tuple[Mark | None, bool]:
    """(the mark that the value proves, whether it could be read both ways). Raises where neither reading is a number."""
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        _check_groups(body, text)
        return None, False
    last = max(body.rfind("."), body.rfind(","))
    mark, whole, fraction = body[last], body[:last], body[last + 1 :]
    if points and commas:
        if body.count(mark) > 1:
            raise AmountError(f"{text!r} is not an amount: its points and commas contradict each other")
        _check_fraction(fraction, text)
        _check_groups(whole, text)
        return Mark.of(mark), False
    if points + commas > 1:
        _check_groups(body, text)
        return Mark.of("," if mark == "." else "."), False
    _check_fraction(fraction, text)
    _check_groups(whole, text)
    plain = whole.isdigit() and len(whole) <= _GROUP and not whole.startswith("0")
    if plain and len(fraction) == _GROUP:
        return None, True
    return Mark.of(mark), False


def _check_fraction(fraction: str, text: str) -> None:
    if not fraction.isdigit():
        raise AmountError(f"{text!r} is not an amount: digits must follow its decimal mark")


def _check_groups(whole: str, text: str) -> None:
    if whole and not whole.isdigit() and not _GROUPED.fullmatch(whole):
        raise AmountError(f"{text!r} is not an amount: its digits are not in groups of three")
