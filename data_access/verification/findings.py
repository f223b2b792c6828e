"""Check D3: what is kept of the alert rules (decision 0038) is what they find about the same accounts."""

from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import Connection, select

from data_access.alert_marks import touched
from data_access.alert_settings import AlertSettingsError, alert_watch
from data_access.kept_alerts import row_of
from data_access.queries.alert_findings import asked_beside, findings_of
from data_access.queries.alerting.grounds import grounds
from data_access.queries.risk import FEW
from data_access.risk_changes import elsewhere_of
from data_access.schema import accounts, alert_findings, alert_judged
from data_access.scope import Scope
from domain.alerts.thresholds import Thresholds

_ALL = Scope.all_sites()
_AMONG = "R23"  # looks at a vendor's other accounts
_ADVICE = "`python manage.py rebuild` makes it anew"


def findings_stand(connection: Connection, ids: Collection[int]) -> Iterator[str]:
    """Each finding about these accounts that is missing, that the rules do not find, or that says something else.

    An account is judged as of the day for which it is kept. What no read relies on is left out: accounts that something was written
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
    marked = {account_id for account_id, *_ in connection.execute(touched())}
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
        beside = asked_beside(connection, _ALL, day, thresholds, marked)
        for start in range(0, len(of_day), FEW):
            yield from _differences(connection, day, thresholds, of_day[start : start + FEW], beside)


def _differences(
    connection: Connection, day: date, thresholds: Thresholds, some: list[int], beside: Collection[int]
) -> Iterator[str]:
    found = findings_of(connection, _ALL, day, thresholds, account_ids=some)
    elsewhere = elsewhere_of(connection, some)
    now = {finding.key: row_of(finding, elsewhere) for finding in found}
    kept = connection.execute(select(alert_findings).where(alert_findings.c.account_id.in_(some)))
    there = {(row.rule, row.cause): row._mapping for row in kept}
    for key in sorted(now.keys() | there.keys()):
        account_id = (now.get(key) or there[key])["account_id"]
        if key[0] == _AMONG and account_id in beside:
            continue  # for each read to find
        which = f"{' '.join(key)} of account_id {account_id}"
        if key not in there:
            yield f"alert_findings: {which} is missing; {_ADVICE}"
        elif key not in now:
            yield f"alert_findings: {which} is kept, the rules do not find it; {_ADVICE}"
        else:
            for name, value in now[key].items():
                if there[key][name] != value:
                    yield f"alert_findings: {name} of {which} is {there[key][name]}, found now {value}; {_ADVICE}"
