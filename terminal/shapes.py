"""Rows as JSON and as text: money as {"currency", "amount"}, dates in ISO form, totals by currency."""

from collections.abc import Iterable, Sequence
from typing import Any

from data_access.queries.payment_totals import PaymentTotal
from data_access.queries.spend import SpendRow
from domain.aging import AgingRow, bucket_names
from domain.money import Money


def money(minor: int, currency: str) -> dict[str, str]:
    """JSON money."""
    return Money(minor, currency).as_json()


def aging_json(row: AgingRow, edges: Sequence[int]) -> dict[str, Any]:
    """key, name, currency, the buckets by name, unapplied, disputed, overdue, outstanding, open_count, and labels."""
    amounts = dict(zip(bucket_names(edges), row.buckets, strict=True)) | {
        "unapplied": row.unapplied,
        "disputed": row.disputed,
        "overdue": row.overdue,
        "outstanding": row.outstanding,
    }
    return (
        {"key": row.key, "name": row.name, "currency": row.currency}
        | {name: money(minor, row.currency) for name, minor in amounts.items()}
        | {"open_count": row.open_count, "missing_due_dates": row.flagged}
        | _labels(row.labels)
    )


def payment_json(row: PaymentTotal) -> dict[str, Any]:
    """key, name, currency, paid, refunded, returned, amount (what left for good), count."""
    return {
        "key": row.key,
        "name": row.name,
        **(_labels(row.labels) if "account_id" in row.labels else {}),
        "currency": row.currency,
        "paid": money(row.paid, row.currency),
        "refunded": money(row.refunded, row.currency),
        "returned": money(row.returned, row.currency),
        "amount": money(row.net, row.currency),
        "count": row.count,
    }


def spend_json(row: SpendRow) -> dict[str, Any]:
    """key, name, currency, amount, bills."""
    return {
        "key": row.key,
        "name": row.name,
        **(_labels(row.labels) if "account_id" in row.labels else {}),
        "currency": row.currency,
        "amount": money(row.amount, row.currency),
        "bills": row.bills,
    }


def named(row: AgingRow | PaymentTotal | SpendRow) -> str:
    """What names a row in a text table: an account by its vendor too, as two may end in the same four digits."""
    return f"{row.name} {row.labels['vendor']}" if "account_id" in row.labels else row.name


def _labels(labels: dict[str, str]) -> dict[str, str | int]:
    """The labels of a group; account_id is the key that scripts can rely on where the number is masked."""
    return {name: int(value) if name == "account_id" else value for name, value in labels.items()}


def only(totals: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The total when there is one currency; None when there are several, which are never summed."""
    return totals[0] if len(totals) == 1 else None


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[int] = ()) -> str:
    """Text columns, aligned; those whose index is in `right` to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max([len(head), *(len(row[i]) for row in cells)]) for i, head in enumerate(columns)]
    lines = [
        "  ".join(
            cell.rjust(w) if i in right else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in [list(columns), ["-" * w for w in widths], *cells]
    ]
    return "\n".join(line.rstrip() for line in lines)


def figure(minor: int, currency: str) -> str:
    """1,234.56, and a dash for nothing."""
    return f"{Money(minor, currency).decimal:,}" if minor else "-"
