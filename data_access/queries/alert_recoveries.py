"""What the ledger says happened to causes whose alert's condition no longer holds, in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_, select

from data_access.queries.unsettled import is_under_way
from data_access.schema import allocations, disputes, invoices, metadata, notices, payment_contacts, payments
from data_access.scope import Scope, within

Key = tuple[str, str]
_AT_ONCE = 500


def recoveries(connection: Connection, scope: Scope, gone: Iterable[Any], as_of: date) -> dict[Key, str]:
    """{(rule, cause): why}, as far as it can be told. gone: rows of alerts."""
    by_entity: dict[str, list[Any]] = defaultdict(list)
    for alert in gone:
        by_entity[alert.entity].append(alert)
    found: dict[Key, str] = {}
    for entity, alerts in by_entity.items():
        for start in range(0, len(alerts), _AT_ONCE):
            some = alerts[start : start + _AT_ONCE]
            told = _TOLD[entity](connection, scope, some, as_of) if entity in _TOLD else {}
            found |= {key: said for key, said in told.items() if said}
    left = [a for alerts in by_entity.values() for a in alerts if (a.rule, a.cause) not in found and a.account_id]
    return found | _after_payments(connection, scope, left, as_of)


def _rows(connection: Connection, scope: Scope, table: str, alerts: list[Any]) -> dict[int, Any]:
    t = metadata.tables[table]
    ids = sorted({alert.entity_id for alert in alerts})
    statement = select(t).where(t.c.id.in_(ids))
    if "site_id" in t.c:
        statement = statement.where(within(scope, t.c.site_id))
    return {row.id: row for row in connection.execute(statement)}


def _bills(connection: Connection, scope: Scope, alerts: list[Any], as_of: date) -> dict[Key, str]:
    bills = _rows(connection, scope, invoices.name, alerts)
    ids = sorted(bills)
    last = {
        row.invoice_id: row
        for row in connection.execute(
            select(
                allocations.c.invoice_id,
                func.max(allocations.c.applied_on).label("applied_on"),
                func.max(payments.c.id).label("payment_id"),
            )
            .outerjoin(
                payments,
                (payments.c.account_id == allocations.c.account_id) & (payments.c.id == allocations.c.payment_id),
            )
            .where(allocations.c.invoice_id.in_(ids), allocations.c.applied_on <= as_of)
            .group_by(allocations.c.invoice_id)
        )
    }
    under_way = dict(
        connection.execute(
            select(allocations.c.invoice_id, func.max(payments.c.paid_on))
            .join(
                payments,
                (payments.c.account_id == allocations.c.account_id) & (payments.c.id == allocations.c.payment_id),
            )
            .where(allocations.c.invoice_id.in_(ids), is_under_way(as_of))
            .group_by(allocations.c.invoice_id)
        ).all()
    )
    disputed = dict(
        connection.execute(
            select(disputes.c.invoice_id, func.max(disputes.c.opened_on))
            .where(
                disputes.c.invoice_id.in_(ids),
                disputes.c.opened_on <= as_of,
                or_(disputes.c.closed_on.is_(None), disputes.c.closed_on > as_of),
            )
            .group_by(disputes.c.invoice_id)
        ).all()
    )

    def said(bill: Any) -> str:
        if bill.id in under_way:
            return f"a payment of {under_way[bill.id]} is under way"
        if bill.settled == bill.amount and bill.id in last:
            how = "paid" if last[bill.id].payment_id else "settled by a credit note"
            return f"{how} on {last[bill.id].applied_on}"
        return f"what is open of it is in dispute since {disputed[bill.id]}" if bill.id in disputed else ""

    return _each(alerts, bills, lambda _, bill: said(bill))


def _payments(connection: Connection, scope: Scope, alerts: list[Any], as_of: date) -> dict[Key, str]:
    def said(rule: str, payment: Any) -> str:
        if rule == "R07":
            return "the bills that it had paid are settled"
        if payment.reversed_on is not None and payment.reversed_on <= as_of:
            return f"the payment came back on {payment.reversed_on}"
        if rule == "R08" and payment.confirmation_number:
            return "its confirmation number is recorded"
        if rule == "R09" and payment.posted_on is not None:
            return f"posted on {payment.posted_on}"
        return "applied in full" if rule == "R22" and payment.allocated == payment.amount else ""

    return _each(alerts, _rows(connection, scope, payments.name, alerts), said)


def _dated(table: str, *columns: tuple[str, str]) -> Callable[[Connection, Scope, list[Any], date], dict[Key, str]]:
    """Told by the first of `columns` (name, what it says) that has a day."""

    def told(connection: Connection, scope: Scope, alerts: list[Any], _as_of: date) -> dict[Key, str]:
        def said(_: str, row: Any) -> str:
            days = [(getattr(row, name), words) for name, words in columns]
            return next((f"{words} on {day:%Y-%m-%d}" for day, words in days if day is not None), "")

        return _each(alerts, _rows(connection, scope, table, alerts), said)

    return told


_TOLD: dict[str, Callable[[Connection, Scope, list[Any], date], dict[Key, str]]] = {
    invoices.name: _bills,
    payments.name: _payments,
    notices.name: _dated(notices.name, ("withdrawn_on", "the notice was withdrawn")),
    disputes.name: _dated(disputes.name, ("closed_on", "the dispute was closed")),
    payment_contacts.name: _dated(
        payment_contacts.name, ("ended_at", "the contact was retired or reported"), ("verified_at", "verified")
    ),
}


def _each(alerts: list[Any], rows: dict[int, Any], said: Callable[[str, Any], str]) -> dict[Key, str]:
    return {
        (alert.rule, alert.cause): said(alert.rule, rows[alert.entity_id])
        for alert in alerts
        if alert.entity_id in rows
    }


def _after_payments(connection: Connection, scope: Scope, alerts: list[Any], as_of: date) -> dict[Key, str]:
    """An account's alert that went away since money was paid on the account."""
    statement = (
        select(payments.c.account_id, func.max(payments.c.paid_on))
        .where(
            payments.c.account_id.in_(sorted({alert.account_id for alert in alerts})),
            within(scope, payments.c.site_id),
            payments.c.kind == "payment",
            payments.c.paid_on <= as_of,
            payments.c.reversed_on.is_(None),
        )
        .group_by(payments.c.account_id)
    )
    paid = dict(connection.execute(statement).all()) if alerts else {}
    return {
        (alert.rule, alert.cause): f"its condition no longer holds after the payment of {paid[alert.account_id]}"
        for alert in alerts
        if alert.account_id in paid and paid[alert.account_id] >= alert.opened_on
    }
