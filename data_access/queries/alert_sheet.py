"""Alerts as a file: those that are open, snoozed ones among them, and those closed lately."""

from datetime import date

from sqlalchemy import Connection

from data_access.exporting import Cell, Sheet
from data_access.queries.alerts import AlertRow, current
from data_access.queries.sheet_parts import describe
from data_access.scope import Scope
from domain.alerts.watch import Watch
from domain.filters import Filters
from domain.masking import masked, masked_within
from domain.money import Money


def alerts_sheet(connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date) -> Sheet:
    """One row an alert, the most urgent first, the closed ones at the end."""
    found, closed = current(connection, scope, filters, watch=watch, today=today)
    about = describe(filters)
    if watch.off:
        about = (*about, f"Switched off: {', '.join(sorted(watch.off))}")
    place = ("Severity", "Rule", "Alert", "Site code", "Site", "Vendor", "Account", "Service type")
    rest = ("Currency", "Amount", "Act by", "Since", "State", "Owner", "Acknowledged by", "Snoozed until")
    columns = (*place, *rest, "Closed on", "Because", "Facts", "Next step")
    return Sheet("Alerts", about, columns, [_row(row) for row in (*found, *closed)])


def _row(row: AlertRow) -> list[Cell]:
    found, place = row.finding, row.place
    state = "closed" if row.closed_on else "snoozed" if row.snoozed else "open"
    money = None if found.amount is None else Money(found.amount, found.currency)
    facts = "; ".join(f"{what}: {masked_within(value, row.account_number)}" for what, value in found.facts)
    return [
        *(row.rule.severity.value, row.rule.id, row.rule.title, place.site, place.site_name, place.vendor),
        *(masked(row.account_number) if row.account_number else "", place.service_type),
        *(found.currency, money, found.act_by, found.since, state, row.owner, row.acknowledged_by),
        *(row.snoozed_until if row.snoozed else None, row.closed_on, row.closed_because),
        *(facts, "" if row.closed_on else row.rule.next_step),
    ]
