"""One page of a long table. Where it begins and how it is ordered stand in the address, so that a link shows the same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, unquote

import streamlit as st

from data_access.queries.keyset import Mark
from ui.page_address import Changes

AFTER, BEFORE, SORT = "after", "before", "sort"  # address keys
OWN = dict.fromkeys((AFTER, BEFORE, SORT), "")  # to be among the keys of a page that holds such a table
AFRESH: dict[str, str | None] = dict.fromkeys((AFTER, BEFORE))  # the first page again
ROWS = 50
_BETWEEN = "~"
_LARGEST, _LONGEST = 2**63 - 1, 200


def afresh(prefix: str = "") -> dict[str, str | None]:
    """What turns the table of that prefix to its first page and usual order."""
    return {f"{prefix}{key}": None for key in OWN}


@dataclass(frozen=True, slots=True)
class Ordering:
    """How a table may be sorted: by name, what kinds of values a mark of that order has. `usual`: - for the largest first.

    `prefix` goes before the address keys of a second table of a page.
    """

    kinds: Mapping[str, tuple[type, ...]]
    usual: str
    prefix: str = ""

    @property
    def chosen(self) -> str:
        """What the address says; the usual order where it says nothing that this table knows."""
        asked = st.query_params.get(self.prefix + SORT, "")
        return asked if asked.removeprefix("-") in self.kinds else self.usual

    def mark(self, key: str) -> tuple[int, Mark] | None:
        """How many rows go before it, and the mark, as the address has it under AFTER or BEFORE; None for anything else."""
        count, *parts = st.query_params.get(self.prefix + key, "").split(_BETWEEN)
        kinds = self.kinds[self.chosen.removeprefix("-")]
        try:
            values = tuple(_read(unquote(part), kind) for part, kind in zip(parts, kinds, strict=True))
            return abs(_read(count, int)), values
        except (ValueError, OverflowError):
            return None


def one_order(*kinds: type) -> Ordering:
    """Of a table that is shown in one order; `kinds` of its marks."""
    return Ordering({"": kinds}, "")


class Stretches:
    """Fetches for `page` from a search that looks at a stretch of rows at a time; `last` is what it found last."""

    def __init__(self, read: Callable[..., Any]) -> None:
        self._read = read
        self.last: Any = None

    def __call__(self, **asked: Any) -> Sequence[Any]:
        """The rows that were found."""
        self.last = self._read(**asked)
        return self.last.rows

    @property
    def until(self) -> Mark | None:
        """How far it has looked; None for everything."""
        return self.last.until if self.last is not None else None


@dataclass(frozen=True, slots=True)
class Page:
    """The rows shown, how many go before them, and whether there are earlier and later ones."""

    key: str
    rows: Sequence[Any]
    start: int
    earlier: bool
    more: bool
    sort: str = ""
    ordering: Ordering = field(default_factory=one_order)

    def head(self, address: Callable[[Changes], str], text: str, name: str) -> str:
        """A column's head that orders by `name`, and the other way round when that is the order."""
        if name not in self.ordering.kinds:
            return text
        ours = self.sort.removeprefix("-") == name
        down = self.sort.startswith("-")
        rising = (
            not down if ours else self.ordering.kinds[name][0] is not str
        )  # names from A on, numbers from the largest
        following = f"-{name}" if rising else name
        arrow = (" ↓" if down else " ↑") if ours else ""
        kept = None if following == self.ordering.usual else following
        prefix = self.ordering.prefix
        return f"[{text}{arrow}]({address({**afresh(prefix), prefix + SORT: kept})})"


def page(key: str, question: object, fetch: Callable[..., Sequence[Any]], ordering: Ordering, rows: int = ROWS) -> Page:
    """The page of table `key` that the address names; the first one once `question` is another.

    `fetch(sort=, after=, before=, limit=)` brings rows after a mark, or the last ones before one; `sort` for more than one order.
    """
    sort = ordering.chosen
    asked = (question, sort)
    kept = st.session_state.get(f"{key}-question", asked)
    st.session_state[f"{key}-question"] = asked
    if kept != asked:
        _put({}, ordering.prefix)
    by = {"sort": sort} if sort else {}
    if back := ordering.mark(BEFORE):
        count, mark = back
        found = fetch(**by, after=None, before=mark, limit=rows + 1)
        if len(found) > rows:  # else the first page begins here or before
            return Page(key, found[1:], max(count - rows, 1), earlier=True, more=True, sort=sort, ordering=ordering)
    elif onward := ordering.mark(AFTER):
        count, mark = onward
        found = fetch(**by, after=mark, before=None, limit=rows + 1)
        if found or isinstance(fetch, Stretches):  # a stretch may be empty with more behind it
            return Page(key, found[:rows], count, earlier=True, more=len(found) > rows, sort=sort, ordering=ordering)
    found = fetch(**by, after=None, before=None, limit=rows + 1)
    return Page(key, found[:rows], 0, earlier=False, more=len(found) > rows, sort=sort, ordering=ordering)


def listed(rows: Sequence[Any], name: Callable[[Any], Any]) -> Callable[..., Sequence[Any]]:
    """What `page` fetches from, of rows that are read already; a mark is (name,) of one of them."""

    def fetch(*, after: Mark | None, before: Mark | None, limit: int) -> Sequence[Any]:
        mark = after or before
        place = next((n for n, row in enumerate(rows) if (name(row),) == mark), None) if mark else None
        if place is None:
            return rows[:limit] if not mark else []
        return rows[place + 1 :][:limit] if after else rows[max(place - limit, 0) : place]

    return fetch


def turner(
    shown: Page, mark: Callable[[Any], Mark], total: int | None = None, words: tuple[str, str] = ("Newer", "Older")
) -> None:
    """Buttons to the rows before and after; nothing where all of them are shown. `mark(row)` says where a page ends."""
    if not shown.rows or not (shown.earlier or shown.more):
        return
    first, last = mark(shown.rows[0]), mark(shown.rows[-1])
    upwards = shown.sort and not shown.sort.startswith("-") and words == ("Newer", "Older")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Before" if upwards else words[0],
            icon=":material/chevron_left:",
            disabled=not shown.earlier,
            key=f"{shown.key}-newer",
            on_click=_put,
            args=({BEFORE: _text(shown.start, first)}, shown.ordering.prefix),
        )
        st.button(
            "After" if upwards else words[1],
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=not shown.more,
            key=f"{shown.key}-older",
            on_click=_put,
            args=({AFTER: _text(shown.start + len(shown.rows), last)}, shown.ordering.prefix),
        )
        of = f" of {total:,}" if total is not None else ""
        st.caption(f"{shown.start + 1:,} to {shown.start + len(shown.rows):,}{of}", width="content")


def search_on(shown: Page, stretches: Stretches, told: str) -> None:
    """How far a search has looked, and the way on from there; nothing where it has looked at everything or has rows left to show."""
    if stretches.until is None or shown.more:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Search further",
            icon=":material/manage_search:",
            key=f"{shown.key}-further",
            on_click=_put,
            args=({AFTER: _text(shown.start + len(shown.rows), stretches.until)}, shown.ordering.prefix),
        )
        if shown.earlier:
            st.button(
                "First page",
                icon=":material/first_page:",
                key=f"{shown.key}-first",
                on_click=_put,
                args=({}, shown.ordering.prefix),
            )
        st.caption(told, width="content")


def _put(marks: Mapping[str, str], prefix: str) -> None:
    """The address with these marks and no others."""
    for key in (AFTER, BEFORE):
        if key in marks:
            st.query_params[prefix + key] = marks[key]
        elif prefix + key in st.query_params:
            del st.query_params[prefix + key]


def _text(count: int, mark: Mark) -> str:
    values = (value.isoformat() if isinstance(value, date) else str(value) for value in mark)
    return _BETWEEN.join((str(count), *(quote(value, safe="").replace(_BETWEEN, "%7E") for value in values)))


def _read(text: str, kind: type) -> Any:
    """The value that a mark has; raises ValueError for what is none of that kind."""
    if len(text) > _LONGEST or "\x00" in text:
        raise ValueError("too long, or nothing that a database holds")
    if kind is int:
        number = int(text) if text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() else _LARGEST + 1
        if abs(number) > _LARGEST:
            raise ValueError("no number that a database holds")
        return number
    if kind is datetime:
        return datetime.fromisoformat(text).astimezone(UTC)
    return date.fromisoformat(text) if kind is date else text
