"""What proves a payment: the call, the number and what it was to the directory, the bills, the bank, the audit events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, literal, select

from data_access.commands.calls import LIKE, STANDING
from data_access.queries.accounts import AccountRow, account_rows
from data_access.queries.call_history import call_versions
from data_access.queries.contacts import ContactRow, contact_rows, number_standing
from data_access.queries.details import PaymentDetail, payment_detail
from data_access.queries.local_days import day_over
from data_access.queries.trail import TrailRow, events_of
from data_access.schema import accounts, calls, matches, payments
from data_access.schema import bank_lines as lines
from data_access.scope import Scope, within
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class NumberStood:
    """What the number rung was to the directory: when the call was logged, or (`then` is False) only now."""

    standing: str
    like: str
    then: bool
    contact: ContactRow | None


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of a bank statement that is matched to the payment; amount: of the payment, in minor units.

    booked_on, text: None and '' for a scope that does not see every site, since a statement belongs to no site.
    """

    booked_on: date | None
    amount: int
    currency: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One payment as of a day. events: of the payment and of each version of its call, the first one first."""

    as_of: date
    account: AccountRow
    detail: PaymentDetail
    number: NumberStood | None
    bank: tuple[BankLine, ...]
    events: tuple[TrailRow, ...]


def payment_evidence(connection: Connection, scope: Scope, *, payment_id: int, as_of: date) -> Evidence | None:
    """None outside the scope, before it was made, and for what is no payment but a refund or a return."""
    detail = payment_detail(connection, scope, as_of, payment_id)
    if detail is None or detail.payment.kind != "payment":
        return None
    found = account_rows(connection, scope, Filters(as_of=as_of), account_id=detail.payment.account_id, limit=1)
    versions = call_versions(connection, scope, detail.call.id, as_of=as_of) if detail.call else []
    things = [(payments.name, payment_id), *((calls.name, version.id) for version in versions)]
    events = events_of(connection, scope, things)
    return Evidence(
        as_of=as_of,
        account=found[0],
        detail=detail,
        number=_number(connection, scope, detail, events),
        bank=tuple(_bank(connection, scope, payment_id, as_of)),
        events=tuple(events),
    )


def _bank(connection: Connection, scope: Scope, payment_id: int, as_of: date) -> Iterator[BankLine]:
    """What was matched by the end of the day and not undone by then."""
    known = matches.c.decided_at < day_over(as_of)
    undone = select(matches.c.undoes_id).where(
        known, matches.c.payment_id == payment_id, matches.c.undoes_id.is_not(None)
    )
    standing = (
        select(matches.c.amount, accounts.c.currency, lines.c.booked_on, lines.c.reference, lines.c.description)
        .join(accounts, accounts.c.id == matches.c.account_id)
        .outerjoin(lines, and_(lines.c.id == matches.c.bank_line_id, literal(scope.everything)))
        .where(
            within(scope, matches.c.site_id),
            known,
            matches.c.payment_id == payment_id,
            matches.c.undoes_id.is_(None),
            matches.c.id.not_in(undone),
        )
        .order_by(matches.c.id)
    )
    for row in connection.execute(standing):
        text = ", ".join(filter(None, (row.description, row.reference)))
        yield BankLine(row.booked_on, row.amount, row.currency, text)


def _number(connection: Connection, scope: Scope, detail: PaymentDetail, events: list[TrailRow]) -> NumberStood | None:
    call = detail.call
    if call is None or not call.number:
        return None
    vendor = detail.payment.vendor
    contact = next((c for c in contact_rows(connection, scope, vendor=vendor) if c.address == call.number), None)
    told = [e.after for e in events if e.entity == calls.name and e.after and e.after.get("number") == call.number]
    for values in told:
        if values.get(STANDING):
            return NumberStood(values[STANDING], values.get(LIKE) or "", True, contact)
    check = number_standing(connection, scope, call.number)
    return NumberStood(check.standing.value, check.like, False, contact)
