"""What the rules find about accounts that something was written about since they were judged.

An account is judged once for its marks, of which every change leaves one: a process remembers what it found, and the next read, of
whatever filters, judges only the accounts with newer marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Pool, Table, select

from data_access.queries.alert_findings import asked_beside, findings_of
from data_access.scope import Scope
from domain.alerts.findings import Finding
from domain.alerts.thresholds import Thresholds

_KEPT = 20_000  # accounts
_AMONG = frozenset({"R23"})
Marks = tuple[int, ...]  # see alert_marks.touched
_Known = dict[tuple[int, Marks, date, str, Scope], tuple[Finding, ...]]
_KNOWN: WeakKeyDictionary[Pool, _Known] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Judged:
    """What is found now, and the numbers of the kept findings of other accounts in whose place it comes."""

    findings: tuple[Finding, ...]
    replaced: tuple[int, ...]


def judged_now(
    connection: Connection,
    scope: Scope,
    as_of: date,
    thresholds: Thresholds,
    by: str,
    *,
    since: Mapping[int, Marks],
    table: Table,
    which: Sequence[ColumnElement[bool]],
) -> Judged:
    """Of these accounts, as who sees the scope is told. A credit shown on one of them may be what a notice on another asks for.

    table, which: the kept findings, and conditions for those of the day.
    """
    known = _KNOWN.setdefault(connection.engine.pool, {})
    if len(known) > _KEPT:
        known.clear()
    keys = {account_id: (account_id, marks, as_of, by, scope) for account_id, marks in since.items()}
    new = sorted(account_id for account_id, key in keys.items() if key not in known)
    fresh: dict[int, list[Finding]] = {account_id: [] for account_id in new}
    for finding in findings_of(connection, scope, as_of, thresholds, account_ids=new):
        fresh[finding.account_id or 0].append(finding)
    known.update({keys[account_id]: tuple(own) for account_id, own in fresh.items()})
    found = [finding for key in keys.values() for finding in known[key]]
    beside = sorted(asked_beside(connection, scope, as_of, thresholds, list(since)) - set(since))
    if not beside:
        return Judged(tuple(found), ())
    found += findings_of(connection, scope, as_of, thresholds, _AMONG, account_ids=beside)
    of_these = select(table.c.id).where(*which, table.c.account_id.in_(beside), table.c.rule.in_(_AMONG))
    return Judged(tuple(found), tuple(connection.scalars(of_these)))
