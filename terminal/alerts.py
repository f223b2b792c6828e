"""alerts: what needs somebody, the most urgent first; --send brings the books up to date and tells the channels."""

import argparse
import os
import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from data_access.account_risks import judge
from data_access.alert_channels import Channel
from data_access.alert_settings import AlertSettings, AlertSettingsError, alert_settings
from data_access.audit import head
from data_access.commands.alert_deliveries import Claim, claim, settle
from data_access.commands.alerts import refresh
from data_access.folding import fold
from data_access.kept_alerts import keep
from data_access.processes import processes_for
from data_access.queries.alert_digest import critical_lines, lines_of
from data_access.queries.alerts import AlertRow, counts, current
from data_access.sending import SECONDS, Sent, send
from data_access.webhooks import allowed_hosts
from domain.alerts.catalog import RULES
from domain.alerts.digest import Digest
from terminal.reads import add_filters, filters_of
from terminal.revealing import add_option, numbered
from terminal.session import DONE, FOUND, USAGE, RefusedError, Session
from terminal.shapes import figure, money, table

URL = "DUEWATCH_URL"


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register the command."""
    parser = commands.add_parser("alerts", parents=[shared], help="what needs somebody, the most urgent first")
    add_filters(parser)
    add_option(parser, "")
    parser.add_argument(
        "--rule", dest="rules", action="append", default=[], choices=tuple(RULES), metavar="R01", help="only this rule"
    )
    parser.add_argument(
        "--send",
        action="store_true",
        help="write down what opened and closed, and tell the channels of it; for a timer",
    )
    parser.set_defaults(run=run_alerts)


def run_alerts(session: Session, args: argparse.Namespace) -> int:
    """List; or refresh and send."""
    try:
        settings = alert_settings()
    except AlertSettingsError as error:
        raise RefusedError(str(error)) from error
    return _send(session, args, settings) if args.send else _list(session, args, settings)


def _list(session: Session, args: argparse.Namespace, settings: AlertSettings) -> int:
    filters = filters_of(args, args.as_of or session.today)
    with session.database.reading(session.scope) as connection:
        found, closed = current(connection, session.scope, filters, watch=settings.watch, today=session.today)
    found, closed = ([row for row in rows if not args.rules or row.rule.id in args.rules] for rows in (found, closed))
    accounts = {row.account_id: row.account_number for row in (*found, *closed) if row.account_id is not None}
    numbers = numbered(session, args, accounts, "alerts")
    result = {
        "as_of": filters.as_of.isoformat(),
        "counts": {severity.value: number for severity, number in counts(found).items()},
        "alerts": [_json(row, numbers) for row in found],
        "closed": [_json(row, numbers) for row in closed],
    }
    columns = ["severity", "rule", "site", "vendor", "account", "amount", "act by", "since", "owner"]
    lines = [
        [
            f"{row.rule.severity.value}{' (snoozed)' if row.snoozed else ''}",
            f"{row.rule.id} {row.rule.title}",
            row.place.site or "-",
            row.place.vendor or "-",
            numbers.get(row.account_id or 0, "-"),
            "-"
            if row.finding.amount is None
            else f"{row.finding.currency} {figure(row.finding.amount, row.finding.currency)}",
            row.finding.act_by or "-",
            row.finding.since,
            row.owner or "-",
        ]
        for row in found
    ]
    said = ", ".join(f"{number} {severity.value}" for severity, number in counts(found).items())
    text = f"{table(columns, lines, right=(5,))}\n" if found else ""
    session.show(result, f"{text}as of {filters.as_of}: {said}; {len(closed)} closed lately")
    return DONE


def _json(row: AlertRow, numbers: dict[int, str]) -> dict[str, Any]:
    finding = row.finding
    return {
        "rule": row.rule.id,
        "title": row.rule.title,
        "severity": row.rule.severity.value,
        "cause": finding.cause,
        "alert_id": row.alert_id,
        "account_id": finding.account_id,
        "account_number": numbers.get(finding.account_id or 0),
        "vendor": row.place.vendor or None,
        "site": row.place.site or None,
        "since": finding.since.isoformat(),
        "amount": None if finding.amount is None else money(finding.amount, finding.currency),
        "act_by": _iso(finding.act_by),
        "facts": dict(finding.facts),
        "next_step": row.rule.next_step,
        "owner": row.owner or None,
        "acknowledged_by": row.acknowledged_by or None,
        "snoozed_until": _iso(row.snoozed_until) if row.snoozed else None,
        "closed_on": _iso(row.closed_on),
        "closed_because": row.closed_because or None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _send(session: Session, args: argparse.Namespace, settings: AlertSettings) -> int:
    if not session.scope.everything:
        raise RefusedError("alerts --send is for somebody who may see every site")
    narrowed = (args.regions, args.sites, args.vendors, args.service_types, args.currencies, args.rules)
    if args.as_of not in (None, session.today) or any(narrowed):
        session.say("manage.py: --send tells of all alerts of today; leave --as-of and the filters out")
        return USAGE
    fold(session.database)  # what other programs wrote since is added up by whoever runs on a timer
    processes = processes_for(session.database)
    judge(session.database, session.today, processes)
    keep(session.database, session.today, settings.watch.thresholds, processes)
    done = refresh(session.database, session.actor, session.scope, session.today, settings.watch)
    told = [_tell(session, channel) for channel in settings.channels]
    failed = [result for result in told if result["failed"]]
    steps = {"opened": len(done.opens), "changed": len(done.changes), "closed": len(done.closes)}
    words = ", ".join(f"{number} {what}" for what, number in steps.items())
    lines = [words, *(_said(result) for result in told if not result["failed"])]
    session.show(steps | {"channels": told}, "\n".join(lines if told else [*lines, "no channel is set"]))
    for result in failed:
        session.say(f"manage.py: {_said(result)}")
    return FOUND if failed else DONE


def _said(result: dict[str, Any]) -> str:
    where = f"{result['channel']} ({result['to']})"
    if result["failed"]:
        return f"{where}: not sent: {result['failed']}; the next --send carries it"
    return f"{where}: sent, {result['alerts']} alerts" if result["alerts"] else f"{where}: nothing new"


def _tell(session: Session, channel: Channel) -> dict[str, Any]:
    """Send what waits for one channel, and settle each message before the next one."""
    result = {"channel": channel.name, "to": channel.shown, "alerts": 0, "failed": None}
    if refused := channel.refused_by(allowed_hosts()):
        return result | {"failed": f"{refused}; set DUEWATCH_WEBHOOK_HOSTS"}
    claims = claim(session.database, session.actor, channel.name, secrets.token_hex(6))
    failed = ""
    for each in claims:
        # One that gave no answer is not asked again at once: what is left goes back, untried.
        sent = (
            Sent(ok=False, error=f"not tried: {failed}") if failed else send(channel, _digest(session, each), SECONDS)
        )
        settle(session.database, session.actor, channel.name, each, sent)
        failed = failed or sent.error
        if sent.ok:
            result["alerts"] += len({*each.opened, *each.closed})
    return result | {"failed": failed or None}


def _digest(session: Session, what: Claim) -> Digest:
    with session.database.reading(session.scope) as connection:
        opened, closed = (lines_of(connection, session.scope, ids) for ids in (what.opened, what.closed))
        critical = critical_lines(connection, session.scope, session.today, _all(what))
        newest = head(connection)
    base = os.environ.get(URL, "").rstrip("/")
    url = f"{base}/risk" if base else ""
    return Digest(what.digest, session.today, opened, closed, critical, newest.token if newest else "", url)


def _all(what: Claim) -> Iterable[int]:
    return (*what.opened, *what.closed)
