"""Accounts: one vendor billing account at its home site each."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, select, tuple_

from data_access.queries.dimensions import account_conditions
from data_access.schema import accounts, sites, vendors
from data_access.scope import Scope, within
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One vendor billing account at its home site."""

    id: int
    vendor: str
    account_number: str
    site_id: int
    site: str
    site_name: str
    region: str
    country: str
    timezone: str
    service_type: str
    currency: str
    terms_days: int
    opened_on: date | None
    closed_on: date | None
    autopay_method: str
    autopay_expires_on: date | None


def account_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 500,
) -> list[AccountRow]:
    """Accounts in scope and filters by vendor and number, `limit` at a time; `after` is (vendor, id) of the last one."""
    statement = (
        select(
            accounts,
            vendors.c.name.label("vendor"),
            sites.c.code.label("site"),
            sites.c.name.label("site_name"),
            sites.c.region,
            sites.c.country,
            sites.c.timezone,
        )
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .join(sites, sites.c.id == accounts.c.site_id)
        .where(and_(*account_conditions(scope, filters)))
        .order_by(vendors.c.name, accounts.c.id)
        .limit(limit)
    )
    if account_id is not None:
        statement = statement.where(accounts.c.id == account_id)
    if after is not None:
        statement = statement.where(tuple_(vendors.c.name, accounts.c.id) > tuple_(*after))
    fields = AccountRow.__dataclass_fields__
    return [AccountRow(**{f: getattr(row, f) for f in fields}) for row in connection.execute(statement)]


def account_id_of(connection: Connection, scope: Scope, vendor: str, account_number: str) -> int | None:
    """The id of the account that a vendor and a number name, within the scope; None when there is none."""
    return connection.scalar(
        select(accounts.c.id)
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .where(
            within(scope, accounts.c.site_id),
            func.lower(vendors.c.name) == vendor.strip().lower(),
            accounts.c.account_number == account_number.strip(),
        )
    )
