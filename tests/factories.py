"""Small records for the tests, inserted as any other program would: plain SQL, the triggers on."""

from datetime import date
from typing import Any

from sqlalchemy import insert

from data_access.database import Database
from data_access.schema import accounts, allocations, invoices, metadata, payments, sites, vendors


def add(database: Database, table: str, **values: Any) -> int:
    """Insert one row and return its id."""
    target = metadata.tables[table]
    with database.writer.begin() as connection:
        return connection.execute(insert(target).returning(target.c.id), [values]).scalar_one()


def site(database: Database, code: str = "HQ", **values: Any) -> int:
    return add(
        database, sites.name, **{"code": code, "name": f"{code} site", "region": "North", "country": "US"} | values
    )


def vendor(database: Database, name: str = "Lumina") -> int:
    return add(database, vendors.name, name=name)


def account(database: Database, site_id: int, vendor_id: int, number: str = "A-100", **values: Any) -> int:
    row = {"vendor_id": vendor_id, "site_id": site_id, "account_number": number, "currency": "USD", "terms_days": 30}
    return add(database, accounts.name, **row | {"service_type": "internet"} | values)


def office(database: Database, **values: Any) -> dict[str, int]:
    """One site, vendor and account: {"account_id", "site_id"}, as every ledger row needs them."""
    site_id = site(database)
    return {"account_id": account(database, site_id, vendor(database), **values), "site_id": site_id}


def invoice(
    database: Database, where: dict[str, int], number: str, issued: date, due: date | None, amount: int, **values: Any
) -> int:
    row = {"kind": "invoice", "number": number, "issued_on": issued, "due_on": due, "amount": amount}
    return add(database, invoices.name, **where | row | values)


def payment(database: Database, where: dict[str, int], paid: date, amount: int, **values: Any) -> int:
    row = {"paid_on": paid, "amount": amount, "status": "posted", "posted_on": paid, "method": "ach"}
    return add(database, payments.name, **where | row | values)


def allocation(database: Database, where: dict[str, int], amount: int, on: date, **values: Any) -> int:
    return add(database, allocations.name, **where | {"amount": amount, "applied_on": on} | values)
