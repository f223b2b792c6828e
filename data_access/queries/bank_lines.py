"""Bank lines that on a day were neither matched in full nor explained. They belong to no site: only for who sees every site."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, literal_column, select, union_all

from data_access.queries.expressions import contains
from data_access.queries.known_matches import decided_since
from data_access.queries.local_days import day_over
from data_access.schema import bank_line_decisions, bank_lines, bank_statements, matches
from data_access.scope import Scope, require


@dataclass(frozen=True, slots=True)
class BankLineRow:
    """A line as the bank has it; amount signed, matched and left not. age: days since it was booked.

    matched: as known on the day; open_now: something of it is open still, so that it can be decided.
    """

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
    open_now: bool

    @property
    def left(self) -> int:
        """What of it is not matched."""
        return abs(self.amount) - self.matched


# As in the index on them, which SQLite takes for literals only.
OPEN_NOW: ColumnElement[bool] = literal_column("bank_lines.matched < abs(bank_lines.amount)")


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
    connection: Connection, scope: Scope, *, as_of: date, search: str = "", offset: int = 0, limit: int | None = 100
) -> list[BankLineRow]:
    """Lines booked on or before `as_of` and open at its end, the oldest first."""
    if not require(scope).everything:
        return []
    found = _open(connection, scope, as_of, search)
    statement = found.order_by(found.selected_columns.booked_on, found.selected_columns.id)
    return [
        BankLineRow(*row, (as_of - booked_on).days, decided_now is None and matched_now < abs(amount))
        for *row, booked_on, amount, matched_now, decided_now in connection.execute(
            statement.offset(offset).limit(limit)
        )
    ]


def open_line_count(connection: Connection, scope: Scope, *, as_of: date, search: str = "") -> int:
    """How many open_lines would give in all."""
    if not require(scope).everything:
        return 0
    return connection.scalar(select(func.count()).select_from(_open(connection, scope, as_of, search).subquery())) or 0


def _open(connection: Connection, scope: Scope, as_of: date, search: str) -> Select[*tuple[Any, ...]]:
    """Lines that are open now, by their own index, and those that were matched or explained since."""
    later = decided_since(connection, scope, as_of, matches.c.bank_line_id)
    statement = _lines(as_of, search).where(OPEN_NOW)
    if later is None:
        return statement
    known = _lines(as_of, search, later).where(bank_lines.c.matched - later.c.amount < func.abs(bank_lines.c.amount))
    now = _lines(as_of, search).where(OPEN_NOW, bank_lines.c.id.not_in(select(later.c.bank_line_id)))
    return select(union_all(now, known).subquery("open"))


def _lines(as_of: date, search: str, later: Subquery | None = None) -> Select[*tuple[Any, ...]]:
    decided = standing_decisions(day_over(as_of))
    decided_now = standing_decisions().alias("decided_now")
    line = bank_lines.c
    matched = bank_lines.c.matched if later is None else bank_lines.c.matched - later.c.amount
    statement = (
        select(line.id, line.statement_id, line.bank_account, bank_statements.c.kind, line.currency, line.booked_on)
        .add_columns(line.amount, matched.label("matched"), line.reference, line.counterparty, line.description)
        .add_columns(line.booked_on.label("booked"), line.amount.label("whole"), line.matched.label("matched_now"))
        .add_columns(decided_now.c.id.label("decided_now"))
        .select_from(bank_lines if later is None else later.join(bank_lines, bank_lines.c.id == later.c.bank_line_id))
        .join(bank_statements, bank_statements.c.id == bank_lines.c.statement_id)
        .outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
        .outerjoin(decided_now, decided_now.c.bank_line_id == bank_lines.c.id)
        .where(bank_lines.c.booked_on <= as_of, decided.c.id.is_(None))
    )
    if search.strip():
        said = [line.reference, line.description, line.counterparty, line.bank_account]
        statement = statement.where(contains(said, search))
    return statement
