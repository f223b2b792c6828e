"""The directory of payment contacts, what a number is to it, and the numbers of the call log that it does not hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from data_access.queries.call_versions import is_newest
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.local_days import day_start
from data_access.schema import calls, payment_contacts, sites, vendors
from data_access.scope import Scope, require
from domain.contacts import ContactState, NumberCheck, NumberStanding, check_number, worst
from domain.filters import Filters
from domain.periods import shifted
from domain.phone_numbers import numbers_in

SEEN_DAYS = 365
_MAYBE_A_NUMBER = re.compile(r"\d(?:[\s().-]?\d){6}")


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


def vendor_ids(connection: Connection, scope: Scope) -> list[tuple[str, int]]:
    """Every vendor's name and id, for those who may write what belongs to no site; nothing for others."""
    if not require(scope).everything:
        return []
    statement = select(vendors.c.name, vendors.c.id).order_by(vendors.c.name)
    return [(row.name, row.id) for row in connection.execute(statement)]


def number_standing(connection: Connection, scope: Scope, number: str) -> NumberCheck:
    """What `number` (E.164) is to the whole directory: a number that any vendor's entry warns of is warned of."""
    return check_number(number, _directory(connection, scope))


@dataclass(frozen=True, slots=True)
class SeenNumber:
    """A number of the call log that is not a verified contact: with which vendor, where it stood, how often, when last."""

    number: str
    vendor: str
    where: str  # rung, rang us, in a note
    times: int
    last_at: datetime
    last_call_id: int
    check: NumberCheck


def seen_numbers(connection: Connection, scope: Scope, *, as_of: date) -> list[SeenNumber]:
    """Of the calls of a year, those that are warned of first, then the latest."""
    directory = _directory(connection, scope)
    found: dict[tuple[str, str, str], list[tuple[datetime, int]]] = {}
    for number, vendor, where, at, call_id in _in_the_log(connection, scope, as_of):
        found.setdefault((number, vendor, where), []).append((at, call_id))
    seen = []
    for (number, vendor, where), times in found.items():
        check = check_number(number, directory)
        if check.standing is not NumberStanding.VERIFIED:
            seen.append(SeenNumber(number, vendor, where, len(times), *max(times), check))
    order = list(NumberStanding)
    return sorted(
        sorted(seen, key=lambda one: (one.last_at, one.number), reverse=True),
        key=lambda one: -order.index(one.check.standing) if one.check.standing in _WARNED else 1,
    )


_WARNED = (NumberStanding.REPORTED, NumberStanding.RETIRED, NumberStanding.LOOK_ALIKE)


def _in_the_log(connection: Connection, scope: Scope, as_of: date) -> Iterator[tuple[str, str, str, datetime, int]]:
    a = ledger_accounts(scope, Filters(as_of=as_of))
    statement = (
        select(
            calls.c.id,
            calls.c.number,
            calls.c.direction,
            calls.c.notes,
            calls.c.started_at,
            a.c.vendor,
            sites.c.country,
        )
        .join(a, a.c.account_id == calls.c.account_id)
        .join(sites, sites.c.id == a.c.site_id)
        .where(is_newest(), calls.c.started_at >= day_start(shifted(as_of, -SEEN_DAYS), "UTC"))
    )
    for row in connection.execute(statement):
        if row.number:
            where = "rung" if row.direction == "outbound" else "rang us"
            yield row.number, row.vendor, where, row.started_at, row.id
        if _MAYBE_A_NUMBER.search(row.notes):
            for number in numbers_in(row.notes, row.country):
                yield number, row.vendor, "in a note", row.started_at, row.id


def _directory(connection: Connection, scope: Scope) -> dict[str, ContactState]:
    require(scope)
    states: dict[str, list[ContactState]] = {}
    statement = select(payment_contacts.c.address, payment_contacts.c.state).where(payment_contacts.c.kind == "phone")
    for row in connection.execute(statement):
        states.setdefault(row.address, []).append(ContactState(row.state))
    return {address: worst(found) for address, found in states.items()}
