"""Groups that owe something, in order, a page at a time: the aging of those on the page alone is worked out.

By site and by account the database puts them in order (owing).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, select

from data_access.queries import site_totals
from data_access.queries.balances import aging
from data_access.queries.expressions import Weights, every, told_by, total
from data_access.queries.keyset import Mark, Order, UnknownOrderError, page_of, turned
from data_access.queries.owing import owed_alone, owing
from data_access.queries.standing import standing
from data_access.schema import accounts, sites, vendors
from data_access.scope import Scope
from domain.aging import AgingRow
from domain.filters import Filters

# By what, and of equals by what.
SORTS = {"name": ("name",), "outstanding": ("outstanding",), "overdue": ("overdue", "outstanding")}

_BY_THE_DATABASE = ("site", "account")  # puts them in order


@dataclass(frozen=True, slots=True)
class AgingGroup:
    """A group and its aging, one row a currency. `key`: as AgingRow has it, but an account's id; `values`: what orders it."""

    key: str
    values: tuple[Any, ...]
    rows: tuple[AgingRow, ...]

    @property
    def mark(self) -> Mark:
        """Where a page ends."""
        return *self.values, self.key


@dataclass(frozen=True, slots=True)
class AgingSums:
    """All groups: what is overdue of each, in no order, and what they owe together, by currency."""

    overdue: tuple[int, ...]
    outstanding: tuple[tuple[str, int], ...]


def aging_page(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    by: str,
    sort: str = "-overdue",
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 50,
    weights: Weights = (),
) -> list[AgingGroup]:
    """Groups by name, outstanding or overdue (of equals, by outstanding), then by key; an account's name is its vendor's.

    `sort`: - for the largest first.
    """
    if sort.removeprefix("-") not in SORTS:
        raise UnknownOrderError(f"cannot order by {sort!r}; choose one of {', '.join(SORTS)}")
    weights = () if len(filters.currencies) == 1 else weights
    if by not in _BY_THE_DATABASE:
        groups = _in_python(aging(connection, scope, filters, by), by, sort, weights)
        return _cut(groups, sort, after, before, limit)
    marks = [_mark(connection, by, mark) for mark in (after, before)]
    if any(mark and mark[-1] is None for mark in marks):
        return []

    def cut(groups: Subquery) -> Sequence[Any]:
        statement, order = _in_order(groups, by, sort)
        page = page_of(statement, order, after=marks[0], before=marks[1], limit=limit)
        return turned(connection.execute(page).all(), before)

    found: Sequence[Any] | None = None
    if by == "site" and sort.endswith("outstanding") and site_totals.kept_by_site(scope, filters):
        owed = owed_alone(connection, scope, filters, weights)
        found = cut(owed) if owed is not None else None
    if found is None or not _away_from_nothing(found, marks, sort, limit):
        found = cut(owing(connection, scope, filters, by, weights, late="overdue" in SORTS[sort.removeprefix("-")]))
    placed = {id_: tuple(values) for id_, *values in found}
    rows = defaultdict(list)
    for row in aging(connection, scope, filters, by, among=tuple(placed)):
        rows[_key(row, by)].append(row)
    keys = {id_: str(id_) for id_ in placed}
    if by == "site":
        keys = dict(connection.execute(select(sites.c.id, sites.c.code).where(sites.c.id.in_(placed))).all())
    return [AgingGroup(keys[id_], values, tuple(rows[keys[id_]])) for id_, values in placed.items()]


def aging_sums(connection: Connection, scope: Scope, filters: Filters, *, by: str, weights: Weights = ()) -> AgingSums:
    """What all groups come to."""
    owed: defaultdict[str, int] = defaultdict(int)
    weights = () if len(filters.currencies) == 1 else weights
    if by not in _BY_THE_DATABASE:
        rows = aging(connection, scope, filters, by)
        for row in rows:
            owed[row.currency] += row.outstanding
        late = [group.values[0] for group in _in_python(rows, by, "-overdue", weights)]
        return AgingSums(tuple(late), _told(owed))
    groups = owing(connection, scope, filters, by, weights).c
    late, sums = connection.execute(select(every(groups.overdue), total(groups.outstanding))).one()
    if len(filters.currencies) == 1:
        return AgingSums(tuple(told_by(late)), ((filters.currencies[0], sums),) if sums else ())
    for table, chosen in standing(connection, scope, filters):
        t = table.c
        for currency, each in connection.execute(select(t.currency, total(t.owed)).where(*chosen).group_by(t.currency)):
            owed[currency] += each
    return AgingSums(tuple(told_by(late)), _told(owed))


def _told(owed: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((currency, sums) for currency, sums in owed.items() if sums))


def _away_from_nothing(found: Sequence[Any], marks: Sequence[Mark | None], sort: str, limit: int) -> bool:
    """Can no group that comes to nothing be on this page of what is owed?"""
    owed = [row.outstanding for row in found] + [mark[0] for mark in marks if mark]
    begins = () if any(marks) else (1 if sort.startswith("-") else -1,)
    sides = {(each > 0) - (each < 0) for each in (*owed, *begins)}
    return len(found) == limit and len(sides) == 1 and 0 not in sides


def _in_order(groups: Subquery, by: str, sort: str) -> tuple[Select[*tuple[Any, ...]], Order]:
    """The groups with what orders them, and that order."""
    name = sort.removeprefix("-")
    id_ = groups.c.id
    if name != "name":
        values: list[ColumnElement[Any]] = [groups.c[each] for each in SORTS[name]]
        statement = select(id_, *values)
    elif by == "site":
        values = [sites.c.name]
        statement = select(id_, *values).join(sites, sites.c.id == id_)
    else:
        values = [vendors.c.name]
        of_vendor = select(id_, *values).join(accounts, accounts.c.id == id_)
        statement = of_vendor.join(vendors, vendors.c.id == accounts.c.vendor_id)
    return statement, Order((*values, id_), sort.startswith("-"))


def _mark(connection: Connection, by: str, mark: Mark | None) -> Mark | None:
    """The mark with the id of its group; None in its place where there is no such group."""
    if mark is None:
        return None
    *values, key = mark
    if by == "site":
        return *values, connection.scalar(select(sites.c.id).where(sites.c.code == key))
    return *values, int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None  # noqa: PLR2004 - 64 bits


def _key(row: AgingRow, by: str) -> str:
    return row.labels["account_id"] if by == "account" else row.key


def _in_python(rows: Sequence[AgingRow], by: str, sort: str, weights: Weights) -> list[AgingGroup]:
    """All groups in order, from the aging of every one."""
    by_key: defaultdict[str, list[AgingRow]] = defaultdict(list)
    for row in rows:
        by_key[_key(row, by)].append(row)
    name, counted = sort.removeprefix("-"), dict(weights)
    groups = [
        AgingGroup(key, tuple(_value(some, by, each, counted) for each in SORTS[name]), tuple(some))
        for key, some in by_key.items()
    ]
    return sorted(groups, key=lambda group: group.mark, reverse=sort.startswith("-"))


def _cut(groups: list[AgingGroup], sort: str, after: Mark | None, before: Mark | None, limit: int) -> list[AgingGroup]:
    """A page of them."""
    down = sort.startswith("-")
    if after is not None:
        return [group for group in groups if (group.mark < after if down else group.mark > after)][:limit]
    if before is not None:
        return [group for group in groups if (group.mark > before if down else group.mark < before)][-limit:]
    return groups[:limit]


def _value(rows: Sequence[AgingRow], by: str, name: str, weights: dict[str, int]) -> Any:
    if name == "name":
        return rows[0].labels["vendor"] if by == "account" else rows[0].name
    return sum(getattr(row, name) * (weights.get(row.currency, 0) if weights else 1) for row in rows)
