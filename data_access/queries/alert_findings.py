"""What the rules find on a day. Three of them, until the others are there."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from data_access.queries.risk import account_risks
from data_access.schema import accounts, allocations, invoices, payments
from data_access.scope import Scope, within
from domain.alerts.catalog import RULES
from domain.alerts.findings import Finding
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from domain.risk import Stage

Places = dict[int, dict[str, Any]]


def findings(
    connection: Connection,
    scope: Scope,
    as_of: date,
    thresholds: Thresholds,
    only: Collection[str] | None = None,
) -> list[Finding]:
    """Everything that the rules (those of `only`) find as of a day, within the scope."""
    places = {
        row.id: {"account_id": row.id, "site_id": row.site_id, "vendor_id": row.vendor_id, "currency": row.currency}
        for row in connection.execute(select(accounts).where(within(scope, accounts.c.site_id)))
    }
    found = [*_by_risk(connection, scope, as_of, thresholds, places), *_returned(connection, scope, as_of, places)]
    wanted = set(RULES) if only is None else set(only)
    return [finding for finding in found if finding.rule in wanted]


def _by_risk(
    connection: Connection, scope: Scope, as_of: date, thresholds: Thresholds, places: Places
) -> Iterator[Finding]:
    for entry in account_risks(connection, scope, Filters(as_of=as_of)):
        firm, place = entry.risk.firm, places[entry.account_id]
        near = firm.window and (firm.window.earliest - as_of).days <= thresholds.suspension_days
        if firm.window and near and firm.stage is not Stage.SUSPENDED and firm.keep_on:
            last = [day for _, day in entry.risk.pay_by if day]
            yield Finding(
                "R01", f"accounts:{entry.account_id}", as_of, "accounts", entry.account_id, amount=firm.keep_on,
                act_by=max(last) if last else None, facts=(("Stops about", firm.window.likely.isoformat()),), **place,
            )  # fmt: skip
        for bill in entry.facts.bills:
            unpaid = bill.open_amount - bill.pending - bill.disputed
            if bill.due_on < as_of and unpaid > 0:
                facts = (("Bill", bill.number), ("Due", bill.due_on.isoformat()))
                since = bill.due_on + timedelta(days=1)
                yield Finding(
                    "R03", f"invoices:{bill.id}", since, "invoices", bill.id, amount=unpaid, facts=facts, **place
                )


def _returned(connection: Connection, scope: Scope, as_of: date, places: Places) -> Iterator[Finding]:
    statement = (
        select(payments.c.id, payments.c.account_id, payments.c.amount, payments.c.reversed_on)
        .join(allocations, allocations.c.payment_id == payments.c.id)
        .join(invoices, invoices.c.id == allocations.c.invoice_id)
        .where(
            within(scope, payments.c.site_id),
            payments.c.reversed_on <= as_of,
            payments.c.kind == "payment",
            invoices.c.settled < invoices.c.amount,
        )
        .distinct()
    )
    for row in connection.execute(statement):
        finding = Finding("R07", f"payments:{row.id}", row.reversed_on, "payments", row.id, **places[row.account_id])
        yield replace(finding, amount=row.amount, facts=(("Came back on", row.reversed_on.isoformat()),))
