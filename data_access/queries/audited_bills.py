"""Bills as the audits see them, for the alerts and for the bill grid alike."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, select

from data_access.schema import invoices
from data_access.scope import Scope, within
from domain.alerts.bill_audit import AuditedBill
from domain.periods import Period

RHYTHM = 800  # days in which an account's rhythm is looked for: two bills of a yearly one
_WITHDRAWAL = invoices.alias("withdrawal")  # made once: each would have columns of its own put together


def audited_bills(
    connection: Connection, scope: Scope, as_of: date, condition: ColumnElement[bool]
) -> dict[int, list[AuditedBill]]:
    """By account: bills issued up to the day and not withdrawn by then."""
    statement = select(
        invoices.c.account_id,
        invoices.c.id,
        invoices.c.number,
        invoices.c.issued_on,
        invoices.c.amount,
        invoices.c.period_start,
        invoices.c.period_end,
    ).where(
        within(scope, invoices.c.site_id),
        condition,
        invoices.c.kind == "invoice",
        invoices.c.part == 1,
        invoices.c.issued_on <= as_of,
        ~withdrawn_by(as_of),
    )
    found: dict[int, list[AuditedBill]] = {}
    for account_id, *fields, start, end in connection.execute(statement):
        period = Period(start, end) if start and end else None
        found.setdefault(account_id, []).append(AuditedBill(*fields, period))
    return found


def withdrawn_by(day: date) -> ColumnElement[bool]:
    """Was the bill of `invoices` taken back by that day?"""
    withdrawal = _WITHDRAWAL.c
    return (
        select(withdrawal.id)
        .where(
            withdrawal.account_id == invoices.c.account_id,
            withdrawal.reverses_id == invoices.c.id,
            withdrawal.issued_on <= day,
        )
        .correlate(invoices)
        .exists()
    )
