"""audit: search the trail; audit head: its last event, printed or sent where this machine cannot change it."""

import argparse
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from data_access import webhooks
from data_access.audit import head
from data_access.commands.anchors import tell_sending
from data_access.queries.trail import TrailFilters, TrailRow, trail_rows
from domain.audit import Head, HeadError, read_head
from domain.audit_words import sentence
from domain.outgoing import AddressRefusedError, check_address
from terminal.reads import iso_day
from terminal.session import DONE, FOUND, USAGE, RefusedError, Session
from terminal.shapes import table

MOST, WIDEST = 200, 100


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register audit. --to is a day for a search and an address for the head."""
    parser = commands.add_parser("audit", parents=[shared], help="search the audit trail, or print its head")
    parser.add_argument("what", nargs="?", choices=("list", "head"), default="list")
    for option, dest, help_text in (
        ("--person", "people", "only what this person did"),
        ("--site", "sites", "only events of this site (its code)"),
        ("--kind", "kinds", "only this kind of change, such as record, import or reveal"),
        ("--thing", "things", "only this table, such as payments"),
    ):
        parser.add_argument(option, dest=dest, action="append", default=[], metavar="X", help=help_text)
    parser.add_argument("--from", dest="since", type=iso_day, metavar="D", help="from this day")
    parser.add_argument("--to", metavar="D or URL", help="to this day, itself included; of head: send it there")
    parser.add_argument("--before", type=int, metavar="N", help="only events before this number, to go on from a list")
    parser.add_argument("--limit", type=int, default=MOST, metavar="N", help=f"at most this many (default: {MOST})")
    parser.set_defaults(run=run_audit)


def anchors_in(text: str) -> list[Head]:
    """For --anchor: a head, or @FILE with one a line. For argparse."""
    try:
        lines = Path(text[1:]).read_text(encoding="utf-8").splitlines() if text.startswith("@") else [text]
        return [read_head(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]
    except HeadError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise argparse.ArgumentTypeError(f"cannot read {text[1:]}: {reason}") from None


def run_audit(session: Session, args: argparse.Namespace) -> int:
    """List events, newest first; or the head."""
    return _head(session, args.to) if args.what == "head" else _list(session, args)


def _list(session: Session, args: argparse.Namespace) -> int:
    try:
        last = iso_day(args.to) if args.to else None
    except argparse.ArgumentTypeError as error:
        session.say(f"manage.py: --to: {error}")
        return USAGE
    wanted = TrailFilters(
        people=tuple(args.people),
        sites=tuple(args.sites),
        kinds=tuple(args.kinds),
        things=tuple(args.things),
        since=_midnight(args.since) if args.since else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )
    limit = max(1, args.limit)
    with session.database.reading(session.scope, session.actor) as connection:
        found = trail_rows(
            connection, session.scope, wanted, after=None if args.before is None else (args.before,), limit=limit + 1
        )
    rows, more = found[:limit], len(found) > limit
    result = {"events": [_json(row) for row in rows], "more": more}
    cells = [
        [row.seq, f"{row.at:%Y-%m-%d %H:%M:%S}", row.actor, _cut(sentence(row.told)), row.account, row.site]
        for row in rows
    ]
    text = table(["number", "when, UTC", "who", "what", "account", "site"], cells, right=(0,))
    if more:
        text += f"\nolder ones: --before {rows[-1].seq}"
    session.show(result, text if rows else "no event matches")
    return DONE


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _json(row: TrailRow) -> dict[str, Any]:
    """An event; values by field, account numbers masked."""
    return {
        "number": row.seq,
        "at": row.at.isoformat(),
        "person": row.actor,
        "kind": row.action,
        "thing": row.entity,
        "thing_id": row.entity_id,
        "site": row.site or None,
        "account": row.account or None,
        "what": sentence(row.told),
        "before": row.before,
        "after": row.after,
        "hash": row.hash,
    }


def _midnight(day: date) -> datetime:
    """The first moment of a day where this machine stands."""
    return datetime.combine(day, time()).astimezone()


def _head(session: Session, url: str | None) -> int:
    if not session.scope.everything:
        raise RefusedError("this command is for somebody who may see every site")
    with session.database.reading(session.scope) as connection:
        newest = head(connection)
    if newest is None:
        raise RefusedError("the audit trail has no event yet, and so no head")
    result = _as_json(newest)
    if url is None:
        session.show(result, newest.token)
        return DONE
    host, failed = _send(url, newest)
    tell_sending(session.database, session.actor, newest, host, failed)
    session.show(result | {"sent_to": host if not failed else None, "failed": failed or None}, newest.token)
    session.say(f"manage.py: not sent: {failed}" if failed else f"sent to {host}")
    return FOUND if failed else DONE


def _as_json(newest: Head) -> dict[str, Any]:
    return {"number": newest.seq, "hash": newest.hash, "at": newest.at.isoformat(), "token": newest.token}


def _send(url: str, newest: Head) -> tuple[str, str]:
    """(host, why it was not sent or '')."""
    try:
        to = check_address(url, webhooks.allowed_hosts())
    except AddressRefusedError as error:
        return "", f"{error}; set {webhooks.HOSTS} to the hosts that may be sent to"
    # Chat services show `text`; others read the rest.
    message = {"text": f"Duewatch audit head {newest.token}"} | _as_json(newest)
    try:
        webhooks.post(to, message)
    except webhooks.NotSentError as error:
        return to.host, str(error)
    return to.host, ""
