"""Which open bills are asked for, beside the filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from data_access.queries.dimensions import AMONG
from domain.aging import bucket_starts
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class NarrowedBills:
    """Which open bills: of one aging bucket (by the filters' basis and edges), those past due, those due up to a day or on one of some
    days, those of an account, those whose number holds a text.
    """

    bucket_index: int | None = None
    overdue_only: bool = False
    due_until: date | None = None
    due_days: frozenset[date] | None = None
    account_id: int | None = None
    find: str = ""

    def conditions(self, filters: Filters, base: Any, due_on: Any) -> Iterator[ColumnElement[bool]]:
        """For the columns that say from when a bill ages and when it is due."""
        if self.bucket_index is not None:
            starts = bucket_starts(filters.as_of, filters.edges)
            if self.bucket_index < len(starts):
                yield base >= starts[self.bucket_index]
            if self.bucket_index > 0:
                yield base < starts[self.bucket_index - 1]
        if self.overdue_only:
            yield base < filters.as_of
        if self.due_until is not None:
            yield due_on <= self.due_until
            yield due_on >= filters.as_of
        if self.due_days is not None:
            yield due_on.in_(sorted(self.due_days))

    @property
    def parameters(self) -> dict[str, Any]:
        """What a statement is executed with."""
        return {} if self.account_id is None else {AMONG: [self.account_id]}
