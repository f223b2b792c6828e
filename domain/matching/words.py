"""The words of a bank line: squeezed, folded, and looked through for numbers and names that banks cut and mangle."""

import re
from functools import lru_cache
from operator import ne

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from domain.matching.proposals import Explanation

SHORTEST = 5  # characters of a number that says something
_CUT = 7  # of a number that is known though it was cut or mistyped
_NAME, _NAME_START, _NAME_CUT = 3, 6, 12  # of a name: the shortest, the shortest that may be cut, and where it is cut
_NOT_WORD = re.compile(r"[^0-9a-z]+")
# What optical readers and people on the phone confuse.
_FOLDED = str.maketrans("oilsbzq", "0115820")
_NOISE = frozenset(
    [
        "ach",
        "pos",
        "debit",
        "card",
        "visa",
        "payment",
        "pmt",
        "purchase",
        "ref",
        "inv",
        "the",
        "and",
        "inc",
        "llc",
        "ltd",
        "to",
        "web",
        "ppd",
        "ccd",
    ]
)
_TELLING = (
    (Explanation.FEE, re.compile(r"\b(fee|fees|service charge|bank charges?|commission|wire charge|frais|gebuehr)\b")),
    (Explanation.INTEREST, re.compile(r"\binterest\b")),
    (Explanation.RETURN, re.compile(r"\b(refund|return(ed)?|reversal|chargeback)\b")),
    (Explanation.TRANSFER, re.compile(r"\b(internal transfer|own account|transfer (to|from) (savings|checking))\b")),
)
_FEE_INSIDE = re.compile(
    r"\b((incl|including|includes|plus|with) (bank |wire )?(fees?|charges?|commission)|fees? incl(uded)?)\b"
)


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Lower-case letters and digits, one space between."""
    return _NOT_WORD.sub(" ", text.lower()).strip()


@lru_cache(maxsize=65_536)
def squeezed(text: str) -> str:
    """Nothing but lower-case letters and digits."""
    return _NOT_WORD.sub("", text.lower())


def folded(text: str) -> str:
    """Squeezed, with the characters that are taken for one another made one."""
    return squeezed(text).translate(_FOLDED)


@lru_cache(maxsize=16_384)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text that hold a digit, each as it stands and joined with the one and the two after it."""
    words = plain(text).split()
    joined = ("".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1))
    return tuple(dict.fromkeys(w for w in joined if len(w) >= SHORTEST and any(c.isdigit() for c in w)))


def shape(number: str) -> str:
    """Letters as a, digits as 9: numbers of one maker look alike."""
    return re.sub(r"[0-9]", "9", re.sub(r"[a-z]", "a", squeezed(number)))


@lru_cache(maxsize=65_536)
def holds(text: str, number: str) -> str:
    """How `text` holds `number`: "exact", "mangled" (cut, mistyped or misread), "another" of its shape, or ""."""
    wanted = squeezed(number)
    if len(wanted) < SHORTEST or not any(c.isdigit() for c in wanted):
        return ""
    found = tokens(text)
    if wanted in found:
        return "exact"
    if any(folded(token) == folded(wanted) for token in found):
        return "mangled"
    looks = shape(wanted)
    alike = [token for token in found if shape(token) == looks]
    # A whole number of the same make is that one or another: a part of it proves nothing.
    if len(wanted) >= _CUT and any(_mangled(token, wanted) for token in alike or found):
        return "mangled"
    return "another" if alike else ""


def _mangled(token: str, wanted: str) -> bool:
    """Cut at an end by at most a third, glued to something, or one slip away."""
    if len(token) >= max(6, len(wanted) * 2 // 3) and (wanted.startswith(token) or wanted.endswith(token)):
        return True
    if len(token) > len(wanted) and wanted in token:
        return True
    if len(token) == len(wanted) and sum(map(ne, token, wanted)) == 1:
        return False  # one other digit is the next number
    near = abs(len(token) - len(wanted)) <= 1
    return near and DamerauLevenshtein.distance(folded(token), folded(wanted), score_cutoff=1) <= 1


def likeness(name: str, text: str) -> int:
    """0 to 100: how well `text` names `name`, cut and mistyped as banks do it."""
    wanted, said = plain(name), plain(text)
    if len(wanted) < _NAME or not said:
        return 0
    whole = fuzz.token_set_ratio(wanted, said) if " " in wanted or wanted in said.split() else 0.0
    start = (
        fuzz.partial_ratio(wanted[:_NAME_CUT], said) if len(wanted) >= _NAME_START and len(said) >= _NAME_START else 0.0
    )
    return int(max(whole, start, fuzz.ratio(wanted, said)))


@lru_cache(maxsize=16_384)
def named_in(text: str, names: tuple[tuple[int, str], ...], least: int) -> tuple[tuple[int, int], ...]:
    """(id, likeness) of those of the names that `text` names at least so well, in order."""
    best: dict[int, int] = {}
    for id_, name in names:
        like = likeness(name, text)
        if like >= max(least, best.get(id_, 0)):
            best[id_] = like
    return tuple(sorted(best.items()))


@lru_cache(maxsize=16_384)
def words_of(text: str) -> str:
    """What stays the same from one line of a counterparty to the next: its words, without numbers, sorted."""
    kept = {w for w in plain(text).split() if len(w) > 1 and w not in _NOISE and not any(c.isdigit() for c in w)}
    return " ".join(sorted(kept))


def tells_of_fee(text: str) -> bool:
    """Whether a line says that a fee is in its amount."""
    return _FEE_INSIDE.search(plain(text)) is not None


def explained_by(text: str) -> Explanation | None:
    """What a line says of itself that no payment says."""
    said = plain(text)
    return next((reason for reason, pattern in _TELLING if pattern.search(said)), None)
