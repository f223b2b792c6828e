"""Sites and what stands at them: particulars, services, and the count of accounts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from data_access.queries.dimensions import held_accounts, ledger_accounts
from data_access.queries.expressions import contains
from data_access.schema import accounts, services, sites, vendors
from data_access.scope import Scope, within
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site. `accounts` and `services` count those that are open."""

    id: int
    code: str
    name: str
    region: str
    country: str
    city: str
    timezone: str
    cost_center: str
    headcount: int | None
    latitude: float | None
    longitude: float | None
    accounts: int
    services: int


def site_rows(connection: Connection, scope: Scope, filters: Filters) -> list[SiteRow]:
    """Sites in scope and in the filters (region, site, vendor, service type, currency, search), by name."""
    as_of = filters.as_of
    open_accounts = (
        select(func.count())
        .where(accounts.c.site_id == sites.c.id, or_(accounts.c.closed_on.is_(None), accounts.c.closed_on > as_of))
        .correlate(sites)
        .scalar_subquery()
    )
    open_services = (
        select(func.count())
        .where(services.c.site_id == sites.c.id, or_(services.c.ended_on.is_(None), services.c.ended_on > as_of))
        .correlate(sites)
        .scalar_subquery()
    )
    columns = (*sites.c, open_accounts.label("accounts"), open_services.label("services"))
    statement = chosen_sites(scope, filters, *columns).order_by(sites.c.name, sites.c.code)
    fields = SiteRow.__dataclass_fields__
    return [SiteRow(**{f: getattr(row, f) for f in fields}) for row in connection.execute(statement)]


def chosen_sites(scope: Scope, filters: Filters, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """`columns` of the sites in scope and in the filters, in no order."""
    statement = select(*columns).where(within(scope, sites.c.id))
    if filters.regions:
        statement = statement.where(sites.c.region.in_(filters.regions))
    if filters.sites:
        statement = statement.where(sites.c.code.in_(filters.sites))
    if filters.search.strip():
        wanted = [sites.c.name, sites.c.code, sites.c.city, sites.c.cost_center]
        statement = statement.where(contains(wanted, filters.search))
    if held := held_accounts(filters):
        there = select(accounts.c.id).where(accounts.c.site_id == sites.c.id, *held)
        statement = statement.where(there.correlate(sites).exists())
    return statement


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line or circuit. monthly_charge in minor units of `currency`, None where unknown; criticality 1 (a nuisance) to 5 (the site stops)."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    identifier: str
    service_type: str
    description: str
    criticality: int
    monthly_charge: int | None
    currency: str
    started_on: date | None
    ended_on: date | None
    contract_ends_on: date | None
    notice_days: int | None


def service_rows(
    connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None
) -> list[ServiceRow]:
    """Services whose own site and whose account's home site are in scope, the most critical first."""
    statement = (
        select(
            services,
            accounts.c.account_number,
            accounts.c.currency,
            vendors.c.name.label("vendor"),
            sites.c.code.label("site"),
            sites.c.name.label("site_name"),
        )
        .join(accounts, accounts.c.id == services.c.account_id)
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .join(sites, sites.c.id == services.c.site_id)
        .where(within(scope, services.c.site_id), within(scope, accounts.c.site_id))
        .order_by(services.c.criticality.desc(), vendors.c.name, services.c.identifier)
    )
    for column, wanted in (
        (sites.c.region, filters.regions),
        (sites.c.code, filters.sites),
        (vendors.c.name, filters.vendors),
        (services.c.service_type, filters.service_types),
        (accounts.c.currency, filters.currencies),
    ):
        if wanted:
            statement = statement.where(column.in_(wanted))
    if account_id is not None:
        statement = statement.where(services.c.account_id == account_id)
    fields = ServiceRow.__dataclass_fields__
    return [ServiceRow(**{f: getattr(row, f) for f in fields}) for row in connection.execute(statement)]


def site_currencies(connection: Connection, scope: Scope, filters: Filters) -> dict[str, tuple[str, ...]]:
    """By site code: the currencies of its accounts in the filters, so that one in view can be told from one beside it."""
    a = ledger_accounts(scope, filters)
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(a.c.site, a.c.currency).distinct().order_by(a.c.site, a.c.currency)):
        found.setdefault(row.site, []).append(row.currency)
    return {site: tuple(currencies) for site, currencies in found.items()}
