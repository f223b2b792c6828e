"""The call log, newest first, with search and filters. Days and months are those of the call's site."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, func, or_, select

from data_access.queries.call_months import PAID, counted_at, counted_months
from data_access.queries.call_versions import is_newest, paid_on_calls
from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.queries.expressions import contains, total, unindexed
from data_access.queries.keyset import Mark, beside, order_named, page_of, turned
from data_access.queries.local_days import between_days, month_windows, zones_in
from data_access.schema import calls
from data_access.scope import Scope, require, within
from domain.filters import Filters
from domain.periods import month_start, months_between


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call. started_at in UTC; `timezone` is the site's.

    paid: minor units paid on this call, without what was returned by the as-of day; `returned` is that.
    """

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    service_type: str
    currency: str
    timezone: str
    started_at: datetime
    number: str
    direction: str
    duration_s: int | None
    agent: str
    caller: str
    caller_verified: str
    purpose: str
    billing_period: str
    outcome: str
    confirmation_number: str
    promised_on: date | None
    follow_up_on: date | None
    notes: str
    amends_id: int | None
    paid: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class CallFilters:
    """What the log keeps beside the filter bar; empty is everything.

    with_follow_up keeps calls that carry a promise or a follow-up date.
    """

    outcomes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    with_follow_up: bool = False


EVERY_CALL = CallFilters()
COUNTED = 1_000
_LATELY = 10_000  # calls that the words to choose from are taken from


def call_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    wanted: CallFilters = EVERY_CALL,
    account_id: int | None = None,
    sort: str = "-started_at",
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 200,
) -> list[CallRow]:
    """Calls in the filters' period up to the as-of day; a corrected call shows as its correction only.

    filters.search looks into site, vendor, account, agent, caller, number, confirmation number and notes.
    `after` is (started_at, id) of the last one shown, `before` of the first; sort: started_at, either way.
    """
    statement = log_of(connection, scope, filters, wanted, beside(calls.c.started_at, after, before))
    if account_id is not None:
        statement = statement.where(calls.c.account_id == account_id)
    order = order_named(sort, {"started_at": calls.c.started_at}, calls.c.id)
    statement = page_of(statement, order, after=after, before=before, limit=limit)
    return with_money(connection, scope, turned(connection.execute(statement).all(), before), filters.as_of)


def call_count(connection: Connection, scope: Scope, filters: Filters, *, wanted: CallFilters = EVERY_CALL) -> int:
    """How many calls call_rows would give in all; no more than COUNTED + 1 are counted."""
    # Some accounts' calls are found by account, in no order.
    started_at = unindexed(calls.c.started_at) if narrowed(filters) else calls.c.started_at
    statement = log_of(connection, scope, filters, wanted, started_at).limit(COUNTED + 1)
    return connection.scalar(select(func.count()).select_from(statement.subquery())) or 0


def log_of(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    wanted: CallFilters,
    started_at: ColumnElement[datetime] = calls.c.started_at,
) -> Select[*tuple[Any, ...]]:
    """The log in no order: what call_columns has. `started_at` for the period, where another way in is meant."""
    a = ledger_accounts(scope, replace(filters, search=""))
    zones = zones_in(connection, scope)
    return (
        select(*call_columns(a))
        .join(a, a.c.account_id == calls.c.account_id)
        .where(*_kept(a, zones, filters, wanted, started_at))
    )


def _kept(
    a: Subquery,
    zones: Sequence[str],
    filters: Filters,
    wanted: CallFilters,
    started_at: ColumnElement[datetime] = calls.c.started_at,
) -> list[ColumnElement[bool]]:
    """Conditions over calls joined to `a`: newest versions, in the period, in the log's own filters, found by search."""
    period = between_days(started_at, a.c.timezone, zones, filters.since, last_day(filters))
    conditions = [is_newest(), period]
    for column, kept in (
        (calls.c.outcome, wanted.outcomes),
        (calls.c.purpose, wanted.purposes),
        (calls.c.caller_verified, wanted.verified),
    ):
        if kept:
            conditions.append(column.in_(kept))
    if wanted.with_follow_up:
        conditions.append(or_(calls.c.follow_up_on.is_not(None), calls.c.promised_on.is_not(None)))
    if filters.search.strip():
        looked_at = [a.c.site_name, a.c.site, a.c.vendor, calls.c.agent, calls.c.caller]
        own = [calls.c.number, calls.c.confirmation_number, calls.c.notes]
        conditions.append(contains([*looked_at, *own], filters.search, account_number=a.c.account_number))
    return conditions


def call_columns(a: Subquery) -> list[ColumnElement[Any]]:
    """What a CallRow is made of; `a` is ledger_accounts."""
    own = {column.name for column in calls.c}
    return [calls.c[name] if name in own else a.c[name] for name in CallRow.__dataclass_fields__ if name not in _MONEY]


_MONEY = ("paid", "returned")


def with_money(connection: Connection, scope: Scope, rows: Sequence[Any], as_of: date) -> list[CallRow]:
    """Result rows of call_columns as CallRows, with what was paid on each call."""
    paid = paid_on_calls(connection, scope, [row.id for row in rows], as_of)
    return [CallRow(**row._mapping, paid=paid[row.id][0], returned=paid[row.id][1]) for row in rows]


@dataclass(frozen=True, slots=True)
class CallMonth:
    """Calls of one month (YYYY-MM), and how many of them ended with a payment."""

    month: str
    count: int
    paid: int


def calls_by_month(
    connection: Connection, scope: Scope, filters: Filters, *, first: date, wanted: CallFilters = EVERY_CALL
) -> list[CallMonth]:
    """Calls by month from the month of `first` (or the filters' period) up to the as-of day."""
    filters = replace(filters, since=filters.since or month_start(first))
    last = last_day(filters)
    months = list(months_between(filters.since or first, last + timedelta(days=1)))
    zones = zones_in(connection, scope)
    if not months or not zones:
        return []
    whole = require(scope).everything and wanted == EVERY_CALL and filters.since == months[0]
    if whole and not narrowed(replace(filters, regions=(), sites=())) and narrowed(filters):
        counted = counted_at(connection, scope, filters, months, zones, last=last)
        return [CallMonth(month, *numbers) for month, numbers in counted.items()]
    if whole and _of_everybody(connection, filters):
        counted = counted_months(connection, scope, filters, months, zones, last=last)
        return [CallMonth(month, *numbers) for month, numbers in counted.items()]
    a = ledger_accounts(scope, replace(filters, search=""))
    windows = month_windows(months, zones, last)
    within_month = and_(
        windows.c.zone == a.c.timezone,
        calls.c.started_at >= windows.c.starts_at,
        calls.c.started_at < windows.c.ends_at,
    )
    statement = (
        select(windows.c.month, func.count().label("count"), total(case((calls.c.outcome == PAID, 1), else_=0)))
        .select_from(calls)
        .join(a, a.c.account_id == calls.c.account_id)
        .join(windows, within_month)
        .where(*_kept(a, zones, filters, wanted))
        .group_by(windows.c.month)
        .order_by(windows.c.month)
    )
    return [CallMonth(*row) for row in connection.execute(statement)]


def _of_everybody(connection: Connection, filters: Filters) -> bool:
    """Is it quicker to walk through all calls than to look up those of each account? SQLite is the slower to look up a vendor's."""
    few = filters.accounts or (filters.vendors and connection.dialect.name == "postgresql")
    return not (few or filters.regions or filters.sites or filters.search.strip())


def call_words(connection: Connection, scope: Scope) -> dict[str, list[str]]:
    """The outcomes and purposes of the last calls within the scope, for filters and forms."""
    lately = (
        select(calls.c.outcome, calls.c.purpose)
        .where(within(scope, calls.c.site_id))
        .order_by(calls.c.started_at.desc())
        .limit(_LATELY)
        .subquery("lately")
    )
    found = connection.execute(select(lately).distinct()).all()
    outcomes, purposes = (sorted({row[index] for row in found} - {""}) for index in range(2))
    return {"outcome": outcomes, "purpose": purposes}


def last_day(filters: Filters) -> date:
    """The last day of the log, by the as-of day and the period."""
    return min(filters.as_of, filters.until - timedelta(days=1)) if filters.until else filters.as_of
