"""What is compared: the course that things take by themselves, and each scenario beside it; and whether that is stale."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import streamlit as st

from domain.periods import shifted
from domain.what_if.actions import Scenario
from domain.what_if.projection import Projection
from ui import what_if_results
from ui.viewer import Viewer
from ui.what_if_address import Draft
from ui.what_if_results import Basis

KEPT = "what-if-kept"  # session state: what is on the screen, until it is computed anew


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """All from one start. at: when it was computed; elsewhere: (name, currency) of those in another currency; moved: the ledger has changed since, and this is as it was."""

    basis: Basis
    names: tuple[str, ...]
    baseline: Projection
    played: tuple[Projection, ...]
    at: datetime
    elsewhere: tuple[tuple[str, str], ...] = ()
    moved: bool = False

    @property
    def currency(self) -> str:
        """Of all amounts."""
        return self.baseline.currency

    @property
    def days(self) -> list[date]:
        """Of the columns."""
        return what_if_results.days(self.baseline)

    @property
    def horizon(self) -> date:
        """The last of them."""
        return self.days[-1]


def compared(viewer: Viewer, basis: Basis, these: Sequence[Draft], days: int) -> Compared:
    """What these come to. Where nothing but the ledger has changed since it was shown, what was shown stays, and says so."""
    scenarios = tuple(draft.scenario for draft in these)
    asked = (replace(basis.question, version=None), scenarios, days)
    kept: tuple[Any, Compared] | None = st.session_state.get(KEPT)
    if kept is not None and kept[0] == asked and kept[1].basis.fingerprint != basis.fingerprint:
        return replace(kept[1], moved=True)
    baseline = what_if_results.played(basis, Scenario("", days))
    played = tuple(what_if_results.played(basis, scenario) for scenario in scenarios)
    names = tuple(scenario.name for scenario in scenarios)
    elsewhere = tuple((s.name, s.currency) for s in scenarios if s.currency not in ("", basis.currency))
    found = Compared(basis, names, baseline, played, viewer.now, elsewhere)
    st.session_state[KEPT] = (asked, found)
    return found


def anew() -> None:
    """Let the next run compute it from the ledger as it is then; a widget's callback."""
    st.session_state.pop(KEPT, None)


def off(projection: Projection) -> Any:
    """By site: does a service of it go off on a day to come? Those that are off on the as-of day are not counted."""
    suspended = projection.by_site.accounts_suspended
    return (suspended[:, 1:].max(axis=1, initial=0) > 0) & (suspended[:, 0] == 0)


def kept_on(baseline: Projection, other: Projection) -> list[str]:
    """The names of sites that go off by themselves and not in the other."""
    return [baseline.sites[int(i)].name for i in np.flatnonzero(off(baseline) & ~off(other))]


def first_off(projection: Projection) -> date | None:
    """The first day to come on which a site goes off that is on today; None for none."""
    suspended = projection.by_site.accounts_suspended
    days = np.flatnonzero(((suspended > 0) & (suspended[:, :1] == 0)).any(axis=0))
    return shifted(projection.as_of, int(days[0])) if days.size else None


def stay_on(baseline: Projection, other: Projection) -> int:
    """By how many fewer sites go off than by themselves."""
    return int(off(baseline).sum()) - int(off(other).sum())


def steps(baseline: Projection, other: Projection) -> list[tuple[str, int]]:
    """From today's balance to the horizon's: what is billed, paid, and what else changes it."""
    total = other.total
    first, last = int(baseline.total.outstanding[0]), int(total.outstanding[-1])
    billed, paid = int(total.billed[-1]), int(total.cash_out.sum())
    found = [
        ("Today", first),
        ("Bills to come", billed),
        ("Paid", -paid),
        ("Credits and other", last - first - billed + paid),
    ]
    return [step for i, step in enumerate(found) if not i or step[1]]
