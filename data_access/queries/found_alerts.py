"""Where findings are read from: those that are kept, and of accounts that something was written about since, judged now.

Kept findings are as of the day and by the grounds for which they were made (decision 0038). Who sees only some sites is told those of their sites, but
for what is found by what is elsewhere; accounts of which others' lines or credits count are judged for them. Who would rather not wait on a
new day until the rules were asked about everybody is told what was found last (decision 0043).

Of some days of the past what was found is kept as well, for who sees every site (decision 0049). Those of other days are what the rules find
when they are read.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, false, func, or_, select, true

from data_access.alert_marks import touched
from data_access.past_alerts import is_kept
from data_access.queries.alert_findings import findings, findings_beyond
from data_access.queries.alert_judgements import Marks, judged_now
from data_access.queries.alert_places import Places
from data_access.queries.alerting.grounds import grounds
from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.queries.expressions import unindexed
from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.queries.risk import FEW
from data_access.schema import alert_findings, alert_judged, past_findings
from data_access.scope import Scope, within
from domain.alerts.catalog import RULES, Severity
from domain.alerts.findings import Finding
from domain.alerts.lifecycle import urgency
from domain.alerts.watch import Watch
from domain.filters import Filters

_MOST = 2_000  # accounts judged beside what is kept; of more, everything is judged
_AT_ONCE = 500
_BEYOND_HEX = "g"  # after every text that begins alike
_F, _J = alert_findings.c, alert_judged.c
_SEVERITIES = list(Severity)
Key = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """What the rules find within the filters: `fresh`, the most urgent first, and others that are kept.

    kept: conditions for those, None for no others, of the rows of `table`; own, in_order: that they are in scope, as a way in by their sites and in the
    order of a list. instead: which of them stand no more, since fresh ones came in their place.
    apart: how many accounts were judged for it. as_judged: where the kept ones are of other days or grounds, the first of these days.
    unjudged: nothing is known yet.
    """

    connection: Connection
    fresh: tuple[Finding, ...]
    kept: tuple[ColumnElement[bool], ...] | None = None
    instead: ColumnElement[bool] | None = None
    apart: int = 0
    as_judged: date | None = None
    own: ColumnElement[bool] = field(default_factory=true)
    in_order: ColumnElement[bool] = field(default_factory=true)
    table: Table = alert_findings
    unjudged: bool = False

    @property
    def standing(self) -> tuple[ColumnElement[bool], ...]:
        """Conditions for the kept ones that stand."""
        return self.own, *self._others

    @property
    def _others(self) -> tuple[ColumnElement[bool], ...]:
        return (*(self.kept or ()), *(() if self.instead is None else (~self.instead,)))

    @cached_property
    def by_key(self) -> dict[Key, Finding]:
        """The fresh ones."""
        return {finding.key: finding for finding in self.fresh}

    def counts(self) -> Counter[str]:
        """How many of each rule."""
        number = Counter(finding.rule for finding in self.fresh)
        if self.kept is not None:  # all of them less a few, both by an index that need not look further
            number.update(self._number(self.kept))
        if self.kept is not None and self.instead is not None:
            number.subtract(self._number((*self.kept, self.instead)))
        return number

    def _number(self, which: Iterable[ColumnElement[bool]]) -> dict[str, int]:
        f = self.table.c
        statement = select(f.rule, func.count()).where(self.own, *which).group_by(f.rule)
        return dict(self.connection.execute(statement).all())

    def page(
        self,
        wanted: Collection[str],
        without: Iterable[Key] = (),
        *,
        after: Mark | None = None,
        before: Mark | None = None,
        limit: int,
    ) -> list[Finding]:
        """Some of the rules `wanted`, in order, but for those `without`."""
        out = set(without)
        fresh = [f for f in self.fresh if f.rule in wanted and f.key not in out]
        if after is not None:
            fresh = [f for f in fresh if urgency(f) > after]
        elif before is not None:
            fresh = [f for f in fresh if urgency(f) < before]
        some = fresh[-limit:] if before is not None else fresh[:limit]
        some = sorted([*some, *self._kept(wanted, out, after, before, limit)], key=urgency)
        return some[-limit:] if before is not None else some[:limit]

    def of(self, keys: Iterable[Key]) -> dict[Key, Finding]:
        """Those with one of these keys that are found."""
        asked = set(keys)
        found = {key: self.by_key[key] for key in asked & set(self.by_key)}
        causes = sorted({cause for _, cause in asked})
        if self.kept is None:
            return found
        rules = sorted({rule for rule, _ in asked})
        for start in range(0, len(causes), _AT_ONCE):
            alike = self.table.c.rule.in_(rules), self.table.c.cause.in_(causes[start : start + _AT_ONCE])
            rows = self.connection.execute(select(self.table).where(*self.standing, *alike))
            found |= {(row.rule, row.cause): finding_of(row) for row in rows if (row.rule, row.cause) in asked}
        return found

    def not_kept(self, rule: Any, cause: Any) -> ColumnElement[bool]:
        """That what these columns name is not among the kept ones."""
        if self.kept is None:
            return true()
        f = self.table.c
        return ~select(f.id).where(f.rule == rule, f.cause == cause, *self.standing).exists()

    def every(self) -> list[Finding]:
        """All of them, the most urgent first."""
        if self.kept is None:
            return list(self.fresh)
        rows = self.connection.execute(select(self.table).where(*self.standing))
        return sorted([*self.fresh, *map(finding_of, rows)], key=urgency)

    def _kept(
        self, wanted: Collection[str], out: set[Key], after: Mark | None, before: Mark | None, limit: int
    ) -> list[Finding]:
        if self.kept is None or not wanted:
            return []
        f = self.table.c
        conditions = [self.in_order, *self._others]
        if len(wanted) < len(RULES):
            severities = sorted({_SEVERITIES.index(RULES[rule].severity) for rule in wanted})
            conditions += [f.severity.in_(severities), f.rule.in_(sorted(wanted))]
        statement: Select[Any] = select(self.table).where(*conditions)
        urgency_order = Order((f.severity, f.last_day, f.weight, f.rule, f.cause), descending=False)
        asked = page_of(statement, urgency_order, after=after, before=before, limit=limit + len(out))
        rows = turned(self.connection.execute(asked).all(), before)
        return [finding_of(row) for row in rows if (row.rule, row.cause) not in out]


def found(
    connection: Connection, scope: Scope, filters: Filters, watch: Watch, *, lately: bool = False, hasty: bool = False
) -> Found:
    """What the rules that are on find on the as-of day.

    lately: where more than a few accounts would have to be judged for that, what was found about them last; see as_judged.
    hasty: where that would be so for who sees every site, nothing; see unjudged.
    """
    as_of, thresholds = filters.as_of, watch.thresholds
    by = grounds(connection, scope, thresholds)
    as_judged, table = None, alert_findings
    since = _touched(connection, scope) if _is_judged(connection, scope, as_of, by) else None
    if since is None and lately and (as_judged := _judged_last(connection, scope, filters)):
        since = _touched(connection, scope) or {}  # of too many nothing more is told than of the others
    if since is None and scope.everything and is_kept(connection, as_of, by):
        since, table = _touched(connection, scope), past_findings
    if since is None:
        if hasty and scope.everything and _are_many(connection, scope, filters):
            return Found(connection, (), unjudged=True)
        every = findings(connection, scope, as_of, thresholds, watch.rules, filters=filters)
        number = connection.scalar(select(func.count()).select_from(ledger_accounts(scope, filters))) or 0
        return Found(connection, _within(connection, scope, filters, every), apart=number)
    f = table.c
    of_day = (past_findings.c.day == as_of,) if table is past_findings else ()
    conditions: list[ColumnElement[bool]] = [*of_day]
    if not scope.everything:
        conditions.append(_F.apart == false())
    if watch.off:
        conditions.append(f.rule.in_(sorted(watch.rules)))
    if narrowed(filters):
        conditions.append(f.account_id.in_(select(ledger_accounts(scope, filters).c.account_id)))
    fresh = findings_beyond(connection, scope, as_of, thresholds, watch.rules)
    instead = None
    if since:
        which = within(scope, f.site_id), *of_day
        judged = judged_now(connection, scope, as_of, thresholds, by, since=since, table=table, which=which)
        instead = or_(f.account_id.in_(sorted(since)), f.id.in_(judged.replaced))
        fresh += [finding for finding in judged.findings if finding.rule in watch.rules]
    told = _within(connection, scope, filters, fresh)
    written = sum(len(marks) > 1 for marks in since.values())  # the others are judged for this scope alone
    own = within(scope, f.site_id), within(scope, unindexed(f.site_id))
    return Found(connection, told, tuple(conditions), instead, written, as_judged, *own, table=table)


def finding_of(row: Any) -> Finding:
    """A finding as it was kept, or as the books of alerts have it."""
    names = (
        "rule",
        "cause",
        "since",
        "entity",
        "entity_id",
        "account_id",
        "site_id",
        "vendor_id",
        "amount",
        "currency",
    )
    facts = tuple((str(what), str(value)) for what, value in json.loads(row.facts))
    return Finding(**{name: getattr(row, name) for name in names}, act_by=row.act_by, facts=facts)


def _within(connection: Connection, scope: Scope, filters: Filters, some: list[Finding]) -> tuple[Finding, ...]:
    places = Places(connection, scope, filters, some)
    return tuple(sorted((finding for finding in some if places.hold(finding)), key=urgency))


def _is_judged(connection: Connection, scope: Scope, as_of: date, by: str) -> bool:
    """Whether all that is kept in scope was judged for that day by these grounds, of which `by` may be the beginning."""
    own = within(scope, _J.site_id)
    other = (
        _J.day < as_of,
        _J.day > as_of,
        (_J.day == as_of) & (_J.grounds < by),
        (_J.day == as_of) & (_J.grounds >= by + _BEYOND_HEX),
    )
    apart = or_(*(select(_J.account_id).where(condition, own).exists() for condition in other))
    any_of_them = select(_J.account_id).where(own).limit(1)
    return not connection.scalar(select(apart)) and connection.scalar(any_of_them) is not None


def _judged_last(connection: Connection, scope: Scope, filters: Filters) -> date | None:
    """The first of the days for which accounts were judged last; None where that will not do: few are asked for, or a day to come."""
    days = select(func.min(_J.day), func.max(_J.day)).where(within(scope, _J.site_id))
    first, last = connection.execute(days).one()
    if last is None or last > filters.as_of:
        return None
    return first if _are_many(connection, scope, filters) else None


def _are_many(connection: Connection, scope: Scope, filters: Filters) -> bool:
    """More accounts than are judged while somebody waits."""
    some = select(ledger_accounts(scope, filters).c.account_id).limit(FEW + 1)
    return len(connection.scalars(some).all()) > FEW


def _touched(connection: Connection, scope: Scope) -> dict[int, Marks] | None:
    """The accounts to judge beside what is kept, with their marks; None where they are too many."""
    rows = connection.execute(touched(scope).limit(_MOST + 1)).all()
    some: dict[int, Marks] = {}
    if not scope.everything:
        apart = select(_J.account_id, _J.turn).where(_J.apart == true(), within(scope, _J.site_id))
        some |= {row.account_id: (row.turn,) for row in connection.execute(apart.limit(_MOST + 1))}
    some |= {account_id: tuple(marks) for account_id, *marks in rows}
    return some if len(some) <= _MOST else None
