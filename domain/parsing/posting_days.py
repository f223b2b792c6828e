"""How long payments take to post, as one line of text: card 0, e-check 3."""

import re

_PAIR = re.compile(r"(?P<method>[A-Za-z][A-Za-z -]*?)[ :=]+(?P<days>[0-9]{1,2})")


class PostingDaysError(ValueError):
    """The text is no list of methods and days."""


def read_posting_days(text: str) -> tuple[tuple[str, int], ...]:
    """(method, working days) of each, by method; raises PostingDaysError."""
    pairs: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _PAIR.fullmatch(part)
        if match is None:
            raise PostingDaysError(f"{part!r} is not a payment method and its working days: write card 0, e-check 3")
        method = match["method"].lower()
        if method in pairs:
            raise PostingDaysError(f"{method} stands there twice")
        pairs[method] = int(match["days"])
    return tuple(sorted(pairs.items()))


def posting_text(pairs: tuple[tuple[str, int], ...]) -> str:
    """The same as text."""
    return ", ".join(f"{method} {days}" for method, days in sorted(pairs))
