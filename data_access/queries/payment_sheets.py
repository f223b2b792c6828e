"""Tables of the Payments page for export: the payments, the bills that were paid late, the money on account."""

from typing import Any

from sqlalchemy import Connection

from data_access.exporting import Cell, Sheet
from data_access.queries.late_bills import late_bills
from data_access.queries.payments import payment_rows
from data_access.queries.sheet_parts import PAGE, RowsOnDisk, describe, every
from data_access.queries.unapplied import unapplied_rows
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money

PLACE = ("Site code", "Site", "Vendor", "Account")


def _place(row: Any) -> list[Cell]:
    return [row.site, row.site_name, row.vendor, masked(row.account_number)]


def payments_sheet(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    statuses: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
    account_id: int | None = None,
) -> Sheet:
    """Payments of the period; refunds and returned payments negative. Narrowed as payment_rows is."""
    found = every(
        lambda mark: payment_rows(
            connection,
            scope,
            filters,
            statuses=statuses,
            channels=channels,
            account_id=account_id,
            after=mark,
            limit=PAGE,
        ),
        lambda p: (p.paid_on, p.id),
    )
    about = [*describe(filters)]
    for word, kept in (("Status", statuses), ("Channel", channels)):
        if kept:
            about.append(f"{word}: {', '.join(kept)}")
    rows = RowsOnDisk(
        [p.paid_on, p.posted_on, *_place(p), p.kind, p.method, p.channel, p.status, p.confirmation_number]
        + [p.currency, Money(p.signed, p.currency), Money(p.unapplied, p.currency)]
        for p in found
    )
    columns = ("Paid", "Posted", *PLACE, "Kind", "Method", "Channel", "Status", "Confirmation")
    return Sheet("Payments", tuple(about), (*columns, "Currency", "Amount", "Unapplied"), rows)


def late_bills_sheet(connection: Connection, scope: Scope, filters: Filters) -> Sheet:
    """Bills that were not settled by their due day; the period is that of the due days."""
    found = every(
        lambda mark: late_bills(connection, scope, filters, after=mark, limit=PAGE), lambda b: (b.due_on, b.id)
    )
    rows = RowsOnDisk(
        [b.due_on, b.settled_on, b.days_late, *_place(b), b.number, b.issued_on, b.currency]
        + [Money(b.amount, b.currency), Money(b.open_amount, b.currency)]
        for b in found
    )
    columns = ("Due", "Settled", "Days late", *PLACE, "Bill", "Issued", "Currency", "Amount", "Open")
    return Sheet("Late bills", describe(filters), columns, rows)


def unapplied_sheet(connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None) -> Sheet:
    """Payments and credit notes not yet applied; what is left counts against the balance, so it is negative."""
    rows: list[list[Cell]] = [
        [u.day, u.kind.replace("_", " "), u.name, u.method, *_place(u), u.currency]
        + [Money(u.amount, u.currency), Money(u.left, u.currency)]
        for u in unapplied_rows(connection, scope, filters, account_id=account_id)
    ]
    columns = ("Date", "Kind", "Number", "Method", *PLACE, "Currency", "Amount", "Left")
    return Sheet("Unapplied money", describe(filters), columns, rows)
