"""The accounts at risk as pages show them: how many of each severity, what keeps them on, which stop first, and each severity by pages."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from data_access.queries.expressions import total
from data_access.queries.kept_risks import (
    Apart,
    Asked,
    Order,
    Range,
    ids_in_order,
    judged_apart,
    page_of,
    parameters,
    some_in_order,
    stands,
)
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.risk_rows import NEVER, RiskRow
from data_access.scope import Scope
from domain.filters import Filters
from domain.periods import shifted
from domain.risk import Stage
from domain.risk_severity import LATER, SOON, Severity

MANY = 2_000  # accounts: judging them takes a third of a second
FIRST = 5  # of those that are off, and of those to come
_THREATENED = (Stage.SUSPENDED, Stage.NEAR, Stage.NOTICE, Stage.LATE)
_COMING = _THREATENED[1:]
_LAST_DAY = shifted(NEVER, -1)  # of those that have one

Amounts = Mapping[str, int]  # minor units by currency
Span = tuple[Severity, int, int]  # of the accounts of a severity: from which one on, and how many


@dataclass(frozen=True)
class AtRisk:
    """Of the accounts at risk: how many and what keeps them on, by severity (Severity.CLEAR: only bills to come); and which stop first.

    of_sites: what keeps those on that have a day. off, coming: how many are switched off, and have a day to come; last_off,
    first_coming: the newest of those and the next of these, FIRST at most, in order of the day. critical: the first one that is.
    apart: how many accounts were judged for it, since what is kept of them does not stand. unjudged: nothing is known yet.
    """

    as_of: date
    counts: Mapping[Severity, int]
    amounts: Mapping[Severity, Amounts]
    of_sites: Amounts
    off: int
    coming: int
    last_off: tuple[RiskRow, ...] = ()
    first_coming: tuple[RiskRow, ...] = ()
    critical: RiskRow | None = None
    apart: int = field(default=0, compare=False)
    unjudged: bool = False

    @property
    def threatened(self) -> int:
        """How many are at risk."""
        return sum(number for severity, number in self.counts.items() if severity is not Severity.CLEAR)

    @property
    def amount(self) -> Amounts:
        """What keeps all of them on, by currency."""
        sums: Counter[str] = Counter()
        for amounts in self.amounts.values():
            sums.update(amounts)
        return sums

    @property
    def stopping(self) -> int:
        """How many are off or have a day."""
        return self.off + self.coming


def at_risk(connection: Connection, scope: Scope, filters: Filters, *, hasty: bool = False) -> AtRisk:
    """What is told of all the accounts in the filters that are at risk.

    hasty: not where MANY accounts would have to be judged for it; see AtRisk.unjudged.
    """
    apart = judged_apart(connection, scope, filters, MANY if hasty else None)
    if apart.unjudged:
        return AtRisk(filters.as_of, {}, {}, {}, 0, 0, unjudged=True)
    counts: Counter[Severity] = Counter({Severity.CLEAR: apart.clear})
    amounts: dict[Severity, Counter[str]] = {}
    at_sites: Counter[str] = Counter()
    off = coming = 0
    for severity, currency, with_a_day, number, keeps_on in _counted(connection, scope, filters, apart):
        counts[severity] += number
        if severity is not Severity.CLEAR:
            amounts.setdefault(severity, Counter())[currency] += keeps_on
            off += number if severity is Severity.OFF else 0
            if with_a_day:
                at_sites[currency] += keeps_on
                coming += number if severity is not Severity.OFF else 0
    first = partial(_first, connection, scope, filters, apart)
    last_off = first([Stage.SUSPENDED], last=True) if off else ()
    first_coming = first(_COMING) if coming else ()
    near = first([Stage.NEAR]) if counts[Severity.CRITICAL] else ()
    return AtRisk(
        filters.as_of,
        {severity: counts[severity] for severity in Severity if counts[severity]},
        {severity: amounts[severity] for severity in Severity if severity in amounts},
        at_sites,
        off,
        coming,
        last_off,
        first_coming,
        near[0] if near else None,
        sum(counts.values()) if apart.ids is None else len(apart.ids),
    )


def groups_at_risk(
    connection: Connection, scope: Scope, filters: Filters, *, spans: Sequence[Span]
) -> dict[Severity, list[AccountRisk]]:
    """Of each severity of `spans` some accounts with their reasons, in order of the day on which service stops.

    They are judged all at once: what policies, notices and calls say is read once for few accounts or many.
    """
    apart = judged_apart(connection, scope, filters)
    shown = {span[0]: _in_group(connection, scope, filters, apart, span) for span in spans}
    judged = {entry.account_id: entry for entry in apart.entries}
    unread = [account_id for group in shown.values() for account_id in group if account_id not in judged]
    if unread:
        judged |= {e.account_id: e for e in account_risks(connection, scope, Filters(filters.as_of), among=unread)}
    return {severity: [judged[account_id] for account_id in group] for severity, group in shown.items()}


def _in_group(connection: Connection, scope: Scope, filters: Filters, apart: Apart, span: Span) -> list[int]:
    """The accounts of a span, in order."""
    severity, start, limit = span
    others = [row for row in apart.rows if row.severity is severity]
    ranges = _ranges(severity, filters.as_of)
    if not others:
        return ids_in_order(connection, scope, filters, apart, ranges, order=Order.IN_GROUP, start=start, most=limit)

    def read(first: int, most: int) -> list[RiskRow]:
        return some_in_order(connection, scope, filters, apart, ranges, order=Order.IN_GROUP, start=first, most=most)

    return [row.account_id for row in page_of(read, others, attrgetter("in_group"), start, limit)]


def suspensions(
    connection: Connection, scope: Scope, filters: Filters, *, until: date, limit: int
) -> tuple[list[RiskRow], int]:
    """Those that are off, or within medium, by `until`, in order of the day: the first ones; and how many such stop later."""
    apart = judged_apart(connection, scope, filters)
    soon = shifted(filters.as_of, LATER)
    ranges = tuple((stage, date.min, until if stage >= Stage.NEAR else min(until, soon)) for stage in _THREATENED)
    others = [row for row in apart.rows if row.severity <= Severity.MEDIUM]
    found = some_in_order(connection, scope, filters, apart, ranges, order=Order.BY_DAY, most=limit)
    found += [row for row in others if row.stops_on <= until]
    later = sum(row.stops_on > until for row in others)
    if apart.ids is not None:
        counted = _counting_later(apart.asked(scope, filters), until)
        later += connection.scalar(counted, parameters(filters, apart)) or 0
    return sorted(found, key=attrgetter("by_day"))[:limit], later


@lru_cache(maxsize=64)
def _counting_later(asked: Asked, until: date) -> Select[*tuple[Any, ...]]:
    soon = shifted(asked.filters.as_of, LATER)
    kept = asked.kept
    later = kept.stops_on > until
    either = or_(
        and_(kept.stage.in_((int(Stage.NEAR), int(Stage.SUSPENDED))), later),
        and_(kept.stage.in_((int(Stage.LATE), int(Stage.NOTICE))), later, kept.stops_on <= soon),
    )
    return stands(asked, either).add_columns(func.count())


def _counted(connection: Connection, scope: Scope, filters: Filters, apart: Apart) -> Iterator[tuple[Any, ...]]:
    """(severity, currency, whether it has a day, how many, what keeps them on): several rows of each."""
    for row in apart.rows:
        yield row.severity, row.currency, row.window is not None, 1, row.keeps_on
    if apart.ids is not None:
        for row in connection.execute(_counting(apart.asked(scope, filters)), parameters(filters, apart)):
            yield Severity(row.severity), row.currency, row.with_a_day, row.number, row.keeps_on


@lru_cache(maxsize=64)
def _counting(asked: Asked) -> Select[*tuple[Any, ...]]:
    kept = asked.kept
    # Put together in the order of the index first: few are left to be told apart.
    keys = (kept.stage, kept.stops_on, kept.currency)
    sums = (func.count().label("number"), total(kept.keeps_on).label("keeps_on"))
    days = stands(asked, kept.bills > 0).add_columns(*keys, *sums).group_by(*keys).subquery()
    stage, stops_on = days.c.stage, days.c.stops_on
    soon, later = (shifted(asked.filters.as_of, ahead) for ahead in (SOON, LATER))
    severity = case(
        (stage == int(Stage.CURRENT), int(Severity.CLEAR)),
        (stage == int(Stage.SUSPENDED), int(Severity.OFF)),
        (stage == int(Stage.NEAR), int(Severity.CRITICAL)),
        (stops_on <= soon, int(Severity.HIGH)),
        (stops_on <= later, int(Severity.MEDIUM)),
        else_=int(Severity.LOW),
    )
    told = select(
        severity.label("severity"),
        days.c.currency,
        (stops_on < NEVER).label("with_a_day"),
        days.c.number,
        days.c.keeps_on,
    ).subquery()
    by = (told.c.severity, told.c.currency, told.c.with_a_day)
    return select(*by, total(told.c.number).label("number"), total(told.c.keeps_on).label("keeps_on")).group_by(*by)


def _ranges(severity: Severity, as_of: date) -> tuple[Range, ...]:
    """The stages and days that make a severity."""
    if severity in (Severity.OFF, Severity.CRITICAL):
        return ((Stage.SUSPENDED if severity is Severity.OFF else Stage.NEAR, date.min, NEVER),)
    edges = {Severity.HIGH: (None, SOON), Severity.MEDIUM: (SOON + 1, LATER), Severity.LOW: (LATER + 1, None)}
    first, last = edges[severity]
    days = (date.min if first is None else shifted(as_of, first), NEVER if last is None else shifted(as_of, last))
    return tuple((stage, *days) for stage in (Stage.NOTICE, Stage.LATE))


def _first(
    connection: Connection, scope: Scope, filters: Filters, apart: Apart, stages: Sequence[Stage], *, last: bool = False
) -> tuple[RiskRow, ...]:
    """The FIRST of these stages that have a day, by day; or the last ones."""
    ranges = tuple((stage, date.min, _LAST_DAY) for stage in stages)
    order = Order.LAST if last else Order.BY_DAY
    others = [row for row in apart.rows if row.stage in stages and row.window]
    kept_ones = some_in_order(connection, scope, filters, apart, ranges, order=order, most=FIRST)
    found = sorted([*kept_ones, *others], key=attrgetter("by_day"))
    return tuple(found[-FIRST:] if last else found[:FIRST])
