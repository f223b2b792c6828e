"""Bills: the history page by page, their lines, the disputes about them. What is settled is told as of the day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from data_access.queries.applied_since import applied_since
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import contains
from data_access.queries.keyset import Mark, beside, order_named, page_of, turned
from data_access.queries.positions import credited, effective_due
from data_access.schema import allocations, charges, disputes, invoices, sites
from data_access.scope import Scope, within
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class BillRow:
    """One invoice or credit note with what was settled by the day asked for; minor units, credit notes negative in `signed`."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    number: str
    part: int
    kind: str
    issued_on: date
    due_on: date
    due_missing: bool
    period_start: date | None
    period_end: date | None
    amount: int
    settled: int
    reverses_id: int | None

    @property
    def signed(self) -> int:
        """What the bill adds to what we owe."""
        return self.amount if self.kind == "invoice" else -self.amount

    @property
    def open_amount(self) -> int:
        """What is left, unsigned: to pay, or of a credit note to use."""
        return self.amount - self.settled

    @property
    def label(self) -> str:
        """The number as printed, with the part where lines came later."""
        return self.number if self.part == 1 else f"{self.number} ({self.part})"


def bill_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    bill_id: int | None = None,
    number: str | None = None,
    sort: str = "-issued_on",
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 200,
) -> list[BillRow]:
    """Bills issued in the filters' period up to the as-of day, the newest first; `after` and `before` are (issued_on, id).

    sort: issued_on, due_on or amount, which the marks go by; amounts without their sign.

    filters.search looks into site, vendor, account number; a bill's number matches as well.
    """
    a = ledger_accounts(scope, replace(filters, search=""))
    issued_on = beside(invoices.c.issued_on, after, before)
    statement = (
        select(
            invoices.c.id,
            invoices.c.account_id,
            a.c.account_number,
            a.c.vendor,
            a.c.site,
            a.c.site_name,
            a.c.currency,
            invoices.c.number,
            invoices.c.part,
            invoices.c.kind,
            invoices.c.issued_on,
            effective_due(a.c.terms_days).label("due_on"),
            invoices.c.due_on.is_(None).label("due_missing"),
            invoices.c.period_start,
            invoices.c.period_end,
            invoices.c.amount,
            *(invoices.c[name] for name in ("settled", "applied_from", "applied_until")),
            invoices.c.reverses_id,
        )
        .join(a, a.c.account_id == invoices.c.account_id)
        .where(issued_on <= filters.as_of)
    )
    if filters.search.strip():
        statement = statement.where(
            contains(
                [a.c.site_name, a.c.site, a.c.vendor, invoices.c.number],
                filters.search,
                account_number=a.c.account_number,
            )
        )
    if filters.since:
        statement = statement.where(issued_on >= filters.since)
    if filters.until:
        statement = statement.where(issued_on < filters.until)
    if account_id is not None:
        statement = statement.where(invoices.c.account_id == account_id)
    if bill_id is not None:
        statement = statement.where(invoices.c.id == bill_id)
    if number is not None:
        statement = statement.where(invoices.c.number == number)
    columns = {"issued_on": invoices.c.issued_on, "due_on": effective_due(a.c.terms_days), "amount": invoices.c.amount}
    order = order_named(sort, columns, invoices.c.id)
    statement = page_of(statement, order, after=after, before=before, limit=limit)
    rows = turned(connection.execute(statement).all(), before)
    later = _later(connection, scope, filters.as_of, rows)
    return [_bill(row, row.settled - later.get(row.id, 0)) for row in rows]


def _bill(row: Any, settled: int) -> BillRow:
    told: dict[str, Any] = {name: getattr(row, name) for name in BillRow.__dataclass_fields__}
    told |= {"settled": settled, "due_missing": bool(row.due_missing)}
    return BillRow(**told)


def _later(connection: Connection, scope: Scope, day: date, rows: Sequence[Any]) -> dict[int, int]:
    """By bill or credit note: what was applied after the day."""
    found: dict[int, int] = {}
    for kind, column in (("invoice", allocations.c.invoice_id), ("credit_note", allocations.c.credit_note_id)):
        mine = (row for row in rows if row.kind == kind)
        found |= applied_since(connection, scope, day, column, mine, counter="settled")
    return found


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One line of a bill; amount signed, minor units."""

    line: str
    type: str
    description: str
    amount: int
    issued_on: date
    chargeback_site: (
        str | None
    )  # the code of the site that bears it, when not the home site; "" where that is out of scope


def charge_rows(connection: Connection, scope: Scope, account_id: int, invoice_id: int) -> list[ChargeRow]:
    """The lines of one bill, in the order in which they came."""
    statement = (
        select(
            charges.c.line,
            charges.c.type,
            charges.c.description,
            charges.c.amount,
            charges.c.issued_on,
            case(
                (charges.c.chargeback_site_id.is_not(None), func.coalesce(sites.c.code, "")),
            ).label("chargeback_site"),
        )
        .outerjoin(sites, and_(sites.c.id == charges.c.chargeback_site_id, within(scope, sites.c.id)))
        .where(
            within(scope, charges.c.site_id),
            charges.c.account_id == account_id,
            charges.c.invoice_id == invoice_id,
        )
        .order_by(charges.c.id)
    )
    return [ChargeRow(*row) for row in connection.execute(statement)]


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One dispute as of the day; minor units. Open while closed_on is None. withheld: of its amount, what was not credited."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site_name: str
    currency: str
    invoice_id: int
    number: str
    amount: int
    reason: str
    opened_on: date
    closed_on: date | None
    outcome: str
    issued_on: date  # of the bill
    withheld: int


def dispute_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    bill_id: int | None = None,
) -> list[DisputeRow]:
    """Disputes opened up to the as-of day, the newest first; what was decided later is not known yet."""
    a = ledger_accounts(scope, filters)
    closed = disputes.c.closed_on <= filters.as_of
    back = credited(filters.as_of)
    statement = (
        select(
            disputes.c.id,
            disputes.c.account_id,
            a.c.account_number,
            a.c.vendor,
            a.c.site_name,
            a.c.currency,
            disputes.c.invoice_id,
            invoices.c.number,
            disputes.c.amount,
            disputes.c.reason,
            disputes.c.opened_on,
            case((closed, disputes.c.closed_on)).label("closed_on"),
            case((closed, disputes.c.outcome), else_="").label("outcome"),
            invoices.c.issued_on,
            (disputes.c.amount - func.coalesce(back.c.credited, 0)).label("withheld"),
        )
        .join(a, a.c.account_id == disputes.c.account_id)
        .outerjoin(back, and_(back.c.account_id == disputes.c.account_id, back.c.dispute_id == disputes.c.id))
        .join(
            invoices,
            and_(invoices.c.account_id == disputes.c.account_id, invoices.c.id == disputes.c.invoice_id),
        )
        .where(disputes.c.opened_on <= filters.as_of)
        .order_by(disputes.c.opened_on.desc(), disputes.c.id.desc())
    )
    if account_id is not None:
        statement = statement.where(disputes.c.account_id == account_id)
    if bill_id is not None:
        statement = statement.where(disputes.c.invoice_id == bill_id)
    return [DisputeRow(*row) for row in connection.execute(statement)]
