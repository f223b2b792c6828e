"""Bank statements with what they add up to, and their lines with what became of each. Only for who sees every site."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, select, tuple_

from data_access.queries.bank_lines import standing_decisions
from data_access.schema import bank_lines, bank_statements
from data_access.scope import Scope, require


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One imported statement; amounts signed, null where the file states no balance. last: the last day, itself included.

    lines: those that this statement brought; done: of these, matched in full or explained.
    """

    id: int
    bank_account: str
    kind: str
    currency: str
    period_start: date
    period_end: date
    opening: int | None
    movements: int
    closing: int | None
    lines: int
    done: int

    @property
    def difference(self) -> int | None:
        """Opening + movements - closing; None where a balance is not stated."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.movements - self.closing


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of a statement; explained: as what, '' for not."""

    id: int
    booked_on: date
    amount: int
    currency: str
    matched: int
    counterparty: str
    reference: str
    description: str
    explained: str
    note: str


def statement_rows(connection: Connection, scope: Scope, *, as_of: date) -> list[StatementRow]:
    """Statements that begin on or before `as_of`, the newest first."""
    if not require(scope).everything:
        return []
    decided = standing_decisions()
    done = case((bank_lines.c.matched == func.abs(bank_lines.c.amount), 1), (decided.c.id.is_not(None), 1), else_=0)
    counted = (
        select(bank_lines.c.statement_id, func.count().label("lines"), func.sum(done).label("done"))
        .outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
        .group_by(bank_lines.c.statement_id)
        .subquery("counted")
    )
    own = [bank_statements.c[name] for name in StatementRow.__dataclass_fields__ if name not in ("lines", "done")]
    statement = (
        select(*own, func.coalesce(counted.c.lines, 0).label("lines"), func.coalesce(counted.c.done, 0).label("done"))
        .outerjoin(counted, counted.c.statement_id == bank_statements.c.id)
        .where(bank_statements.c.period_start <= as_of)
        .order_by(bank_statements.c.period_end.desc(), bank_statements.c.bank_account, bank_statements.c.id)
    )
    return [StatementRow(**row._mapping) for row in connection.execute(statement)]


def statement_lines(
    connection: Connection, scope: Scope, *, statement_id: int, after: tuple[date, int] | None = None, limit: int = 50
) -> list[StatementLine]:
    """The lines that the statement brought, in order; `after`: the (day, id) of the last one shown."""
    if not require(scope).everything:
        return []
    return _lines(connection, bank_lines.c.statement_id == statement_id, after, limit)


def _lines(
    connection: Connection, condition: ColumnElement[bool], after: tuple[date, int] | None, limit: int
) -> list[StatementLine]:
    decided = standing_decisions()
    names = [name for name in StatementLine.__dataclass_fields__ if name not in ("explained", "note")]
    statement = (
        select(
            *(bank_lines.c[name] for name in names),
            func.coalesce(decided.c.reason, "").label("explained"),
            func.coalesce(decided.c.note, "").label("note"),
        )
        .outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
        .where(condition)
        .order_by(bank_lines.c.booked_on, bank_lines.c.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(bank_lines.c.booked_on, bank_lines.c.id) > after)
    return [StatementLine(**row._mapping) for row in connection.execute(statement)]
