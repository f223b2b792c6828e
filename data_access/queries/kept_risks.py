"""Accounts at risk in brief, read from what is kept of their judgements (decision 0037), in the orders in which pages show them.

What is not to be relied on (see touched) is judged now and put among the others, so that the answer is that of this moment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, bindparam, func, select, union, union_all

from data_access.queries.dimensions import bare_accounts, ledger_accounts, narrowed
from data_access.queries.positions import open_items
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.risk_rows import NAMES, NEVER, RiskRow, brief, row_of
from data_access.queries.touched import relied_on
from data_access.queries.unsettled import pending_parts
from data_access.schema import past_risks, sites
from data_access.scope import Scope, within
from domain.filters import Filters
from domain.risk import Stage

T = TypeVar("T")
MOST = 300  # accounts that are judged beside what is kept; where there are more, all are
Range = tuple[Stage, date, date]  # a stage, and from when to when it stops
_START, _MOST, _REACH = "start", "most", "reach"
APART, DAY = "apart", "day"  # parameters: accounts that are judged now, and the day
_KEPT = (
    *("account_id", "currency", "stage", "stops_on", "earliest", "latest", "noticed_on", "keeps_on"),
    *("services", "criticality", "headcount", "mildness"),
)


@dataclass(frozen=True, slots=True)
class Apart:
    """What is judged now: the entries above Stage.CURRENT of accounts in the filters, and how many others have something unsettled.

    ids: of all such accounts, in the filters or not; None where nothing is taken from what is kept. table: where the rest is kept.
    unjudged: nobody was judged, since they were too many.
    """

    ids: Sequence[int] | None
    table: Table
    entries: tuple[AccountRisk, ...]
    rows: tuple[RiskRow, ...]
    clear: int
    unjudged: bool = False

    def asked(self, scope: Scope, filters: Filters) -> "Asked":
        """What the statements of the rest are made for."""
        return Asked(scope, filters, self.table, bool(self.ids))


def judged_apart(connection: Connection, scope: Scope, filters: Filters, limit: int | None = None) -> Apart:
    """The accounts whose kept risk does not stand, judged. limit: nothing of the day being kept, no more than so many accounts."""
    ids, table = relied_on(connection, scope, filters.as_of, MOST)
    if ids is None and limit is not None and _are_more_than(limit, connection, scope, filters):
        return Apart(None, table, (), (), 0, unjudged=True)
    if ids is None:
        threatened = tuple(account_risks(connection, scope, filters, to_fear=True))
        clear = _unsettled(connection, scope, filters) - len(threatened)
    else:
        entries = account_risks(connection, scope, filters, among=ids) if ids else []
        threatened = tuple(entry for entry in entries if entry.risk.firm.stage is not Stage.CURRENT)
        clear = len(entries) - len(threatened)
    return Apart(ids, table, threatened, tuple(map(brief, threatened)), clear)


def _are_more_than(number: int, connection: Connection, scope: Scope, filters: Filters) -> bool:
    a = bare_accounts(scope, filters)
    return len(connection.scalars(select(a.c.account_id).limit(number + 1)).all()) > number


def _unsettled(connection: Connection, scope: Scope, filters: Filters) -> int:
    """How many accounts have something unsettled."""
    a, items, pending = bare_accounts(scope, filters), open_items(filters.as_of), pending_parts(filters.as_of)
    either = union(select(items.c.account_id), select(pending.c.account_id)).subquery()
    counted = select(func.count()).select_from(either).join(a, a.c.account_id == either.c.account_id)
    return connection.scalar(counted) or 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What statements are made for. table: what is kept; apart: some accounts are left out."""

    scope: Scope
    filters: Filters
    table: Table
    apart: bool

    @property
    def kept(self) -> Any:
        """The columns of what is kept."""
        return self.table.c


def stands(asked: Asked, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A SELECT, without columns, of kept rows that stand on the day DAY, but for those of the accounts APART."""
    kept, day = asked.kept, bindparam(DAY)
    standing = (kept.day == day,) if asked.table is past_risks else (kept.since <= day, kept.until > day)
    statement = select().select_from(asked.table).where(*conditions, within(asked.scope, kept.site_id), *standing)
    if asked.apart:
        statement = statement.where(kept.account_id.not_in(bindparam(APART, expanding=True)))
    return statement.where(*_narrowing(asked))


def _narrowing(asked: Asked) -> Iterator[ColumnElement[bool]]:
    """Conditions of the filters: looked for in lists, so that the order of an index may be walked through."""
    kept, scope, filters = asked.kept, asked.scope, asked.filters
    if filters.currencies:
        yield kept.currency.in_(filters.currencies)
    if filters.regions:
        yield kept.site_id.in_(select(sites.c.id).where(sites.c.region.in_(filters.regions)))
    if filters.sites:
        yield kept.site_id.in_(select(sites.c.id).where(sites.c.code.in_(filters.sites)))
    others = replace(filters, currencies=(), regions=(), sites=())
    if narrowed(others):
        a = bare_accounts(scope, others)
        yield kept.account_id.in_(select(a.c.account_id))


def kept_rows(
    connection: Connection, scope: Scope, filters: Filters, apart: Apart, which: Select[*tuple[Any, ...]]
) -> list[RiskRow]:
    """The rows that `which`, made of stands and with_columns, selects; with their names, in its order."""
    found = connection.execute(which, parameters(filters, apart))
    return _named_rows(connection, scope, filters, found.all())


def _named_rows(connection: Connection, scope: Scope, filters: Filters, found: Sequence[Any]) -> list[RiskRow]:
    names = _names(connection, scope, [row.account_id for row in found])
    return [row_of(row, names[row.account_id], filters.as_of) for row in found]


class Order(Enum):
    """How rows are put in order: as within a severity; by the day on which service stops; or the last of these first."""

    IN_GROUP = "in group"
    BY_DAY = "by day"
    LAST = "last"


def some_in_order(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    apart: Apart,
    ranges: tuple[Range, ...],
    *,
    order: Order,
    most: int,
    start: int = 0,
) -> list[RiskRow]:
    """Kept rows of `ranges`, from the `start`th on."""
    found = _found(connection, scope, filters, apart, ranges, order=order, most=most, start=start)
    return _named_rows(connection, scope, filters, found)


def ids_in_order(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    apart: Apart,
    ranges: tuple[Range, ...],
    *,
    order: Order,
    most: int,
    start: int = 0,
) -> list[int]:
    """Whose rows these are: for who looks the accounts up anyway."""
    found = _found(connection, scope, filters, apart, ranges, order=order, most=most, start=start)
    return [row.account_id for row in found]


def _found(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    apart: Apart,
    ranges: tuple[Range, ...],
    *,
    order: Order,
    most: int,
    start: int,
) -> Sequence[Any]:
    if apart.ids is None:
        return []
    given = parameters(filters, apart) | {_START: start, _MOST: most, _REACH: start + most}
    return connection.execute(_in_order(apart.asked(scope, filters), ranges, order), given).all()


@lru_cache(maxsize=256)
def _in_order(asked: Asked, ranges: tuple[Range, ...], order: Order) -> Select[*tuple[Any, ...]]:
    def ordered(rows: Any) -> tuple[ColumnElement[Any], ...]:
        if order is Order.LAST:
            return rows.stops_on.desc(), rows.account_id.desc()
        within_a_day = (
            (rows.account_id,) if order is Order.BY_DAY else (rows.stage.desc(), rows.mildness, rows.account_id)
        )
        return rows.stops_on, *within_a_day

    # Each stage is walked through in the order of the index, as far as it could be shown.
    kept = asked.kept
    branches = [
        with_columns(asked, stands(asked, kept.stage == int(stage), kept.stops_on.between(first, last)))
        .order_by(*ordered(kept))
        .limit(bindparam(_REACH, type_=Integer))
        .subquery()
        for stage, first, last in ranges
    ]
    rows = union_all(*map(select, branches)).subquery() if len(branches) > 1 else branches[0]
    start: Any = bindparam(_START, type_=Integer)
    most: Any = bindparam(_MOST, type_=Integer)
    return select(rows).order_by(*ordered(rows.c)).offset(start).limit(most)


def with_columns(asked: Asked, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """What kept_rows needs of it."""
    return statement.add_columns(*(asked.kept[name] for name in _KEPT))


def page_of(
    read: Callable[[int, int], list[T]],
    others: Sequence[T],
    key: Callable[[T], tuple[Any, ...]],
    start: int,
    limit: int,
) -> list[T]:
    """Rows `start` and the following of what `read` reads (from which row, how many) and `others` together, in order of `key`."""
    before = max(0, start - len(others))  # so many are sooner than the page, whichever of the others are among them
    rows = read(before, limit + len(others))
    if before and not rows:
        return []
    return sorted([*rows, *others], key=key)[start - before :][:limit]


def parameters(filters: Filters, apart: Apart) -> dict[str, Any]:
    """What a statement made of stands is executed with."""
    return {DAY: filters.as_of} | ({APART: list(apart.ids)} if apart.ids else {})


def _names(connection: Connection, scope: Scope, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found = connection.execute(_named(scope), {"ids": list(ids)}) if ids else ()
    return {row[0]: tuple(row[1:]) for row in found}


@lru_cache(maxsize=64)
def _named(scope: Scope) -> Select[*tuple[Any, ...]]:
    a = ledger_accounts(scope, Filters(as_of=NEVER))
    columns = [a.c[name] for name in ("account_id", *NAMES)]
    return select(*columns).where(a.c.account_id.in_(bindparam("ids", expanding=True)))
