"""Bank statements that were imported: what each adds up to, how many lines it brought, and how many of them are matched.

They belong to no site: nothing of them for somebody who sees only some sites.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, FromClause, Subquery, case, func, select

from data_access.exporting import Cell, Sheet
from data_access.queries.bank_lines import OPEN_NOW, standing_decisions
from data_access.queries.expressions import unindexed
from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.queries.known_matches import decided_since
from data_access.queries.local_days import day_over
from data_access.queries.sheet_parts import RowsOnDisk
from data_access.schema import bank_lines, bank_statements, matches
from data_access.scope import Scope, require
from domain.filters import Filters
from domain.masking import masked_bank_account
from domain.money import Money
from domain.periods import shifted

MOST = 1_000


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement; its account masked, `last` its last day. Amounts are minor units, None where the file states none."""

    id: int
    bank_account: str
    kind: str
    currency: str
    reference: str
    first: date
    last: date
    opening: int | None
    movements: int
    closing: int | None
    difference: int | None
    lines: int
    matched: int
    done: int


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


def statement_rows(
    connection: Connection, scope: Scope, *, as_of: date | None = None, limit: int | None = MOST
) -> list[StatementRow]:
    """Statements that begin on or before `as_of`, the newest first.

    `lines` are those that the statement brought, `matched` those of them that a match names which stood at the end of
    `as_of`, `done` those that were matched in full or explained by then; None: that stand now.
    """
    require(scope)
    if not scope.everything:
        return []
    known, matched, decided, later = _known(connection, scope, as_of)
    of_statement = unindexed(bank_lines.c.statement_id)
    left = (
        select(
            of_statement.label("statement_id"),
            func.count().label("lines"),
            func.sum(case((matched == 0, 1), else_=0)).label("unmatched"),
            func.count(decided.c.id).label("explained"),
        )
        .select_from(known)
        # Most lines are matched in full: the others are found by their index, so that no row is read of what is done.
        .where(OPEN_NOW if later is None else matched < func.abs(bank_lines.c.amount))
        .group_by(of_statement)
        .subquery("left")
    )
    lines = select(func.count()).where(bank_lines.c.statement_id == bank_statements.c.id).scalar_subquery()
    counts = [func.coalesce(left.c[name], 0).label(name) for name in ("unmatched", "explained")]
    statement = (
        select(bank_statements, lines.label("lines"), func.coalesce(left.c.lines, 0).label("open"), *counts)
        .join_from(bank_statements, left, left.c.statement_id == bank_statements.c.id, isouter=True)
        .order_by(bank_statements.c.period_end.desc(), bank_statements.c.id.desc())
        .limit(limit)
    )
    if as_of is not None:
        statement = statement.where(bank_statements.c.period_start <= as_of)
    return [
        StatementRow(
            row.id,
            masked_bank_account(row.bank_account),
            row.kind,
            row.currency,
            row.reference,
            row.period_start,
            shifted(row.period_end, -1),
            row.opening,
            row.movements,
            row.closing,
            None if row.opening is None or row.closing is None else row.opening + row.movements - row.closing,
            row.lines,
            row.lines - row.unmatched,
            row.lines - row.open + row.explained,
        )
        for row in connection.execute(statement)
    ]


def statement_lines(
    connection: Connection,
    scope: Scope,
    *,
    statement_id: int,
    as_of: date | None = None,
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 50,
) -> list[StatementLine]:
    """The lines that the statement brought, in order, as they were known at the end of `as_of` (None: now).

    `after`: (day, id) of the last one shown, `before`: of the first.
    """
    if not require(scope).everything:
        return []
    known, matched, decided, _ = _known(connection, scope, as_of)
    names = [name for name in StatementLine.__dataclass_fields__ if name not in ("matched", "explained", "note")]
    statement = (
        select(
            *(bank_lines.c[name] for name in names),
            matched.label("matched"),
            func.coalesce(decided.c.reason, "").label("explained"),
            func.coalesce(decided.c.note, "").label("note"),
        )
        .select_from(known)
        .where(bank_lines.c.statement_id == statement_id)
    )
    order = Order((bank_lines.c.booked_on, bank_lines.c.id), descending=False)
    found = connection.execute(page_of(statement, order, after=after, before=before, limit=limit))
    return turned([StatementLine(**row._mapping) for row in found], before)


def _known(
    connection: Connection, scope: Scope, as_of: date | None
) -> tuple[FromClause, ColumnElement[int], Subquery, Subquery | None]:
    """(the lines beside the explanations that stood at the end of the day, what of them was matched then, the explanations, what
    matches changed since, None where they did not).
    """
    decided = standing_decisions(None if as_of is None else day_over(as_of))
    known = bank_lines.outerjoin(decided, decided.c.bank_line_id == bank_lines.c.id)
    later = None if as_of is None else decided_since(connection, scope, as_of, matches.c.bank_line_id)
    if later is None:
        return known, bank_lines.c.matched, decided, None
    matched = bank_lines.c.matched - func.coalesce(later.c.amount, 0)
    return known.outerjoin(later, later.c.bank_line_id == bank_lines.c.id), matched, decided, later


def statements_sheet(connection: Connection, scope: Scope, filters: Filters) -> Sheet:
    """Those that begin by the as-of day; of the filters only the currency narrows a statement."""
    wanted = filters.currencies
    rows = RowsOnDisk(
        [
            row.bank_account,
            row.kind,
            row.reference,
            row.first,
            row.last,
            row.currency,
            *(_amount(value, row.currency) for value in (row.opening, row.movements, row.closing, row.difference)),
            row.lines,
            row.matched,
        ]
        for row in statement_rows(connection, scope, as_of=filters.as_of, limit=None)
        if not wanted or row.currency in wanted
    )
    columns = (
        "Bank account",
        "Kind",
        "Statement",
        "From",
        "To",
        "Currency",
        "Opening",
        "Movements",
        "Closing",
        "Difference",
    )
    about = (
        f"As of {filters.as_of.isoformat()}",
        "Opening + movements - closing = difference; an empty cell was not stated by the file",
    )
    return Sheet("Bank statements", about, (*columns, "Lines brought", "Of them matched"), rows)


def _amount(minor: int | None, currency: str) -> Cell:
    return "" if minor is None else Money(minor, currency)
