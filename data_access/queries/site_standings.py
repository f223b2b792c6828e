"""What the accounts at each site come to on a day, in brief: read from what is kept of their risk (decision 0037).

Where something is not to be relied on (see touched), all accounts of its site are judged now.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, select

from data_access.queries.expressions import total
from data_access.queries.kept_risks import MOST, Apart, Asked, parameters, stands
from data_access.queries.risk import account_risks
from data_access.queries.risk_rows import NEVER
from data_access.queries.site_risk import SiteRisk, site_risks
from data_access.queries.sites_at_risk import SITES, judged_at_homes, people_at
from data_access.queries.touched import relied_on
from data_access.schema import sites
from data_access.scope import Scope
from domain.filters import Filters
from domain.risk import Effect, Stage
from domain.risk_severity import Severity


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """One site at which something is unsettled. stage: the worst of its accounts, those included whose vendor never suspends.

    Of the accounts that are late or worse with a vendor that suspends: threatened, how many; effect, what stops with them; keep_on,
    what keeps all of them on, by currency in minor units; likely, the earliest likely day; first: stage and day of the one told first.
    """

    as_of: date
    site: str
    name: str
    stage: Stage
    threatened: int
    effect: Effect
    keep_on: Mapping[str, int]
    likely: date | None
    first: tuple[Stage, date] | None

    @property
    def severity(self) -> Severity:
        """Of the one told first."""
        return Severity.by_days(self.first[0] if self.first else self.stage, self.days_left)

    @property
    def stops_on(self) -> date:
        """Its likely day; the end of the calendar where there is none."""
        return self.first[1] if self.first else NEVER

    @property
    def days_left(self) -> int | None:
        """To that day, never below 0."""
        return max(0, (self.first[1] - self.as_of).days) if self.first else None

    @property
    def by_effect(self) -> tuple[object, ...]:
        """Where something stops first, and of those where it hurts most."""
        rank = tuple(-n for n in self.effect.rank)
        return not self.threatened, rank, -self.stage, self.likely or date.max, self.name


def site_standings(connection: Connection, scope: Scope, filters: Filters) -> list[SiteStanding]:
    """Every site at which something of the accounts in the filters is unsettled, by_effect."""
    found, asked, given = _judged_now(connection, scope, filters)
    if asked:
        found += _of_kept(connection, asked, given)
    return sorted(found, key=lambda site: (site.by_effect, site.site))


def sites_by_effect(connection: Connection, scope: Scope, filters: Filters) -> list[str]:
    """The codes of all that site_standings tells, in its order."""
    judged, asked, given = _judged_now(connection, scope, filters)
    found = [(site.by_effect, site.site) for site in judged]
    for row in connection.execute(_ranks(asked), given) if asked else ():
        code, name, stage, stops, criticality, people, services, likely = row
        rank = (-criticality, -people, -services)
        found.append(((not stops, rank, -stage, likely or date.max, name), code))
    return [code for _, code in sorted(found)]


def _judged_now(
    connection: Connection, scope: Scope, filters: Filters
) -> tuple[list[SiteStanding], Asked | None, dict[str, Any]]:
    """The sites that are judged now; what to ask of the others, and its parameters. None where all sites are judged."""
    ids, table = relied_on(connection, scope, filters.as_of, MOST)
    if ids is None:
        every = site_risks(account_risks(connection, scope, filters))
        return [_judged(site, filters.as_of) for site in every], None, {}
    apart = Apart(ids, table, (), (), 0)
    homes, there = judged_at_homes(connection, scope, filters, ids)
    given = parameters(filters, apart) | ({SITES: homes} if ids else {})
    return [_judged(site, filters.as_of) for site in there], apart.asked(scope, filters), given


def _judged(site: SiteRisk, as_of: date) -> SiteStanding:
    first = (site.first.risk.firm.stage, site.first.stops_on) if site.first else None
    told = (site.stage, len(site.threatened), site.effect, site.keep_on, site.likely, first)
    return SiteStanding(as_of, site.site, site.name, *told)


def _of_kept(connection: Connection, asked: Asked, given: dict[str, Any]) -> Iterable[SiteStanding]:
    by_site: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_told(asked), given):
        by_site[row.site_id].append(row)
    away = [site_id for site_id, rows in by_site.items() if any(row.away for row in rows)]
    people = dict(connection.execute(_people(asked), given | {_AWAY: away}).all()) if away else {}
    for site_id, rows in by_site.items():
        yield _standing(rows, asked.filters.as_of, people.get(site_id))


def _standing(rows: Sequence[Any], as_of: date, people: int | None) -> SiteStanding:
    """Of the rows of a site: one a stage and currency, those apart that have no day."""
    stopping = [row for row in rows if row.stage > Stage.CURRENT and row.stops_on < NEVER]
    keep_on: dict[str, int] = defaultdict(int)
    for row in sorted(stopping, key=lambda row: row.currency):
        keep_on[row.currency] += row.keeps_on
    headcount = max((row.headcount for row in stopping), default=0) if people is None else people
    services = sum(row.services for row in stopping)
    effect = Effect(services, max((row.criticality for row in stopping), default=0), headcount)
    first = min(((-row.stage, row.stops_on) for row in stopping), default=None)
    return SiteStanding(
        as_of,
        rows[0].code,
        rows[0].name,
        Stage(max(row.stage for row in rows)),
        sum(row.number for row in stopping),
        effect,
        dict(keep_on),
        min((row.stops_on for row in stopping), default=None),
        (Stage(-first[0]), first[1]) if first else None,
    )


@lru_cache(maxsize=64)
def _ranks(asked: Asked) -> Select[*tuple[Any, ...]]:
    """What by_effect looks at, of each site of what is kept."""
    kept = asked.kept
    stopping = and_(kept.stage > int(Stage.CURRENT), kept.stops_on < NEVER)
    of_stopping = {name: case((stopping, kept[name]), else_=0) for name in ("criticality", "headcount", "services")}
    every = (
        stands(asked, kept.bills > 0, *_of_others(asked))
        .add_columns(
            kept.site_id,
            func.max(kept.stage).label("stage"),
            func.max(case((stopping, 1), else_=0)).label("stops"),
            func.max(of_stopping["criticality"]).label("criticality"),
            func.max(of_stopping["headcount"]).label("headcount"),
            total(of_stopping["services"]).label("services"),
            func.min(case((stopping, kept.stops_on))).label("likely"),
            func.max(case((and_(stopping, kept.elsewhere), 1), else_=0)).label("away"),
        )
        .group_by(kept.site_id)
        .subquery("every")
    )
    e = every.c
    people = case((e.away == 1, people_at(asked, e.site_id)), else_=e.headcount)
    told = (sites.c.code, sites.c.name, e.stage, e.stops, e.criticality, people, e.services, e.likely)
    return select(*told).join_from(every, sites, sites.c.id == e.site_id)


_AWAY = "away"  # a parameter: sites of which lines end elsewhere


@lru_cache(maxsize=64)
def _told(asked: Asked) -> Select[*tuple[Any, ...]]:
    kept = asked.kept
    with_a_day = kept.stops_on < NEVER
    every = (
        stands(asked, kept.bills > 0, *_of_others(asked))
        .add_columns(
            kept.site_id,
            kept.stage,
            kept.currency,
            func.min(kept.stops_on).label("stops_on"),
            func.count().label("number"),
            total(kept.keeps_on).label("keeps_on"),
            func.max(kept.criticality).label("criticality"),
            func.max(kept.headcount).label("headcount"),
            total(kept.services).label("services"),
            func.max(case((and_(kept.elsewhere, with_a_day, kept.stage > int(Stage.CURRENT)), 1), else_=0)).label(
                "away"
            ),
        )
        .group_by(kept.site_id, kept.stage, kept.currency, with_a_day)
        .subquery("every")
    )
    return select(every, sites.c.code, sites.c.name).join(sites, sites.c.id == every.c.site_id)


@lru_cache(maxsize=64)
def _people(asked: Asked) -> Select[*tuple[Any, ...]]:
    there = sites.alias("there")
    people = people_at(asked, there.c.id)
    return select(there.c.id, people).where(there.c.id.in_(bindparam(_AWAY, expanding=True)))


def _of_others(asked: Asked) -> list[Any]:
    return [asked.kept.site_id.not_in(bindparam(SITES, expanding=True))] if asked.apart else []
