"""The audit trail, newest first: searched by person, place, kind, thing, time and text, within the scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from data_access.exporting import Sheet
from data_access.queries.event_accounts import accounts_of
from data_access.queries.expressions import contains, unindexed
from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.queries.sheet_parts import PAGE, every
from data_access.schema import audit_log, sites
from data_access.scope import Scope, within
from data_access.verification.events import values_of
from domain.audit_words import Event, changes, sentence, thing
from domain.masking import masked, masked_values, masked_within

_LATELY = 10_000  # events that the words to choose from are taken from


@dataclass(frozen=True, slots=True)
class TrailFilters:
    """What is kept; empty is everything. sites: codes; kinds: actions; things: table names; since and until half-open."""

    people: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One event, its account numbers masked. `account`: vendor and masked number of the account that it is about."""

    seq: int
    at: datetime
    actor: str
    action: str
    entity: str
    entity_id: int | None
    site: str
    site_name: str
    timezone: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    prev_hash: str
    hash: str
    account: str
    currency: str

    @property
    def told(self) -> Event:
        """What there is to say about it."""
        return Event(self.action, self.entity, self.entity_id, self.before, self.after, self.account, self.currency)


@dataclass(frozen=True, slots=True)
class TrailWords:
    """What to choose from: who, kinds of change and things of the events lately."""

    people: tuple[str, ...]
    kinds: tuple[str, ...]
    things: tuple[str, ...]


def trail_rows(
    connection: Connection,
    scope: Scope,
    wanted: TrailFilters,
    *,
    sort: str = "-seq",
    after: Mark | None = None,
    before: Mark | None = None,
    among: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[TrailRow]:
    """Events in scope, `limit` at a time; `after` is (seq,) of the last one shown, `before` of the first; sort: -seq or seq.

    among: the first and the last number that are looked at.
    """
    # Of one site the index on it has the order too; those of several are few enough to be put in order.
    number = unindexed(audit_log.c.seq) if len(wanted.sites) > 1 else audit_log.c.seq
    order = Order((number,), descending=sort.startswith("-"))
    asked = _kept(_rows(), scope, wanted)
    if len(wanted.sites) == 1:
        only = select(sites.c.id).where(sites.c.code == wanted.sites[0]).scalar_subquery()
        asked = asked.where(audit_log.c.site_id == only)
    if among is not None:
        asked = asked.where(audit_log.c.seq.between(*among))
    statement = page_of(asked, order, after=after, before=before, limit=limit)
    return _told(connection, scope, turned(connection.execute(statement).all(), before))


def trail_event(connection: Connection, scope: Scope, seq: int) -> TrailRow | None:
    """The event of that number; None where there is none within the scope."""
    found = trail_rows(connection, scope, TrailFilters(), after=(seq + 1,), limit=1)
    return found[0] if found and found[0].seq == seq else None


def events_of(connection: Connection, scope: Scope, things: Sequence[tuple[str, int]]) -> list[TrailRow]:
    """The events in scope about these (table, id), the first one first."""
    about = or_(*(and_(audit_log.c.entity == entity, audit_log.c.entity_id == row_id) for entity, row_id in things))
    statement = _kept(_rows(), scope, TrailFilters()).where(about if things else false())
    return _told(connection, scope, connection.execute(statement.order_by(audit_log.c.seq)).all())


def trail_count(connection: Connection, scope: Scope, wanted: TrailFilters, *, most: int | None = None) -> int:
    """How many events trail_rows would give in all; no more than `most` are counted."""
    counted = select(audit_log.c.seq).outerjoin(sites, sites.c.id == audit_log.c.site_id)
    counted = _kept(counted, scope, wanted)
    if most is not None:
        counted = counted.order_by(audit_log.c.seq.desc()).limit(most)
    return connection.scalar(select(func.count()).select_from(counted.subquery())) or 0


def trail_words(connection: Connection, scope: Scope) -> TrailWords:
    """Of the last events only: a long trail has no index on them."""
    lately = (
        select(audit_log.c.actor, audit_log.c.action, audit_log.c.entity)
        .where(within(scope, audit_log.c.site_id))
        .order_by(audit_log.c.seq.desc())
        .limit(_LATELY)
        .subquery("lately")
    )
    found = connection.execute(select(lately).distinct()).all()
    people, kinds, things = (tuple(sorted({row[index] for row in found})) for index in range(3))
    return TrailWords(people, kinds, things)


def trail_sheet(connection: Connection, scope: Scope, wanted: TrailFilters, about: tuple[str, ...]) -> Sheet:
    """Every event that is kept, with what it changed in words."""
    found = every(lambda mark: trail_rows(connection, scope, wanted, after=mark, limit=PAGE), lambda row: (row.seq,))
    rows = [
        [row.seq, row.at, row.actor, row.action, thing(row.entity), row.entity_id, row.site, row.site_name]
        + [row.account, sentence(row.told), in_words(row), row.hash]
        for row in found
    ]
    columns = ("Number", "When (UTC)", "Who", "Kind", "Thing", "Id", "Site code", "Site", "Account", "What", "Changed")
    return Sheet("Audit trail", about, (*columns, "Hash"), rows)


def in_words(row: TrailRow) -> str:
    """What an event changed, in one line."""
    return "; ".join(f"{name}: {was} → {now}" for name, was, now in changes(row.told))


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        audit_log,
        func.coalesce(sites.c.code, "").label("site"),
        func.coalesce(sites.c.name, "").label("site_name"),
        func.coalesce(sites.c.timezone, "").label("timezone"),
    ).outerjoin(sites, sites.c.id == audit_log.c.site_id)


def _kept(statement: Select[*tuple[Any, ...]], scope: Scope, wanted: TrailFilters) -> Select[*tuple[Any, ...]]:
    """Events of no one site are within the scope of those who see every site."""
    conditions: list[ColumnElement[bool]] = [within(scope, audit_log.c.site_id)]
    for column, values in (
        (audit_log.c.actor, wanted.people),
        (sites.c.region, wanted.regions),
        (sites.c.code, wanted.sites),
        (audit_log.c.action, wanted.kinds),
        (unindexed(audit_log.c.entity), wanted.things),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.since is not None:
        conditions.append(audit_log.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(audit_log.c.at < wanted.until)
    if wanted.search.strip():
        looked_at = (audit_log.c.actor, audit_log.c.action, audit_log.c.entity, audit_log.c.before, audit_log.c.after)
        conditions.append(contains([func.coalesce(column, "") for column in looked_at], wanted.search))
    return statement.where(*conditions)


def _told(connection: Connection, scope: Scope, rows: Sequence[Any]) -> list[TrailRow]:
    values = [(_values(row.before), _values(row.after)) for row in rows]
    account_of = accounts_of(connection, scope, rows, values)
    fields = (
        "seq",
        "at",
        "actor",
        "action",
        "entity",
        "entity_id",
        "site",
        "site_name",
        "timezone",
        "prev_hash",
        "hash",
    )
    told = []
    for row, (before, after) in zip(rows, values, strict=True):
        account = account_of.get(row.seq)
        number = account.account_number if account else ""
        told.append(
            TrailRow(
                **{name: getattr(row, name) for name in fields},
                before=_without(number, before),
                after=_without(number, after),
                account=f"{account.vendor} {masked(number)}" if account else "",
                currency=account.currency if account else "",
            )
        )
    return told


def _values(text: str | None) -> dict[str, Any] | None:
    return None if text is None else masked_values(values_of(text))


def _without(number: str, values: dict[str, Any] | None) -> dict[str, Any] | None:
    """The account's number may also stand in a note."""
    if values is None or not number:
        return values
    return {name: masked_within(value, number) if isinstance(value, str) else value for name, value in values.items()}
