"""What the alert rules find as of some days of the past, kept once somebody asked for them (decision 0049).

A day is judged some accounts at a time, by whoever asks for it; several may do so at once, or go on where one was ended. Marks of an account
are taken away by who judges it for today and for these days in one transaction (`kept_alerts`), so that an account without marks is told right.
"""

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection, delete, func, insert, select, text, true, update

from data_access.alert_marks import LOCK
from data_access.alert_rows import common_row
from data_access.collection import collecting_rarely
from data_access.confinement import confine
from data_access.database import Database
from data_access.queries.alert_findings import asked_beside, findings_of
from data_access.queries.alerting.grounds import grounds
from data_access.queries.risk import FEW
from data_access.schema import accounts, alert_marks, past_alert_days, past_findings
from data_access.scope import Scope
from domain.alerts.thresholds import Thresholds

DAYS = 3  # that are kept: the oldest asked for makes room
_MOST = 2_000  # accounts marked: of more the days are given up, since who asks again would judge them as quickly
_ALL = Scope.all_sites()
_DAYS, _FOUND = past_alert_days.c, past_findings.c


def keep(database: Database, day: date, thresholds: Thresholds, told: Callable[[int, int], None] | None = None) -> bool:
    """Ask the rules about every account as of `day`, unless that is kept; told how many of how many are.

    False where others gave that day up meanwhile, since very much was written or what all are judged by changed.
    """
    with _judging(database) as connection:
        by = grounds(connection, _ALL, thresholds)
        give_up_stale(connection, by)
        number = connection.scalar(select(func.count()).select_from(accounts)) or 0
        if connection.scalar(select(_DAYS.id).where(_DAYS.day == day)) is None:
            older = select(_DAYS.id).order_by(_DAYS.id.desc()).offset(DAYS - 1)
            connection.execute(delete(past_alert_days).where(_DAYS.id.in_(connection.scalars(older).all())))
            connection.execute(insert(past_alert_days).values(day=day, grounds=by))
    judged = 0
    with collecting_rarely():
        while True:
            with _judging(database) as connection:
                kept = connection.execute(select(past_alert_days).where(_DAYS.day == day)).one_or_none()
                if kept is None or kept.grounds != grounds(connection, _ALL, thresholds):
                    return False
                if kept.done:
                    break
                some = _following(connection, kept.judged_to)
                _judge(connection, day, some, thresholds)
                progress = {"judged_to": some[-1]} if some else {"done": True}
                connection.execute(update(past_alert_days).where(_DAYS.day == day).values(progress))
            judged += len(some)
            if told is not None:
                told(judged, max(number, judged))
    if judged:
        database.gather_statistics({past_findings.name: judged})
    return True


def is_kept(connection: Connection, day: date, by: str) -> bool:
    """Was every account judged for `day` by these grounds? To who sees every site alone that is told."""
    found = select(_DAYS.id).where(_DAYS.day == day, _DAYS.done == true(), _DAYS.grounds == by)
    return connection.scalar(found) is not None


def kept_days(connection: Connection, by: str) -> list[date]:
    """Those for which every account was judged by these grounds."""
    found = select(_DAYS.day).where(_DAYS.done == true(), _DAYS.grounds == by).order_by(_DAYS.id)
    return list(connection.scalars(found))


def give_up_stale(connection: Connection, by: str) -> None:
    """Forget the days that were judged by other grounds, and all of them where very many accounts are marked."""
    if connection.scalar(select(_DAYS.id).limit(1)) is None:
        return
    marked = select(alert_marks.c.account_id).distinct().limit(_MOST + 1).subquery()
    many = (connection.scalar(select(func.count()).select_from(marked)) or 0) > _MOST
    connection.execute(delete(past_alert_days).where(true() if many else _DAYS.grounds != by))


def judge_marked(connection: Connection, marked: Collection[int], thresholds: Thresholds) -> None:
    """Judge accounts whose marks were taken for all days that are kept, and others that are judged by what these tell."""
    for day in connection.scalars(select(_DAYS.day)).all():
        some = sorted({*marked, *asked_beside(connection, _ALL, day, thresholds, marked)})
        for start in range(0, len(some), FEW):
            _judge(connection, day, some[start : start + FEW], thresholds)


def forget(connection: Connection) -> None:
    """No day is kept any more."""
    connection.execute(delete(past_alert_days))


def _judge(connection: Connection, day: date, some: Collection[int], thresholds: Thresholds) -> None:
    if not some:
        return
    connection.execute(delete(past_findings).where(_FOUND.day == day, _FOUND.account_id.in_(some)))
    found = findings_of(connection, _ALL, day, thresholds, account_ids=some)
    if rows := [{"day": day} | common_row(finding) for finding in found]:
        connection.execute(insert(past_findings), rows)


def _following(connection: Connection, last: int) -> list[int]:
    return list(
        connection.scalars(select(accounts.c.id).where(accounts.c.id > last).order_by(accounts.c.id).limit(FEW))
    )


@contextmanager
def _judging(database: Database) -> Generator[Connection]:
    """A transaction in which nobody else judges."""
    with database.writer.begin() as connection:
        confine(connection, _ALL)
        if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        yield connection
