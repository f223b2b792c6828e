"""Statements of the ledger that join a statement of the file within a day: one ends where the other begins, so they share no line."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, select

from data_access.importers.planners.bank_statements import BankStatement
from data_access.schema import bank_lines, bank_statements
from domain.periods import shifted

Head = tuple[Any, ...]


def head_of(statement: BankStatement) -> Head:
    """What a statement says of itself."""
    return (statement.reference, statement.first, shifted(statement.last, 1), statement.opening, statement.closing)


def keys_beside(connection: Connection, statement: BankStatement, in_file: Collection[Head]) -> set[str]:
    """The keys of the lines that joining statements brought; none where a balance is missing, or where they may overlap.

    `in_file`: heads of the file's own statements, which may be in the ledger already.
    """
    if statement.opening is None or statement.closing is None:
        return set()
    table = bank_statements.c
    same_days = select(bank_statements).where(
        table.bank_account == statement.account,
        table.currency == statement.currency,
        table.period_start <= statement.last,
        table.period_end > statement.first,
        table.opening.is_not(None),
        table.closing.is_not(None),
    )
    rows = [row for row in connection.execute(same_days.order_by(table.id)) if _head(row) not in in_file]
    if any(_overlaps(row, statement) for row in rows):
        return set()
    before = _chain(
        [row for row in rows if row.period_end == shifted(statement.first, 1)], statement.opening, "closing", "opening"
    )
    after = _chain([row for row in rows if row.period_start == statement.last], statement.closing, "opening", "closing")
    lines = select(bank_lines.c.import_key).where(bank_lines.c.statement_id.in_([*before, *after]))
    return set(connection.scalars(lines))


def _head(row: Any) -> Head:
    return (row.reference, row.period_start, row.period_end, row.opening, row.closing)


def _overlaps(row: Any, statement: BankStatement) -> bool:
    """It shares more than a day at an end with the statement, or begins or ends as it does: it may hold the same lines."""
    inside = row.period_start < statement.last and shifted(row.period_end, -1) > statement.first
    day = row.period_start == statement.first or shifted(row.period_end, -1) == statement.last
    return inside or (day and (row.opening == statement.opening or row.closing == statement.closing))


def _chain(rows: Sequence[Any], balance: int, joins: str, goes_on: str) -> list[int]:
    """Ids of the statements that lead from one to the next from `balance` on; each once."""
    found: list[int] = []
    left = list(rows)
    while (row := next((each for each in left if getattr(each, joins) == balance), None)) is not None:
        left.remove(row)
        found.append(row.id)
        balance = getattr(row, goes_on)
    return found
