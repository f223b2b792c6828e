"""The sums that are kept of months and of open items, counted anew: each row of the ledger is read once, for all of them.

The rules are those of the triggers, told a second time: a bill is late from the day after it is due, what is applied to it counts
from that day or its own, whichever is later, and it is settled from the day on which all that was applied makes its amount.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, text

from data_access.collection import collecting_rarely
from data_access.recounted import (
    BILLED,
    BILLS,
    BOUNCED,
    CREDITED,
    FELL_DUE,
    FLAGGED,
    IN_TIME,
    LATE,
    LATE_BILLS,
    OPEN,
    OWED,
    PAID,
    PAYMENTS,
    REFUNDED,
    RETURNED,
    Accounts,
    Recount,
    of_sites,
)
from data_access.sums import NEVER, NO_DATE, Numbers, Sums, months_of, ordinal

AT_ONCE = 500  # accounts: their rows fit a small memory
KINDS = (PAID, REFUNDED, RETURNED, BOUNCED)  # by the numbers that _PAYMENTS gives them

_ACCOUNTS = (
    "SELECT a.id, a.site_id, s.region, a.vendor_id, a.service_type, a.currency, a.terms_days FROM accounts a "
    "JOIN sites s ON s.id = a.site_id ORDER BY a.site_id, a.id"
)
_SOME = {"sqlite": "IN (SELECT value FROM json_each(:{0}))", "postgresql": "= ANY(CAST(:{0} AS bigint[]))"}
# What was applied to a bill, as one row: nearly all have one allocation, which is told by itself.
_BILLS = (
    "SELECT account_id, id, is_bill, DAY(issued_on), DAY(due_on), amount, times, DAY(last), applied FROM (SELECT i.account_id, i.id, "
    "CASE i.kind WHEN 'invoice' THEN 1 ELSE 0 END AS is_bill, i.issued_on, i.due_on, i.amount, "
    "count(x.id) + count(x.reverses_id) AS times, max(x.applied_on) AS last, "
    "CAST(coalesce(sum(x.amount), 0) AS bigint) AS applied FROM invoices i LEFT JOIN allocations x "
    "ON x.account_id = i.account_id AND x.invoice_id = i.id WHERE i.account_id {accounts} GROUP BY i.account_id, i.id) b"
)
_APPLIED = (
    "SELECT x.invoice_id, DAY(x.applied_on), x.amount, x.reverses_id IS NOT NULL, DAY(o.applied_on) "
    "FROM allocations x LEFT JOIN allocations o ON o.account_id = x.account_id "
    "AND o.id = x.reverses_id WHERE x.account_id {accounts} AND x.invoice_id {bills}"
)
_PAYMENTS = (
    "SELECT p.account_id, DAY(p.paid_on), CASE p.kind WHEN 'payment' THEN 0 WHEN 'refund' THEN 1 ELSE "
    "CASE o.kind WHEN 'payment' THEN 2 WHEN 'refund' THEN 3 ELSE 4 END END, p.amount, p.method, p.channel "
    "FROM payments p LEFT JOIN payments o ON o.account_id = p.account_id AND o.id = p.reverses_id "
    "WHERE p.account_id {accounts}"
)
_DAY = re.compile(r"DAY\(([\w.]+)\)")

# Sums of some sites: of those after the first number up to the second; None: from or to the end.
OfSites = Callable[[int | None, int | None, Sums], None]


def recount(connection: Connection, tell: OfSites | None = None) -> Recount:
    """All of it, in one snapshot, some accounts at a time. `tell` is told the months of sites, which nobody could hold all."""
    found, after = Recount(), None
    some_each = list(_whole_sites(connection.execute(text(_ACCOUNTS)).all()))
    with collecting_rarely():
        for number, rows in enumerate(some_each, start=1):
            some, sites = Accounts(rows), of_sites()
            _count_bills(connection, some)
            _count_payments(connection, some, found.month_payments)
            some.put_together(found, sites)
            if tell is not None:
                last = rows[-1].site_id if number < len(some_each) else None
                tell(after, last, sites)
                after = last
    if tell is not None and not some_each:
        tell(None, None, of_sites())
    found.open_totals.add_whole()
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


def _columns(connection: Connection, statement: str, **ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    dialect = connection.dialect.name
    told = _DAY.sub(lambda found: ordinal(dialect, found[1]), statement)
    told = told.format(**{name: _SOME[dialect].format(name) for name in ids})
    values = {name: json.dumps(list(of)) if dialect == "sqlite" else list(of) for name, of in ids.items()}
    return zip(*connection.execute(text(told), values), strict=True)


def _count_bills(connection: Connection, some: Accounts) -> None:
    columns = tuple(_columns(connection, _BILLS, accounts=some.ids.tolist()))
    if not columns:
        return
    who = some.numbers(columns[0])
    ids, is_bill, issued, due_on, amount, times, last, applied = (np.array(each, np.int64) for each in columns[1:])
    missing = (due_on == NEVER).astype(np.int64)
    due = np.where(missing, np.minimum(issued + some.terms[who], NO_DATE), due_on)
    never = np.zeros(len(who), np.int64)
    some.move(who, issued, never, {OWED: np.where(is_bill, amount, -amount)})
    some.count(who, issued, {BILLED: np.where(is_bill, amount, 0), CREDITED: np.where(is_bill, 0, amount)})

    at_once = (times == 1) & (applied == amount)  # settled by one allocation, as nearly all are
    bills = np.flatnonzero(is_bill)
    some.move(who[bills], issued[bills], due[bills], {OPEN: amount[bills], BILLS: 1, FLAGGED: missing[bills]})
    in_time = at_once & (last <= due)
    some.count(who[bills], due[bills], {FELL_DUE: 1, IN_TIME: in_time[bills]})
    late = np.flatnonzero(is_bill.astype(np.bool) & ~in_time)
    some.count(who[late], _day_after(due[late]), {LATE: amount[late], LATE_BILLS: 1})
    less = np.flatnonzero(is_bill.astype(np.bool) & at_once)
    some.move(who[less], last[less], due[less], {OPEN: -amount[less], BILLS: -1, FLAGGED: -missing[less]})
    less = less[~in_time[less]]
    some.count(who[less], last[less], {LATE: -amount[less], LATE_BILLS: -1})

    several = np.flatnonzero((times > 0) & ~(is_bill.astype(np.bool) & at_once))
    if len(several):
        facts = zip(*(each[several].tolist() for each in (who, due, amount, missing)), strict=True)
        _count_applied(connection, some, dict(zip(ids[several].tolist(), facts, strict=True)))


def _count_applied(connection: Connection, some: Accounts, bills: Mapping[int, tuple[int, int, int, int]]) -> None:
    """Bills that were settled in parts, or not whole, or of which something was taken back."""
    parts: dict[int, list[Any]] = defaultdict(list)
    rows = zip(*_columns(connection, _APPLIED, accounts=some.ids.tolist(), bills=bills), strict=True)
    for bill, *part in rows:
        parts[bill].append(part)
    moves: list[tuple[int, ...]] = []
    in_time: list[tuple[int, int]] = []
    for bill, applied in parts.items():
        who, due, amount, missing = bills[bill]
        by_day: dict[int, int] = defaultdict(int)
        stayed = 0
        for day, part, back, first in applied:
            by_day[day] += -part if back else part
            if back and first != NEVER and first <= due:
                stayed -= part
            elif not back and day <= due:
                stayed += part
        if stayed >= amount:
            in_time.append((who, due))
        so_far = settled = 0
        for day, part in sorted(by_day.items()):
            so_far += part
            change = (so_far >= amount) - settled
            settled += change
            moves.append((who, day, due, -part, -change, -change * missing))
    if moves:
        who, day, due, part, change, flagged = (np.array(each, np.int64) for each in zip(*moves, strict=True))
        some.move(who, day, due, {OPEN: part, BILLS: change, FLAGGED: flagged})
        some.count(who, np.maximum(day, _day_after(due)), {LATE: part, LATE_BILLS: change})
    if in_time:
        who, due = (np.array(each, np.int64) for each in zip(*in_time, strict=True))
        some.count(who, due, {IN_TIME: 1})


def _count_payments(connection: Connection, some: Accounts, ways: Sums) -> None:
    columns = tuple(_columns(connection, _PAYMENTS, accounts=some.ids.tolist()))
    if not columns:
        return
    who = some.numbers(columns[0])
    day, kind, amount = (np.array(each, np.int64) for each in columns[1:4])
    places = [(row.region, row.currency) for row in some.rows]
    codes = [
        ways.code(*places[at], method, channel) for at, method, channel in zip(who.tolist(), *columns[4:], strict=True)
    ]
    of_kind = [np.where(kind == number, amount, 0) for number in range(len(KINDS))]
    returned = np.where(kind >= KINDS.index(RETURNED), amount, 0)
    values = np.column_stack((of_kind[0], of_kind[1], returned, np.ones(len(who), np.int64)))
    ways.add(np.array(codes, np.int64), months_of(day), NEVER, values)
    some.count(who, day, {PAYMENTS: 1} | dict(zip(KINDS, of_kind, strict=True)))
    less = (kind == KINDS.index(PAID)) | (kind == KINDS.index(BOUNCED))
    some.move(who, day, np.zeros(len(who), np.int64), {OWED: np.where(less, -amount, amount)})


def _day_after(days: Numbers) -> Numbers:
    return np.minimum(days + 1, NO_DATE)
