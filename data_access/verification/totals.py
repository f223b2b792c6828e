"""Check L7: what the screens total equals the rows behind it, for every grouping and filter, today and at month ends."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, text

from data_access.queries.balances import AGING_GROUPS, aging
from data_access.queries.open_bills import open_bills
from data_access.queries.payment_totals import PAYMENT_GROUPS, payment_totals
from data_access.queries.spend import SPEND_GROUPS, billed_by_month, spend
from data_access.queries.trends import history
from data_access.scope import Scope
from domain.aging import OpenItem, age
from domain.filters import Basis, Filters
from domain.periods import add_months, month_ends, month_start

ALL = Scope.all_sites()
_PAGE = 50_000  # what is open is found anew for each
_MOST_VALUES = 3  # of one filter, the largest: they stand for the rest
_MONTHS_BACK = 3  # read as pages read them; months and the trend are held against more
_FILTERS = {"region": "regions", "site": "sites", "vendor": "vendors", "service_type": "service_types"}

# What happened on which day, without any allocation.
_BILLED = (
    "SELECT account_id, issued_on AS day, CASE kind WHEN 'invoice' THEN amount ELSE -amount END AS amount FROM invoices"
)
_SENT = (
    "SELECT account_id, paid_on AS day, CASE kind WHEN 'payment' THEN amount ELSE -amount END AS amount FROM payments "
    "WHERE kind <> 'reversal'"
)
_CAME_BACK = (
    "SELECT account_id, CASE WHEN reversed_on > paid_on THEN reversed_on ELSE paid_on END AS day, "
    "CASE kind WHEN 'payment' THEN amount ELSE -amount END AS amount FROM payments "
    "WHERE kind <> 'reversal' AND reversed_on IS NOT NULL"
)
_REVERSALS = "SELECT account_id, paid_on AS day, amount FROM payments WHERE kind = 'reversal'"

Moves = Counter[tuple[str, str]]  # minor units by currency and ISO day


def totals_agree(connection: Connection, today: date) -> Iterator[str]:
    """Every total of balances, trend, payments and spend against the bare rows."""
    try:
        yield from _totals_agree(connection, today)
    except ValueError as error:  # a stored date that is none, which S1 names
        yield f"the totals cannot be read: {error}"


def _totals_agree(connection: Connection, today: date) -> Iterator[str]:
    billed, sent, came_back, reversals = (_by_day(connection, r) for r in (_BILLED, _SENT, _CAME_BACK, _REVERSALS))
    yield from _balances(connection, today, _less(billed, _less(sent, came_back)))
    yield from _buckets(connection, Filters(as_of=today))
    yield from _filtered(connection, Filters(as_of=today))
    yield from _flows(connection, Filters(as_of=today), billed, _less(sent, reversals))


def _balances(connection: Connection, today: date, owed: Moves) -> Iterator[str]:
    """Today by every grouping; past month ends by site, and as the trend shows them."""
    days = month_ends(today, 13)
    truth = {day: _sum_of(owed, day) for day in days}
    reads = [(today, by) for by in AGING_GROUPS] + [(day, "site") for day in days[-1 - _MONTHS_BACK : -1]]
    for day, by in reads:
        shown = _sums((row.currency, row.outstanding) for row in aging(connection, ALL, Filters(as_of=day), by))
        yield from _differences(f"{day}: balances by {by}", shown, truth[day])
    trend: dict[date, Counter[str]] = {day: Counter() for day in days}
    for position in history(connection, ALL, Filters(as_of=today), days):
        trend[position.day][position.currency] += position.outstanding
    for day in days:
        yield from _differences(f"{day}: the trend", trend[day], truth[day])


def _buckets(connection: Connection, filters: Filters) -> Iterator[str]:
    """Each bucket holds the open bills that the rules put there, by either basis."""
    items: dict[str, list[OpenItem]] = {}
    mark = None
    while page := open_bills(connection, ALL, filters, after=mark, limit=_PAGE):
        for bill in page:
            item = OpenItem(bill.issued_on, bill.due_on, bill.open_amount, disputed=bill.disputed)
            items.setdefault(bill.currency, []).append(item)
        mark = (page[-1].due_on, page[-1].invoice_id)
    for basis in Basis:
        yield from _buckets_by(connection, replace(filters, basis=basis), items)


def _buckets_by(connection: Connection, filters: Filters, items: Mapping[str, list[OpenItem]]) -> Iterator[str]:
    shown = {row.currency: row for row in aging(connection, ALL, filters, "currency")}
    for currency in sorted(items.keys() | shown.keys()):
        counted = age(items.get(currency, []), filters.as_of, filters.basis, filters.edges)
        row = shown.get(currency, counted)
        for what, there, behind in (
            ("buckets", row.buckets, counted.buckets),
            ("disputed", row.disputed, counted.disputed),
            ("disputed and overdue", row.disputed_overdue, counted.disputed_overdue),
            ("open bills", row.open_count, counted.open_count),
        ):
            if there != behind:
                yield f"{filters.as_of}, {currency} by {filters.basis} date: {what} {there}, the open bills behind {behind}"


def _filtered(connection: Connection, filters: Filters) -> Iterator[str]:
    """A group's row is the total that is left when the page is filtered to that group."""
    for by, field in _FILTERS.items():
        groups: dict[str, Counter[str]] = {}
        for row in aging(connection, ALL, filters, by):
            groups.setdefault(row.key, Counter())[row.currency] += row.outstanding
        for key in [key for key in groups if key][:_MOST_VALUES]:
            rows = aging(connection, ALL, replace(filters, **{field: (key,)}), "currency")
            shown = _sums((row.currency, row.outstanding) for row in rows)
            yield from _differences(f"{filters.as_of}: balances of {by} {key}", shown, groups[key])


def _flows(connection: Connection, filters: Filters, billed: Moves, paid: Moves) -> Iterator[str]:
    """Payments and spend up to today by currency or month, and of the past months by every grouping, as pages read them;
    by charge type a bill counts as far as it is itemised.
    """
    late = replace(filters, since=add_months(month_start(filters.as_of), -_MONTHS_BACK))
    for period, groups in ((filters, ("currency",)), (late, PAYMENT_GROUPS)):
        truth = _sum_of(paid, period.as_of, period.since)
        for by in groups:
            shown = _sums((row.currency, row.net) for row in payment_totals(connection, ALL, period, by))
            yield from _differences(f"{_named(period)}: payments by {by}", shown, truth)
    shown = _sums((currency, amount) for _, currency, amount in billed_by_month(connection, ALL, filters))
    yield from _differences(f"{_named(filters)}: billed by month", shown, _sum_of(billed, filters.as_of))
    truth = _sum_of(billed, late.as_of, late.since)
    for by in SPEND_GROUPS:
        if by != "type":
            shown = _sums((row.currency, row.amount) for row in spend(connection, ALL, late, by))
            yield from _differences(f"{_named(late)}: spend by {by}", shown, truth)


def _named(period: Filters) -> str:
    return f"{period.since} to {period.as_of}" if period.since else f"{period.as_of}"


def _sums(amounts: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for currency, amount in amounts:
        sums[currency] += amount
    return sums


def _differences(what: str, shown: Mapping[str, int], truth: Mapping[str, int]) -> Iterator[str]:
    for currency in sorted(shown.keys() | truth.keys()):
        there, behind = shown.get(currency, 0), truth.get(currency, 0)
        if there != behind:
            yield f"{what} total {there} {currency} (minor units), the ledger's rows {behind}"


def _by_day(connection: Connection, rows: str) -> Moves:
    """What `rows` (account_id, day, amount) come to: a table is read once for all days that are asked about."""
    statement = text(
        "SELECT a.currency, m.day, CAST(sum(m.amount) AS bigint) AS amount "  # noqa: S608
        f"FROM ({rows}) m JOIN accounts a ON a.id = m.account_id GROUP BY a.currency, m.day"
    )
    return Counter({(row.currency, str(row.day)): row.amount for row in connection.execute(statement)})


def _less(moves: Moves, others: Moves) -> Moves:
    left = Counter(moves)
    left.subtract(others)
    return left


def _sum_of(moves: Moves, until: date, since: date | None = None) -> dict[str, int]:
    """By currency what moved from `since` up to and on `until`."""
    first, last = since.isoformat() if since else "", until.isoformat()
    sums = _sums((currency, amount) for (currency, day), amount in moves.items() if first <= day <= last)
    return {currency: amount for currency, amount in sums.items() if amount}
