"""What belongs into a calendar: when bills fall due, by when to pay so that a service stays on, and what was agreed on calls.

A day of few entries tells each; one of many says how many there are and what they come to, so that a calendar of ten thousand sites
is no longer than somebody reads, and reads no more than it says.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from data_access.queries.calls import CallRow
from data_access.queries.due_dates import due_days
from data_access.queries.follow_ups import follow_ups
from data_access.queries.open_bills import OpenBill, open_bills
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.safe_days import SafeDay, safe_days
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money, known_currency
from domain.periods import shifted

BACK, AHEAD = 30, 180  # days around the as-of day
FEW = 12  # entries of a kind that a day tells one by one
_A_PAGE = 1_000


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
    found = [
        *_due_days(connection, scope, filters, first, last),
        *_last_safe_days(connection, scope, filters, last),
        *_agreed_days(connection, scope, filters, first, last),
    ]
    return sorted(found, key=lambda entry: (entry.day, entry.key))


def _due_days(connection: Connection, scope: Scope, filters: Filters, first: date, last: date) -> Iterator[Entry]:
    sums: dict[date, list[tuple[str, int, int]]] = defaultdict(list)
    for row in due_days(connection, scope, filters, first, last):
        sums[row.due_on].append((row.currency, row.bills, row.amount))
    few: dict[date, int] = {}
    for day, by_currency in sums.items():
        bills = sum(number for _, number, _ in by_currency)
        if bills <= FEW:
            few[day] = bills
        else:
            yield _many("due", day, f"{bills:,} bills due", by_currency, "bills")
    yield from map(_due, _bills_of(connection, scope, filters, few))


def _bills_of(connection: Connection, scope: Scope, filters: Filters, days: dict[date, int]) -> Iterator[OpenBill]:
    """The open bills due on these days, of which there are so many."""
    left, page = sum(days.values()), list[OpenBill]()
    while left > 0:
        mark = (page[-1].due_on, page[-1].invoice_id) if page else None
        most = min(left, _A_PAGE)
        page = open_bills(connection, scope, filters, due_days=frozenset(days), after=mark, limit=most)
        yield from page
        left = left - most if page else 0


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


def _last_safe_days(connection: Connection, scope: Scope, filters: Filters, last: date) -> Iterator[Entry]:
    """The day of the quickest method, once something is past due or announced; none when it is too late for all."""
    by_day: dict[date, list[SafeDay]] = defaultdict(list)
    for one in safe_days(connection, scope, filters):
        if one.day <= last:
            by_day[one.day].append(one)
    few = [one.account_id for some in by_day.values() if len(some) <= FEW for one in some]
    for day, some in by_day.items():
        if len(some) > FEW:
            title = f"Last day to pay for {len(some):,} accounts to keep their services on"
            yield _many("last safe day", day, title, _sums(some), "accounts")
    if few:
        yield from filter(None, map(_last_safe_day, account_risks(connection, scope, filters, among=few)))


def _sums(some: Iterable[SafeDay]) -> list[tuple[str, int, int]]:
    by_currency: dict[str, list[int]] = defaultdict(list)
    for one in some:
        by_currency[one.currency].append(one.keep_on)
    return [(currency, len(amounts), sum(amounts)) for currency, amounts in sorted(by_currency.items())]


def _last_safe_day(risk: AccountRisk) -> Entry | None:
    firm = risk.risk.firm
    days = {method: day for method, day in risk.risk.pay_by if day is not None}
    if firm.window is None or not days:
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


def _agreed_days(connection: Connection, scope: Scope, filters: Filters, first: date, last: date) -> Iterator[Entry]:
    by_day: dict[tuple[str, date], list[Entry]] = defaultdict(list)
    for end in follow_ups(connection, scope, filters, days_ahead=AHEAD):
        promised = end.promise is not None and end.promise.is_open
        agreed = end.follow_up is not None and end.follow_up.is_open
        for entry in _agreed(end.call, promised=promised, agreed=agreed):
            if first <= entry.day <= last:
                by_day[entry.kind, entry.day].append(entry)
    for (kind, day), entries in by_day.items():
        if len(entries) > FEW:
            what = "Payments promised" if kind == "promise" else "Follow up"
            yield Entry(f"{kind}-on-{day:%Y-%m-%d}", kind, day, f"{what} on {len(entries):,} calls")
        else:
            yield from entries


def _agreed(call: CallRow, *, promised: bool, agreed: bool) -> Iterator[Entry]:
    where = f"{call.site_name}, {call.vendor}"
    about = (_account(call.vendor, call.account_number), f"Agreed on the call of {call.started_at:%Y-%m-%d}")
    if promised and call.promised_on:
        yield Entry(f"promise-{call.id}", "promise", call.promised_on, f"Payment promised: {where}", about)
    if agreed and call.follow_up_on:
        yield Entry(f"follow-up-{call.id}", "follow-up", call.follow_up_on, f"Follow up: {where}", about)


def _many(kind: str, day: date, title: str, sums: Sequence[tuple[str, int, int]], noun: str) -> Entry:
    """One entry of a day of many. sums: (currency, how many, amount)."""
    amounts = ", ".join(_money(amount, currency) for currency, _, amount in sums)
    about = (f"{_money(amount, currency)} of {number:,} {noun}" for currency, number, amount in sums)
    return Entry(f"{kind.replace(' ', '-')}-on-{day:%Y-%m-%d}", kind, day, f"{title}: {amounts}", tuple(about))


def _account(vendor: str, number: str) -> str:
    return f"{vendor}, account {masked(number)}"


def _money(minor: int, currency: str) -> str:
    return f"{currency} {Money(minor, currency).decimal:,}" if known_currency(currency) else f"{minor} {currency}"
