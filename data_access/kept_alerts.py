"""What the alert rules find, kept by account (decision 0038): judged again where something was written, and for a new day.

Whoever takes the marks of an account judges it for the days of the past that are kept as well (decision 0049).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import partial

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, text

from data_access import past_alerts
from data_access.alert_marks import LOCK
from data_access.alert_rows import row_of
from data_access.alert_settings import AlertSettingsError, alert_watch
from data_access.collection import collecting_rarely
from data_access.confinement import confine
from data_access.database import Database
from data_access.processes import WORTH, EndedError, Processes, at_hand
from data_access.queries.alert_findings import OF_OTHER_ACCOUNTS, asked_beside, findings_of
from data_access.queries.alerting.grounds import grounds
from data_access.queries.risk import FEW
from data_access.risk_changes import elsewhere_of
from data_access.schema import accounts, alert_findings, alert_judged, alert_marks
from data_access.scope import Scope
from domain.alerts.findings import Finding
from domain.alerts.thresholds import Thresholds

_EVERYTHING = Scope.all_sites()


def keep(database: Database, today: date, thresholds: Thresholds, processes: int = 1) -> int:
    """Judge what is to be judged again, some accounts at a time; returns how many. Nobody waits longer than for some of them.

    processes: so many look where very many accounts are to be judged.
    """
    done = 0
    with collecting_rarely(), at_hand(database, _worth(database, today, thresholds, processes)) as others:
        while some := _keep_some(database, today, thresholds, others):
            done += some
    if done > FEW:
        database.gather_statistics({"alert_findings": done, "alert_judged": done})
    return done


def keep_as_set(database: Database, today: date, processes: int = 1) -> int:
    """The same by the thresholds that are set; nothing where those cannot be used, which pages and `doctor` say."""
    try:
        thresholds = alert_watch().thresholds
    except AlertSettingsError:
        return 0
    return keep(database, today, thresholds, processes)


def _worth(database: Database, today: date, thresholds: Thresholds, processes: int) -> int:
    """So many processes where very many accounts are to be judged, else one."""
    if processes == 1:
        return 1
    with database.reading(_EVERYTHING) as connection:
        marked = select(alert_marks.c.account_id).distinct()
        other = select(alert_judged.c.account_id).where(
            _of_another_day(today, grounds(connection, _EVERYTHING, thresholds))
        )
        numbers = [len(connection.scalars(which.limit(WORTH + 1)).all()) for which in (marked, other)]
    return processes if max(numbers) > WORTH else 1


def _of_another_day(today: date, by: str) -> ColumnElement[bool]:
    return or_(alert_judged.c.day != today, alert_judged.c.grounds != by)


def _keep_some(database: Database, today: date, thresholds: Thresholds, others: Processes | None = None) -> int:
    most = FEW * (others.number if others is not None else 1)
    with database.writer.begin() as connection:
        confine(connection, _EVERYTHING)
        if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        by = grounds(connection, _EVERYTHING, thresholds)
        past_alerts.give_up_stale(connection, by)
        some = _marked(connection, most)
        if some:
            past_alerts.judge_marked(connection, some, thresholds)
            some = sorted({*some, *asked_beside(connection, _EVERYTHING, today, thresholds, some)})
        else:
            other = select(alert_judged.c.account_id).where(_of_another_day(today, by))
            some = list(connection.scalars(other.limit(most)))
        batches = [some[start : start + FEW] for start in range(0, len(some), FEW)]
        for batch, found in zip(batches, _found_each(connection, batches, today, thresholds, others), strict=True):
            _put(connection, batch, found, today, by)
        return len(some)


def _found_each(
    connection: Connection, batches: list[list[int]], today: date, thresholds: Thresholds, others: Processes | None
) -> Iterable[list[Finding]]:
    """What the rules find of each batch of accounts. Others look a moment later than the marks were taken, and see no less."""
    if others is not None:
        with suppress(EndedError):
            return list(others.each(partial(_found_there, today, thresholds), batches))
    return (findings_of(connection, _EVERYTHING, today, thresholds, account_ids=batch) for batch in batches)


def _found_there(today: date, thresholds: Thresholds, database: Database, some: Sequence[int]) -> list[Finding]:
    with database.reading(_EVERYTHING) as connection:
        return findings_of(connection, _EVERYTHING, today, thresholds, account_ids=some)


def _marked(connection: Connection, most: int) -> list[int]:
    """Marks are taken first: what is written while these accounts are judged leaves others."""
    chosen = select(alert_marks.c.account_id).distinct().limit(most)
    some = list(connection.scalars(chosen))
    if some:
        connection.execute(delete(alert_marks).where(alert_marks.c.account_id.in_(some)))
    return some


def _put(connection: Connection, some: Sequence[int], found: Sequence[Finding], today: date, by: str) -> None:
    """In place of what was found of these accounts before."""
    elsewhere = elsewhere_of(connection, some)
    apart = elsewhere.union(finding.account_id for finding in found if finding.rule in OF_OTHER_ACCOUNTS)
    before = select(alert_judged.c.account_id, alert_judged.c.turn).where(alert_judged.c.account_id.in_(some))
    turns = dict(connection.execute(before).all())
    for table in (alert_findings, alert_judged):
        connection.execute(delete(table).where(table.c.account_id.in_(some)))
    if rows := [row_of(finding, elsewhere) for finding in found]:
        connection.execute(insert(alert_findings), rows)
    homes = connection.execute(select(accounts.c.id, accounts.c.site_id).where(accounts.c.id.in_(some)))
    connection.execute(
        insert(alert_judged),
        [
            {
                "account_id": id_,
                "site_id": site_id,
                "day": today,
                "grounds": by,
                "turn": turns.get(id_, 0) + 1,
                "apart": id_ in apart,
            }
            for id_, site_id in homes
        ],
    )
