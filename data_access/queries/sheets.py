"""Whole tables for export: what a page shows, every row of it, fetched page by page."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from data_access.alert_settings import alert_watch
from data_access.exporting import Cell, Sheet
from data_access.queries.accounts import account_rows
from data_access.queries.alert_sheet import alerts_sheet
from data_access.queries.balances import aging
from data_access.queries.bank_statements import statements_sheet
from data_access.queries.bill_grid import bill_grid_sheet
from data_access.queries.bills import bill_rows
from data_access.queries.calls import EVERY_CALL, CallFilters, call_rows
from data_access.queries.cash_sheets import cash_bills_sheet, cash_sheet
from data_access.queries.legs_sheet import legs_sheet
from data_access.queries.local_days import zone_named
from data_access.queries.open_bills import open_bills
from data_access.queries.payment_sheets import late_bills_sheet, payments_sheet, unapplied_sheet
from data_access.queries.risk_sheet import risk_sheet
from data_access.queries.sheet_parts import PAGE, RowsOnDisk, describe, every
from data_access.queries.sites import site_rows
from data_access.queries.spend import spend
from data_access.queries.terms_sheet import terms_sheet
from data_access.queries.usage_lines import usage_sheet
from data_access.scope import Scope
from domain.aging import bucket_labels
from domain.filters import Basis, Filters
from domain.masking import masked, masked_within
from domain.money import Money


class UnknownSheetError(ValueError):
    """There is no table of this name."""


def balances_sheet(connection: Connection, scope: Scope, filters: Filters, by: str = "site") -> Sheet:
    """The aging by `by`."""
    rows: list[list[Cell]] = []
    for row in aging(connection, scope, filters, by):
        name = masked(row.name) if by == "account" else row.name
        context = [row.labels.get("vendor", ""), row.labels.get("site_name", "")] if by == "account" else []
        amounts = (*row.buckets, row.unapplied, row.outstanding, row.disputed)
        rows.append([name, *context, row.currency, *(Money(n, row.currency) for n in amounts), row.open_count])
    head = [by.capitalize(), *(["Vendor", "Site"] if by == "account" else []), "Currency"]
    columns = (
        *head,
        *bucket_labels(filters.edges, filters.basis),
        "Unapplied",
        "Outstanding",
        "Of which disputed",
        "Open bills",
    )
    return Sheet("Balances", describe(filters), columns, rows)


def open_bills_sheet(connection: Connection, scope: Scope, filters: Filters, **narrowed: Any) -> Sheet:
    """The open bills behind the balances; `narrowed` as open_bills takes it (a bucket, an account, only overdue)."""
    found = every(
        lambda mark: open_bills(connection, scope, filters, after=mark, limit=PAGE, **narrowed),
        lambda b: (b.due_on, b.invoice_id),
    )
    rows = RowsOnDisk(
        [b.site, b.site_name, b.vendor, masked(b.account_number), b.number, b.issued_on, b.due_on, b.days_late]
        + [b.currency, *(Money(n, b.currency) for n in (b.amount, b.open_amount, b.disputed))]
        for b in found
    )
    age = "Days late" if filters.basis is Basis.DUE else "Days old"
    columns = ("Site code", "Site", "Vendor", "Account", "Bill", "Issued", "Due", age, "Currency")
    return Sheet("Open bills", describe(filters), (*columns, "Amount", "Open", "Of which disputed"), rows)


def bills_sheet(connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None) -> Sheet:
    """Bills issued in the period, of one account or all; credit notes negative."""
    found = every(
        lambda mark: bill_rows(connection, scope, filters, account_id=account_id, after=mark, limit=PAGE),
        lambda b: (b.issued_on, b.id),
    )
    rows = RowsOnDisk(
        [b.site, b.site_name, b.vendor, masked(b.account_number), b.number, b.kind, b.issued_on, b.due_on, b.currency]
        + [Money(b.signed, b.currency), Money(b.open_amount if b.kind == "invoice" else -b.open_amount, b.currency)]
        for b in found
    )
    columns = (
        "Site code",
        "Site",
        "Vendor",
        "Account",
        "Bill",
        "Kind",
        "Issued",
        "Due",
        "Currency",
        "Amount",
        "Open",
    )
    return Sheet("Bills", describe(filters), columns, rows)


def calls_sheet(connection: Connection, scope: Scope, filters: Filters, wanted: CallFilters = EVERY_CALL) -> Sheet:
    """The call log, newest first."""
    found = every(
        lambda mark: call_rows(connection, scope, filters, wanted=wanted, after=mark, limit=PAGE),
        lambda c: (c.started_at, c.id),
    )
    about = [*describe(filters)]
    for word, kept in (("Outcome", wanted.outcomes), ("Purpose", wanted.purposes), ("Verified", wanted.verified)):
        if kept:
            about.append(f"{word}: {', '.join(kept)}")
    if wanted.with_follow_up:
        about.append("Only calls with a promise or a follow-up")
    rows = RowsOnDisk(
        [c.started_at.astimezone(zone_named(c.timezone)).replace(tzinfo=None), c.timezone, c.started_at]
        + [c.site, c.site_name, c.vendor, masked(c.account_number), c.direction, c.number, c.duration_s]
        + [c.caller, c.caller_verified, c.agent, c.purpose, c.billing_period, c.outcome, c.confirmation_number]
        + [c.promised_on, c.follow_up_on, c.currency, *(Money(n, c.currency) for n in (c.paid, c.returned))]
        + [masked_within(c.notes, c.account_number)]
        for c in found
    )
    times = ("Started", "Time zone", "Started (UTC)")
    columns = (*times, "Site code", "Site", "Vendor", "Account", "Direction", "Number", "Seconds", "Caller")
    rest = ("Verified", "Agent", "Purpose", "Billing period", "Outcome", "Confirmation", "Promised", "Follow-up")
    return Sheet(
        "Calls", tuple(about), (*columns, *rest, "Currency", "Paid on the call", "Returned since", "Notes"), rows
    )


def sites_sheet(connection: Connection, scope: Scope, filters: Filters) -> Sheet:
    """Sites with their particulars."""
    rows: list[list[Cell]] = [
        [s.code, s.name, s.region, s.country, s.city, s.timezone, s.cost_center, s.headcount, s.accounts, s.services]
        for s in site_rows(connection, scope, filters)
    ]
    columns = (
        "Code",
        "Site",
        "Region",
        "Country",
        "City",
        "Time zone",
        "Cost center",
        "Headcount",
        "Accounts",
        "Services",
    )
    return Sheet("Sites", describe(filters), columns, rows)


def accounts_sheet(connection: Connection, scope: Scope, filters: Filters) -> Sheet:
    """Accounts with their terms."""
    found = every(
        lambda mark: account_rows(connection, scope, filters, after=mark, limit=PAGE), lambda a: (a.vendor, a.id)
    )
    rows = RowsOnDisk(
        [a.vendor, masked(a.account_number), a.site, a.site_name, a.service_type, a.currency, a.terms_days, a.opened_on]
        + [a.closed_on, a.autopay_method]
        for a in found
    )
    columns = ("Vendor", "Account", "Site code", "Site", "Service type", "Currency", "Terms, days", "Opened", "Closed")
    return Sheet("Accounts", describe(filters), (*columns, "Autopay"), rows)


def spend_sheet(connection: Connection, scope: Scope, filters: Filters, by: str = "site") -> Sheet:
    """What was billed, by `by`."""
    rows = [
        [masked(r.name) if by == "account" else r.name, r.currency, Money(r.amount, r.currency), r.bills]
        for r in spend(connection, scope, filters, by)
    ]
    return Sheet("Spend", describe(filters), (by.capitalize(), "Currency", "Billed", "Bills"), rows)


SHEETS: dict[str, Callable[[Connection, Scope, Filters], Sheet]] = {
    "overview": lambda c, s, f: replace(balances_sheet(c, s, f, "currency"), title="Overview"),
    "sites": sites_sheet,
    "accounts": accounts_sheet,
    "balances": balances_sheet,
    "open-bills": open_bills_sheet,
    "bills": bills_sheet,
    "bill-grid": bill_grid_sheet,
    "payments": payments_sheet,
    "late-bills": late_bills_sheet,
    "unapplied": unapplied_sheet,
    "spend": spend_sheet,
    "calls": calls_sheet,
    "risk": risk_sheet,
    "reconcile": legs_sheet,
    "alerts": lambda c, s, f: alerts_sheet(c, s, f, watch=alert_watch(), today=f.as_of),
    "bank-statements": statements_sheet,
    "usage": usage_sheet,
    "cash-forecast": cash_sheet,
    "cash-forecast-bills": cash_bills_sheet,
    "terms": terms_sheet,
}


def sheet_named(connection: Connection, scope: Scope, filters: Filters, name: str) -> Sheet:
    """The table called `name`; raises UnknownSheetError with the names that there are."""
    if name not in SHEETS:
        raise UnknownSheetError(f"there is no table {name!r}; choose one of {', '.join(SHEETS)}")
    return SHEETS[name](connection, scope, filters)
