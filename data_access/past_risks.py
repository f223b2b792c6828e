"""The risk of each account on some days of the past, kept once somebody asked for them (decision 0043).

A day is judged some accounts at a time. What is written meanwhile, or later, leaves marks, and whoever judges the marked accounts for today
judges them for these days as well: see `account_risks.judge`. So each row is what judging the account for that day says now.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from data_access.collection import collecting_rarely
from data_access.confinement import confine
from data_access.database import Database
from data_access.queries.risk import known_accounts
from data_access.queries.risk_rows import kept_values
from data_access.risk_changes import elsewhere_of
from data_access.schema import accounts, past_days, past_risks
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import shifted
from domain.risk import assess
from domain.risk_spans import span_of

DAYS = 5  # that are kept: the oldest asked for makes room
AT_ONCE = 2_000  # accounts
_DAYS_OF_A_SPAN = ("since", "until")
_ALL = Scope.all_sites()
_KEPT = past_risks.c


def keep(database: Database, day: date, told: Callable[[int, int], None] | None = None) -> bool:
    """Judge every account for `day`, unless that is kept; told how many of how many are. False where others gave up that day meanwhile.

    Several may do so at once, or go on where one was ended.
    """
    if not _wanted(database, day):
        return True
    last, judged = 0, 0
    with collecting_rarely():
        while True:
            with database.reading(_ALL) as connection:
                number = connection.scalar(select(func.count()).select_from(accounts)) or 0
                ids = connection.scalars(_following(last)).all()
                there = connection.scalars(
                    select(_KEPT.account_id).where(
                        _KEPT.day == day, _KEPT.account_id.between(last, max(ids, default=0))
                    )
                )
                rows = list(judged_on(connection, day, set(ids).difference(there)))
            if not ids:
                break
            try:
                _add(database, rows)
            except IntegrityError:  # another judged some of them, or the day was given up
                if not _is_wanted(database, day):
                    return False
                continue
            last, judged = ids[-1], judged + len(ids)
            if told is not None:
                told(judged, max(number, judged))
    with database.writer.begin() as connection:
        confine(connection, _ALL)
        done = connection.execute(update(past_days).where(past_days.c.day == day).values(done=True)).rowcount
    database.gather_statistics({past_risks.name: judged})
    return bool(done)


def forget(connection: Connection) -> None:
    """No day is kept any more."""
    connection.execute(delete(past_days))


def known_days(connection: Connection, *, done: bool = False) -> list[date]:
    """Those that are kept, or being judged; done: without the latter."""
    which = past_days.c.done == true() if done else true()
    return list(connection.scalars(select(past_days.c.day).where(which).order_by(past_days.c.id)))


def differences(connection: Connection, day: date, ids: Collection[int]) -> Iterator[str]:
    """What of a day that is kept of these accounts is not what judging them now says."""
    rows = connection.execute(select(past_risks).where(_KEPT.day == day, _KEPT.account_id.in_(ids)))
    there = {row.account_id: row._mapping for row in rows}
    for now in judged_on(connection, day, ids):
        kept = there.get(now["account_id"])
        for name, value in now.items():
            if kept is None or kept[name] != value:
                much = "missing" if kept is None else str(kept[name])
                yield (
                    f"past_risks: {name} of account_id {now['account_id']} on {day} is {much}, judged now {value}; "
                    "`python manage.py rebuild` makes it anew"
                )


def judged_on(connection: Connection, day: date, ids: Collection[int]) -> Iterator[dict[str, Any]]:
    """The rows of these accounts, one each."""
    if not ids:
        return
    elsewhere = elsewhere_of(connection, ids)
    homes = dict(connection.execute(select(accounts.c.id, accounts.c.site_id).where(accounts.c.id.in_(ids))).all())
    tomorrow = shifted(day, 1)
    for known in known_accounts(connection, _ALL, Filters(as_of=day), ids, also=ids, firm=True):
        account_id, currency = known.place[0], known.place[7]
        values = kept_values(span_of(assess(known.facts, day), tomorrow))
        yield {
            "day": day,
            "account_id": account_id,
            "site_id": homes[account_id],
            "currency": currency,
            "elsewhere": account_id in elsewhere,
        } | {name: value for name, value in values.items() if name not in _DAYS_OF_A_SPAN}


def _following(last: int) -> Any:
    return select(accounts.c.id).where(accounts.c.id > last).order_by(accounts.c.id).limit(AT_ONCE)


def _wanted(database: Database, day: date) -> bool:
    """Whether it is to be judged; then it is told to who judges accounts, and the oldest day makes room."""
    with database.writer.begin() as connection:
        confine(connection, _ALL)
        done = connection.scalar(select(past_days.c.done).where(past_days.c.day == day))
        if done is not None:
            return not done
        older = select(past_days.c.id).order_by(past_days.c.id.desc()).offset(DAYS - 1)
        connection.execute(delete(past_days).where(past_days.c.id.in_(connection.scalars(older).all())))
        connection.execute(insert(past_days).values(day=day))
    return True


def _is_wanted(database: Database, day: date) -> bool:
    with database.reading(_ALL) as connection:
        return day in known_days(connection)


def _add(database: Database, rows: list[dict[str, Any]]) -> None:
    with database.writer.begin() as connection:
        confine(connection, _ALL)
        if rows:
            connection.execute(insert(past_risks), rows)
