"""Accounts, and the bills of one account with their lines."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, select, tuple_

from data_access.queries.dimensions import account_conditions, ledger_accounts
from data_access.queries.positions import effective_due
from data_access.schema import accounts, charges, disputes, invoices, sites, vendors
from data_access.scope import Scope, within
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One vendor billing account at its home site."""

    id: int
    vendor: str
    account_number: str
    site_id: int
    site: str
    site_name: str
    region: str
    timezone: str
    service_type: str
    currency: str
    terms_days: int
    opened_on: date | None
    closed_on: date | None
    autopay_method: str
    autopay_expires_on: date | None


def account_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 500,
) -> list[AccountRow]:
    """Accounts in scope and filters by vendor and number, `limit` at a time; `after` is (vendor, id) of the last one."""
    statement = (
        select(
            accounts,
            vendors.c.name.label("vendor"),
            sites.c.code.label("site"),
            sites.c.name.label("site_name"),
            sites.c.region,
            sites.c.timezone,
        )
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .join(sites, sites.c.id == accounts.c.site_id)
        .where(and_(*account_conditions(scope, filters)))
        .order_by(vendors.c.name, accounts.c.id)
        .limit(limit)
    )
    if account_id is not None:
        statement = statement.where(accounts.c.id == account_id)
    if after is not None:
        statement = statement.where(tuple_(vendors.c.name, accounts.c.id) > tuple_(*after))
    fields = AccountRow.__dataclass_fields__
    return [AccountRow(**{f: getattr(row, f) for f in fields}) for row in connection.execute(statement)]


@dataclass(frozen=True, slots=True)
class BillRow:
    """One invoice or credit note as it stands now; amounts in minor units, credit notes negative in `signed`."""

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


def bill_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 200,
) -> list[BillRow]:
    """Bills issued in the filters' period up to the as-of day, the newest first; `after` is (issued_on, id)."""
    a = ledger_accounts(scope, filters)
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
            invoices.c.settled,
            invoices.c.reverses_id,
        )
        .join(a, a.c.account_id == invoices.c.account_id)
        .where(invoices.c.issued_on <= filters.as_of)
        .order_by(invoices.c.issued_on.desc(), invoices.c.id.desc())
        .limit(limit)
    )
    if filters.since:
        statement = statement.where(invoices.c.issued_on >= filters.since)
    if filters.until:
        statement = statement.where(invoices.c.issued_on < filters.until)
    if account_id is not None:
        statement = statement.where(invoices.c.account_id == account_id)
    if after is not None:
        statement = statement.where(tuple_(invoices.c.issued_on, invoices.c.id) < tuple_(*after))
    fields = BillRow.__dataclass_fields__
    return [
        BillRow(**{f: getattr(row, f) for f in fields if f != "due_missing"}, due_missing=bool(row.due_missing))
        for row in connection.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One line of a bill; amount signed, minor units."""

    line: str
    type: str
    description: str
    amount: int
    issued_on: date
    chargeback_site: str | None


def charge_rows(connection: Connection, scope: Scope, account_id: int, invoice_id: int) -> list[ChargeRow]:
    """The lines of one bill, in the order in which they came."""
    statement = (
        select(
            charges.c.line,
            charges.c.type,
            charges.c.description,
            charges.c.amount,
            charges.c.issued_on,
            sites.c.code.label("chargeback_site"),
        )
        .outerjoin(sites, sites.c.id == charges.c.chargeback_site_id)
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
    """One dispute; amount withheld in minor units."""

    id: int
    account_id: int
    invoice_id: int
    number: str
    amount: int
    reason: str
    opened_on: date
    closed_on: date | None
    outcome: str


def dispute_rows(
    connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None
) -> list[DisputeRow]:
    """Disputes opened up to the as-of day, the newest first."""
    a = ledger_accounts(scope, filters)
    statement = (
        select(
            disputes.c.id,
            disputes.c.account_id,
            disputes.c.invoice_id,
            invoices.c.number,
            disputes.c.amount,
            disputes.c.reason,
            disputes.c.opened_on,
            disputes.c.closed_on,
            disputes.c.outcome,
        )
        .join(a, a.c.account_id == disputes.c.account_id)
        .join(
            invoices,
            and_(invoices.c.account_id == disputes.c.account_id, invoices.c.id == disputes.c.invoice_id),
        )
        .where(disputes.c.opened_on <= filters.as_of)
        .order_by(disputes.c.opened_on.desc(), disputes.c.id.desc())
    )
    if account_id is not None:
        statement = statement.where(disputes.c.account_id == account_id)
    return [DisputeRow(*row) for row in connection.execute(statement)]


def account_id_of(connection: Connection, scope: Scope, vendor: str, account_number: str) -> int | None:
    """The id of the account that a vendor and a number name, within the scope; None when there is none."""
    return connection.scalar(
        select(accounts.c.id)
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .where(
            within(scope, accounts.c.site_id),
            func.lower(vendors.c.name) == vendor.strip().lower(),
            accounts.c.account_number == account_number.strip(),
        )
    )
