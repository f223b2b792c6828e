"""Payment card numbers in text, however they are written: known by issuer prefix, length and check digit (Luhn).

Digits count in any script; spaces, marks and what nobody sees may stand between them, letters may not. A number begins
and ends where a run of digits does, or beside an expiry date or a code that is glued to it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

SHORTEST = 12
# The likely lengths first: of a number with its code behind it, the number is meant.
_LENGTHS = (16, 15, 14, 13, 19, 18, 17, 12)
_LONG = frozenset(range(16, 20))
# (first prefix, last prefix, lengths in use), by what the networks publish.
_ISSUERS = (
    ("4", "4", frozenset({13, 16, 18, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", frozenset({14}) | _LONG),  # Diners Club
    ("3095", "3095", frozenset({14}) | _LONG),
    ("36", "36", frozenset({14}) | _LONG),
    ("38", "39", frozenset({14}) | _LONG),
    ("35", "35", _LONG),  # JCB
    ("2131", "2131", frozenset({15})),
    ("1800", "1800", frozenset({15})),
    ("60", "60", frozenset({16})),  # Discover, RuPay, Hipercard
    ("6011", "6011", _LONG),
    ("644", "659", _LONG),
    ("62", "62", _LONG),  # UnionPay
    ("81", "82", _LONG),
    ("50", "50", frozenset({13, 15}) | _LONG),  # Maestro, Verve, Elo
    ("56", "58", frozenset({13, 15}) | _LONG),
    ("63", "63", frozenset({13, 15}) | _LONG),
    ("67", "67", frozenset({13, 15}) | _LONG),
    ("5018", "5020", frozenset({12})),
    ("5038", "5038", frozenset({12})),
    ("56", "58", frozenset({12})),
    ("6304", "6304", frozenset({12})),
    ("6390", "6390", frozenset({12})),
    ("6759", "6763", frozenset({12})),
    ("0604", "0604", frozenset({12})),
    ("2200", "2204", _LONG),  # Mir
    ("8600", "8600", frozenset({16})),  # Uzcard
    ("9704", "9704", frozenset({16, 19})),  # Napas
    ("9792", "9792", frozenset({16})),  # Troy
    ("9860", "9860", frozenset({16})),  # Humo
)
# A + begins a telephone number, unless it stands close between two digits.
_CHAIN = re.compile(r"[0-9](?:(?:\+|(?:\s*(?:[^\w\s+]|_)){0,4}\s*)[0-9])*")
_RUN = re.compile("[0-9]+")
# Glued to a number of at least 15 digits: an expiry date (12/27 as 1227 or 122027) on either side, a code behind it.
_EXPIRY = "(?:0[1-9]|1[0-2])(?:20)?[2-4][0-9]"
_BEFORE, _BEHIND = re.compile(_EXPIRY), re.compile(f"(?:{_EXPIRY})?(?:[0-9]{{3,4}})?")
_GLUED = 15
_PHONE = 13  # digits; the longest numbers behind a + that are short enough for a card
_INVISIBLE = frozenset(("Cf", "Mn", "Me"))
_FILLERS = "\u115f\u1160"  # letters to Unicode, nothing to the eye


@dataclass(frozen=True, slots=True)
class CardNumber:
    """Where one stands in a text, with the digits that follow it (expiry, code). Of the number itself only two digits."""

    start: int
    end: int
    last_two: str


def card_numbers(text: str, known: Collection[str] = ()) -> list[CardNumber]:
    """The card numbers in `text`, in order. `known`: digits of account numbers; a number inside one of them is none."""
    # One sign may stand for two digits, such as 21 in a circle.
    ascii_only = text.isascii()
    if ascii_only and len(text) < SHORTEST:
        return []
    digits = sum(map(text.count, "0123456789")) if ascii_only else 2 * sum(map(str.isnumeric, text))
    if digits < SHORTEST:  # as nearly always
        return []
    plain, places = (text, range(len(text))) if ascii_only else _plain(text)
    found = []
    for chain in _CHAIN.finditer(plain):
        at = [place for place in range(chain.start(), chain.end()) if "0" <= plain[place] <= "9"]
        numbers = list(_numbers(chain, known)) if len(at) >= SHORTEST else []
        for index, (first, last_two) in enumerate(numbers):
            behind = numbers[index + 1][0] if index + 1 < len(numbers) else len(at)
            found.append(CardNumber(places[at[first]], places[at[behind - 1]] + 1, last_two))
    return found


def without_card_numbers(text: str) -> str:
    """`text` with a remark in place of each card number."""
    for number in reversed(card_numbers(text)):
        text = f"{text[: number.start]}[card number ending in {number.last_two}]{text[number.end :]}"
    return text


def digits_of(account_number: str) -> str:
    """The digits of an account number, for `known`."""
    return "".join(char for char in _plain(account_number)[0] if char.isascii() and char.isdigit())


def refusal(last_two: str) -> str:
    """Why text is not kept, and the way round; follows the name of its field."""
    return (
        f"what looks like a payment card number (ending in {last_two}) is never kept; write only its last four digits, "
        "or import the account first if it is an account number"
    )


def _numbers(chain: re.Match[str], known: Collection[str]) -> Iterator[tuple[int, str]]:
    """(index of its first digit among the chain's, its last two digits) of each number; they do not overlap."""
    runs = [run[0] for run in _RUN.finditer(chain[0])]
    digits = "".join(runs)
    bounds = [0]
    for run in runs:
        bounds.append(bounds[-1] + len(run))
    phone = chain.start() > 0 and chain.string[chain.start() - 1] == "+"
    free = 0
    for run, begin in zip(runs, bounds, strict=False):
        for start in _starts(run, begin):
            for length in _LENGTHS:
                end = start + length
                if start < free or end > len(digits) or not _is_card(digits[start:end]):
                    continue
                behind = digits[end : next(bound for bound in bounds if bound >= end)]
                if behind and (length < _GLUED or not _BEHIND.fullmatch(behind)):
                    continue
                if phone and start == 0 and length <= _PHONE:
                    continue
                if not _inside(digits, start, end, known):
                    yield start, digits[end - 2 : end]
                    free = end
                    break


def _starts(run: str, begin: int) -> list[int]:
    """Where a number may begin in a run of digits: at its head, or behind an expiry date."""
    return [begin, *(begin + n for n in (4, 6) if len(run) >= n + _GLUED and _BEFORE.fullmatch(run[:n]))]


def _is_card(digits: str) -> bool:
    length = len(digits)
    issued = any(first <= digits[: len(first)] <= last and length in lengths for first, last, lengths in _ISSUERS)
    return issued and _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _inside(digits: str, start: int, end: int, known: Collection[str]) -> bool:
    """Do the digits belong to an account number that stands here whole?"""
    if digits[start:end] in known:
        return True
    for account in known:
        at = account.find(digits[start:end])
        while at >= 0:
            if start >= at and digits.startswith(account, start - at):
                return True
            at = account.find(digits[start:end], at + 1)
    return False


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with ASCII digits and without what nobody sees, and where each character of it comes from."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for part in char if char.isascii() else unicodedata.normalize("NFKC", char):
            if unicodedata.category(part) in _INVISIBLE or part in _FILLERS:
                continue
            value = unicodedata.numeric(part, -1)
            chars.append(str(int(value)) if value in range(10) else part)
            places.append(place)
    return "".join(chars), places
