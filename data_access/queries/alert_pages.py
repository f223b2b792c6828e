"""Alerts as pages show them: how many wait, the most urgent of them, and the list a page at a time.

No page waits until everybody is judged for a new day: until then it is told what was found last, and that it is.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from data_access.queries.alerts import AlertRow, closed_rows, owned_rows, rows_of, snoozed_rows
from data_access.queries.found_alerts import Found, found
from data_access.queries.keyset import Mark
from data_access.scope import Scope
from domain.alerts.catalog import RULES, Severity
from domain.alerts.watch import Watch
from domain.filters import Filters

WORST = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """How many alerts of each rule wait for somebody, how many are snoozed, and the most urgent of those that wait.

    apart: how many accounts were judged for it. as_judged: where what was found last is told, the first of the days for which
    that was. unjudged: nothing is known yet.
    """

    waiting: Mapping[str, int]
    snoozed: int
    worst: tuple[AlertRow, ...]
    apart: int
    as_judged: date | None = None
    unjudged: bool = False

    @property
    def counts(self) -> dict[Severity, int]:
        """How many that wait are of each severity."""
        return {severity: self.number((severity.value,)) for severity in Severity}

    def number(self, severities: Collection[str] = (), rules: Collection[str] = ()) -> int:
        """How many wait of some severities and rules; of all where none is named."""
        return sum(self.waiting.get(rule, 0) for rule in wanted(severities, rules))


def wanted(severities: Collection[str], rules: Collection[str]) -> list[str]:
    """The rules of some severities, and among some rules; all where none is named."""
    return [
        rule.id
        for rule in RULES.values()
        if (not severities or rule.severity.value in severities) and (not rules or rule.id in rules)
    ]


def standing(
    connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date, hasty: bool = False
) -> Standing:
    """What needs somebody within the filters. hasty: not where many accounts would have to be judged for it; see unjudged."""
    known = found(connection, scope, filters, watch, lately=filters.as_of == today, hasty=hasty)
    if known.unjudged:
        return Standing({}, 0, (), 0, unjudged=True)
    snoozed = snoozed_rows(connection, scope, filters, known, today)
    waiting = known.counts()
    waiting.subtract(Counter(row.finding.rule for row in snoozed))
    worst = known.page(RULES, [row.finding.key for row in snoozed], limit=WORST)
    rows = tuple(rows_of(connection, scope, filters, worst, today))
    return Standing(dict(waiting), len(snoozed), rows, known.apart, known.as_judged)


def waiting(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    watch: Watch,
    today: date,
    severities: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int,
) -> list[AlertRow]:
    """A page of those that nobody snoozed, the most urgent first. A mark is the `urgency` of a finding."""
    known = _found(connection, scope, filters, watch, today)
    snoozed = [row.finding.key for row in snoozed_rows(connection, scope, filters, known, today)]
    some = known.page(wanted(severities, rules), snoozed, after=after, before=before, limit=limit)
    return rows_of(connection, scope, filters, some, today)


def snoozed(connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date) -> list[AlertRow]:
    """All that are out of sight."""
    return snoozed_rows(connection, scope, filters, _found(connection, scope, filters, watch, today), today)


def owned(
    connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date, owner: str
) -> list[AlertRow]:
    """All that somebody sees to, snoozed ones too."""
    return owned_rows(connection, scope, filters, _found(connection, scope, filters, watch, today), today, owner=owner)


def closed(connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date) -> list[AlertRow]:
    """All that were closed lately."""
    return closed_rows(
        connection, scope, filters, _found(connection, scope, filters, watch, today), watch=watch, today=today
    )


def named(
    connection: Connection, scope: Scope, filters: Filters, *, watch: Watch, today: date, rule: str, cause: str
) -> AlertRow | None:
    """One that is found, or was closed lately."""
    known = _found(connection, scope, filters, watch, today)
    if finding := known.of([(rule, cause)]).get((rule, cause)):
        return rows_of(connection, scope, filters, [finding], today)[0]
    gone = closed_rows(connection, scope, filters, known, watch=watch, today=today)
    return next((row for row in gone if row.finding.key == (rule, cause)), None)


def _found(connection: Connection, scope: Scope, filters: Filters, watch: Watch, today: date) -> Found:
    """What the rules find, or found last, on a page."""
    return found(connection, scope, filters, watch, lately=filters.as_of == today)
