"""Bank lines that on a day were neither matched in full nor explained. They belong to no site: only for who sees every site."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Subquery, and_, func, select

from data_access.queries.expressions import contains
from data_access.queries.known_matches import known_matches
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
    """Lines booked on or before `as_of` and open at its end, the oldest first."""
    if not require(scope).everything:
        return []
    statement = _open(scope, as_of, search).order_by(bank_lines.c.booked_on, bank_lines.c.id)
    names = [name for name in BankLineRow.__dataclass_fields__ if name not in ("age", "open_now")]
    return [
        BankLineRow(
            **{n: row._mapping[n] for n in names},
            age=(as_of - row.booked_on).days,
            open_now=row.decided_now is None and row.matched_now < abs(row.amount),
        )
        for row in connection.execute(statement.offset(offset).limit(limit))
    ]


def open_line_count(connection: Connection, scope: Scope, *, as_of: date, search: str = "") -> int:
    """How many open_lines would give in all."""
    if not require(scope).everything:
        return 0
    return connection.scalar(select(func.count()).select_from(_open(scope, as_of, search).subquery())) or 0


def _open(scope: Scope, as_of: date, search: str) -> Select[*tuple[Any, ...]]:
    decided = standing_decisions(day_over(as_of))
    decided_now = standing_decisions().alias("decided_now")
    known = known_matches(scope, as_of, matches.c.bank_line_id)
    matched = func.coalesce(known.c.amount, 0)
    own = [column for column in bank_lines.c if column.name != "matched"]
    statement = (
        select(*own, bank_statements.c.kind, matched.label("matched"))
        .add_columns(bank_lines.c.matched.label("matched_now"), decided_now.c.id.label("decided_now"))
        .join(bank_statements, bank_statements.c.id == bank_lines.c.statement_id)
        .outerjoin(known, known.c.bank_line_id == bank_lines.c.id)
        .outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
        .outerjoin(decided_now, decided_now.c.bank_line_id == bank_lines.c.id)
        .where(bank_lines.c.booked_on <= as_of, matched < func.abs(bank_lines.c.amount), decided.c.id.is_(None))
    )
    if search.strip():
        line = bank_lines.c
        said = [line.reference, line.description, line.counterparty, line.bank_account]
        statement = statement.where(contains(said, search))
    return statement
