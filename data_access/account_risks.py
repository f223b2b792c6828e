"""The risk of each account, kept (decision 0037): marking what is to be judged again, judging it, and checking what is kept.

Marked accounts are judged for the days of the past that are kept as well (decision 0043).

Whoever judges reads on one snapshot and then puts the rows in place of those that it saw there, with the marks that it saw taken
away. Whatever is written meanwhile leaves marks of its own, so that nobody waits; where another judged the same accounts first,
its rows stay.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, or_, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from data_access import past_risks
from data_access.confinement import confine
from data_access.database import Database, is_transient
from data_access.processes import WORTH, EndedError, at_hand
from data_access.queries.risk import known_accounts
from data_access.queries.risk_rows import kept_values
from data_access.queries.touched import touched
from data_access.risk_changes import elsewhere_of, facts_change
from data_access.schema import account_risks, accounts, risk_marks
from data_access.schema import past_risks as past_table
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import shifted
from domain.risk_spans import spans

AT_ONCE = 500  # accounts
AHEAD = 10  # days that are judged ahead, so that a new day finds nearly all of them judged
_SOON = 2  # days before the last of these on which an account is judged again
_MANY = 2_000  # accounts: where more are marked, days of the past are not judged again for each but given up
_DAYS_KEPT = ("since", "known_since", "known_until")  # those of the day on which it was judged
_ALL = Scope.all_sites()
_MOVED = "SELECT DISTINCT m.account_id, a.site_id FROM {} m JOIN accounts a ON a.id = m.account_id"
_MARK = "INSERT INTO risk_marks (account_id, site_id)"
_SPREAD = (
    "SELECT a.id, a.site_id FROM accounts a JOIN {0} m ON m.vendor_id = a.vendor_id "
    "UNION SELECT a.id, a.site_id FROM accounts a JOIN {0} m ON m.site_id = a.site_id "
    "UNION SELECT a.id, a.site_id FROM services v JOIN {0} m ON m.site_id = v.site_id JOIN accounts a ON a.id = v.account_id"
)


class _OvertakenError(Exception):
    """Another has judged some of these accounts meanwhile."""


def beside(gone: str) -> str:
    """For PostgreSQL's WITH, where `gone` is what is taken out of open_totals: the accounts that moved are marked."""
    return f"to_be_weighed AS ({_MARK} {_MOVED.format(gone)})"


def take_moves(connection: Connection, moves: str) -> None:
    """On SQLite, before moves are taken out of open_totals: the accounts that moved are marked."""
    connection.execute(text(f"{_MARK} {_MOVED.format(moves)}"))


def mark_all(connection: Connection) -> None:
    """Every account is to be judged again."""
    connection.execute(
        insert(risk_marks).from_select(["account_id", "site_id"], select(accounts.c.id, accounts.c.site_id))
    )


def judge(database: Database, today: date, processes: int = 1) -> int:
    """Judge what is marked, or comes to the end of its days, some accounts at a time; returns how many accounts.

    processes: by so many where very many accounts are to be judged.
    """
    _spread(database)
    done = 0
    with suppress(_OvertakenError):  # by one that goes on with the rest
        if processes > 1:
            done = _judge_by_others(database, today, processes)
        while some := _judge_some(database, today):
            done += some
    if done:
        database.gather_statistics({account_risks.name: done})
    return done


def differences(connection: Connection, today: date, ids: Sequence[int] | None = None) -> Iterator[str]:
    """Check D2: what is kept of each account, or of those with these ids, today and on a day of the past, is what judging it now says."""
    try:
        yield from _differences(connection, today, ids)
    except ValueError as error:  # a stored date that is none, which S1 names
        yield f"the accounts cannot be judged: {error}"


def _differences(connection: Connection, today: date, ids: Sequence[int] | None) -> Iterator[str]:
    kept = account_risks.c
    every = connection.scalars(select(accounts.c.id).order_by(accounts.c.id)).all()
    found = touched(connection, _ALL, today, len(every))
    to_be_judged = set(every if found is None else found)
    days = past_risks.known_days(connection, done=True)
    for some in _batches([each for each in (every if ids is None else ids) if each not in to_be_judged]):
        standing = connection.execute(
            select(account_risks).where(kept.account_id.in_(some), kept.since <= today, kept.until > today)
        )
        found = {row.account_id: row._mapping for row in standing}
        for now in _judged(connection, some, today):
            there = found.get(now["account_id"])
            if now["since"] != today or (there is None and not now["bills"]):
                continue  # of a later day; or of an account that never had a bill
            for name, value in now.items():
                if name not in _DAYS_KEPT and (there is None or there[name] != value):
                    much = "missing" if there is None else str(there[name])
                    yield (
                        f"account_risks: {name} of account_id {now['account_id']} is {much}, judged now {value}; "
                        "`python manage.py rebuild` makes it anew"
                    )
        if days:  # one of them, another one every day
            yield from past_risks.differences(connection, days[today.toordinal() % len(days)], some)


def _spread(database: Database) -> None:
    """Marks of vendors and sites become marks of their accounts. Where very many are marked, days of the past are given up."""
    with database.writer.begin() as connection:
        confine(connection, _ALL)
        several = "account_id IS NULL"
        if connection.dialect.name == "postgresql":
            gone = f"WITH gone AS (DELETE FROM risk_marks WHERE {several} RETURNING *)"  # noqa: S608
            connection.execute(text(f"{gone} {_MARK} {_SPREAD.format('gone')}"))
        else:
            those = f"(SELECT * FROM risk_marks WHERE {several})"  # noqa: S608
            connection.execute(text(f"{_MARK} {_SPREAD.format(those)}"))
            connection.execute(text(f"DELETE FROM risk_marks WHERE {several}"))  # noqa: S608
        if (connection.scalar(select(func.count(risk_marks.c.account_id.distinct()))) or 0) > _MANY:
            past_risks.forget(connection)


def _judge_by_others(database: Database, today: date, processes: int) -> int:
    """Where so many are to be judged that it is worth their start."""
    marked = select(risk_marks.c.account_id).where(risk_marks.c.account_id.is_not(None))
    with database.reading(_ALL) as connection:
        ids = sorted({*connection.scalars(marked.distinct()), *connection.scalars(_ending(today))})
    if len(ids) <= WORTH:
        return 0
    with suppress(EndedError), at_hand(database, processes) as others:
        return sum(others.each(partial(_judge_these, today), _batches(ids))) if others is not None else 0
    return 0


def _judge_these(today: date, database: Database, ids: Sequence[int]) -> int:
    return _judge_some(database, today, ids)


def _judge_some(database: Database, today: date, chosen: Sequence[int] = ()) -> int:
    """Those that were chosen, else the first that are to be judged."""
    kept, m = account_risks.c, risk_marks.c
    which = m.account_id.in_(chosen) if chosen else m.account_id.is_not(None)
    with database.reading(_ALL) as connection:
        first = select(m.id, m.account_id).where(which).order_by(m.id)
        marks = connection.execute(first if chosen else first.limit(AT_ONCE)).all()
        marked = {mark.account_id for mark in marks}
        ids = marked.union(chosen)
        if not chosen and len(ids) < AT_ONCE:
            ids.update(connection.scalars(_ending(today).limit(AT_ONCE - len(ids))))
        if not ids:
            return 0
        old = connection.scalars(select(kept.id).where(kept.account_id.in_(ids))).all()
        rows = list(_judged(connection, ids, today))
        past_old = connection.scalars(select(past_table.c.id).where(past_table.c.account_id.in_(marked))).all()
        days = past_risks.known_days(connection) if marked else []
        past_rows = [row for day in days for row in past_risks.judged_on(connection, day, marked)]
    try:
        with database.writer.begin() as connection:
            confine(connection, _ALL)
            _take(connection, risk_marks, [mark.id for mark in marks])
            _take(connection, account_risks, old)
            _take(connection, past_table, past_old)
            for table, judged in ((account_risks, rows), (past_table, past_rows)):
                if judged:
                    connection.execute(insert(table), judged)
    except DBAPIError as error:
        if is_transient(error) or isinstance(error, IntegrityError):
            raise _OvertakenError from error
        raise
    return len(ids)


def _ending(today: date) -> Any:
    """Accounts at the end of their days, or soon; each is judged once a day."""
    kept = account_risks.c
    soon = shifted(today, _SOON)
    return (
        select(kept.account_id)
        .distinct()
        .where(kept.known_until <= soon, or_(kept.known_until <= today, kept.known_since < today))
        .order_by(kept.account_id)
    )


def _take(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    """Delete these rows; raises _OvertakenError where one is gone already."""
    for some in _batches(ids):
        if connection.execute(delete(table).where(table.c.id.in_(some))).rowcount != len(some):
            raise _OvertakenError


def _judged(connection: Connection, ids: Collection[int], today: date) -> Iterator[dict[str, Any]]:
    """The rows of these accounts."""
    changes = facts_change(connection, ids, today)
    elsewhere = elsewhere_of(connection, ids)
    homes = dict(connection.execute(select(accounts.c.id, accounts.c.site_id).where(accounts.c.id.in_(ids))).all())
    for known in known_accounts(connection, _ALL, Filters(as_of=today), ids, also=ids, firm=True):
        account_id, vendor, currency = known.place[0], known.place[2], known.place[7]
        changed = min(changes.of_accounts.get(account_id, date.max), changes.of_vendors.get(vendor, date.max))
        found = list(spans(known.facts, today, shifted(today, AHEAD), changed))
        of_account = {
            "account_id": account_id,
            "site_id": homes[account_id],
            "currency": currency,
            "known_since": found[0].since,
            "known_until": found[-1].until,
            "elsewhere": account_id in elsewhere,
        }
        for span in found:
            yield of_account | kept_values(span)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def count(connection: Connection) -> int:
    """How many rows are kept."""
    return connection.scalar(select(func.count()).select_from(account_risks)) or 0
