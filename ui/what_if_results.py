"""What scenarios come to: the state they start from is read once a data version, and each is played once from it.

Both are kept for all sessions under all that decides them (ui.reads.Question, with the scope) and are only read; a picture that is
kept without copying is what lets a slider answer at once.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from data_access.address import database_address
from domain.filters import Filters
from domain.what_if.actions import LONGEST, Scenario
from domain.what_if.measures import Measures
from domain.what_if.minimum import keeping
from domain.what_if.projection import Projection, project
from domain.what_if.start import NEVER, Start
from domain.what_if.touched import total_beside
from ui import much, reads, run, sources
from ui.reads import Question
from ui.viewer import Viewer
from ui.works import Make, Told

MOST_TOLD = 100  # answers to sliders
_READ = 0.9  # of the time that many accounts take, what it takes to read them


class Threatened(NamedTuple):
    """An account that stops within its window. keep_on: the least that keeps it on; stops_in: days to the likely day, < 0 gone by."""

    account_id: int
    site: str
    service: str
    keep_on: int
    stops_in: int


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """A start, what it is kept under, and the mark by which a move of its data shows; who is threatened, the first to stop first."""

    question: Question
    start: Start
    fingerprint: str
    threatened: tuple[Threatened, ...]
    told: dict[Hashable, Any] = field(default_factory=dict)  # what was made of it, as long as it is kept itself

    @property
    def currency(self) -> str:
        """Of all amounts."""
        return self.start.currency

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` makes of this start, made once for all sessions; nobody changes it."""
        if key not in self.told:
            if len(self.told) >= MOST_TOLD:
                self.told.clear()
            self.told[key] = make()
        return self.told[key]


def basis(viewer: Viewer, filters: Filters, currency: str) -> Basis:
    """What scenarios start from, within the viewer's scope and the filters."""
    return run.once((basis, filters, currency), partial(_basis_now, viewer, filters, currency))


def _basis_now(viewer: Viewer, filters: Filters, currency: str) -> Basis:
    return _basis(_question(viewer, filters, currency))


def work(
    viewer: Viewer, filters: Filters, currency: str, horizon: int, these: Sequence[Scenario] = ()
) -> tuple[Hashable, Make]:
    """What has to be there before many accounts are shown: the start, the course by itself, and these scenarios."""
    question, scenarios = _question(viewer, filters, currency), (Scenario("", horizon), *these)

    def make(told: Told) -> None:
        start = _basis(question, lambda share: told(_READ * share))
        for n, scenario in enumerate(scenarios):
            told(_READ + (1 - _READ) * n / len(scenarios))
            played(start, scenario)

    return (question, scenarios), make


def _question(viewer: Viewer, filters: Filters, currency: str) -> Question:
    address = database_address()
    wanted = much.of_view(filters, currency)
    version = much.version(wanted) or sources.version(reads.opened(address))
    arguments = (("currency", currency), ("until", filters.as_of + timedelta(days=LONGEST)))
    return Question("what_if_start", address, False, viewer.scope, wanted, version, arguments)


def played(start: Basis, scenario: Scenario) -> Projection:
    """The scenario from there. Its name does not matter; amounts of another currency do nothing."""
    actions, currency = scenario.actions, scenario.currency
    if currency not in ("", start.currency):
        actions, currency = tuple(action for action in actions if action.amount is None), ""
    return _played(start.question, replace(scenario, name="", actions=actions, currency=currency))


def total(start: Basis, scenario: Scenario) -> Measures:
    """Its total alone, from the play of the accounts that it touches: what a slider asks for, also of many accounts."""
    return _total(start.question, replace(scenario, name=""))


def days(projection: Projection) -> list[date]:
    """The days of its columns."""
    return [projection.as_of + timedelta(days=n) for n in range(projection.horizon_days + 1)]


@st.cache_resource(max_entries=12, show_spinner=False, hash_funcs={Question: repr})
def _basis(question: Question, _told: Told = lambda _: None) -> Basis:
    read, arguments = reads.READS[question.name], dict(question.arguments)
    with reads.open_database(question.address).reading(question.scope) as connection:
        start: Start = read(connection, question.scope, question.filters, told=_told, **arguments)
    return Basis(question, start, start.fingerprint, _threatened(start))


def _threatened(start: Start) -> tuple[Threatened, ...]:
    found = keeping(start)
    rows = np.flatnonzero((found.keep_on > 0) & (found.stops_on < NEVER))
    accounts = start.accounts
    each = [
        Threatened(
            int(accounts.ids[i]),
            start.sites[int(accounts.site[i])].name,
            accounts.service_type[i] or "service",
            int(found.keep_on[i]),
            int(found.stops_on[i]),
        )
        for i in rows
    ]
    return tuple(sorted(each, key=lambda one: (one.stops_in, one.account_id)))


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs={Question: repr, Scenario: repr})
def _played(question: Question, scenario: Scenario) -> Any:
    return project(_basis(question).start, scenario)


@st.cache_resource(max_entries=256, show_spinner=False, hash_funcs={Question: repr, Scenario: repr})
def _total(question: Question, scenario: Scenario) -> Measures:
    baseline = _played(question, Scenario("", scenario.horizon_days))
    return total_beside(_basis(question).start, scenario, baseline)
