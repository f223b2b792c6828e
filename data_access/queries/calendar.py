"""What belongs into a calendar: when bills fall due, by when to pay so that a service stays on, and what was agreed on calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from data_access.queries.calls import CallRow
from data_access.queries.follow_ups import follow_ups
from data_access.queries.open_bills import OpenBill, open_bills
from data_access.queries.risk import AccountRisk, account_risks
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money, known_currency
from domain.periods import shifted
from domain.risk import Stage

BACK, AHEAD = 30, 180  # days around the as-of day
MOST = 5_000  # entries of each kind, the earliest first
_ANY_ID = 2**62


@dataclass(frozen=True, slots=True)
class Entry:
    """One all-day entry. `key` names the same thing on every day that it is asked for, also when its day moves."""

    key: str
    kind: str  # due, last safe day, follow-up, promise
    day: date
    title: str
    details: tuple[str, ...] = ()


def calendar_entries(connection: Connection, scope: Scope, filters: Filters) -> list[Entry]:
    """Everything between BACK days before and AHEAD days after the as-of day, in order of the day."""
    first, last = shifted(filters.as_of, -BACK), shifted(filters.as_of, AHEAD)
    bills = open_bills(connection, scope, filters, after=(shifted(first, -1), _ANY_ID), limit=MOST)
    found = [_due(bill) for bill in bills]
    found += filter(None, map(_last_safe_day, account_risks(connection, scope, filters)))
    for end in follow_ups(connection, scope, filters, days_ahead=AHEAD):
        promised = end.promise is not None and end.promise.is_open
        agreed = end.follow_up is not None and end.follow_up.is_open
        found += _agreed(end.call, promised=promised, agreed=agreed)
    return sorted((entry for entry in found if first <= entry.day <= last), key=lambda entry: (entry.day, entry.key))


def _due(bill: OpenBill) -> Entry:
    amount = _money(bill.open_amount, bill.currency)
    about = [f"Bill {bill.number} of {bill.issued_on:%Y-%m-%d}", _account(bill.vendor, bill.account_number)]
    if bill.disputed:
        about.append(f"In dispute: {_money(bill.disputed, bill.currency)}")
    if bill.due_missing:
        about.append("The bill names no due date; the day counts from the terms")
    return Entry(
        f"due-{bill.invoice_id}", "due", bill.due_on, f"Due: {amount}, {bill.site_name}, {bill.vendor}", tuple(about)
    )


def _last_safe_day(risk: AccountRisk) -> Entry | None:
    """The day of the quickest method, once something is past due or announced; none when it is too late for all."""
    firm = risk.risk.firm
    days = {method: day for method, day in risk.risk.pay_by if day is not None}
    if firm.window is None or firm.stage < Stage.LATE or not days:
        return None
    service = risk.service_type or "service"
    amount = _money(firm.keep_on, risk.currency)
    latest = sorted(days.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    about = (
        _account(risk.vendor, risk.account_number),
        *(f"By {method}: {day:%Y-%m-%d}" for method, day in latest),
        f"Service may stop from {firm.window.earliest:%Y-%m-%d}, likely on {firm.window.likely:%Y-%m-%d}",
    )
    title = f"Last day to pay {amount}: keeps {service} on at {risk.site_name}"
    return Entry(f"safe-{risk.account_id}", "last safe day", latest[0][1], title, about)


def _agreed(call: CallRow, *, promised: bool, agreed: bool) -> Iterator[Entry]:
    where = f"{call.site_name}, {call.vendor}"
    about = (_account(call.vendor, call.account_number), f"Agreed on the call of {call.started_at:%Y-%m-%d}")
    if promised and call.promised_on:
        yield Entry(f"promise-{call.id}", "promise", call.promised_on, f"Payment promised: {where}", about)
    if agreed and call.follow_up_on:
        yield Entry(f"follow-up-{call.id}", "follow-up", call.follow_up_on, f"Follow up: {where}", about)


def _account(vendor: str, number: str) -> str:
    return f"{vendor}, account {masked(number)}"


def _money(minor: int, currency: str) -> str:
    return f"{currency} {Money(minor, currency).decimal:,}" if known_currency(currency) else f"{minor} {currency}"
