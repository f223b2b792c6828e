"""What one remittance pays on one account is one payment, however many bills it names."""

from collections.abc import Iterable

from data_access.importers.naming import plain
from data_access.importers.rows import ParsedRow
from domain.masking import ACCOUNT_NUMBER


def as_payments(rows: Iterable[ParsedRow]) -> list[ParsedRow]:
    """The rows of a remittance and account as one, of their sum; rows that stand alone as they are.

    A bill that is taken off (below zero) is no part of a payment: with one, every row stays a payment or refund of its own.
    """
    groups: dict[tuple[object, ...], list[ParsedRow]] = {}
    for row in rows:
        of = row.get("remittance", f"row {row.line}")
        groups.setdefault((of, plain(row.values["vendor"]), row.values[ACCOUNT_NUMBER]), []).append(row)
    found: list[ParsedRow] = []
    for group in groups.values():
        whole = len(group) > 1 and all(row.values["amount"].value > 0 for row in group)
        found += [_together(group)] if whole else group
    return found


def _together(rows: list[ParsedRow]) -> ParsedRow:
    first = rows[0]
    amount = first.values["amount"]
    amount = amount._replace(value=sum(row.values["amount"].value for row in rows), like_group=False)
    return ParsedRow(first.line, first.cells, first.values | {"amount": amount}, together=tuple(rows))
