"""The sites at which something stops, by what would stop: criticality first, then people, then lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)

from data_access.queries.expressions import total
from data_access.queries.kept_risks import (
    DAY,
    MOST,
    Apart,
    Asked,
    kept_rows,
    page_of,
    parameters,
    stands,
    with_columns,
)
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.risk_rows import NEVER, RiskRow, brief
from data_access.queries.site_risk import SiteRisk, site_risks
from data_access.queries.touched import relied_on
from data_access.schema import accounts, services, sites
from data_access.scope import Scope, within
from domain.filters import Filters
from domain.risk import Effect, Stage

SITES = "sites"  # a parameter: sites of which something is judged now


@dataclass(frozen=True)
class SiteAtRisk:
    """One site: what stops there together, and its accounts that are late or worse with a vendor that suspends, the worst first."""

    site: str
    name: str
    effect: Effect
    threatened: tuple[RiskRow, ...]

    @property
    def in_order(self) -> tuple[Any, ...]:
        """The order in which they are told."""
        return tuple(-n for n in self.effect.rank), self.name, self.site


@dataclass(frozen=True)
class SitesAtRisk:
    """Some of the sites, and how many there are."""

    sites: tuple[SiteAtRisk, ...]
    number: int


def sites_at_risk(connection: Connection, scope: Scope, filters: Filters, *, start: int, limit: int) -> SitesAtRisk:
    """Sites from the `start`th on, with those of their accounts that are in the filters."""
    ids, table = relied_on(connection, scope, filters.as_of, MOST)
    if ids is None:
        every = sorted(
            map(_of_entries, _threatened(account_risks(connection, scope, filters))), key=attrgetter("in_order")
        )
        return SitesAtRisk(tuple(every[start : start + limit]), len(every))
    apart = Apart(ids, table, (), (), 0)
    given = parameters(filters, apart)
    others: list[SiteAtRisk] = []
    if ids:  # all accounts of their sites are judged together
        given[SITES], there = judged_at_homes(connection, scope, filters, ids)
        others += [_of_entries(site) for site in there if site.threatened]
    which = _grouped(apart.asked(scope, filters))
    number = 0

    def read(first: int, most: int) -> list[SiteAtRisk]:
        nonlocal number
        found = connection.execute(which.offset(first).limit(most), given).all()
        if first and not found:  # beyond the last one
            found = connection.execute(which.limit(1), given).all()
            number = found[0].number if found else 0
            return []
        number = found[0].number if found else 0
        return _read(connection, scope, filters, apart, found)

    shown = page_of(read, others, attrgetter("in_order"), start, limit)
    return SitesAtRisk(tuple(shown), number + len(others))


def _threatened(entries: Iterable[AccountRisk]) -> Iterator[SiteRisk]:
    return (site for site in site_risks(entries) if site.threatened)


def _of_entries(site: SiteRisk) -> SiteAtRisk:
    return SiteAtRisk(site.site, site.name, site.effect, tuple(map(brief, site.threatened)))


def judged_at_homes(
    connection: Connection, scope: Scope, filters: Filters, ids: Sequence[int]
) -> tuple[list[int], list[SiteRisk]]:
    """The ids of the sites of these accounts, and what all their accounts come to: what is kept of these is not put beside it."""
    if not ids:
        return [], []
    own = within(scope, accounts.c.site_id)
    homes = list(connection.scalars(select(accounts.c.site_id).distinct().where(accounts.c.id.in_(ids), own)))
    there = connection.scalars(select(accounts.c.id).where(accounts.c.site_id.in_(homes))).all()
    return homes, site_risks(account_risks(connection, scope, filters, among=there))


def _stopping(asked: Asked, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Of what stands, what stops; without columns."""
    return stands(asked, asked.kept.stage > int(Stage.CURRENT), asked.kept.stops_on < NEVER, *conditions)


@lru_cache(maxsize=64)
def _grouped(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Each site of what is kept but for SITES, in order: its names, what stops there, and how many sites there are."""
    kept = asked.kept
    of_others = [kept.site_id.not_in(bindparam(SITES, expanding=True))] if asked.apart else []
    away = func.max(case((kept.elsewhere == true(), 1), else_=0))
    every = (
        _stopping(asked, *of_others)
        .add_columns(
            kept.site_id,
            func.max(kept.criticality).label("criticality"),
            func.max(kept.headcount).label("headcount"),
            total(kept.services).label("services"),
            away.label("away"),
        )
        .group_by(kept.site_id)
        .subquery("every")
    )
    # Where a line ends elsewhere, the people of each place count once; else they are those of the site.
    people = case((every.c.away == 1, people_at(asked, every.c.site_id)), else_=every.c.headcount)
    number = func.count().over().label("number")
    told = (every.c.site_id, sites.c.code, sites.c.name, every.c.criticality, people.label("people"), every.c.services)
    named = select(*told, number).join(sites, sites.c.id == every.c.site_id).subquery("named")
    order = [named.c[name].desc() for name in ("criticality", "people", "services")]
    return select(named).order_by(*order, named.c.name, named.c.code)


def people_at(asked: Asked, site_id: ColumnElement[int]) -> ScalarSelect[int]:
    """The people at the places of the lines of what stops at a site."""
    kept = asked.kept
    those = _stopping(asked, kept.site_id == site_id).add_columns(kept.account_id).correlate(site_id.table)
    day = bindparam(DAY)
    places = (
        select(func.max(func.coalesce(sites.c.headcount, 0)).label("headcount"))
        .select_from(services)
        .join(sites, sites.c.id == services.c.site_id)
        .where(
            services.c.account_id.in_(those),
            within(asked.scope, services.c.site_id),
            or_(services.c.started_on.is_(None), services.c.started_on <= day),
            or_(services.c.ended_on.is_(None), services.c.ended_on > day),
        )
        .group_by(sites.c.name)
        .correlate(site_id.table)
        .subquery("places")
    )
    return select(total(places.c.headcount)).scalar_subquery()


def _read(
    connection: Connection, scope: Scope, filters: Filters, apart: Apart, found: Sequence[Any]
) -> list[SiteAtRisk]:
    """The sites of these rows, with their accounts."""
    ids = [row.site_id for row in found]
    asked = apart.asked(scope, filters)
    at_these = with_columns(asked, _stopping(asked, asked.kept.site_id.in_(ids)))
    rows = kept_rows(connection, scope, filters, apart, at_these) if ids else []
    by_site: dict[str, list[RiskRow]] = {}
    for row in sorted(rows, key=lambda row: row.worst_first):
        by_site.setdefault(row.site, []).append(row)
    return [
        SiteAtRisk(row.code, row.name, Effect(row.services, row.criticality, row.people), tuple(by_site[row.code]))
        for row in found
    ]
