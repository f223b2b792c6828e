"""The books of alerts: brought up to date by a refresh, and by people who take, acknowledge, snooze and comment.

A page shows what the rules find, whether it is in the books or not; an alert that somebody acts on before a refresh has
written it is written then. One lock makes those who write queue, so that each cause is opened once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.commands.shared import for_every_site
from data_access.database import Database, UnauditedWriteError, Writing
from data_access.queries.alert_recoveries import recoveries
from data_access.queries.alerts import open_alert_of, seen
from data_access.queries.found_alerts import found
from data_access.schema import alert_events, alerts
from data_access.scope import Scope
from domain.alerts.catalog import RULES
from domain.alerts.findings import Finding
from domain.alerts.lifecycle import Plan, SnoozeError, check_snooze, plan
from domain.alerts.watch import Watch
from domain.filters import Filters

_ALERTS_LOCK = 0x44756579
NOTHING = Plan((), (), ())
LONGEST_COMMENT = 2000
# What the trail calls what an alert's own history tells.
_ACTIONS = {
    "changed": "update",
    "closed": "close",
    "owned": "assign",
    "acknowledged": "acknowledge",
    "snoozed": "snooze",
    "woken": "wake",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The alert that somebody acts on: its rule and cause, as the rules see it today."""

    key: tuple[str, str]
    today: date
    watch: Watch


def refresh(database: Database, actor: str, scope: Scope, today: date, watch: Watch) -> Plan:
    """Bring the books up to date, and say what that did. Where there is nothing to do nothing is written."""
    for_every_site(scope, "refresh the alerts")
    with database.reading(scope) as connection:
        if not _planned(connection, scope, today, watch):
            return NOTHING
    try:
        return database.writing(actor, scope, lambda writing: refresh_alerts(writing, scope, today, watch))
    except UnauditedWriteError:  # somebody else has just done it
        return NOTHING


def refresh_alerts(writing: Writing, scope: Scope, today: date, watch: Watch) -> Plan:
    """Open, change and close what the rules' findings of `today` ask for. For somebody who sees every site: who sees less
    would close what they cannot see the grounds of."""
    for_every_site(scope, "refresh the alerts")
    _lock(writing)
    done = _planned(writing.connection, scope, today, watch)
    former = _former(writing)
    for step in done.opens:
        if step.finding is not None:
            _open(writing, step.finding, today, former.get(step.finding.key))
    for step in done.changes:
        if step.alert is not None and step.finding is not None:
            after = {"amount": step.finding.amount, "act_by": step.finding.act_by, "facts": _facts(step.finding)}
            _write(writing, _held(writing, scope, step.alert.key), "changed", after, step.because)
    for step in done.closes:
        if step.alert is not None:
            after = {"state": "closed", "closed_on": today, "closed_because": step.because}
            _write(writing, _held(writing, scope, step.alert.key), "closed", after, step.because)
    return done


def take_alert(writing: Writing, scope: Scope, target: Target) -> int:
    """The actor sees to it from now on; returns the alert's id."""
    alert = _acted_on(writing, scope, target)
    if alert.owner == writing.actor:
        raise LedgerRefusedError("this alert is yours already")
    _write(writing, alert, "owned", {"owner": writing.actor}, f"was {alert.owner}'s" if alert.owner else "")
    return alert.id


def release_alert(writing: Writing, scope: Scope, target: Target) -> int:
    """Nobody sees to it any more."""
    alert = _acted_on(writing, scope, target)
    if not alert.owner:
        raise LedgerRefusedError("nobody owns this alert")
    _write(writing, alert, "owned", {"owner": ""}, f"given back, was {alert.owner}'s")
    return alert.id


def acknowledge(writing: Writing, scope: Scope, target: Target) -> int:
    """It is known, and stays in sight; once an alert."""
    alert = _acted_on(writing, scope, target)
    if alert.acknowledged_by:
        raise LedgerRefusedError(f"{alert.acknowledged_by} acknowledged this alert on {alert.acknowledged_at:%Y-%m-%d}")
    after = {"acknowledged_by": writing.actor, "acknowledged_at": writing.at}
    _write(writing, alert, "acknowledged", after)
    return alert.id


def snooze(writing: Writing, scope: Scope, target: Target, until: date) -> int:
    """Out of sight until that day, or until it gets worse."""
    try:
        check_snooze(target.today, until)
    except SnoozeError as error:
        raise LedgerRefusedError(str(error)) from error
    alert = _acted_on(writing, scope, target)
    finding = _finding(writing, scope, target)
    after = {"snoozed_until": until, "snoozed_amount": finding.amount, "snoozed_act_by": finding.act_by}
    _write(writing, alert, "snoozed", after, f"until {until.isoformat()}")
    return alert.id


def wake(writing: Writing, scope: Scope, target: Target) -> int:
    """Back in sight before its day."""
    alert = _acted_on(writing, scope, target)
    if alert.snoozed_until is None:
        raise LedgerRefusedError("this alert is not snoozed")
    after = {"snoozed_until": None, "snoozed_amount": None, "snoozed_act_by": None}
    _write(writing, alert, "woken", after)
    return alert.id


def comment(writing: Writing, scope: Scope, target: Target, said: str) -> int:
    """Add a line to the alert's history; the trail refuses card numbers, and with it the line."""
    said = said.strip()
    if not said or len(said) > LONGEST_COMMENT:
        raise LedgerRefusedError(f"a comment has 1 to {LONGEST_COMMENT} characters; write less, or something")
    alert = _acted_on(writing, scope, target)
    _tell(writing, alert.id, alert.site_id, "commented", said)
    writing.record("comment", alerts.name, alert.id, site_id=alert.site_id, after={"comment": said} | _whose(alert))
    return alert.id


def _planned(connection: Connection, scope: Scope, today: date, watch: Watch) -> Plan:
    rows = connection.execute(select(alerts).where(seen(scope), alerts.c.state == "open").order_by(alerts.c.id)).all()
    every = found(connection, scope, Filters(as_of=today), watch).every()
    keys = {finding.key for finding in every}
    reasons = recoveries(connection, scope, [row for row in rows if (row.rule, row.cause) not in keys], today)
    return plan([open_alert_of(row) for row in rows], every, watch.off, reasons)


def _acted_on(writing: Writing, scope: Scope, target: Target) -> Row[Any]:
    """The open alert of that rule and cause, written now where it was not yet. One of no site is for who sees every site."""
    _lock(writing)
    found = _stored(writing, scope, target.key)
    if found is None:
        finding = _finding(writing, scope, target)
        if finding.site_id is None:
            for_every_site(scope, "act on an alert that belongs to no site")
        _open(writing, finding, target.today, _former(writing, target.key).get(target.key))
        found = _held(writing, scope, target.key)
    elif found.site_id is None:
        for_every_site(scope, "act on an alert that belongs to no site")
    return found


def _finding(writing: Writing, scope: Scope, target: Target) -> Finding:
    others = frozenset(RULES) - {target.key[0]}
    watch = replace(target.watch, off=target.watch.off | others)
    filters = Filters(as_of=target.today)
    told = found(writing.connection, scope, filters, watch, lately=True)
    known = told.of([target.key])
    if told.as_judged is not None:  # on a new day: what is found of its account now, without judging everybody for it
        shown = known.get(target.key)
        filters = replace(filters, accounts=(shown.account_id,)) if shown and shown.account_id else filters
        known = found(writing.connection, scope, filters, watch).of([target.key])
    if target.key not in known:
        raise NotFoundError("this alert is closed: what it was about is settled or changed")
    return known[target.key]


def _stored(writing: Writing, scope: Scope, key: tuple[str, str]) -> Row[Any] | None:
    rule, cause = key
    statement = select(alerts).where(alerts.c.rule == rule, alerts.c.cause == cause, alerts.c.state == "open")
    return writing.connection.execute(statement.where(seen(scope))).one_or_none()


def _held(writing: Writing, scope: Scope, key: tuple[str, str]) -> Row[Any]:
    found = _stored(writing, scope, key)
    if found is None:
        raise NotFoundError("there is no such alert")
    return found


def _former(writing: Writing, key: tuple[str, str] | None = None) -> dict[tuple[str, str], Any]:
    """The newest closed alert of each cause."""
    statement = select(alerts.c.id, alerts.c.rule, alerts.c.cause, alerts.c.closed_on, alerts.c.closed_because).where(
        alerts.c.state == "closed"
    )
    if key is not None:
        statement = statement.where(alerts.c.rule == key[0], alerts.c.cause == key[1])
    return {(row.rule, row.cause): row for row in writing.connection.execute(statement.order_by(alerts.c.id))}


def _open(writing: Writing, finding: Finding, today: date, former: Any | None) -> None:
    names = (
        "rule",
        "cause",
        "account_id",
        "site_id",
        "vendor_id",
        "entity",
        "entity_id",
        "since",
        "amount",
        "currency",
    )
    values = {name: getattr(finding, name) for name in names}
    values |= {"act_by": finding.act_by, "facts": _facts(finding), "opened_on": today}
    values["former_id"] = former.id if former else None
    with told_as_refusals():
        new_id = writing.connection.execute(insert(alerts).returning(alerts.c.id), [values]).scalar_one()
    again = f"the one before was closed on {former.closed_on}: {former.closed_because}" if former else ""
    _tell(writing, new_id, finding.site_id, "reopened" if former else "opened", again)
    writing.record("open", alerts.name, new_id, site_id=finding.site_id, after=values)


def _facts(finding: Finding) -> str:
    return json.dumps(finding.facts, ensure_ascii=False)


def _write(writing: Writing, alert: Row[Any], kind: str, after: Mapping[str, Any], note: str = "") -> None:
    writing.connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**after))
    _tell(writing, alert.id, alert.site_id, kind, note)
    before = {name: alert._mapping[name] for name in after} | _whose(alert)
    after = dict(after) | _whose(alert)
    writing.record(_ACTIONS[kind], alerts.name, alert.id, site_id=alert.site_id, before=before, after=after)


def _whose(alert: Row[Any]) -> dict[str, Any]:
    """What lets the trail name the account of an alert."""
    return {"rule": alert.rule, "account_id": alert.account_id}


def _tell(writing: Writing, alert_id: int, site_id: int | None, kind: str, note: str) -> None:
    row = {
        "alert_id": alert_id,
        "site_id": site_id,
        "kind": kind,
        "at": writing.at,
        "actor": writing.actor,
        "note": note,
    }
    writing.connection.execute(insert(alert_events), [row])


def _lock(writing: Writing) -> None:
    """SQLite has one writer anyway."""
    if writing.connection.dialect.name == "postgresql":
        writing.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALERTS_LOCK})
