"""What a digest says of alerts, from the books: what was claimed for it, and what is critical and still open."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select

from data_access.queries.alerts import open_alert_of, seen
from data_access.queries.found_alerts import finding_of
from data_access.schema import accounts, alerts, sites, vendors
from data_access.scope import Scope
from domain.alerts.catalog import RULES, Severity
from domain.alerts.digest import Line
from domain.alerts.lifecycle import is_snoozed, urgency
from domain.masking import masked

_AT_ONCE = 500


def lines_of(connection: Connection, scope: Scope, alert_ids: Iterable[int]) -> list[Line]:
    """A line an alert, the most urgent first."""
    ids = sorted(alert_ids)
    rows: list[Any] = []
    for start in range(0, len(ids), _AT_ONCE):
        rows += connection.execute(_alerts(scope).where(alerts.c.id.in_(ids[start : start + _AT_ONCE])))
    return [_line(row) for row in sorted(rows, key=lambda row: urgency(finding_of(row))) if row.rule in RULES]


def critical_lines(connection: Connection, scope: Scope, today: date, but: Iterable[int]) -> list[Line]:
    """Critical alerts that are open and in sight, without those of `but`."""
    critical = [rule.id for rule in RULES.values() if rule.severity is Severity.CRITICAL]
    left_out = set(but)
    found = connection.execute(_alerts(scope).where(alerts.c.state == "open", alerts.c.rule.in_(critical)))
    rows = [
        row for row in found if row.id not in left_out and not is_snoozed(open_alert_of(row), finding_of(row), today)
    ]
    return [_line(row) for row in sorted(rows, key=lambda row: urgency(finding_of(row)))]


def _alerts(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(
            alerts,
            vendors.c.name.label("vendor"),
            sites.c.name.label("site_name"),
            accounts.c.account_number,
        )
        .outerjoin(vendors, vendors.c.id == alerts.c.vendor_id)
        .outerjoin(sites, sites.c.id == alerts.c.site_id)
        .outerjoin(accounts, accounts.c.id == alerts.c.account_id)
        .where(seen(scope))
    )


def _line(row: Any) -> Line:
    known = f"owned by {row.owner}" if row.owner else "acknowledged" if row.acknowledged_by else ""
    named = (row.site_name, row.vendor, masked(row.account_number) if row.account_number else "")
    return Line(
        row.rule,
        ", ".join(filter(None, named)) or row.cause,
        row.amount,
        row.currency,
        row.act_by,
        row.since,
        known,
        row.closed_because,
    )
