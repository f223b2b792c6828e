"""What a digest tells a channel, claimed before it is sent and settled after: nothing is lost, and nothing told twice.

A transition is an event that opened or closed an alert. Its row for a channel is written in the transaction that claims it, so
that two who send at once never carry the same. What was refused goes with the next digest. Where nobody knows whether the
message arrived (no answer in time, a process that was killed) it is sent again under its old name, by which a reader, or a
program, tells a second copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, or_, select, text, update

from data_access.database import Database, UnauditedWriteError, Writing
from data_access.schema import alert_deliveries, alert_events, alerts
from data_access.scope import Scope
from data_access.sending import Sent

_DELIVERIES_LOCK = 0x4475657A
STALE = timedelta(minutes=15)  # whoever claimed it and said nothing since is gone
OPENED = ("opened", "reopened")
_ALL = Scope.all_sites()


@dataclass(frozen=True, slots=True)
class Claim:
    """One message to be sent: its name, and the deliveries that it carries. again: it may have arrived before."""

    digest: str
    delivery_ids: tuple[int, ...]
    opened: tuple[int, ...]  # alerts
    closed: tuple[int, ...]
    again: bool = False


def claim(database: Database, actor: str, channel: str, name: str) -> list[Claim]:
    """What is to be told to `channel`: first what may have been told already, by its old names; then all else as `name`."""

    def work(writing: Writing) -> list[Claim]:
        _lock(writing)
        d = alert_deliveries
        gone = (d.c.channel == channel, d.c.state == "sending", d.c.at < writing.at - STALE)
        writing.connection.execute(update(d).where(*gone).values(state="unclear", at=writing.at))
        _queue(writing, channel, name)
        unclear = writing.connection.scalars(
            select(d.c.digest).where(d.c.channel == channel, d.c.state == "unclear").distinct().order_by(d.c.digest)
        ).all()
        claims = [_taken(writing, channel, "unclear", old) for old in unclear]
        claims.append(_taken(writing, channel, "failed", name))
        return [found for found in claims if found.delivery_ids]

    try:
        return database.writing(actor, _ALL, lambda writing: _recorded(writing, channel, work(writing)))
    except UnauditedWriteError:  # there is nothing to tell
        return []


def settle(database: Database, actor: str, channel: str, done: Claim, sent: Sent) -> None:
    """The message was taken, was not, or nobody knows; what may have arrived once stays unclear until it is taken."""
    state = "sent" if sent.ok else "unclear" if sent.unclear or done.again else "failed"

    def work(writing: Writing) -> None:
        d = alert_deliveries
        mine = (d.c.channel == channel, d.c.digest == done.digest, d.c.state == "sending")
        writing.connection.execute(
            update(d).where(*mine).values(state=state, last_error=sent.error, attempts=d.c.attempts + 1, at=writing.at)
        )
        if state == "sent":
            _tell(writing, channel, done)
        after = {"channel": channel, "digest": done.digest, "alerts": len(done.delivery_ids), "state": state}
        writing.record("send", d.name, after=after | ({"failed": sent.error} if sent.error else {}))

    database.writing(actor, _ALL, work)


def _recorded(writing: Writing, channel: str, claims: list[Claim]) -> list[Claim]:
    for found in claims:
        after = {"channel": channel, "digest": found.digest, "alerts": len(found.delivery_ids)}
        writing.record("claim", alert_deliveries.name, after=after)
    return claims


def _untold(channel: str):  # noqa: ANN202 - a statement
    """Transitions that this channel has no row of: openings of what is open, and all since it was first told of any.

    A channel that is new hears of what is open, and not of the years before it.
    """
    e, d = alert_events, alert_deliveries
    told = select(d.c.event_id).where(d.c.channel == channel, d.c.event_id == e.c.id).exists()
    first = select(func.min(d.c.event_id)).where(d.c.channel == channel).scalar_subquery()
    return (
        select(e.c.id, e.c.alert_id)
        .join(alerts, alerts.c.id == e.c.alert_id)
        .where(e.c.kind.in_((*OPENED, "closed")), ~told)
        .where(or_((alerts.c.state == "open") & e.c.kind.in_(OPENED), e.c.id > first))
        .order_by(e.c.id)
    )


def _queue(writing: Writing, channel: str, name: str) -> None:
    rows = [
        {
            "channel": channel,
            "alert_id": row.alert_id,
            "event_id": row.id,
            "digest": name,
            "state": "failed",
            "at": writing.at,
        }
        for row in writing.connection.execute(_untold(channel))
    ]
    if rows:
        writing.connection.execute(insert(alert_deliveries), rows)


def _taken(writing: Writing, channel: str, state: str, name: str) -> Claim:
    d = alert_deliveries
    which = [d.c.channel == channel, d.c.state == state]
    if state == "unclear":
        which.append(d.c.digest == name)
    found = writing.connection.execute(
        select(d.c.id, d.c.alert_id, alert_events.c.kind)
        .join(alert_events, alert_events.c.id == d.c.event_id)
        .where(*which)
        .order_by(d.c.event_id)
    ).all()
    writing.connection.execute(update(d).where(*which).values(state="sending", digest=name, at=writing.at))
    closed = _once(row.alert_id for row in found if row.kind == "closed")
    opened = _once(row.alert_id for row in found if row.kind in OPENED and row.alert_id not in closed)
    return Claim(name, tuple(row.id for row in found), opened, closed, state == "unclear")


def _once(ids) -> tuple[int, ...]:  # noqa: ANN001 - ids of alerts
    return tuple(dict.fromkeys(ids))


def _tell(writing: Writing, channel: str, done: Claim) -> None:
    told: Sequence[int] = (*done.opened, *done.closed)
    sites = dict(
        writing.connection.execute(
            select(alerts.c.id, alerts.c.site_id)
            .join(alert_deliveries, alert_deliveries.c.alert_id == alerts.c.id)
            .where(alert_deliveries.c.channel == channel, alert_deliveries.c.digest == done.digest)
        ).all()
    )
    base = {"kind": "sent", "at": writing.at, "actor": writing.actor, "note": f"to {channel}, digest {done.digest}"}
    rows = [base | {"alert_id": alert_id, "site_id": sites[alert_id]} for alert_id in told]
    if rows:
        writing.connection.execute(insert(alert_events), rows)


def _lock(writing: Writing) -> None:
    if writing.connection.dialect.name == "postgresql":
        writing.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _DELIVERIES_LOCK})
