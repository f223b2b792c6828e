"""Balances: aging by group, and what the filters of a page hide of it."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, case, select, union_all

from data_access.queries import open_totals
from data_access.queries.dimensions import AMONG, bare_accounts, few_accounts, group_named, ledger_accounts, narrowed
from data_access.queries.expressions import total
from data_access.queries.past_documents import Accounts
from data_access.queries.positions import disputed_bills
from data_access.queries.standing import standing
from data_access.schema import sites
from data_access.scope import Scope
from domain.aging import AgingRow, bucket_starts
from domain.filters import Filters

AGING_GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")


def aging(
    connection: Connection, scope: Scope, filters: Filters, by: str, *, among: tuple[int, ...] | None = None
) -> list[AgingRow]:
    """One row a group and currency, the largest outstanding first. Groups with nothing open are left out.

    `among`: of these sites or accounts alone, by their ids.
    """
    group = group_named(by, AGING_GROUPS)
    names = _names(by)
    base = open_totals.start_of(connection, scope, filters, by) if among is None else None
    if base is not None:
        parts = _from_totals(scope, filters, by, base)
    else:
        parts = _from_accounts(connection, scope, filters, by, named=among is not None)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for part in parts:
        for row in connection.execute(part, {} if among is None else {AMONG: among}):
            found.setdefault(tuple(row[: len(names)]), {}).update(row._mapping)
    rows = []
    for told in found.values():
        buckets = tuple(told.get(f"b{i}", 0) for i in range(len(filters.edges) + 2))
        rows.append(
            AgingRow(
                key=str(told[group.key]),
                name=str(told[group.name]),
                currency=told["currency"],
                buckets=buckets,
                unapplied=told.get("owed", 0) - sum(buckets),
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


@lru_cache(maxsize=256)  # putting a statement together costs more than its answer
def _from_totals(
    scope: Scope, filters: Filters, by: str, base: tuple[date, bool]
) -> tuple[Select[*tuple[Any, ...]], ...]:
    """What is open from the sums by due day; what is disputed, which is little, from its rows."""
    names = _names(by)
    standing = open_totals.standing(scope, filters, by, base)
    s = standing.c
    sums = select(
        *(s[name] for name in names),
        *_buckets(s.due_on, s.open_amount, filters),
        total(s.bills).label("open_count"),
        total(s.flagged).label("flagged"),
        total(s.owed).label("owed"),
    ).group_by(*(s[name] for name in names))
    return sums, _of_disputes(scope, filters, names)


def _of_disputes(
    scope: Scope, filters: Filters, names: tuple[str, ...], alone: Accounts = None
) -> Select[*tuple[Any, ...]]:
    a, bills = ledger_accounts(scope, filters), disputed_bills(filters.as_of, filters.basis, alone)
    keys = [a.c[name] for name in names]
    statement = select(*keys, *_disputed(bills.c.base, bills.c.disputed, filters))
    return statement.join(bills, bills.c.account_id == a.c.account_id).group_by(*keys)


_AT_SITES = {"site": sites.c.code, "site_name": sites.c.name, "region": sites.c.region}


def _from_accounts(
    connection: Connection, scope: Scope, filters: Filters, by: str, *, named: bool
) -> tuple[Select[*tuple[Any, ...]], ...]:
    """The same from what stands open of each account: added up by site or account before names are looked up."""
    names, alone = _names(by), few_accounts(scope, filters, by, named=named)
    measures = ("open_count", "flagged", "owed", *(f"b{number}" for number in range(len(filters.edges) + 2)))
    of_sites = by in _AT_SITES
    parts = []
    for table, chosen in standing(connection, scope, filters, by, named=named):
        t = table.c
        # In the order of the index, so that nothing is sorted.
        place = () if by == "currency" else (t.site_id,) if of_sites else (t.site_id, t.account_id)
        keys = (t.currency, *place)
        sums = select(
            *keys,
            *_buckets(t.due_on, t.open_amount, filters),
            total(t.bills).label("open_count"),
            total(t.flagged).label("flagged"),
            total(t.owed).label("owed"),
        )
        parts.append(sums.where(*chosen).group_by(*keys))
    s = (union_all(*parts) if len(parts) > 1 else parts[0]).subquery("s")
    added_up = [total(s.c[name]).label(name) for name in measures]
    if by == "currency":
        keys = [s.c.currency]
        told = select(*keys, *added_up)
    elif of_sites:
        keys = [s.c.currency if name == "currency" else _AT_SITES[name].label(name) for name in names]
        told = select(*keys, *added_up).join(sites, sites.c.id == s.c.site_id)
    else:
        a = ledger_accounts(scope, filters)
        keys = [a.c[name] for name in names]
        told = select(*keys, *added_up).join(s, s.c.account_id == a.c.account_id)
    return told.group_by(*keys), _of_disputes(scope, filters, names, alone)


def _buckets(base: Any, amount: Any, filters: Filters) -> list[Any]:
    """b0, b1, ...: each is what is newer than its older edge, less what is newer than the bucket before. One comparison a row and edge."""
    newer = [total(case((base >= start, amount), else_=0)) for start in bucket_starts(filters.as_of, filters.edges)]
    ends = [*newer, total(amount)]
    return [
        (end - before if before is not None else end).label(f"b{i}")
        for i, (before, end) in enumerate(zip([None, *newer], ends, strict=True))
    ]


def _disputed(base: Any, amount: Any, filters: Filters) -> list[Any]:
    late = total(case((base < filters.as_of, amount), else_=0))
    return [total(amount).label("disputed"), late.label("disputed_overdue")]


def ledger_totals(connection: Connection, scope: Scope, as_of: date) -> dict[str, int]:
    """Outstanding by currency of the whole scope, whatever the filters: what a filtered page must tie out to."""
    rows = aging(connection, scope, Filters(as_of=as_of), "currency")
    return {row.currency: row.outstanding for row in rows}


def hidden_totals(connection: Connection, scope: Scope, filters: Filters) -> dict[str, int]:
    """Outstanding by currency of the accounts that the filters leave out, found without those that they keep."""
    if not narrowed(filters):
        return {}
    now, (by, kept) = Filters(as_of=filters.as_of), _one_choice(filters)
    hidden: Counter[str] = Counter()
    if by:
        for row in aging(connection, scope, now, by):
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
