"""The call log searched by words, or narrowed by its own choices.

Words that name few accounts bring the calls of these, by index, however long ago. What only says the words (agent, caller, numbers,
notes) no index knows: for that a stretch of the log is looked at, the newest first, and where there are older calls, it is said how far.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select, tuple_

from data_access.queries.calls import EVERY_CALL, CallFilters, CallRow, last_day, log_of, with_money
from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.queries.expressions import names_account, says, unindexed
from data_access.queries.keyset import Mark, Order, beside, page_of, turned
from data_access.queries.local_days import day_over, day_start
from data_access.queries.searching import FEW, named_accounts
from data_access.schema import calls
from data_access.scope import Scope, within
from domain.filters import Filters

LOOKED_AT = 3_000  # calls in one stretch


@dataclass(frozen=True, slots=True)
class SearchedCalls:
    """Calls that a search found. until: (started_at, id) of the last call looked at, None where all that may be shown were.

    by_name: these are all calls of the accounts that the words name, and no others were looked at.
    """

    rows: tuple[CallRow, ...]
    until: Mark | None
    by_name: bool = False


def found_calls(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    wanted: CallFilters = EVERY_CALL,
    everywhere: bool = False,
    sort: str = "-started_at",
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 25,
) -> SearchedCalls:
    """As call_rows, but one stretch of it; `everywhere` looks for the words in calls also where they name accounts."""
    order = Order((calls.c.started_at, calls.c.id), descending=sort.startswith("-"))
    marks: dict[str, Any] = {"after": after, "before": before, "limit": limit}
    named = named_accounts(connection, scope, filters.search) if filters.search.strip() else None
    of_some = not scope.everything or narrowed(replace(filters, search=""))
    few = _few_accounts(connection, scope, replace(filters, search="")) if of_some else None
    by_name = bool(named) and not everywhere
    at, edge = unindexed(calls.c.started_at), None
    if not by_name and few is None:
        at = beside(calls.c.started_at, after, before)
        if not wanted.with_follow_up:  # the index on agreed calls is short
            edge = _edge(connection, scope, filters, order, after=after, before=before)
    statement = log_of(connection, scope, replace(filters, search=""), wanted, at)
    if few is not None:
        statement = statement.where(calls.c.account_id.in_(few))
    if by_name:
        statement = statement.where(calls.c.account_id.in_(named or ()))
    elif filters.search.strip():
        statement = statement.where(_says(statement, filters.search, named))
    if not by_name and few is None:
        down = order.descending != (before is not None)
        here, end = tuple_(calls.c.started_at, calls.c.id), edge or _period_end(filters, down=down)
        if end is not None:
            statement = statement.where(here >= tuple_(*end) if down else here <= tuple_(*end))
    found = turned(connection.execute(page_of(statement, order, **marks)).all(), before)
    until = None if before is not None else edge
    return SearchedCalls(tuple(with_money(connection, scope, found, filters.as_of)), until, by_name)


def _few_accounts(connection: Connection, scope: Scope, filters: Filters) -> list[int] | None:
    """The accounts in the filters; None for more than FEW."""
    a = ledger_accounts(scope, filters)
    ids = list(connection.scalars(select(a.c.account_id).limit(FEW + 1)))
    return ids if len(ids) <= FEW else None


def _edge(
    connection: Connection, scope: Scope, filters: Filters, order: Order, *, after: Mark | None, before: Mark | None
) -> Mark | None:
    """The last call of the stretch from the mark on; None where the log ends before."""
    at = calls.c.started_at
    inside = [within(scope, calls.c.site_id)]
    if before is None or not order.descending:
        inside.append((at if after is None else unindexed(at)) < day_over(last_day(filters)))
    if filters.since is not None:
        inside.append((at if after is None and before is None else unindexed(at)) >= _begins(filters.since))
    statement = page_of(select(at, calls.c.id).where(*inside), order, after=after, before=before, limit=1)
    found = connection.execute(statement.offset(LOOKED_AT - 1)).first()
    return None if found is None else (found.started_at, found.id)


def _period_end(filters: Filters, *, down: bool) -> Mark | None:
    """Where a walk of the log may stop at the latest; None at its beginning."""
    if not down:
        return day_over(last_day(filters)), 0
    return None if filters.since is None else (_begins(filters.since), 0)


def _begins(day: date) -> datetime:
    return day_start(day, "Etc/GMT-14")  # where a day begins first


def _says(statement: Select[Any], text: str, named: Sequence[int] | None) -> ColumnElement[bool]:
    """What says the words, or is of an account that they name."""
    own = [calls.c[name] for name in ("agent", "caller", "number", "confirmation_number", "notes")]
    a = statement.selected_columns
    names = [a[name] for name in ("site_name", "site", "vendor")]
    of_account = names_account(a["account_number"], text) if named is None else calls.c.account_id.in_(named)
    return or_(says([*names, *own], text), of_account)
