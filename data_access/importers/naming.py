"""Names compared as people mean them, and near misses."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches

_MANY = 5_000
_LONG = 100


def plain(name: str) -> str:
    """For comparison: no case, single spaces."""
    return " ".join(name.casefold().split())


def near(name: str, known: Iterable[str], shown: Callable[[str], str] = str) -> str:
    """' (did you mean ...?)' with up to three close names, else nothing; `shown` says how a name is written."""
    if len(name) > _LONG:
        return ""
    by_plain: dict[str, str] = {}
    for candidate in known:
        by_plain.setdefault(plain(candidate), candidate)
        if len(by_plain) >= _MANY:  # comparing with more costs more than it helps
            break
    close = get_close_matches(plain(name), by_plain, n=3, cutoff=0.7)
    return f" (did you mean {' or '.join(repr(shown(by_plain[match])) for match in close)}?)" if close else ""
