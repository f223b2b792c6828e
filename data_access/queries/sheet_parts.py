"""What all exported tables share: the filters in words, and every row of a keyset-paged read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from data_access.exporting import Cell
from data_access.importers.spool import Spool
from domain.filters import Filters

PAGE = 1000


def describe(filters: Filters) -> tuple[str, ...]:
    """The filters and the day in words, one line each, for the top of a file."""
    lines = [f"As of {filters.as_of.isoformat()}", f"Age counted from the {filters.basis.value} date"]
    if filters.since:
        lines.append(f"From {filters.since.isoformat()}")
    if filters.until:
        lines.append(f"Before {filters.until.isoformat()}")
    for word, values in (
        ("Region", filters.regions),
        ("Site", filters.sites),
        ("Vendor", filters.vendors),
        ("Service type", filters.service_types),
        ("Currency", filters.currencies),
        ("Method", filters.methods),
    ):
        if values:
            lines.append(f"{word}: {', '.join(values)}")
    if filters.search.strip():
        lines.append(f"Search: {filters.search.strip()}")
    return tuple(lines)


def every(fetch: Callable[[Any], list[Any]], after: Callable[[Any], Any]) -> Iterator[Any]:
    """All rows of a keyset-paged read."""
    mark = None
    while page := fetch(mark):
        yield from page
        mark = after(page[-1])


class RowsOnDisk(Sequence[Sequence[Cell]]):
    """The rows of a table that grows with history, so that memory does not follow their number."""

    def __init__(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._spool = Spool()
        for row in rows:
            self._spool.append(row)

    def __len__(self) -> int:
        return len(self._spool)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for some in self._spool.chunks():
            yield from some

    def __getitem__(self, index: Any) -> Any:
        return list(self)[index]
