"""The scenarios that the What-if page shows stand in its address: saved ones by their link, unsaved and changed ones whole.

So a link shows the same picture, computed within its reader's own scope, and every edit is a step that the browser can undo.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from data_access.queries.scenarios import Saved
from domain.what_if.actions import Scenario, ScenarioError
from domain.what_if.address_text import LONGEST, as_text, from_text
from ui import links, reads
from ui.viewer import Viewer

SCENARIO = "scenario"  # address key, once for each
DAYS = "days"  # address key: the horizon of them all
MOST = 4
LOST = "what-if-lost"  # session state: why one of the address is not shown


@dataclass(frozen=True, slots=True)
class Draft:
    """One scenario of the page, as its reader may see it. saved: what is kept of it; None for one that is not saved."""

    scenario: Scenario
    saved: Saved | None = None

    @property
    def changed(self) -> bool:
        """Does it differ from what is kept? The horizon is the page's own."""
        if self.saved is None:
            return True
        return self.scenario != replace(self.saved.scenario, horizon_days=self.scenario.horizon_days)

    @property
    def text(self) -> str:
        """As the address has it: link, link.scenario or .scenario."""
        link = self.saved.link if self.saved else ""
        return f"{link}.{as_text(self.scenario)}" if self.changed else link


def drafts(viewer: Viewer) -> list[Draft]:
    """Those of the address. What cannot be opened any more is dropped, and told once."""
    found = []
    texts = st.query_params.get_all(SCENARIO)
    for text in texts[:MOST]:
        draft = _draft(viewer, text)
        if draft is not None:
            found.append(draft)
    if len(found) < len(texts):
        put(found)
    if lost := st.session_state.pop(LOST, None):
        st.toast(lost, icon=":material/link_off:")
    return found


def put(these: Sequence[Draft]) -> None:
    """Let the address say these."""
    st.query_params[SCENARIO] = [draft.text for draft in these]


def with_one(these: Sequence[Draft], index: int, draft: Draft) -> list[Draft]:
    """The same with another at that place."""
    return [draft if i == index else each for i, each in enumerate(these)]


def fits(draft: Draft) -> bool:
    """Is it short enough for an address?"""
    return len(as_text(draft.scenario)) <= LONGEST


def address(scenario: Scenario) -> str:
    """The page with this unsaved scenario, and the present filters."""
    return links.address("what-if", {SCENARIO: f".{as_text(scenario)}", DAYS: f"{scenario.horizon_days} days"})


def saved_address(saved: Saved) -> str:
    """The page with this saved one."""
    return links.address("what-if", {SCENARIO: saved.link, DAYS: f"{saved.scenario.horizon_days} days"})


def _draft(viewer: Viewer, text: str) -> Draft | None:
    link, _, packed = text.partition(".")
    saved: Saved | None = reads.plain("opened_scenario", viewer, link=link, actor=viewer.name) if link else None
    if link and saved is None:
        st.session_state[LOST] = "A scenario of the address is not there any more: its owner deleted it."
        if not packed:
            return None
    if saved and not packed:
        return Draft(saved.scenario, saved)
    try:
        scenario: Any = from_text(packed)
    except ScenarioError:
        st.session_state[LOST] = (
            "A scenario of the address could not be read; it may have been cut off when it was copied."
        )
        return None
    scenario = reads.plain("scenario_within_reach", viewer, scenario=scenario)
    return Draft(replace(scenario, name=scenario.name or "Unnamed"), saved)
