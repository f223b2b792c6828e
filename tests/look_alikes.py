"""Payment numbers, and numbers that somebody might pass off as them."""

from itertools import cycle, islice
from random import Random

import phonenumbers

from seed.vendors import vendors

KNOWN = tuple(sorted({number for vendor in vendors().values() for number in vendor.phone.values()}))
_PREMIUM = {"US": "900{}", "GB": "909{}", "IE": "1550{}", "DE": "9001{}"}
_DIGITS = {"US": 7, "GB": 7, "IE": 6, "DE": 6}


def _one_digit(number: str, rng: Random) -> str:
    place = rng.randrange(5, len(number))
    digit = rng.choice([d for d in "0123456789" if d != number[place]])
    return number[:place] + digit + number[place + 1 :]


def _swapped(number: str, rng: Random) -> str:
    places = [i for i in range(5, len(number) - 1) if number[i] != number[i + 1]]
    i = rng.choice(places)
    return number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def _country(number: str, rng: Random) -> str:
    parsed = phonenumbers.parse(number, None)
    national = phonenumbers.national_significant_number(parsed)
    codes = [c for c in (1, 7, 31, 39, 44, 49, 61, 353, 358, 381, 420, 972) if c != parsed.country_code]
    possible = [c for c in codes if phonenumbers.is_possible_number(phonenumbers.parse(f"+{c}{national}", None))]
    return f"+{rng.choice(possible)}{national}"


def _premium(number: str, rng: Random) -> str:
    region = phonenumbers.region_code_for_country_code(phonenumbers.parse(number, None).country_code)
    code, width = phonenumbers.country_code_for_region(region), _DIGITS[region]
    return f"+{code}" + _PREMIUM[region].format(f"{rng.randrange(2 * 10 ** (width - 1), 10**width)}")


_MAKERS = {"one digit": _one_digit, "swapped": _swapped, "country": _country, "premium": _premium}


def look_alikes(count: int) -> list[tuple[str, str]]:
    """(number, kind): as many of each kind, all different, none of them a known one. The same on every run."""
    rng = Random(20_261_120)
    found: dict[str, str] = {}
    per_kind = count // len(_MAKERS)
    for kind, make in _MAKERS.items():
        made = (make(number, rng) for number in cycle(KNOWN))
        fresh = (n for n in made if n not in KNOWN and n not in found)
        for number in islice(fresh, per_kind):
            found[number] = kind
    return list(found.items())
