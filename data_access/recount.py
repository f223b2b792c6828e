"""The sums that are kept of months and of open items, counted anew: each row of the ledger is read once, for all of them.

The rules are those of the triggers, told a second time: a bill is late from the day after it is due, what is applied to it counts
from that day or its own, whichever is later, and it is settled from the day on which all that was applied makes its amount.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from operator import add
from typing import Any

from sqlalchemy import Connection, Row, text

from data_access.collection import collecting_rarely
from data_access.migrations.triggers import months_0014, months_0020, open_0016

AT_ONCE = 500  # accounts: their rows fit a small memory
_AT = {name: number for number, name in enumerate(months_0020.MEASURES)}
BILLED, CREDITED, PAID, REFUNDED, RETURNED, BOUNCED, PAYMENTS, LATE, LATE_BILLS, FELL_DUE, IN_TIME = _AT.values()

_ACCOUNTS = (
    "SELECT a.id, a.site_id, s.region, a.vendor_id, a.service_type, a.currency, a.terms_days FROM accounts a "
    "JOIN sites s ON s.id = a.site_id ORDER BY a.site_id, a.id"
)
_SOME = {"sqlite": "IN (SELECT value FROM json_each(:{0}))", "postgresql": "= ANY(CAST(:{0} AS bigint[]))"}
# What was applied to a bill, as one row: nearly all have one allocation, which is told by itself.
_BILLS = (
    "SELECT i.account_id, i.id, i.kind, CAST(i.issued_on AS text) AS issued_on, CAST(i.due_on AS text) AS due_on, i.amount, "
    "count(x.id) + count(x.reverses_id) AS times, max(CAST(x.applied_on AS text)) AS last, "
    "CAST(sum(x.amount) AS bigint) AS applied FROM invoices i LEFT JOIN allocations x ON x.account_id = i.account_id "
    "AND x.invoice_id = i.id WHERE i.account_id {accounts} GROUP BY i.account_id, i.id ORDER BY i.account_id, i.id"
)
_APPLIED = (
    "SELECT x.account_id, x.invoice_id, CAST(x.applied_on AS text) AS day, x.amount, x.reverses_id IS NOT NULL AS back, "
    "CAST(o.applied_on AS text) AS first FROM allocations x LEFT JOIN allocations o ON o.account_id = x.account_id "
    "AND o.id = x.reverses_id WHERE x.account_id {accounts} AND x.invoice_id {bills}"
)
_PAYMENTS = (
    "SELECT p.account_id, CAST(p.paid_on AS text) AS day, p.kind, o.kind AS reversed, p.amount, p.method, p.channel "
    "FROM payments p LEFT JOIN payments o ON o.account_id = p.account_id AND o.id = p.reverses_id "
    "WHERE p.account_id {accounts} ORDER BY p.account_id, p.id"
)

Cells = defaultdict[Any, list[int]]


_months = ([0] * len(months_0020.MEASURES)).copy
_four = [0, 0, 0, 0].copy  # what open_totals and month_payments measure
assert len(open_0016.MEASURES) == len(months_0014.PAYMENT_MEASURES) == len(_four())


@dataclass(slots=True)
class Recount:
    """What each sum should be, by the table's keys."""

    month_totals: Cells = field(default_factory=lambda: defaultdict(_months))
    month_payments: Cells = field(default_factory=lambda: defaultdict(_four))
    by_region: dict[Any, Cells] = field(default_factory=lambda: defaultdict(lambda: defaultdict(_four)))
    by_vendor: dict[Any, Cells] = field(default_factory=lambda: defaultdict(lambda: defaultdict(_four)))
    by_day: dict[str, Cells] = field(default_factory=lambda: defaultdict(lambda: defaultdict(_four)))

    def given_away(self, table: str) -> dict[Any, list[int]]:
        """{key: values} of a table of sums, once: what is held in memory moves there."""
        if table == "open_totals":
            return dict(self._open_totals())
        cells: Cells = getattr(self, table)
        setattr(self, table, defaultdict(cells.default_factory))
        return cells

    def _open_totals(self) -> Iterator[tuple[tuple[Any, ...], list[int]]]:
        for currency, cells in self.by_day.items():
            while cells:
                (day, due), values = cells.popitem()
                yield (day[:7], day, due, None, None, None, currency), values
        for dimensions in (self.by_region, self.by_vendor):
            for (region, vendor, service, currency), cells in dimensions.items():
                whole: Cells = defaultdict(_four)
                while cells:
                    (month, due), values = cells.popitem()
                    whole[due] = list(map(add, whole[due], values))
                    yield (month, None, due, region, vendor, service, currency), values
                for due, values in whole.items():
                    yield (None, None, due, region, vendor, service, currency), values


class _Account:
    """Where the rows of one account are counted; its months by themselves."""

    __slots__ = ("currency", "days", "months", "place", "region", "regions", "terms", "vendors")

    def __init__(self, found: Recount, row: Row[Any]) -> None:
        self.terms, self.region, self.currency = row.terms_days, row.region, row.currency
        self.place = (row.region, row.vendor_id, row.service_type, row.currency)
        self.regions = found.by_region[row.region, None, None, row.currency]
        self.vendors = found.by_vendor[None, row.vendor_id, row.service_type, row.currency]
        self.days = found.by_day[row.currency]
        self.months: Cells = defaultdict(_months)

    def move(self, day: str, due: str, amount: int, bills: int, missing: int) -> None:
        """Of a day on, so much more is open of bills of a due day, and so many more of them."""
        month = (day[:7], due)
        for cell in (self.regions[month], self.vendors[month], self.days[day, due]):
            cell[0] += amount
            cell[1] += bills
            if missing:
                cell[2] += missing


@cache
def _days_after(day: str, days: int) -> str:
    """Text that is no day stays as it is: S1 names it."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return day


# Sums of some sites by (site, month, currency): of those after the first number up to the second; None: from or to the end.
OfSites = Callable[[int | None, int | None, Cells], None]


def recount(connection: Connection, of_sites: OfSites | None = None) -> Recount:
    """All of it, in one snapshot, some accounts at a time. `of_sites` is told the months of sites, which nobody could hold all."""
    found, after = Recount(), None
    some_each = list(_whole_sites(connection.execute(text(_ACCOUNTS)).all()))
    with collecting_rarely():
        for number, rows in enumerate(some_each, start=1):
            some = {row.id: _Account(found, row) for row in rows}
            _count_bills(connection, some)
            _count_payments(connection, some, found)
            months: Cells = defaultdict(_months)
            for row, account in zip(rows, some.values(), strict=True):
                _put_together(found, account)
                if of_sites is not None:
                    for month, values in account.months.items():
                        key = (row.site_id, month, row.currency)
                        months[key] = list(map(add, months[key], values))
            if of_sites is not None:
                last = rows[-1].site_id if number < len(some_each) else None
                of_sites(after, last, months)
                after = last
    if of_sites is not None and not some_each:
        of_sites(None, None, defaultdict(_months))
    return found


def _whole_sites(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    some: list[Row[Any]] = []
    for row in rows:
        if len(some) >= AT_ONCE and row.site_id != some[-1].site_id:
            yield some
            some = []
        some.append(row)
    if some:
        yield some


def _rows(connection: Connection, statement: str, **ids: Iterable[int]) -> Iterable[Any]:
    dialect = connection.dialect.name
    told = statement.format(**{name: _SOME[dialect].format(name) for name in ids})
    values = {name: json.dumps(list(of)) if dialect == "sqlite" else list(of) for name, of in ids.items()}
    return connection.execute(text(told), values)


def _count_bills(connection: Connection, some: dict[int, _Account]) -> None:
    # Bills of which more is to be asked: their due day, their amount, and whether the day is missing.
    several: dict[int, tuple[str, int, int]] = {}
    number = None
    for account_id, bill, kind, issued, due_on, amount, times, last, applied in _rows(
        connection, _BILLS, accounts=some
    ):
        if account_id != number:
            number, account = account_id, some[account_id]
            months, days, terms, move = account.months, account.days, account.terms, account.move
        missing = due_on is None
        due = due_on or _days_after(issued, terms)
        month = months[issued[:7]]
        if kind != "invoice":
            month[CREDITED] += amount
            days[issued, None][3] -= amount
            if times:
                several[bill] = due, amount, missing
            continue
        month[BILLED] += amount
        days[issued, None][3] += amount
        move(issued, due, amount, 1, missing)
        ends = months[due[:7]]
        ends[FELL_DUE] += 1
        after = _days_after(due, 1)
        if times == 1 and applied == amount:  # settled at once
            move(last, due, -amount, -1, -missing)
            if last <= due:
                ends[IN_TIME] += 1  # and never late
            else:
                late = months[after[:7]]
                late[LATE] += amount
                late[LATE_BILLS] += 1
                less = months[last[:7]]
                less[LATE] -= amount
                less[LATE_BILLS] -= 1
            continue
        late = months[after[:7]]
        late[LATE] += amount
        late[LATE_BILLS] += 1
        if times:
            several[bill] = due, amount, missing
    if several:
        _count_applied(connection, some, several)


def _count_applied(connection: Connection, some: dict[int, _Account], several: dict[int, tuple[str, int, int]]) -> None:
    """Bills that were settled in parts, or not whole, or of which something was taken back."""
    parts: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for account_id, bill, *part in _rows(connection, _APPLIED, accounts=some, bills=several):
        parts[account_id, bill].append(part)
    for (account_id, bill), applied in parts.items():
        account, (due, amount, missing) = some[account_id], several[bill]
        after = _days_after(due, 1)
        by_day: dict[str, int] = defaultdict(int)
        stayed = 0
        for day, part, back, first in applied:
            by_day[day] += -part if back else part
            if back and first is not None and first <= due:
                stayed -= part
            elif not back and day <= due:
                stayed += part
        if stayed >= amount:
            account.months[due[:7]][IN_TIME] += 1
        so_far = settled = 0
        for day, part in sorted(by_day.items()):
            so_far += part
            change = (so_far >= amount) - settled
            settled += change
            account.move(day, due, -part, -change, -change * missing)
            month = account.months[max(day, after)[:7]]
            month[LATE] -= part
            month[LATE_BILLS] -= change


def _count_payments(connection: Connection, some: dict[int, _Account], found: Recount) -> None:
    number = None
    for account_id, day, kind, reversed_kind, amount, method, channel in _rows(connection, _PAYMENTS, accounts=some):
        if account_id != number:
            number, account = account_id, some[account_id]
            months, days, region, currency = account.months, account.days, account.region, account.currency
        month = day[:7]
        of_month, of_method = months[month], found.month_payments[month, region, currency, method, channel]
        of_month[PAYMENTS] += 1
        of_method[3] += 1
        owed = amount
        if kind == "payment":
            of_month[PAID] += amount
            of_method[0] += amount
            owed = -amount
        elif kind == "refund":
            of_month[REFUNDED] += amount
            of_method[1] += amount
        else:
            of_method[2] += amount
            if reversed_kind == "payment":
                of_month[RETURNED] += amount
            elif reversed_kind == "refund":
                of_month[BOUNCED] += amount
                owed = -amount
        days[day, None][3] += owed


def _put_together(found: Recount, account: _Account) -> None:
    for month, values in account.months.items():
        key = (month, *account.place)
        found.month_totals[key] = list(map(add, found.month_totals[key], values))
        owed = values[BILLED] - values[CREDITED] - values[PAID] + values[REFUNDED] + values[RETURNED] - values[BOUNCED]
        if owed:
            account.regions[month, None][3] += owed
            account.vendors[month, None][3] += owed
