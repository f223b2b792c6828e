"""Saved scenarios: one's own by name, and any by its link; of its actions only those within the reader's scope.

A scenario may select sites, accounts and bills that its reader may not see. Of these nothing is handed out, not even that they
are there: a selection of them alone takes its action with it.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, text

from data_access.queries.dimensions import filter_options
from data_access.queries.site_names import site_names
from data_access.schema import accounts, invoices, scenarios
from data_access.scope import Scope, require, within
from domain.what_if.actions import Scenario
from domain.what_if.narrowing import Known, narrowed
from domain.what_if.scenario_data import scenario_from

LINK = 22


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario as its reader may see it. `mine`: the reader owns it, and may change it."""

    id: int
    link: str
    owner: str
    mine: bool
    scenario: Scenario
    as_of: date
    data_version: str
    updated_at: datetime


def own_scenarios(connection: Connection, scope: Scope, *, actor: str) -> list[Saved]:
    """Those of `actor`, the last changed first."""
    s = scenarios.c
    kept = select(scenarios).where(s.owner == actor, s.deleted_at.is_(None))
    rows = connection.execute(kept.order_by(s.updated_at.desc(), s.id.desc())).all()
    return [_saved(connection, scope, row, actor) for row in rows]


def opened(connection: Connection, scope: Scope, link: str, actor: str) -> Saved | None:
    """The one behind `link`, whoever owns it; None where there is none any more."""
    if len(link) != LINK:
        return None
    if connection.dialect.name == "postgresql" and not require(scope).everything:
        connection.execute(text("SELECT set_config('duewatch.scenarios', :link, true)"), {"link": link})
    s = scenarios.c
    row = connection.execute(select(scenarios).where(s.link == link, s.deleted_at.is_(None))).one_or_none()
    return None if row is None else _saved(connection, scope, row, actor)


def within_reach(connection: Connection, scope: Scope, scenario: Scenario) -> Scenario:
    """`scenario` without whatever `scope` does not reach: what an address asks for may come from anybody."""
    options = filter_options(connection, scope)
    wanted = [action.selection for action in scenario.actions]
    codes = tuple(sorted({code for each in wanted for code in each.sites}))
    known = Known(
        regions=frozenset(options.regions),
        sites=frozenset(site.code for site in site_names(connection, scope, codes)),
        vendors=frozenset(options.vendors),
        service_types=frozenset(options.service_types),
        accounts=_within(connection, scope, accounts, {n for each in wanted for n in each.accounts}),
        bills=_within(connection, scope, invoices, {n for each in wanted for n in each.bills}),
    )
    return narrowed(scenario, known)


def _within(connection: Connection, scope: Scope, table: Any, ids: set[int]) -> frozenset[int]:
    if not ids:
        return frozenset()
    found = select(table.c.id).where(within(scope, table.c.site_id), table.c.id.in_(sorted(ids)))
    return frozenset(connection.scalars(found))


def _saved(connection: Connection, scope: Scope, row: Any, actor: str) -> Saved:
    scenario = replace(scenario_from(json.loads(row.actions)), name=row.name)
    return Saved(
        id=row.id,
        link=row.link,
        owner=row.owner,
        mine=row.owner == actor,
        scenario=within_reach(connection, scope, scenario),
        as_of=row.as_of,
        data_version=row.data_version,
        updated_at=row.updated_at,
    )
