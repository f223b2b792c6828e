"""What moved the ledger, in order of day, read as it is written: of a long ledger only one entry is in memory."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.rates import Rate, as_rate
from data_access.schema import charges, fx_rates, invoices, payments, sites
from data_access.scope import Scope, require, within
from domain.filters import Filters

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class JournalAccount:
    """A billing account of the journal."""

    id: int
    account_number: str
    vendor: str
    site: str
    region: str
    service_type: str
    currency: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One bill, credit note, payment, refund or reversal; owed: what it adds to what we owe, minor units.

    lines: of a bill what its lines say by (type, code of the site that bears it: "" where that is out of scope).
    reverses: what a reversal took back: payment or refund.
    """

    day: date
    kind: str
    id: int
    account_id: int
    name: str
    owed: int
    due_on: date | None
    method: str
    channel: str
    posted_on: date | None
    reverses_id: int | None
    reverses: str
    lines: dict[tuple[str, str], int]


def journal_accounts(connection: Connection, scope: Scope, filters: Filters) -> list[JournalAccount]:
    """The billing accounts in scope and filters, in the order of their names."""
    a = ledger_accounts(scope, filters)
    columns = (a.c.account_id, a.c.account_number, a.c.vendor, a.c.site, a.c.region, a.c.service_type, a.c.currency)
    statement = select(*columns).order_by(a.c.vendor, a.c.account_number, a.c.account_id)
    return [JournalAccount(*row) for row in connection.execute(statement)]


def methods_used(connection: Connection, scope: Scope, filters: Filters) -> list[str]:
    """How the payments up to the as-of day were made."""
    a = ledger_accounts(scope, filters)
    statement = select(payments.c.method).join(a, a.c.account_id == payments.c.account_id).distinct()
    return sorted(connection.scalars(statement.where(payments.c.paid_on <= filters.as_of)))


def dated_rates(connection: Connection, scope: Scope, currencies: set[str], until: date) -> Iterator[Rate]:
    """Every rate of one of `currencies` up to `until`, in order of day; rates belong to no site."""
    require(scope)
    f = fx_rates.c
    statement = (
        select(f.currency, f.quote, f.on_date, f.rate_e9, f.rate_source)
        .where(f.on_date <= until, or_(f.currency.in_(currencies), f.quote.in_(currencies)))
        .order_by(f.on_date, f.currency, f.quote)
    )
    return map(as_rate, connection.execute(statement, execution_options={"yield_per": _AT_ONCE}))


def entries(connection: Connection, scope: Scope, filters: Filters) -> Iterator[Entry]:
    """Everything up to the as-of day, the oldest first."""
    a = ledger_accounts(scope, filters)
    bearer, original = sites.alias("bearer"), payments.alias("original")
    bills = (
        select(
            invoices.c.issued_on.label("day"),
            literal(0).label("rank"),
            invoices.c.id.label("id"),
            invoices.c.account_id.label("account_id"),
            invoices.c.kind.label("kind"),
            case(
                (invoices.c.part == 1, invoices.c.number),
                else_=invoices.c.number + " (" + cast(invoices.c.part, String) + ")",
            ).label("name"),
            case((invoices.c.kind == "invoice", invoices.c.amount), else_=-invoices.c.amount).label("owed"),
            invoices.c.due_on.label("due_on"),
            literal("").label("method"),
            literal("").label("channel"),
            cast(null(), Date).label("posted_on"),
            invoices.c.reverses_id.label("reverses_id"),
            literal("").label("reverses"),
            charges.c.type.label("type"),
            case((charges.c.chargeback_site_id.is_(None), a.c.site), else_=func.coalesce(bearer.c.code, "")).label(
                "bearer"
            ),
            charges.c.amount.label("line"),
        )
        .join(a, a.c.account_id == invoices.c.account_id)
        .outerjoin(charges, and_(charges.c.account_id == invoices.c.account_id, charges.c.invoice_id == invoices.c.id))
        .outerjoin(bearer, and_(bearer.c.id == charges.c.chargeback_site_id, within(scope, bearer.c.id)))
        .where(invoices.c.issued_on <= filters.as_of)
    )
    adds = or_(payments.c.kind == "refund", and_(payments.c.kind == "reversal", original.c.kind != "refund"))
    money = (
        select(
            payments.c.paid_on,
            literal(1),
            payments.c.id,
            payments.c.account_id,
            payments.c.kind,
            payments.c.confirmation_number,
            case((adds, payments.c.amount), else_=-payments.c.amount),
            cast(null(), Date),
            func.coalesce(original.c.method, payments.c.method),
            payments.c.channel,
            payments.c.posted_on,
            payments.c.reverses_id,
            func.coalesce(original.c.kind, ""),
            cast(null(), String),
            cast(null(), String),
            cast(null(), BigInteger),
        )
        .join(a, a.c.account_id == payments.c.account_id)
        .outerjoin(
            original, and_(original.c.account_id == payments.c.account_id, original.c.id == payments.c.reverses_id)
        )
        .where(payments.c.paid_on <= filters.as_of)
    )
    statement = union_all(bills, money).order_by("day", "rank", "id")
    rows = connection.execute(statement, execution_options={"yield_per": _AT_ONCE})
    for _, some in groupby(rows, key=lambda row: (row.rank, row.id)):
        yield _entry(list(some))


def _entry(rows: list[Any]) -> Entry:
    first = rows[0]
    lines: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.line is not None:
            lines[row.type, row.bearer] += row.line
    fields = [getattr(first, field) for field in Entry.__dataclass_fields__ if field != "lines"]
    return Entry(*fields, lines=dict(lines))
