"""Bank lines that are neither matched in full nor explained. They belong to no site: only for who sees every site."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Subquery, and_, func, select

from data_access.queries.expressions import contains
from data_access.schema import bank_line_decisions, bank_lines, bank_statements
from data_access.scope import Scope, require


@dataclass(frozen=True, slots=True)
class BankLineRow:
    """A line as the bank has it; amount signed, matched and left not. age: days since it was booked."""

    id: int
    statement_id: int
    bank_account: str
    kind: str
    currency: str
    booked_on: date
    amount: int
    matched: int
    reference: str
    counterparty: str
    description: str
    age: int

    @property
    def left(self) -> int:
        """What of it is not matched."""
        return abs(self.amount) - self.matched


def standing_decisions(until: datetime | None = None) -> Subquery:
    """Decisions on lines that were not taken back; `until`: made before it, and not taken back by then."""
    back = bank_line_decisions.alias("back")
    taken_back = back.c.undoes_id == bank_line_decisions.c.id
    made = [bank_line_decisions.c.undoes_id.is_(None), back.c.id.is_(None)]
    if until is not None:
        taken_back = and_(taken_back, back.c.decided_at < until)
        made.append(bank_line_decisions.c.decided_at < until)
    return select(bank_line_decisions).outerjoin(back, taken_back).where(*made).subquery("decided")


def open_lines(
    connection: Connection, scope: Scope, *, as_of: date, search: str = "", offset: int = 0, limit: int = 100
) -> list[BankLineRow]:
    """Open lines booked on or before `as_of`, the oldest first."""
    if not require(scope).everything:
        return []
    statement = _open(as_of, search).order_by(bank_lines.c.booked_on, bank_lines.c.id).offset(offset).limit(limit)
    names = [name for name in BankLineRow.__dataclass_fields__ if name != "age"]
    return [
        BankLineRow(**{n: row._mapping[n] for n in names}, age=(as_of - row.booked_on).days)
        for row in connection.execute(statement)
    ]


def open_line_count(connection: Connection, scope: Scope, *, as_of: date, search: str = "") -> int:
    """How many open_lines would give in all."""
    if not require(scope).everything:
        return 0
    return connection.scalar(select(func.count()).select_from(_open(as_of, search).subquery())) or 0


def _open(as_of: date, search: str) -> Select[*tuple[Any, ...]]:
    decided = standing_decisions()
    statement = (
        select(bank_lines, bank_statements.c.kind)
        .join(bank_statements, bank_statements.c.id == bank_lines.c.statement_id)
        .outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
        .where(
            bank_lines.c.booked_on <= as_of,
            bank_lines.c.matched < func.abs(bank_lines.c.amount),
            decided.c.id.is_(None),
        )
    )
    if search.strip():
        line = bank_lines.c
        said = [line.reference, line.description, line.counterparty, line.bank_account]
        statement = statement.where(contains(said, search))
    return statement
