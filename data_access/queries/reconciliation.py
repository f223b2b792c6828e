"""The three legs of each payment: the call with its confirmation number, the posting, the bank; what is missing, and since when."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.queries.leg_states import BY_POSTING, Legs, LegState
from data_access.scope import Scope
from domain.filters import Filters

AT_ONCE = 1_000  # rows of a file that are in memory together
COUNTED = 1_000  # of each state; no more are counted
_STATES = list(LegState)


@dataclass(frozen=True, slots=True)
class LegRow:
    """One payment that stands on the day, with its legs. matched: minor units of it that bank lines were known to show.

    needs_call: made by phone, so that a confirmation number is wanted; confirmation: its own, else its call's. age: days
    since the leg that is missing first could be there; 0 when none is.
    """

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    paid_on: date
    amount: int
    method: str
    channel: str
    needs_call: bool
    call_id: int | None
    confirmation: str
    posted_on: date | None
    matched: int
    state: LegState
    age: int

    @property
    def left(self) -> int:
        """What of it no bank line shows."""
        return self.amount - self.matched

    @property
    def since(self) -> date:
        """The day from which it waits: that of posting for what lacks the bank only, else that of payment."""
        return self.posted_on if self.state in BY_POSTING and self.posted_on else self.paid_on

    @property
    def mark(self) -> Mark:
        """Where a page of legs ends."""
        return _STATES.index(self.state), self.since, self.id


def legs(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    state: LegState | None = None,
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int | None = 100,
) -> list[LegRow]:
    """Payments made on or before the day: what lacks a leg first, that which waits longest first; complete ones last, the
    newest first. `after` is the mark of the last one shown, `before` of the first.
    """
    mark = before or after
    there = _STATES[mark[0] % len(_STATES)] if mark else None
    states = list(LegState) if before is None else list(reversed(LegState))
    wanted = states[states.index(there) :] if there else states
    read = Legs(connection, scope, filters)

    def found() -> Iterator[LegRow]:
        for each in wanted:
            if state in (None, each):
                bound = mark[1:] if mark and each is there else None
                yield from _of_state(read, each, bound, limit, back=before is not None)

    return turned(list(islice(found(), limit)), before)


def every_leg(
    connection: Connection, scope: Scope, filters: Filters, states: Collection[LegState] = tuple(LegState)
) -> Iterator[LegRow]:
    """All that `legs` gives of these states, in its order and read as they are asked for, so that memory does not follow their number."""
    read = Legs(connection, scope, filters)
    for state in LegState:
        if state in states:
            newest_first = state is LegState.COMPLETE
            parts = [_read(read, statement, newest_first) for statement in read.by_state(state)]
            yield from merge(*parts, key=lambda row: (row.since, row.id), reverse=newest_first)


def _read(read: Legs, statement: Any, newest_first: bool) -> Iterator[LegRow]:
    since, of_id = statement.selected_columns["since"], statement.selected_columns["id"]
    page = page_of(statement, Order((since, of_id), descending=newest_first), limit=None)
    for row in read.connection.execute(page, execution_options={"yield_per": AT_ONCE}):
        yield _row(row, read.as_of)


def _of_state(read: Legs, state: LegState, mark: Mark | None, limit: int | None, *, back: bool) -> list[LegRow]:
    newest_first = state is LegState.COMPLETE
    bounds = {"before": mark} if back else {"after": mark}
    rows: list[LegRow] = []
    for statement in read.by_state(state, mark):
        since, of_id = statement.selected_columns["since"], statement.selected_columns["id"]
        order = Order((since, of_id), descending=newest_first != (back and mark is None))
        page = page_of(statement, order, **bounds, limit=limit)
        rows += [_row(row, read.as_of) for row in read.connection.execute(page)]
    rows.sort(key=lambda row: (row.since, row.id), reverse=newest_first != back)
    return rows[:limit]


def leg_counts(connection: Connection, scope: Scope, filters: Filters) -> dict[LegState, int]:
    """How many payments `legs` gives in each state, counted to COUNTED + 1; all states, also those that none is in."""
    read = Legs(connection, scope, filters, named=False)
    found = dict.fromkeys(LegState, 0)
    for state in LegState:
        for statement in read.by_state(state):
            some = statement.order_by(statement.selected_columns["since"]).limit(COUNTED + 1).subquery()
            found[state] += connection.scalar(select(func.count()).select_from(some)) or 0
    return {state: min(n, COUNTED + 1) for state, n in found.items()}


def oldest_legs(connection: Connection, scope: Scope, filters: Filters) -> dict[LegState, int]:
    """How many days what `legs` gives in each state has waited at most; states that nothing is in are left out."""
    read = Legs(connection, scope, filters)
    found = {}
    for state in LegState:
        if state is not LegState.COMPLETE:
            for row in _of_state(read, state, None, 1, back=False):
                found[state] = row.age
    return found


def _row(row: Any, as_of: date) -> LegRow:
    values: dict[str, Any] = {name: row._mapping[name] for name in LegRow.__dataclass_fields__ if name != "age"}
    state = LegState(row.state)
    age = 0 if state is LegState.COMPLETE else (as_of - row.since).days
    values |= {"state": state, "needs_call": bool(row.needs_call), "age": age}
    return LegRow(**values)
