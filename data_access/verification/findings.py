"""Check D3: what is kept of the alert rules (decision 0038) is what they find about the same accounts."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import Connection, Table, select

from data_access.alert_marks import touched
from data_access.alert_rows import common_row, row_of
from data_access.alert_settings import AlertSettingsError, alert_watch
from data_access.past_alerts import kept_days
from data_access.queries.alert_findings import asked_beside, findings_of
from data_access.queries.alerting.grounds import grounds
from data_access.queries.risk import FEW
from data_access.risk_changes import elsewhere_of
from data_access.schema import accounts, alert_findings, alert_judged, past_findings
from data_access.scope import Scope
from domain.alerts.thresholds import Thresholds

_ALL = Scope.all_sites()
_AMONG = "R23"  # looks at a vendor's other accounts
_ADVICE = "`python manage.py rebuild` makes it anew"


def findings_stand(connection: Connection, ids: Collection[int]) -> Iterator[str]:
    """Each finding about these accounts that is missing, that the rules do not find, or that says something else.

    An account is judged as of the day for which it is kept, and of one of the days of the past that are. What no read relies on is left out: accounts that something was written
    about since, those judged by other grounds, and everything where the thresholds cannot be used, which `doctor` says.
    """
    try:
        yield from _findings_stand(connection, alert_watch().thresholds, set(ids))
    except AlertSettingsError:
        return
    except ValueError as error:  # a stored date that is none, which S1 names
        yield f"the accounts cannot be judged: {error}"


def _findings_stand(connection: Connection, thresholds: Thresholds, ids: set[int]) -> Iterator[str]:
    by = grounds(connection, _ALL, thresholds)
    marked = {account_id for account_id, *_ in connection.execute(touched(_ALL))}
    statement = select(accounts.c.id, alert_judged.c.day, alert_judged.c.grounds)
    rows = connection.execute(
        statement.outerjoin(alert_judged, alert_judged.c.account_id == accounts.c.id).order_by(accounts.c.id)
    )
    judged: dict[date, list[int]] = {}
    for account_id, day, of in rows:
        if account_id in marked or account_id not in ids:
            continue
        if day is None:
            yield f"alert_judged: account_id {account_id} is missing, and is not marked to be judged; {_ADVICE}"
        elif of == by:
            judged.setdefault(day, []).append(account_id)
    for day, of_day in judged.items():
        yield from _day_stands(connection, day, thresholds, of_day, marked, table=alert_findings)
    if days := kept_days(connection, by):  # one of them, another one every day
        day = days[max(judged, default=date.min).toordinal() % len(days)]
        yield from _day_stands(connection, day, thresholds, sorted(ids - marked), marked, table=past_findings)


def _day_stands(
    connection: Connection, day: date, thresholds: Thresholds, ids: list[int], marked: Collection[int], *, table: Table
) -> Iterator[str]:
    beside = asked_beside(connection, _ALL, day, thresholds, marked)
    for start in range(0, len(ids), FEW):
        yield from _differences(connection, day, thresholds, ids[start : start + FEW], beside, table=table)


def _differences(
    connection: Connection, day: date, thresholds: Thresholds, some: list[int], beside: Collection[int], *, table: Table
) -> Iterator[str]:
    found = findings_of(connection, _ALL, day, thresholds, account_ids=some)
    kept = select(table).where(table.c.account_id.in_(some))
    if table is past_findings:
        kept = kept.where(past_findings.c.day == day)
        now = {finding.key: common_row(finding) for finding in found}
    else:
        elsewhere = elsewhere_of(connection, some)
        now = {finding.key: row_of(finding, elsewhere) for finding in found}
    there = {(row.rule, row.cause): row._mapping for row in connection.execute(kept)}
    for key in sorted(now.keys() | there.keys()):
        account_id = (now.get(key) or there[key])["account_id"]
        if key[0] == _AMONG and account_id in beside:
            continue  # for each read to find
        which = f"{' '.join(key)} of account_id {account_id}"
        which += f" on {day}" if table is past_findings else ""
        if key not in there:
            yield f"{table.name}: {which} is missing; {_ADVICE}"
        elif key not in now:
            yield f"{table.name}: {which} is kept, the rules do not find it; {_ADVICE}"
        else:
            for name, value in now[key].items():
                if there[key][name] != value:
                    yield f"{table.name}: {name} of {which} is {there[key][name]}, found now {value}; {_ADVICE}"
