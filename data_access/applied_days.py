"""The day from which an allocation counts: not while a payment that came back later still settled the bill.

Else the bill would be paid twice on those days, and a balance as of one of them would be less than nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from data_access.queries.expressions import signed
from data_access.schema import allocations, invoices, payments
from domain.allocation import fits_from

_DOCUMENTS: tuple[tuple[str, Table], ...] = (
    ("payment_id", payments),
    ("credit_note_id", invoices),
    ("invoice_id", invoices),
    ("refund_id", payments),
)
_AT_ONCE = 500


def dated(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """`rows` of allocations, each applied_on moved to the first day from which its part fits on both its documents."""
    waiting = list(rows)
    for start in range(0, len(waiting), _AT_ONCE):
        batch = waiting[start : start + _AT_ONCE]
        documents = {column: _taken_back(connection, column, table, batch) for column, table in _DOCUMENTS}
        for row in batch:
            found = [moved for column in documents if (moved := documents[column].get(row.get(column))) is not None]
            day = row["applied_on"]
            for _ in found:  # what fits on one from a later day has to fit on the other from then on
                for amount, moved in found:
                    day = fits_from(amount, row["amount"], moved, day)
            for _, moved in found:
                moved.append((day, row["amount"]))
            yield {**row, "applied_on": day}


def _taken_back(
    connection: Connection, column: str, table: Table, rows: Iterable[Mapping[str, Any]]
) -> dict[Any, tuple[int, list[tuple[date, int]]]]:
    """{document: (its amount, [(day, change)])} of those that something was taken back from; the others always fit."""
    named = {(row["account_id"], row[column]) for row in rows if row.get(column) is not None}
    if not named:
        return {}
    a, document = allocations.c, allocations.c[column]
    own = (a.account_id.in_({account for account, _ in named}), document.in_({name for _, name in named}))
    reopened = connection.scalars(select(document).where(*own, a.reverses_id.is_not(None)).distinct()).all()
    if not reopened:
        return {}
    moved: dict[Any, list[tuple[date, int]]] = defaultdict(list)
    changes = select(document, a.applied_on, signed(allocations)).where(own[0], document.in_(reopened))
    for name, day, amount in connection.execute(changes):
        moved[name].append((day, amount))
    amounts = connection.execute(select(table.c.id, table.c.amount).where(table.c.id.in_(reopened)))
    return {name: (amount, moved[name]) for name, amount in amounts}
