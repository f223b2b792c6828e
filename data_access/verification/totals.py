"""Check L7: what the screens total equals the rows behind it, today and at past month ends."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, text

from data_access.queries.balances import AGING_GROUPS, aging
from data_access.queries.trends import history
from data_access.scope import Scope
from domain.filters import Basis, Filters
from domain.periods import month_ends


def totals_agree(connection: Connection, today: date) -> Iterator[str]:
    """For today and the month ends of the past year: every grouping gives the total that the bare rows give."""
    scope = Scope.all_sites()
    days = month_ends(today, 13)
    trend = {(p.day, p.currency): p.outstanding for p in history(connection, scope, Filters(as_of=today), days)}
    for day in days:
        truth = _from_rows(connection, day)
        for by in AGING_GROUPS if day == today else ("site",):
            for basis in Basis if day == today else (Basis.DUE,):
                sums: Counter[str] = Counter()
                for row in aging(connection, scope, Filters(as_of=day, basis=basis), by):
                    sums[row.currency] += row.outstanding
                for currency in sorted(sums.keys() | truth.keys()):
                    if sums[currency] != truth.get(currency, 0):
                        yield (
                            f"{day}, {currency}: balances by {by} ({basis}) total {sums[currency]}, "
                            f"the ledger's rows {truth.get(currency, 0)}"
                        )
        for currency, amount in truth.items():
            if trend.get((day, currency), 0) != amount:
                yield f"{day}, {currency}: the trend shows {trend.get((day, currency), 0)}, the ledger's rows {amount}"


def _from_rows(connection: Connection, day: date) -> dict[str, int]:
    """Outstanding by currency without any allocation: billed less credited, paid less returned and refunded."""
    statement = text(
        "SELECT a.currency, CAST(sum(m.amount) AS bigint) AS amount FROM accounts a JOIN ("
        "SELECT account_id, CASE kind WHEN 'invoice' THEN amount ELSE -amount END AS amount FROM invoices "
        "WHERE issued_on <= :day UNION ALL "
        "SELECT account_id, CASE kind WHEN 'refund' THEN amount ELSE -amount END FROM payments "
        "WHERE kind <> 'reversal' AND paid_on <= :day AND (reversed_on IS NULL OR reversed_on > :day)"
        ") m ON m.account_id = a.id GROUP BY a.currency"
    )
    value = day if connection.dialect.name == "postgresql" else day.isoformat()
    return {row.currency: row.amount for row in connection.execute(statement, {"day": value}) if row.amount}
