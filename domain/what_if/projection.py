"""What a scenario comes to, day by day: columns for the days 0 to the horizon, by site and in total."""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from domain.what_if.actions import Scenario, ScenarioError
from domain.what_if.fees import fees
from domain.what_if.measures import BillOutcome, Measures, Outcome
from domain.what_if.measuring import by_account, by_bill, by_site
from domain.what_if.playing import played
from domain.what_if.risk_days import risk_days
from domain.what_if.start import Site, Start
from domain.what_if.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """One scenario played from one start. Rows of by_site follow `sites`, those of accounts and bills the start."""

    as_of: date
    currency: str
    horizon_days: int
    edges: tuple[int, ...]
    sites: tuple[Site, ...]
    total: Measures
    by_site: Measures
    accounts: Outcome
    bills: BillOutcome


def project(start: Start, scenario: Scenario) -> Projection:
    """Play the scenario. Without actions it is the baseline: what comes if nobody pays, and autopay draws."""
    if scenario.currency not in ("", start.currency):
        raise ScenarioError(f"currency: {scenario.currency} is not that of these accounts, {start.currency}")
    if scenario.horizon_days > (start.until - start.as_of).days:
        raise ScenarioError(f"horizon_days: {scenario.horizon_days} reach beyond {start.until}, the last day looked at")
    book, horizon = played(start, scenario), scenario.horizon_days
    timeline = Timeline(book, horizon)
    charged, risk = fees(book, timeline), risk_days(book, timeline)
    sites = by_site(book, timeline, charged, risk)
    return Projection(
        as_of=start.as_of,
        currency=start.currency,
        horizon_days=horizon,
        edges=start.edges,
        sites=start.sites,
        total=Measures(*(getattr(sites, field.name).sum(axis=-2) for field in fields(Measures))),
        by_site=sites,
        accounts=by_account(book, timeline, charged, risk),
        bills=by_bill(book, horizon),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """The other less the baseline; with the baseline it adds up to the other."""

    total: Measures
    by_site: Measures


def difference(baseline: Projection, other: Projection) -> Difference:
    """What a scenario changes, of two projections from the same start over the same days."""
    return Difference(_less(other.total, baseline.total), _less(other.by_site, baseline.by_site))


def _less(one: Measures, other: Measures) -> Measures:
    return Measures(*(np.subtract(getattr(one, f.name), getattr(other, f.name)) for f in fields(Measures)))
