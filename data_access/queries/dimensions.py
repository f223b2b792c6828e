"""Accounts with the names that everything is filtered and grouped by; scope and filter bar are applied here, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, bindparam, func, select

from data_access.queries.expressions import contains, each_value
from data_access.schema import accounts, charges, sites, vendors
from data_access.schema.reference import EACH_CURRENCY, EACH_SERVICE_TYPE
from data_access.scope import Scope, within
from domain.filters import Filters


class UnknownGroupError(ValueError):
    """A read was asked to group by something that it does not group by."""


def account_conditions(scope: Scope, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions over accounts joined to sites and vendors: the scope, then each filter that is set."""
    conditions = [within(scope, accounts.c.site_id)]
    for column, wanted in (
        (sites.c.region, filters.regions),
        (sites.c.code, filters.sites),
        (vendors.c.name, filters.vendors),
        (accounts.c.service_type, filters.service_types),
        (accounts.c.currency, filters.currencies),
        (accounts.c.id, filters.accounts),
    ):
        if wanted:
            conditions.append(column.in_(wanted))
    if filters.search.strip():
        conditions.append(
            contains(
                [sites.c.name, sites.c.code, vendors.c.name], filters.search, account_number=accounts.c.account_number
            )
        )
    return conditions


def narrowed(filters: Filters) -> bool:
    """Do the filters leave out any account?"""
    chosen = (
        filters.regions,
        filters.sites,
        filters.vendors,
        filters.service_types,
        filters.currencies,
        filters.accounts,
    )
    return any(chosen) or bool(filters.search.strip())


def ledger_accounts(scope: Scope, filters: Filters) -> Subquery:
    """The accounts in scope and in the filters, with site, vendor and region names."""
    return (
        select(
            accounts.c.id.label("account_id"),
            accounts.c.site_id,
            accounts.c.vendor_id,
            accounts.c.account_number,
            accounts.c.service_type,
            accounts.c.currency,
            accounts.c.terms_days,
            vendors.c.name.label("vendor"),
            sites.c.code.label("site"),
            sites.c.name.label("site_name"),
            sites.c.region,
            sites.c.timezone,
        )
        .join(sites, sites.c.id == accounts.c.site_id)
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .where(and_(*account_conditions(scope, filters)))
        .subquery("a")
    )


def bare_accounts(scope: Scope, filters: Filters, by: str = "") -> Subquery:
    """The same accounts without names: sites and vendors are looked up only where a filter asks for them, or a group `by` vendor or region."""
    a, named = accounts.c, {"vendor": vendors.c.name.label("vendor"), "region": sites.c.region}
    columns = (a.id.label("account_id"), a.site_id, a.vendor_id, a.service_type, a.currency, a.terms_days)
    statement = select(*columns, *([named[by]] if by in named else []))
    if by == "region" or filters.regions or filters.sites or filters.search.strip():
        statement = statement.join(sites, sites.c.id == a.site_id)
    if by == "vendor" or filters.vendors or filters.search.strip():
        statement = statement.join(vendors, vendors.c.id == a.vendor_id)
    return statement.where(and_(*account_conditions(scope, filters))).subquery("a")


def accounts_first(scope: Scope, filters: Filters, *, chosen: bool = True) -> bool:
    """Are the accounts in the filters the way in to their rows, where any are `chosen`?

    Few sites are looked up by site, everybody's rows along their days, and what a search finds by what it finds.
    """
    return chosen and scope.everything and not filters.sites and not filters.search.strip()


def at_sites(scope: Scope, filters: Filters, site_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """What scope and chosen sites say of a row's own site, so that its index by site and day is the way in where they are few."""
    found = [within(scope, site_id)]
    if filters.sites:
        found.append(site_id.in_(select(sites.c.id).where(sites.c.code.in_(filters.sites))))
    return found


AMONG = "among"  # the parameter that names a few sites or accounts by id
_FEW = 200  # sites: their accounts are looked up one by one
_MANY = 2_000  # accounts: of more, rows are read by their days


def held_accounts(filters: Filters) -> list[ColumnElement[bool]]:
    """What vendors, service types and currencies of the filters ask of an account; nothing where none is chosen."""
    held = []
    if filters.vendors:
        held.append(accounts.c.vendor_id.in_(select(vendors.c.id).where(vendors.c.name.in_(filters.vendors))))
    if filters.service_types:
        held.append(accounts.c.service_type.in_(filters.service_types))
    if filters.currencies:
        held.append(accounts.c.currency.in_(filters.currencies))
    return held


def few_accounts(scope: Scope, filters: Filters, by: str = "", *, named: bool = False) -> Select[tuple[int]] | None:
    """The accounts in the filters of a few sites, or those that AMONG names by what is grouped `by`; None where they may be many.

    Their rows are read by account. Without it a day in the past looks at what everybody did since.
    """
    of_scope = select(accounts.c.id).where(within(scope, accounts.c.site_id), *held_accounts(filters))
    if named:
        column = accounts.c.site_id if by == "site" else accounts.c.id
        return of_scope.where(column.in_(bindparam(AMONG, expanding=True)))
    if 0 < len(filters.sites) <= _FEW:
        return of_scope.join(sites, sites.c.id == accounts.c.site_id).where(sites.c.code.in_(filters.sites))
    return of_scope if not scope.everything and len(scope.site_ids) <= _FEW else None


def of_some(scope: Scope, filters: Filters) -> bool:
    """Is it accounts of some sites, or what a search finds, of whom no sums are kept?"""
    return not scope.everything or bool(filters.sites or filters.search.strip())


def ids_of(connection: Connection, scope: Scope, filters: Filters) -> tuple[int, ...] | None:
    """The accounts in the filters, for AMONG; None where they are so many that their rows are not to be read account by account."""
    ids = tuple(connection.scalars(select(bare_accounts(scope, filters).c.account_id).limit(_MANY + 1)))
    return ids if len(ids) <= _MANY else None


@dataclass(frozen=True, slots=True)
class Group:
    """How a read groups: the columns of ledger_accounts that make the key, and how a row is named."""

    columns: tuple[str, ...]
    key: str
    name: str


GROUPS = {
    "site": Group(("site", "site_name", "region"), "site", "site_name"),
    "vendor": Group(("vendor",), "vendor", "vendor"),
    "region": Group(("region",), "region", "region"),
    "currency": Group((), "currency", "currency"),
    "service_type": Group(("service_type",), "service_type", "service_type"),
    "account": Group(
        ("account_id", "account_number", "vendor", "site", "site_name", "region", "service_type"),
        "account_number",
        "account_number",
    ),
}


def group_named(by: str, allowed: Sequence[str] = tuple(GROUPS)) -> Group:
    """The grouping called `by`; raises UnknownGroupError with the allowed ones."""
    if by not in allowed or by not in GROUPS:
        raise UnknownGroupError(f"cannot group by {by!r}; choose one of {', '.join(allowed)}")
    return GROUPS[by]


def labels_of(row: Any, group: Group) -> dict[str, str]:
    """The group's columns of a result row, as text."""
    return {column: str(getattr(row, column)) for column in group.columns}


def currencies_in(connection: Connection, scope: Scope, filters: Filters) -> list[str]:
    """The currencies of the accounts in scope and filters."""
    if scope.everything and not narrowed(filters):
        return sorted(connection.scalars(each_value(EACH_CURRENCY)))
    a = ledger_accounts(scope, filters)
    return sorted(connection.scalars(select(a.c.currency).distinct()))


def currencies_borne(connection: Connection, scope: Scope, filters: Filters) -> list[str]:
    """The currencies of lines that sites in scope and filters bear for accounts that are at home elsewhere."""
    a = ledger_accounts(scope, replace(filters, sites=(), regions=()))
    bearer = and_(sites.c.id == charges.c.chargeback_site_id, sites.c.id != charges.c.site_id)
    statement = select(a.c.currency).join(charges, charges.c.account_id == a.c.account_id).join(sites, bearer)
    conditions = [within(scope, charges.c.chargeback_site_id), charges.c.chargeback_site_id.is_not(None)]
    if filters.regions:
        conditions.append(sites.c.region.in_(filters.regions))
    if filters.sites:
        conditions.append(sites.c.code.in_(filters.sites))
    return sorted(connection.scalars(statement.where(*conditions).distinct()))


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What the filter bar offers; of sites only how many there are, see data_access.queries.site_names."""

    regions: tuple[str, ...]
    site_count: int
    vendors: tuple[str, ...]
    service_types: tuple[str, ...]
    currencies: tuple[str, ...]


def filter_options(connection: Connection, scope: Scope) -> FilterOptions:
    """Every value that accounts and sites in scope have, sorted."""
    by_region = select(sites.c.region, func.count()).where(within(scope, sites.c.id)).group_by(sites.c.region)
    regions = dict(connection.execute(by_region).all())
    vendor_names, service_types, currencies = _of_accounts(connection, scope)
    return FilterOptions(
        regions=tuple(sorted(filter(None, regions))),
        site_count=sum(regions.values()),
        vendors=tuple(sorted(vendor_names)),
        service_types=tuple(sorted(filter(None, service_types))),
        currencies=tuple(sorted(currencies)),
    )


def _of_accounts(connection: Connection, scope: Scope) -> Iterable[Iterable[str]]:
    """Names of vendors, service types and currencies of the accounts in scope."""
    if scope.everything:  # each value by index: they are few, and the accounts many
        some = select(accounts.c.id).where(accounts.c.vendor_id == vendors.c.id).exists()
        names = connection.scalars(select(vendors.c.name).where(some)).all()
        return (names, *(connection.scalars(each_value(each)).all() for each in (EACH_SERVICE_TYPE, EACH_CURRENCY)))
    columns = (vendors.c.name, accounts.c.service_type, accounts.c.currency)
    of_accounts = select(*columns).join(vendors, vendors.c.id == accounts.c.vendor_id)
    rows = connection.execute(of_accounts.where(within(scope, accounts.c.site_id)).distinct())
    found = rows.all()
    return tuple({row[place] for row in found} for place in range(len(columns)))
