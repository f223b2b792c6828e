"""The directory of payment contacts, and what a number is to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from data_access.schema import payment_contacts, vendors
from data_access.scope import Scope, require
from domain.contacts import ContactState, NumberCheck, check_number, worst


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact of a vendor; moments in UTC."""

    id: int
    vendor: str
    kind: str
    address: str
    label: str
    country: str
    hours: str
    timezone: str
    menu_path: str
    asks_for: str
    state: str
    found_in: str
    replaces_id: int | None
    proposed_by: str
    proposed_at: datetime
    verified_in: str
    verified_by: str
    verified_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    ended_because: str


def contact_rows(connection: Connection, scope: Scope, *, vendor: str | None = None) -> list[ContactRow]:
    """Contacts by vendor, the verified first. They are shared: any scope sees all."""
    require(scope)
    statement = (
        select(payment_contacts, vendors.c.name.label("vendor"))
        .join(vendors, vendors.c.id == payment_contacts.c.vendor_id)
        .order_by(vendors.c.name, payment_contacts.c.state.desc(), payment_contacts.c.kind, payment_contacts.c.id)
    )
    if vendor is not None:
        statement = statement.where(vendors.c.name == vendor)
    fields = ContactRow.__dataclass_fields__
    return [ContactRow(**{f: getattr(row, f) for f in fields}) for row in connection.execute(statement)]


def number_standing(connection: Connection, scope: Scope, number: str) -> NumberCheck:
    """What `number` (E.164) is to the whole directory: a number that any vendor's entry warns of is warned of."""
    require(scope)
    states: dict[str, list[ContactState]] = {}
    statement = select(payment_contacts.c.address, payment_contacts.c.state).where(payment_contacts.c.kind == "phone")
    for row in connection.execute(statement):
        states.setdefault(row.address, []).append(ContactState(row.state))
    return check_number(number, {address: worst(found) for address, found in states.items()})
