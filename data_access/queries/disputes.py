"""Disputes with their window and what came of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, select

from data_access.alert_settings import alert_watch
from data_access.queries.bills import dispute_rows
from data_access.schema import accounts, dispute_events, disputes, invoices, sites
from data_access.scope import Scope, within
from domain.alerts.disputes import window_closes_on
from domain.filters import Filters


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
    closes_on: date
    days_left: int
    events: tuple[DisputeEvent, ...]

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


def dispute_cases(connection: Connection, scope: Scope, filters: Filters) -> list[DisputeCase]:
    """Open ones first, the window that closes first at the top; then those that are closed, the newest first."""
    rows = {row.id: row for row in dispute_rows(connection, scope, filters)}
    facts = (
        select(disputes.c.id, disputes.c.kind, invoices.c.issued_on, sites.c.code)
        .join(invoices, and_(invoices.c.account_id == disputes.c.account_id, invoices.c.id == disputes.c.invoice_id))
        .join(accounts, accounts.c.id == disputes.c.account_id)
        .join(sites, sites.c.id == accounts.c.site_id)
        .where(within(scope, disputes.c.site_id), disputes.c.opened_on <= filters.as_of)
    )
    told: dict[int, list[DisputeEvent]] = defaultdict(list)
    e = dispute_events.c
    statement = (
        select(e.dispute_id, e.kind, e.dated, e.answer, e.amount, e.credit_note_id, e.text, e.recorded_by)
        .add_columns(func.coalesce(invoices.c.number, ""))
        .outerjoin(invoices, and_(invoices.c.account_id == e.account_id, invoices.c.id == e.credit_note_id))
        .where(within(scope, e.site_id), e.dated <= filters.as_of)
        .order_by(e.dated, e.id)
    )
    for dispute_id, *event in connection.execute(statement):
        told[dispute_id].append(DisputeEvent(*event))
    days = alert_watch().thresholds
    found = []
    for fact in connection.execute(facts):
        if (row := rows.get(fact.id)) is None:
            continue
        closes_on = window_closes_on(fact.issued_on, days)
        found.append(
            DisputeCase(
                row.id,
                row.account_id,
                row.account_number,
                row.vendor,
                fact.code,
                row.currency,
                row.invoice_id,
                row.number,
                fact.kind,
                row.amount,
                row.reason,
                row.opened_on,
                row.closed_on,
                row.outcome,
                closes_on,
                (closes_on - filters.as_of).days,
                tuple(told.get(row.id, ())),
            )
        )
    standing = sorted((c for c in found if c.closed_on is None), key=lambda c: (c.closes_on, c.id))
    closed = sorted((c for c in found if c.closed_on), key=lambda c: (c.closed_on or c.opened_on, c.id), reverse=True)
    return [*standing, *closed]
