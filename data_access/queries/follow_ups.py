"""Promises and follow-ups of the call log that wait for somebody."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, and_, func, or_, select

from data_access.queries.call_versions import is_newest
from data_access.queries.calls import CallRow, call_columns, with_money
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.local_days import between_days, local_day, zones_in
from data_access.schema import calls, payments
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import shifted
from domain.promises import Standing, follow_up_standing, promise_standing

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


def follow_ups(connection: Connection, scope: Scope, filters: Filters, *, days_ahead: int = 7) -> list[FollowUp]:
    """Open promises and follow-ups due up to `days_ahead` after the as-of day, the longest overdue first.

    Over calls of the half year before the as-of day. A promise is settled by a payment on the account since the call
    (which settles the call's follow-up as well), or overtaken by the promise of a later call; a follow-up is done by any
    later call on the account.
    """
    as_of = filters.as_of
    a = ledger_accounts(scope, replace(filters, search=""))
    until = shifted(as_of, days_ahead)
    statement = (
        select(
            *call_columns(a),
            _last_payment(as_of).label("last_paid_on"),
            _next_call().label("next_call_at"),
            _next_call(promising=True).label("next_promise_at"),
        )
        .join(a, a.c.account_id == calls.c.account_id)
        .where(
            is_newest(),
            or_(calls.c.promised_on <= until, calls.c.follow_up_on <= until),
            between_days(
                calls.c.started_at,
                a.c.timezone,
                zones_in(connection, scope),
                shifted(as_of, -LOOKED_BACK),
                as_of,
            ),
        )
    )
    found = [(row, *_standings(row, as_of)) for row in connection.execute(statement)]
    waiting = [(row, p, f) for row, p, f in found if (p and p.is_open) or (f and f.is_open)]
    rows = with_money(connection, scope, [_Bare(row) for row, _, _ in waiting], as_of)
    ends = [FollowUp(call, p, f) for call, (_, p, f) in zip(rows, waiting, strict=True)]
    return sorted((end for end in ends if end.due_on <= until), key=lambda end: (end.due_on, end.call.id))


class _Bare:
    """A result row without the columns that are not a CallRow's."""

    def __init__(self, row: Any) -> None:
        self.id = row.id
        extra = ("last_paid_on", "next_call_at", "next_promise_at")
        self._mapping = {name: value for name, value in row._mapping.items() if name not in extra}


def _standings(row: Any, as_of: date) -> tuple[Standing | None, Standing | None]:
    def day_of(moment: datetime | None) -> date | None:
        day = local_day(moment, row.timezone) if moment else None
        return day if day and day <= as_of else None

    promise = follow_up = None
    if row.promised_on and day_of(row.next_promise_at) is None:
        paid = [row.last_paid_on] if row.last_paid_on else []
        promise = promise_standing(row.promised_on, local_day(row.started_at, row.timezone), paid, as_of)
    if promise and not promise.is_open:
        follow_up = promise if row.follow_up_on else None
    elif row.follow_up_on:
        follow_up = follow_up_standing(row.follow_up_on, day_of(row.next_call_at), as_of)
    return promise, follow_up


def _last_payment(as_of: date) -> ScalarSelect[Any]:
    return (
        select(func.max(payments.c.paid_on))
        .where(
            payments.c.account_id == calls.c.account_id,
            payments.c.kind == "payment",
            payments.c.paid_on <= as_of,
            or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
        )
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
    return statement.correlate(calls).scalar_subquery()
