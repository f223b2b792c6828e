"""Aging: what is open, by how late it is, as of a day.

Design section 4. The due day itself is not late. Buckets hold open invoices; unapplied payments and credits are a
negative column of their own; disputed amounts stay in their buckets and are told apart in a memo column, so that
sum(buckets) + unapplied = outstanding, always.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from domain.filters import Basis

DEFAULT_EDGES = (30, 60, 90)


class EdgesError(ValueError):
    """Bucket edges that do not make buckets."""


def check_edges(edges: Sequence[int]) -> tuple[int, ...]:
    """The edges as a tuple; raises EdgesError unless they are positive and rise."""
    if not edges or edges[0] < 1 or any(b <= a for a, b in pairwise(edges)):
        raise EdgesError(f"aging edges are rising day counts such as 30,60,90, not {','.join(map(str, edges))}")
    return tuple(edges)


def bucket_names(edges: Sequence[int] = DEFAULT_EDGES) -> tuple[str, ...]:
    """Machine names: not_due, d1_30, d31_60, d61_90, d90_plus for the default edges."""
    low = 1
    names = ["not_due"]
    for edge in check_edges(edges):
        names.append(f"d{low}_{edge}")
        low = edge + 1
    return (*names, f"d{edges[-1]}_plus")


def bucket_labels(edges: Sequence[int] = DEFAULT_EDGES, basis: Basis = Basis.DUE) -> tuple[str, ...]:
    """Screen names: Not due, 1–30, 31–60, 61–90, Over 90. By invoice date the first holds what was billed the same day."""
    low = 1
    labels = ["Not due" if basis is Basis.DUE else "Same day"]
    for edge in check_edges(edges):
        labels.append(f"{low}–{edge}" if low < edge else f"{edge}")
        low = edge + 1
    return (*labels, f"Over {edges[-1]}")


def older_label(basis: Basis) -> str:
    """Screen name of all but the first bucket (`AgingRow.overdue`): by invoice date a bill may be old and not due."""
    return "Past due" if basis is Basis.DUE else "Billed earlier"


def bucket_starts(as_of: date, edges: Sequence[int] = DEFAULT_EDGES) -> tuple[date, ...]:
    """The earliest base date of each bucket but the last: a base date on or after starts[i], and no earlier i, is in i."""
    # Further back than the calendar reaches is its first day.
    return (as_of, *(date.fromordinal(max(1, as_of.toordinal() - edge)) for edge in check_edges(edges)))


def bucket_of(base: date, as_of: date, edges: Sequence[int] = DEFAULT_EDGES) -> int:
    """Index of the bucket of an item whose age counts from `base` (its due date, or its invoice date)."""
    for index, start in enumerate(bucket_starts(as_of, edges)):
        if base >= start:
            return index
    return len(edges) + 1


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open invoice as of a day. Amounts in minor units, positive. due_on None: counted from issued_on + terms."""

    issued_on: date
    due_on: date | None
    open_amount: int
    terms_days: int = 30
    disputed: int = 0

    def base(self, basis: Basis) -> date:
        """The date its age is counted from."""
        if basis is Basis.INVOICE:
            return self.issued_on
        return self.due_on or self.issued_on + timedelta(days=self.terms_days)


@dataclass(frozen=True, slots=True)
class AgingRow:
    """One group's position in one currency, minor units. `unapplied` is zero or negative; `disputed` is a memo."""

    key: str
    name: str
    currency: str
    buckets: tuple[int, ...]
    unapplied: int = 0
    disputed: int = 0
    disputed_overdue: int = 0
    open_count: int = 0
    flagged: int = 0  # open bills without a due date
    labels: dict[str, str] = field(default_factory=dict, compare=False)  # region, site, vendor, account_number ...

    @property
    def outstanding(self) -> int:
        """What is owed: the buckets and the unapplied money."""
        return sum(self.buckets) + self.unapplied

    @property
    def overdue(self) -> int:
        """Everything past due, disputed or not."""
        return sum(self.buckets[1:])


def age(
    items: Iterable[OpenItem], as_of: date, basis: Basis = Basis.DUE, edges: Sequence[int] = DEFAULT_EDGES
) -> AgingRow:
    """The aging of `items` of one currency, as one row without key or unapplied money."""
    buckets = [0] * (len(edges) + 2)
    disputed = disputed_overdue = count = flagged = 0
    for item in items:
        index = bucket_of(item.base(basis), as_of, edges)
        buckets[index] += item.open_amount
        disputed += item.disputed
        disputed_overdue += item.disputed if index else 0
        flagged += item.due_on is None
        count += 1
    return AgingRow("", "", "", tuple(buckets), 0, disputed, disputed_overdue, count, flagged)


def add_up(
    rows: Iterable[AgingRow], currencies: Iterable[str] = (), edges: Sequence[int] = DEFAULT_EDGES
) -> list[AgingRow]:
    """One total a currency, the largest outstanding first; `currencies` are there even with nothing open.

    The rows share `edges`.
    """
    key, name = "total", "Total"
    nothing = (0,) * (len(edges) + 2)
    sums = {currency: AgingRow(key, name, currency, nothing) for currency in currencies}
    for row in rows:
        so_far = sums.get(row.currency)
        if so_far is None:
            so_far = AgingRow(key, name, row.currency, nothing)
        sums[row.currency] = AgingRow(
            key,
            name,
            row.currency,
            tuple(a + b for a, b in zip(so_far.buckets, row.buckets, strict=True)),
            so_far.unapplied + row.unapplied,
            so_far.disputed + row.disputed,
            so_far.disputed_overdue + row.disputed_overdue,
            so_far.open_count + row.open_count,
            so_far.flagged + row.flagged,
        )
    return sorted(sums.values(), key=lambda row: (-row.outstanding, row.currency))
