"""Balances: aging by group, and what the filters of a page hide of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, bindparam, case, select, union_all

from data_access.queries import open_totals
from data_access.queries.dimensions import AMONG, bare_accounts, few_accounts, group_named, ledger_accounts, narrowed
from data_access.queries.expressions import total
from data_access.queries.positions import disputed_bills
from data_access.queries.standing import Sources, newer_bills_apart, open_bills_since, standing
from data_access.schema import sites
from data_access.scope import Scope
from domain.aging import AgingRow, bucket_starts
from domain.filters import Basis, Filters

AGING_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")


def aging(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    by: str,
    *,
    among: tuple[int, ...] | None = None,
    disputes: bool = True,
) -> list[AgingRow]:
    """One row a group and currency, the largest outstanding first. Groups with nothing open are left out.

    `among`: of these sites or accounts alone, by their ids. disputes: False where what is disputed is not looked at, and told as nothing.
    """
    group = group_named(by, AGING_GROUPS)
    names = _names(by)
    named = among is not None
    # Whatever a bill ages from, the sums by due day tell what is open and owed.
    newer_apart = newer_bills_apart(connection, scope, filters, by, named=named)
    sums = replace(filters, basis=Basis.DUE) if newer_apart else filters
    base = None if named else open_totals.start_of(connection, scope, sums, by)
    if base is not None:
        parts = [_from_totals(scope, filters, by, base, newer_apart=newer_apart)]
    else:
        sources = standing(connection, scope, sums, by, named=named)
        parts = [_from_accounts(scope, filters, by, sources, newer_apart=newer_apart, named=named)]
    if newer_apart:
        parts.append(_of_newer_bills(scope, filters, by))
    if disputes:
        parts.append(_of_disputes(scope, filters, by, named=named))
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in parts:
        for row in connection.execute(part, {} if among is None else {AMONG: among}):
            found.setdefault(tuple(row[: len(names)]), {}).update(row._mapping)
    rows = []
    for told in found.values():
        buckets = _buckets(told, filters)
        rows.append(
            AgingRow(
                key=str(told[group.key]),
                name=str(told[group.name]),
                currency=told["currency"],
                buckets=buckets,
                unapplied=told.get("owed", 0) - told.get("open_amount", 0),
                disputed=told.get("disputed", 0),
                disputed_overdue=told.get("disputed_overdue", 0),
                open_count=told.get("open_count", 0),
                flagged=told.get("flagged", 0),
                labels={column: str(told[column]) for column in group.columns},
            )
        )
    rows = [row for row in rows if row.open_count or row.unapplied]
    return sorted(rows, key=lambda row: (-row.outstanding, row.currency, row.key))


def _names(by: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*group_named(by, AGING_GROUPS).columns, "currency")))


_MEASURES = ("open_amount", "open_count", "flagged", "owed")


@lru_cache(maxsize=256)  # putting a statement together costs more than its answer
def _from_totals(
    scope: Scope, filters: Filters, by: str, base: tuple[date, bool], *, newer_apart: bool
) -> Select[*tuple[Any, ...]]:
    """What is open, from the sums by due day."""
    s = open_totals.standing(scope, filters, by, base).c
    keys = [s[name] for name in _names(by)]
    return select(*keys, *_sums(s, filters, newer_apart=newer_apart)).group_by(*keys)


@lru_cache(maxsize=256)
def _of_disputes(scope: Scope, filters: Filters, by: str, *, named: bool) -> Select[*tuple[Any, ...]]:
    """What is disputed, which is little, from its rows."""
    names, alone = _names(by), few_accounts(scope, filters, by, named=named)
    a = bare_accounts(scope, filters, by)
    if any(name not in a.c for name in names):
        a = ledger_accounts(scope, filters)
    bills = disputed_bills(a, [a.c[name] for name in names], filters.as_of, filters.basis, alone)
    keys = [bills.c[name] for name in names]
    return select(*keys, *_disputed(bills.c.base, bills.c.disputed, filters)).group_by(*keys)


_AT_SITES = {"site": sites.c.code, "site_name": sites.c.name, "region": sites.c.region}


@lru_cache(maxsize=256)
def _from_accounts(
    scope: Scope, filters: Filters, by: str, sources: Sources, *, newer_apart: bool, named: bool
) -> Select[*tuple[Any, ...]]:
    """The same from what stands open of each account."""
    parts = []
    for table, chosen in sources:
        keys = _place(table.c, by)
        sums = _sums(table.c, filters, newer_apart=newer_apart)
        parts.append(select(*keys, *sums).where(*chosen).group_by(*keys))
    s = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("s")
    measures = _MEASURES if newer_apart else (*_MEASURES, *_newer_names(filters))
    told = _added_up(scope, filters, by, s, measures)
    if named:  # else PostgreSQL, which cannot know that few are left, gets the names of all
        told = told.where((sites.c.id if by == "site" else s.c.account_id).in_(bindparam(AMONG, expanding=True)))
    return told


@lru_cache(maxsize=256)
def _of_newer_bills(scope: Scope, filters: Filters, by: str) -> Select[*tuple[Any, ...]]:
    """By their day of issue, what is open of bills that are not in the oldest bucket."""
    bills = open_bills_since(scope, filters, bucket_starts(filters.as_of, filters.edges)[-1]).c
    keys = _place(bills, by)
    s = select(*keys, *_newer(bills.issued_on, bills.open_amount, filters)).group_by(*keys).subquery("s")
    return _added_up(scope, filters, by, s, _newer_names(filters))


def _place(t: Any, by: str) -> tuple[ColumnElement[Any], ...]:
    """By what to add up before names are looked up: in the order of the index of account_totals, so that nothing is sorted."""
    place = () if by == "currency" else (t.site_id,) if by in _AT_SITES else (t.site_id, t.account_id)
    return t.currency, *place


def _added_up(
    scope: Scope, filters: Filters, by: str, s: Subquery, measures: Sequence[str]
) -> Select[*tuple[Any, ...]]:
    """Sums of each _place by the names of the group."""
    names, sums = _names(by), [total(s.c[name]).label(name) for name in measures]
    if by == "currency":
        keys = [s.c.currency]
        told = select(*keys, *sums)
    elif by in _AT_SITES:
        keys = [s.c.currency if name == "currency" else _AT_SITES[name].label(name) for name in names]
        told = select(*keys, *sums).join(sites, sites.c.id == s.c.site_id)
    else:
        a = ledger_accounts(scope, filters)
        keys = [a.c[name] for name in names]
        told = select(*keys, *sums).join(s, s.c.account_id == a.c.account_id)
    return told.group_by(*keys)


def _sums(s: Any, filters: Filters, *, newer_apart: bool) -> list[ColumnElement[int]]:
    """_MEASURES of what stands open, and _newer where that is not found apart."""
    bills = [total(s.bills).label("open_count"), total(s.flagged).label("flagged"), total(s.owed).label("owed")]
    newer = [] if newer_apart else _newer(s.due_on, s.open_amount, filters)
    return [total(s.open_amount).label("open_amount"), *bills, *newer]


def _newer(base: Any, amount: Any, filters: Filters) -> list[ColumnElement[int]]:
    """newer0, newer1, ...: what is in the first bucket, in the first two, ...: one comparison a row and edge."""
    starts = bucket_starts(filters.as_of, filters.edges)
    newer = [total(case((base >= start, amount), else_=0)) for start in starts]
    return [sums.label(name) for sums, name in zip(newer, _newer_names(filters), strict=True)]


def _newer_names(filters: Filters) -> tuple[str, ...]:
    return tuple(f"newer{number}" for number in range(len(filters.edges) + 1))


def _buckets(told: Mapping[str, int], filters: Filters) -> tuple[int, ...]:
    """Each is what is newer than its older edge, less what is newer than the bucket before."""
    ends = [0, *(told.get(name, 0) for name in _newer_names(filters)), told.get("open_amount", 0)]
    return tuple(end - before for before, end in pairwise(ends))


def _disputed(base: Any, amount: Any, filters: Filters) -> list[Any]:
    late = total(case((base < filters.as_of, amount), else_=0))
    return [total(amount).label("disputed"), late.label("disputed_overdue")]


def ledger_totals(connection: Connection, scope: Scope, as_of: date) -> dict[str, int]:
    """Outstanding by currency of the whole scope, whatever the filters: what a filtered page must tie out to."""
    rows = aging(connection, scope, Filters(as_of=as_of), "currency", disputes=False)
    return {row.currency: row.outstanding for row in rows}


def hidden_totals(connection: Connection, scope: Scope, filters: Filters) -> dict[str, int]:
    """Outstanding by currency of the accounts that the filters leave out, found without those that they keep."""
    if not narrowed(filters):
        return {}
    now, (by, kept) = Filters(as_of=filters.as_of), _one_choice(filters)
    hidden: Counter[str] = Counter()
    if by:
        for row in aging(connection, scope, now, by, disputes=False):
            if (kept and row.key not in kept) or (filters.currencies and row.currency not in filters.currencies):
                hidden[row.currency] += row.outstanding
        return dict(hidden)
    shown = select(bare_accounts(scope, filters).c.account_id)
    for table, chosen in standing(connection, scope, now):
        t = table.c
        statement = select(t.currency, total(t.owed)).where(*chosen, t.account_id.not_in(shown)).group_by(t.currency)
        for currency, sums in connection.execute(statement):
            hidden[currency] += sums
    return dict(hidden)


def _one_choice(filters: Filters) -> tuple[str, tuple[str, ...]]:
    """What is chosen beside currencies, when that is regions, vendors or service types alone; else nothing."""
    chosen = {"region": filters.regions, "vendor": filters.vendors, "service_type": filters.service_types}
    named = [(by, values) for by, values in chosen.items() if values]
    if filters.sites or filters.search.strip() or len(named) > 1:
        return "", ()
    return named[0] if named else ("currency", ())
