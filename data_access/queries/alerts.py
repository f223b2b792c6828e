"""Alerts as they stand: what the rules find now, with what people made of it; and what was closed lately.

A page computes the findings anew, so that it shows the truth at once, whenever the books of alerts were last refreshed. What
is open in the books and found no more is shown as closed.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from data_access.queries.alert_findings import findings
from data_access.queries.alert_recoveries import recoveries
from data_access.queries.dimensions import ledger_accounts
from data_access.schema import alert_events, alerts, sites, vendors
from data_access.scope import Scope, require, within
from domain.alerts.catalog import RULES, Rule, Severity
from domain.alerts.findings import Finding
from domain.alerts.lifecycle import OpenAlert, closing_words, is_snoozed, urgency
from domain.alerts.watch import Watch
from domain.filters import Filters

CLOSED_DAYS = 30  # how long a closed alert is listed


@dataclass(frozen=True, slots=True)
class Place:
    """Whom an alert concerns, by name. What it belongs to is '' where it belongs to none."""

    vendor: str = ""
    account_number: str = ""
    service_type: str = ""
    site: str = ""
    site_name: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert. alert_id: None while nobody and no refresh has written it. closed_on: None while it is open."""

    finding: Finding
    place: Place
    alert_id: int | None = None
    opened_on: date | None = None
    former_id: int | None = None
    owner: str = ""
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    snoozed_until: date | None = None
    snoozed: bool = False
    closed_on: date | None = None
    closed_because: str = ""

    @property
    def rule(self) -> Rule:
        """From the catalog."""
        return RULES[self.finding.rule]

    @property
    def account_id(self) -> int | None:
        """The account that it concerns."""
        return self.finding.account_id

    @property
    def account_number(self) -> str:
        """The account's whole number: to be masked."""
        return self.place.account_number


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One line of an alert's history."""

    kind: str
    at: datetime
    actor: str
    note: str


def current(
    connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date
) -> tuple[list[AlertRow], list[AlertRow]]:
    """(open, closed lately): the open ones the most urgent first, the closed ones the newest first.

    On a past day (an as-of before today) the rules say what they would have said; owners, snoozes and closings are of today.
    """
    as_of = filters.as_of
    places = _Places(connection, scope, filters)
    found = [
        f for f in findings(connection, scope, as_of, watch.thresholds, watch.rules, filters=filters) if places.hold(f)
    ]
    if as_of != today:
        return [AlertRow(f, places.of(f)) for f in sorted(found, key=urgency)], []
    kept = _stored(connection, scope, alerts.c.state == "open")
    known = {(row.rule, row.cause): row for row in kept}
    rows = [_row(f, places.of(f), known.get(f.key), today) for f in sorted(found, key=urgency)]
    keys = {f.key for f in found}
    left = [row for row in kept if (row.rule, row.cause) not in keys and places.hold(finding_of(row))]
    why = recoveries(connection, scope, left, today)
    lately = _stored(connection, scope, alerts.c.closed_on > today - timedelta(days=CLOSED_DAYS))
    gone = [
        _closed(row, places, today, closing_words(row.rule, watch.off, why.get((row.rule, row.cause), "")))
        for row in left
    ]
    gone += [
        _closed(row, places, row.closed_on, row.closed_because)
        for row in lately
        if row.rule in RULES and places.hold(finding_of(row))
    ]
    return rows, sorted(gone, key=lambda row: (row.closed_on or today, row.alert_id or 0), reverse=True)


@dataclass(frozen=True)
class Standing:
    """What `current` finds, as pages show it: counted once for each version of the ledger, not in each run of a page."""

    open: tuple[AlertRow, ...]
    closed: tuple[AlertRow, ...]

    @cached_property
    def waiting(self) -> tuple[AlertRow, ...]:
        """The open ones that nobody snoozed."""
        return tuple(row for row in self.open if not row.snoozed)

    @cached_property
    def counts(self) -> dict[Severity, int]:
        """How many of these are of each severity."""
        return counts(self.waiting)


def standing(connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date) -> Standing:
    """See `current`."""
    found, closed = current(connection, scope, filters, watch=watch, today=today)
    return Standing(tuple(found), tuple(closed))


def counts(rows: Iterable[AlertRow]) -> dict[Severity, int]:
    """How many of each severity, the snoozed left out."""
    found = Counter(row.rule.severity for row in rows if not row.snoozed)
    return {severity: found[severity] for severity in Severity}


def history(connection: Connection, scope: Scope, *, alert_id: int) -> list[AlertEvent]:
    """What happened to an alert, and to the former ones of the same cause, oldest first; nothing out of scope."""
    cause = select(alerts.c.rule, alerts.c.cause).where(alerts.c.id == alert_id, seen(scope)).subquery()
    statement = (
        select(alert_events.c.kind, alert_events.c.at, alert_events.c.actor, alert_events.c.note)
        .join(alerts, alerts.c.id == alert_events.c.alert_id)
        .join(cause, (cause.c.rule == alerts.c.rule) & (cause.c.cause == alerts.c.cause))
        .where(seen(scope))
        .order_by(alert_events.c.id)
    )
    return [AlertEvent(*row) for row in connection.execute(statement)]


def seen(scope: Scope) -> ColumnElement[bool]:
    """Alerts within the scope; those of no site are everybody's."""
    if require(scope).everything:
        return within(scope, alerts.c.site_id)
    return or_(within(scope, alerts.c.site_id), alerts.c.site_id.is_(None))


def finding_of(row: Any) -> Finding:
    """What a stored alert was about when it was last written."""
    names = (
        "rule",
        "cause",
        "since",
        "entity",
        "entity_id",
        "account_id",
        "site_id",
        "vendor_id",
        "amount",
        "currency",
    )
    facts = tuple((str(what), str(value)) for what, value in json.loads(row.facts))
    return Finding(**{name: getattr(row, name) for name in names}, act_by=row.act_by, facts=facts)


def open_alert_of(row: Any) -> OpenAlert:
    """A stored alert as the lifecycle knows it."""
    return OpenAlert(**{name: getattr(row, name) for name in OpenAlert.__slots__})


def _stored(connection: Connection, scope: Scope, which: ColumnElement[bool]) -> list[Any]:
    statement: Select[Any] = select(alerts).where(seen(scope), which).order_by(alerts.c.id)
    return list(connection.execute(statement))


def _row(finding: Finding, place: Place, stored: Any | None, today: date) -> AlertRow:
    if stored is None:
        return AlertRow(finding, place)
    return AlertRow(
        finding,
        place,
        stored.id,
        stored.opened_on,
        stored.former_id,
        stored.owner,
        stored.acknowledged_by,
        stored.acknowledged_at,
        stored.snoozed_until,
        is_snoozed(open_alert_of(stored), finding, today),
    )


def _closed(stored: Any, places: "_Places", on: date, because: str) -> AlertRow:
    finding = finding_of(stored)
    return AlertRow(
        finding,
        places.of(finding),
        stored.id,
        stored.opened_on,
        stored.former_id,
        stored.owner,
        closed_on=on,
        closed_because=because,
    )


class _Places:
    """Names of what findings concern, and whether the filter bar lets them through."""

    def __init__(self, connection: Connection, scope: Scope, filters: Filters) -> None:
        a = ledger_accounts(scope, filters)
        self._accounts = {row.account_id: row for row in connection.execute(select(a))}
        wanted = [
            column.in_(values)
            for column, values in ((sites.c.code, filters.sites), (sites.c.region, filters.regions))
            if values
        ]
        self._sites = {
            row.id: row for row in connection.execute(select(sites).where(within(scope, sites.c.id), *wanted))
        }
        self._vendors = {
            row.id: row.name
            for row in connection.execute(select(vendors.c.id, vendors.c.name))
            if not filters.vendors or row.name in filters.vendors
        }
        # What has no account is let through only where nothing is asked that only an account has.
        self._bare = not (filters.service_types or filters.currencies or filters.search.strip())
        self._anywhere = not (filters.sites or filters.regions)

    def hold(self, finding: Finding) -> bool:
        if finding.account_id is not None:
            return finding.account_id in self._accounts
        there = finding.site_id in self._sites if finding.site_id is not None else self._anywhere
        return self._bare and there and (finding.vendor_id is None or finding.vendor_id in self._vendors)

    def of(self, finding: Finding) -> Place:
        row = self._accounts.get(finding.account_id or 0)
        if row is not None:
            return Place(**{name: getattr(row, name) for name in Place.__slots__})
        site = self._sites.get(finding.site_id or 0)
        named = {"site": site.code, "site_name": site.name, "region": site.region} if site is not None else {}
        return Place(vendor=self._vendors.get(finding.vendor_id or 0, ""), **named)
