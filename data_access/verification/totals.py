"""Check L7: what the screens total equals the rows behind it, for every grouping and filter, today and at month ends."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, text

from data_access.queries.balances import AGING_GROUPS, aging, open_bills
from data_access.queries.payment_totals import PAYMENT_GROUPS, payment_totals
from data_access.queries.spend import SPEND_GROUPS, spend
from data_access.queries.trends import history
from data_access.scope import Scope
from domain.aging import OpenItem, age
from domain.filters import Basis, Filters
from domain.periods import month_ends

ALL = Scope.all_sites()
_PAGE = 2000
_MOST_VALUES = 3  # of one filter, the largest: they stand for the rest
_MONTHS_BACK = 3  # whose month ends are read as pages read them; the trend is held against the whole past year
_FILTERS = {"region": "regions", "site": "sites", "vendor": "vendors", "service_type": "service_types"}

_BILLED = (
    "SELECT account_id, CASE kind WHEN 'invoice' THEN amount ELSE -amount END AS amount FROM invoices "
    "WHERE issued_on <= :day"
)
# Without any allocation: billed less credited, paid less returned and refunded.
_OWED = (
    f"{_BILLED} UNION ALL SELECT account_id, CASE kind WHEN 'refund' THEN amount ELSE -amount END FROM payments "  # noqa: S608
    "WHERE kind <> 'reversal' AND paid_on <= :day AND (reversed_on IS NULL OR reversed_on > :day)"
)
_PAID = (
    "SELECT account_id, CASE kind WHEN 'payment' THEN amount ELSE -amount END AS amount FROM payments "
    "WHERE paid_on <= :day"
)


def totals_agree(connection: Connection, today: date) -> Iterator[str]:
    """Every total of balances, trend, payments and spend against the bare rows."""
    try:
        yield from _totals_agree(connection, today)
    except ValueError as error:  # a stored date that is none, which S1 names
        yield f"the totals cannot be read: {error}"


def _totals_agree(connection: Connection, today: date) -> Iterator[str]:
    yield from _balances(connection, today)
    for basis in Basis:
        yield from _buckets(connection, Filters(as_of=today, basis=basis))
    yield from _filtered(connection, Filters(as_of=today))
    yield from _flows(connection, Filters(as_of=today))


def _balances(connection: Connection, today: date) -> Iterator[str]:
    """Today by every grouping; past month ends by site, and as the trend shows them."""
    days = month_ends(today, 13)
    truth = {day: _from_rows(connection, _OWED, day) for day in days}
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
    """Each bucket holds the open bills that the rules put there."""
    items: dict[str, list[OpenItem]] = {}
    mark = None
    while page := open_bills(connection, ALL, filters, after=mark, limit=_PAGE):
        for bill in page:
            item = OpenItem(bill.issued_on, bill.due_on, bill.open_amount, disputed=bill.disputed)
            items.setdefault(bill.currency, []).append(item)
        mark = (page[-1].due_on, page[-1].invoice_id)
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


def _flows(connection: Connection, filters: Filters) -> Iterator[str]:
    """Payments and spend up to today, by every grouping; by charge type a bill counts as far as it is itemised."""
    paid, billed = (_from_rows(connection, rows, filters.as_of) for rows in (_PAID, _BILLED))
    for by in PAYMENT_GROUPS:
        shown = _sums((row.currency, row.net) for row in payment_totals(connection, ALL, filters, by))
        yield from _differences(f"{filters.as_of}: payments by {by}", shown, paid)
    for by in SPEND_GROUPS:
        if by != "type":
            shown = _sums((row.currency, row.amount) for row in spend(connection, ALL, filters, by))
            yield from _differences(f"{filters.as_of}: spend by {by}", shown, billed)


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


def _from_rows(connection: Connection, rows: str, day: date) -> dict[str, int]:
    """The signed sum of `rows` (account_id, amount) up to `day`, by currency."""
    statement = text(
        "SELECT a.currency, CAST(sum(m.amount) AS bigint) AS amount "  # noqa: S608
        f"FROM accounts a JOIN ({rows}) m ON m.account_id = a.id GROUP BY a.currency"
    )
    value = day if connection.dialect.name == "postgresql" else day.isoformat()
    return {row.currency: row.amount for row in connection.execute(statement, {"day": value}) if row.amount}
