"""Promises and follow-ups of the call log: those that wait for somebody, and what became of the others."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Subquery,
    and_,
    func,
    literal_column,
    null,
    or_,
    select,
)

from data_access.queries.call_versions import is_newest
from data_access.queries.calls import CallRow, call_columns, with_money
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import unindexed
from data_access.queries.local_days import between_days, local_day, zones_in
from data_access.schema import calls, payments
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import shifted
from domain.promises import Standing, follow_up_standing, promise_standing

_AT_ONCE = 500
LOOKED_BACK = 180  # days; what nobody followed up for half a year is history


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A call with something left to do. A standing is None where the call carries no such date, or it was overtaken."""

    call: CallRow
    promise: Standing | None
    follow_up: Standing | None

    @property
    def due_on(self) -> date:
        """The day of the first thing left to do."""
        days = ((self.promise, self.call.promised_on), (self.follow_up, self.call.follow_up_on))
        return min(day for standing, day in days if standing and standing.is_open and day)


@dataclass(frozen=True, slots=True)
class Ended:
    """A promise that was kept, late or not (OVERDUE: broken, and promised anew), or a follow-up that is done.

    ended_on: the day of the payment or the call; None where it was ticked off, and of a broken promise.
    """

    call: CallRow
    is_promise: bool
    due_on: date
    standing: Standing
    ended_on: date | None


def follow_ups(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    days_ahead: int = 7,
    among: Collection[int] | None = None,
) -> list[FollowUp]:
    """Open promises and follow-ups due up to `days_ahead` after the as-of day, the longest overdue first.

    Over calls of the half year before the as-of day. A promise is settled by a payment on the account since the call
    (which settles the call's follow-up as well), or overtaken by the promise of a later call; a follow-up is done by any
    later call on the account. among: of few accounts alone.
    """
    as_of = filters.as_of
    a = ledger_accounts(scope, replace(filters, search=""))
    if among is not None:
        a = select(a).where(a.c.account_id.in_(among)).subquery("a")
    until = shifted(as_of, days_ahead)
    found = [
        (row, *_standings(row, as_of))
        for row in _agreed(
            connection, scope, a, as_of, or_(calls.c.promised_on <= until, calls.c.follow_up_on <= until)
        )
    ]
    waiting = [(row, p, f) for row, p, f in found if (p and p.is_open) or (f and f.is_open)]
    rows = with_money(connection, scope, [_Bare(row) for row, _, _ in waiting], as_of)
    ends = [FollowUp(call, p, f) for call, (_, p, f) in zip(rows, waiting, strict=True)]
    return sorted((end for end in ends if end.due_on <= until), key=lambda end: (end.due_on, end.call.id))


def ended(connection: Connection, scope: Scope, filters: Filters, *, limit: int = 200) -> list[Ended]:
    """What became of promises and follow-ups of calls of the half year before the as-of day; the last due first."""
    as_of = filters.as_of
    a = ledger_accounts(scope, replace(filters, search=""))
    wanted = or_(calls.c.promised_on.is_not(None), calls.c.follow_up_on.is_not(None))
    rows = [*_agreed(connection, scope, a, as_of, wanted), *_ticked(connection, scope, a, as_of)]
    money = with_money(connection, scope, [_Bare(row) for row in rows], as_of)
    paid = _paid_days(connection, a, as_of, {row.account_id for row in rows if row.promised_on})
    found = [end for row, call in zip(rows, money, strict=True) for end in _ends(row, call, paid, as_of)]
    return sorted(found, key=lambda end: (end.due_on, end.call.id), reverse=True)[:limit]


def _ends(row: Any, call: CallRow, paid: Mapping[int, Sequence[date]], as_of: date) -> Iterator[Ended]:
    kept = None
    if row.promised_on:
        called_on, anew_on = local_day(row.started_at, row.timezone), _day_of(row.next_promise_at, row.timezone, as_of)
        days = [day for day in paid.get(call.account_id, ()) if called_on <= day and (not anew_on or day <= anew_on)]
        standing = promise_standing(row.promised_on, called_on, days, as_of)
        kept = None if standing.is_open else standing
        if kept:
            yield Ended(call, True, row.promised_on, kept, min(days))
        elif anew_on and anew_on > row.promised_on:
            yield Ended(call, True, row.promised_on, Standing.OVERDUE, None)
    if row.follow_up_on and not kept:
        next_on = _day_of(row.next_call_at, row.timezone, as_of)
        standing = follow_up_standing(row.follow_up_on, next_on, as_of)
        if not standing.is_open:
            yield Ended(call, False, row.follow_up_on, standing, next_on)
    if row.ticked is not None:
        yield Ended(call, False, row.ticked, Standing.DONE, None)


def _paid_days(connection: Connection, a: Subquery, as_of: date, account_ids: Collection[int]) -> dict[int, list[date]]:
    """The days of the live payments of these accounts."""
    paid_on = unindexed(payments.c.paid_on)
    statement = (
        select(payments.c.account_id, payments.c.paid_on)
        .join(a, a.c.account_id == payments.c.account_id)
        .where(paid_on >= shifted(as_of, -LOOKED_BACK), *_counts(as_of))
        .order_by(paid_on)
    )
    found: dict[int, list[date]] = {}
    ids = sorted(account_ids)
    for start in range(0, len(ids), _AT_ONCE):
        for row in connection.execute(statement.where(payments.c.account_id.in_(ids[start : start + _AT_ONCE]))):
            found.setdefault(row.account_id, []).append(row.paid_on)
    return found


def _agreed(
    connection: Connection, scope: Scope, a: Subquery, as_of: date, wanted: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """Newest versions of the calls looked at that `wanted` keeps, with what followed them."""
    statement = select(*call_columns(a), *_followed(as_of), null().label("ticked"))
    statement = statement.join(a, a.c.account_id == calls.c.account_id)
    agreed = literal_column("(calls.promised_on IS NOT NULL OR calls.follow_up_on IS NOT NULL)")  # as in their index
    return connection.execute(statement.where(is_newest(), agreed, wanted, _lately(connection, scope, a, as_of))).all()


def _ticked(connection: Connection, scope: Scope, a: Subquery, as_of: date) -> Sequence[Row[Any]]:
    """Calls whose last correction took the follow-up away."""
    before = calls.alias("before")
    statement = (
        select(*call_columns(a), *_followed(as_of), before.c.follow_up_on.label("ticked"))
        .join(a, a.c.account_id == calls.c.account_id)
        .join(before, and_(before.c.account_id == calls.c.account_id, before.c.id == calls.c.amends_id))
        .where(
            is_newest(),
            literal_column("calls.amends_id IS NOT NULL"),
            calls.c.follow_up_on.is_(None),
            before.c.follow_up_on.is_not(None),
            _lately(connection, scope, a, as_of),
        )
    )
    return connection.execute(statement).all()


@lru_cache(maxsize=64)  # putting them together costs more than what one site has
def _followed(as_of: date) -> tuple[ColumnElement[Any], ...]:
    return (
        _last_payment(as_of).label("last_paid_on"),
        _next_call().label("next_call_at"),
        _next_call(promising=True).label("next_promise_at"),
    )


def _lately(connection: Connection, scope: Scope, a: Subquery, as_of: date) -> ColumnElement[bool]:
    zones = zones_in(connection, scope)
    return between_days(calls.c.started_at, a.c.timezone, zones, shifted(as_of, -LOOKED_BACK), as_of)


class _Bare:
    """A result row without the columns that are not a CallRow's."""

    def __init__(self, row: Any) -> None:
        self.id = row.id
        extra = ("last_paid_on", "next_call_at", "next_promise_at", "ticked")
        self._mapping = {name: value for name, value in row._mapping.items() if name not in extra}


def _standings(row: Any, as_of: date) -> tuple[Standing | None, Standing | None]:
    promise = follow_up = None
    if row.promised_on and _day_of(row.next_promise_at, row.timezone, as_of) is None:
        paid = [row.last_paid_on] if row.last_paid_on else []
        promise = promise_standing(row.promised_on, local_day(row.started_at, row.timezone), paid, as_of)
    if promise and not promise.is_open:
        follow_up = promise if row.follow_up_on else None
    elif row.follow_up_on:
        follow_up = follow_up_standing(row.follow_up_on, _day_of(row.next_call_at, row.timezone, as_of), as_of)
    return promise, follow_up


def _day_of(moment: datetime | None, zone: str, as_of: date) -> date | None:
    """The local day of what had happened by then."""
    day = local_day(moment, zone) if moment else None
    return day if day and day <= as_of else None


def _counts(as_of: date) -> list[ColumnElement[bool]]:
    """Payments made and not yet come back on that day."""
    return [
        payments.c.kind == "payment",
        unindexed(payments.c.paid_on) <= as_of,
        or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
    ]


def _last_payment(as_of: date) -> ScalarSelect[Any]:
    return (
        select(func.max(payments.c.paid_on))
        .where(payments.c.account_id == calls.c.account_id, *_counts(as_of))
        .group_by(payments.c.account_id)
        .correlate(calls)
        .scalar_subquery()
    )


def _next_call(*, promising: bool = False) -> ScalarSelect[Any]:
    later = calls.alias()
    statement = select(func.min(later.c.started_at)).where(
        and_(later.c.account_id == calls.c.account_id, later.c.started_at > calls.c.started_at), is_newest(later)
    )
    if promising:
        statement = statement.where(later.c.promised_on.is_not(None))
    return statement.group_by(later.c.account_id).correlate(calls).scalar_subquery()
