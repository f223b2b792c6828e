"""Alerts as they stand: what the rules find now, with what people made of it; and what was closed lately.

A page shows what the rules find (queries/found_alerts.py), whenever the books of alerts were last refreshed. What is open in the books
and found no more is shown as closed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, literal_column, or_, select, true

from data_access.queries.alert_places import Place, Places
from data_access.queries.alert_recoveries import recoveries
from data_access.queries.found_alerts import Found, finding_of, found
from data_access.schema import alert_events, alerts
from data_access.scope import Scope, require, within
from domain.alerts.catalog import RULES, Rule, Severity
from domain.alerts.findings import Finding
from domain.alerts.lifecycle import OpenAlert, closing_words, is_snoozed, urgency
from domain.alerts.watch import Watch
from domain.filters import Filters

CLOSED_DAYS = 30  # how long a closed alert is listed
_AT_ONCE = 500
_MANY = 5_000  # findings: of more, all open alerts are read


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
    known = found(connection, scope, filters, watch)
    every = known.every()
    rows = rows_of(connection, scope, filters, every, today)
    return rows, closed_rows(connection, scope, filters, known, watch=watch, today=today)


def rows_of(
    connection: Connection, scope: Scope, filters: Filters, some: Sequence[Finding], today: date
) -> list[AlertRow]:
    """Findings with what people made of them; of another day without that."""
    places = Places(connection, scope, filters, some)
    if filters.as_of != today:
        return [AlertRow(finding, places.of(finding)) for finding in some]
    known = {(row.rule, row.cause): row for row in _in_books(connection, scope, some)}
    return [_row(finding, places.of(finding), known.get(finding.key), today) for finding in some]


def snoozed_rows(connection: Connection, scope: Scope, filters: Filters, known: Found, today: date) -> list[AlertRow]:
    """Those out of sight, the most urgent first."""
    kept = _open(connection, scope, alerts.c.snoozed_until > today) if filters.as_of == today else []
    rows = rows_of(connection, scope, filters, _still(known, kept), today)
    return [row for row in rows if row.snoozed]


def owned_rows(
    connection: Connection, scope: Scope, filters: Filters, known: Found, today: date, *, owner: str
) -> list[AlertRow]:
    """Those that `owner` sees to, the most urgent first."""
    kept = _open(connection, scope, alerts.c.owner == owner) if filters.as_of == today and owner else []
    return rows_of(connection, scope, filters, _still(known, kept), today)


def closed_rows(
    connection: Connection, scope: Scope, filters: Filters, known: Found, *, watch: Watch, today: date
) -> list[AlertRow]:
    """Those that were closed lately, and those open in the books that are found no more; the newest first."""
    if filters.as_of != today:
        return []
    left = _left(connection, scope, known)
    lately = [
        row
        for row in _stored(connection, scope, alerts.c.closed_on > today - timedelta(days=CLOSED_DAYS))
        if row.rule in RULES
    ]
    places = Places(connection, scope, filters, [finding_of(row) for row in (*left, *lately)])
    left = [row for row in left if places.hold(finding_of(row))]
    why = recoveries(connection, scope, left, today)
    gone = [
        _closed(row, places, today, closing_words(row.rule, watch.off, why.get((row.rule, row.cause), "")))
        for row in left
    ]
    gone += [_closed(row, places, row.closed_on, row.closed_because) for row in lately if places.hold(finding_of(row))]
    return sorted(gone, key=lambda row: (row.closed_on or today, row.alert_id or 0), reverse=True)


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


def open_alert_of(row: Any) -> OpenAlert:
    """A stored alert as the lifecycle knows it."""
    return OpenAlert(**{name: getattr(row, name) for name in OpenAlert.__slots__})


def _stored(connection: Connection, scope: Scope, which: ColumnElement[bool]) -> list[Any]:
    statement: Select[Any] = select(alerts).where(seen(scope), which).order_by(alerts.c.id)
    return list(connection.execute(statement))


def _open(connection: Connection, scope: Scope, which: ColumnElement[bool]) -> list[Any]:
    """Open ones in the books; as literals, so that SQLite takes the indexes of these."""
    return _stored(connection, scope, and_(literal_column("state = 'open'"), which))


def _still(known: Found, kept: Iterable[Any]) -> list[Finding]:
    """What is found still of alerts in the books, the most urgent first."""
    return sorted(known.of((row.rule, row.cause) for row in kept).values(), key=urgency)


def _in_books(connection: Connection, scope: Scope, some: Sequence[Finding]) -> Iterator[Any]:
    """The open alerts of findings: of few, by their causes."""
    if len(some) > _MANY:
        yield from _open(connection, scope, true())
        return
    rules, causes = sorted({f.rule for f in some}), sorted({f.cause for f in some})
    for start in range(0, len(causes), _AT_ONCE):
        alike = and_(alerts.c.rule.in_(rules), alerts.c.cause.in_(causes[start : start + _AT_ONCE]))
        yield from _open(connection, scope, alike)


def _left(connection: Connection, scope: Scope, known: Found) -> list[Any]:
    """Open in the books and found no more."""
    rows = _open(connection, scope, known.not_kept(alerts.c.rule, alerts.c.cause))
    return [row for row in rows if (row.rule, row.cause) not in known.by_key]


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


def _closed(stored: Any, places: Places, on: date, because: str) -> AlertRow:
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
