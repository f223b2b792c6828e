"""Disputes with their window and what came of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)

from data_access.alert_settings import alert_watch
from data_access.queries.dimensions import bare_accounts, ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.schema import dispute_events, disputes, invoices
from data_access.scope import Scope, within
from domain.alerts.disputes import window_closes_on
from domain.filters import Filters
from domain.periods import shifted

_AT_ONCE = 500  # disputes whose history is read together


@dataclass(frozen=True, slots=True)
class DisputeEvent:
    """A reply, a credit or a note; minor units. credit_note: its number, where one is named."""

    kind: str
    dated: date
    answer: str
    amount: int | None
    credit_note_id: int | None
    text: str
    recorded_by: str
    credit_note: str


@dataclass(frozen=True, slots=True)
class DisputeCase:
    """A dispute as of a day; days_left of its window are negative once it is past."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    currency: str
    invoice_id: int
    number: str
    kind: str
    amount: int
    reason: str
    opened_on: date
    closed_on: date | None
    outcome: str
    issued_on: date  # of the bill
    closes_on: date
    days_left: int
    events: tuple[DisputeEvent, ...]

    @property
    def mark(self) -> Mark:
        """Where a page of them ends."""
        return int(self.closed_on is not None), self.closed_on or self.issued_on, self.id

    @property
    def answer(self) -> str:
        """The vendor's last answer, '' for none."""
        return next((event.answer for event in reversed(self.events) if event.answer), "")

    @property
    def credited(self) -> int:
        """What the vendor credited for it."""
        return sum(event.amount or 0 for event in self.events if event.kind == "credit")

    @property
    def withheld(self) -> int:
        """What of it is withheld still: nothing once it is closed."""
        return 0 if self.closed_on else self.amount - self.credited


@dataclass(frozen=True, slots=True)
class DisputeSums:
    """How many disputes there are; of those that stand, how many are past their window, and how many of these have no answer."""

    number: int
    standing: int
    past: int
    unanswered: int


def dispute_sums(connection: Connection, scope: Scope, filters: Filters) -> DisputeSums:
    """Of all that dispute_cases gives."""
    e, a = dispute_events.c, bare_accounts(scope, filters)
    standing = _standing(filters.as_of)
    past = and_(standing, invoices.c.issued_on < shifted(filters.as_of, -alert_watch().thresholds.dispute_days))
    answered = (
        select(e.id)
        .where(e.account_id == disputes.c.account_id, e.dispute_id == disputes.c.id)
        .where(e.answer != "", e.dated <= filters.as_of)
        .correlate(disputes)
        .exists()
    )
    sums = [total(case((condition, 1), else_=0)) for condition in (standing, past, and_(past, ~answered))]
    statement = _disputed(select(func.count(), *sums), a, filters.as_of)
    return DisputeSums(*connection.execute(statement).one())


def dispute_cases(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    dispute_id: int | None = None,
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int | None = None,
) -> list[DisputeCase]:
    """Open ones first, the window that closes first at the top; then those that are closed, the newest first.

    `after` is the mark of the last one shown, `before` of the first. dispute_id: that one alone.
    """
    mark = before or after
    turns = (False, True) if before is None else (True, False)  # is it closed?
    wanted = turns[turns.index(bool(mark[0])) :] if mark else turns
    rows: list[Any] = []
    for closed in wanted:
        if limit is None or len(rows) < limit:
            bound = mark[1:] if mark and closed == bool(mark[0]) else None
            left = None if limit is None else limit - len(rows)
            statement, order = _told(scope, filters, closed=closed, back=before is not None and bound is None)
            if dispute_id is not None:
                statement = statement.where(disputes.c.id == dispute_id)
            bounds = {"after": bound} if before is None else {"before": bound}
            rows += connection.execute(page_of(statement, order, **bounds, limit=left)).all()
    told = _events(connection, scope, filters.as_of, rows)
    days = alert_watch().thresholds
    found = []
    for row in rows:
        closes_on = window_closes_on(row.issued_on, days)
        left_days = (closes_on - filters.as_of).days
        found.append(DisputeCase(*row, closes_on, left_days, tuple(told.get(row.id, ()))))
    return turned(found, before)


def _standing(as_of: date) -> ColumnElement[bool]:
    return or_(disputes.c.closed_on.is_(None), disputes.c.closed_on > as_of)


def _disputed(statement: Select[*tuple[Any, ...]], a: Subquery, as_of: date) -> Select[*tuple[Any, ...]]:
    """Disputes opened by the day, with their bills and accounts."""
    of_bill = and_(invoices.c.account_id == disputes.c.account_id, invoices.c.id == disputes.c.invoice_id)
    return (
        statement.select_from(disputes)
        .join(a, a.c.account_id == disputes.c.account_id)
        .join(invoices, of_bill)
        .where(disputes.c.opened_on <= as_of)
    )


def _told(scope: Scope, filters: Filters, *, closed: bool, back: bool) -> tuple[Select[*tuple[Any, ...]], Order]:
    """What a case tells of itself, of those that are closed or of those that stand; and their order, or the other way round."""
    d, a = disputes.c, ledger_accounts(scope, filters)
    since = d.closed_on if closed else invoices.c.issued_on
    ends = (d.closed_on, d.outcome) if closed else (null(), literal(""))
    names = (a.c[name] for name in ("account_number", "vendor", "site", "currency"))
    columns = (d.id, d.account_id, *names, d.invoice_id, invoices.c.number, d.kind, d.amount, d.reason, d.opened_on)
    statement = select(*columns, *(end.label(name) for end, name in zip(ends, ("closed_on", "outcome"), strict=True)))
    stands = d.closed_on <= filters.as_of if closed else _standing(filters.as_of)
    found = _disputed(statement.add_columns(invoices.c.issued_on), a, filters.as_of).where(stands)
    return found, Order((since, d.id), descending=closed != back)


def _events(connection: Connection, scope: Scope, as_of: date, rows: Sequence[Any]) -> dict[int, list[DisputeEvent]]:
    """By dispute: what came of it by the day, in order."""
    e = dispute_events.c
    told: dict[int, list[DisputeEvent]] = defaultdict(list)
    for start in range(0, len(rows), _AT_ONCE):
        some = [(row.account_id, row.id) for row in rows[start : start + _AT_ONCE]]
        statement = (
            select(e.dispute_id, e.kind, e.dated, e.answer, e.amount, e.credit_note_id, e.text, e.recorded_by)
            .add_columns(func.coalesce(invoices.c.number, ""))
            .outerjoin(invoices, and_(invoices.c.account_id == e.account_id, invoices.c.id == e.credit_note_id))
            .where(within(scope, e.site_id), tuple_(e.account_id, e.dispute_id).in_(some), e.dated <= as_of)
            .order_by(e.dated, e.id)
        )
        for dispute_id, *event in connection.execute(statement):
            told[dispute_id].append(DisputeEvent(*event))
    return told
