"""Payment numbers: is this one ours, or one that looks like it? Numbers are in E.164.

Who wants a payment diverted gives a number close to the right one, or one that costs. So a number that looks like a
known one is never verified, and says which one it looks like.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

_NORTH_AMERICA = 1
_SUBSCRIBER = 7  # digits of a North American number without its prefix
_TWO_PLACES = 2


class Doubt(StrEnum):
    """What is wrong with a number; the value completes 'this number ...'."""

    NOT_A_NUMBER = "is not a telephone number with its country code"
    PREMIUM = "is charged at a premium rate"
    OTHER_COUNTRY = "is a known number with another country code"
    OTHER_PREFIX = "is a known number with another toll-free prefix"
    ONE_DIGIT = "differs in one digit from a known number"
    SWAPPED = "is a known number with two digits swapped"
    ONE_MORE_OR_LESS = "has one digit more or less than a known number"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about a number; `like` is the known number that it resembles, '' where it is bad by itself."""

    doubt: Doubt
    like: str = ""


def parse(number: str) -> PhoneNumber | None:
    """A number in E.164 (with or without ;ext=), if it is a possible one."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None


def doubts(number: str, known: Iterable[str]) -> list[Finding]:
    """Why `number` must not be trusted, given the numbers that are `known`; empty when nothing speaks against it."""
    parsed = parse(number)
    if parsed is None:
        return [Finding(Doubt.NOT_A_NUMBER)]
    found = []
    if phonenumbers.number_type(parsed) == PhoneNumberType.PREMIUM_RATE:
        found.append(Finding(Doubt.PREMIUM))
    others = {_bare(other) for other in known} - {_bare(number)}
    for other in sorted(others):
        doubt = _resemblance(parsed, other)
        if doubt is not None:
            found.append(Finding(doubt, other))
    return found


def numbers_in(text: str, country: str) -> list[str]:
    """The telephone numbers that stand in a text, in E.164, in their order; national ones are those of `country`."""
    matches = phonenumbers.PhoneNumberMatcher(text, country or None, leniency=phonenumbers.Leniency.POSSIBLE)
    found = (phonenumbers.format_number(m.number, phonenumbers.PhoneNumberFormat.E164) for m in matches)
    return list(dict.fromkeys(found))


def _bare(number: str) -> str:
    return number.partition(";")[0]


def _resemblance(number: PhoneNumber, other_text: str) -> Doubt | None:
    other = parse(other_text)
    if other is None:
        return None
    own, theirs = (phonenumbers.national_significant_number(n) for n in (number, other))
    if number.country_code != other.country_code:
        return Doubt.OTHER_COUNTRY if own == theirs else None
    if own[-_SUBSCRIBER:] == theirs[-_SUBSCRIBER:] and _toll_free(number) and _toll_free(other):
        return Doubt.OTHER_PREFIX
    return _slip(own, theirs)


def _slip(own: str, theirs: str) -> Doubt | None:
    """A digit wrong, two swapped, one too many or too few."""
    if len(own) != len(theirs):
        return Doubt.ONE_MORE_OR_LESS if _one_more(own, theirs) or _one_more(theirs, own) else None
    differing = [i for i, (a, b) in enumerate(zip(own, theirs, strict=True)) if a != b]
    if len(differing) == 1:
        return Doubt.ONE_DIGIT
    if len(differing) == _TWO_PLACES and sorted(own[i] for i in differing) == sorted(theirs[i] for i in differing):
        return Doubt.SWAPPED
    return None


def _one_more(longer: str, shorter: str) -> bool:
    if len(longer) != len(shorter) + 1:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _toll_free(number: PhoneNumber) -> bool:
    return number.country_code == _NORTH_AMERICA and phonenumbers.number_type(number) == PhoneNumberType.TOLL_FREE
