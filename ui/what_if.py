"""The What-if page's scenarios: built, up to four beside today, with what each comes to, saved and shared."""

from dataclasses import replace
from functools import partial

import streamlit as st

from domain.filters import Filters
from domain.what_if.actions import Scenario
from ui import (
    currencies,
    exports,
    much,
    notices,
    what_if_address,
    what_if_build,
    what_if_changes,
    what_if_compare,
    what_if_pictures,
    what_if_results,
    what_if_saved,
    what_if_sheets,
)
from ui.viewer import Viewer
from ui.what_if_address import DAYS, MOST, Draft
from ui.what_if_compared import compared
from ui.what_if_words import PRESETS, named

HORIZONS = {"30 days": 30, "60 days": 60, "90 days": 90, "180 days": 180}
FIRST = ("Pay what keeps each site on", "Pay everything overdue", "Pay later than due")


def draw(viewer: Viewer, filters: Filters) -> None:
    """Controls, the comparison, the builder, and what changes."""
    these = what_if_address.drafts(viewer)
    with st.container(horizontal=True, vertical_alignment="center", key="what-if-controls"):
        currency = currencies.one(viewer, filters)
        horizon = st.segmented_control(
            "Horizon",
            list(HORIZONS),
            default="90 days",
            required=True,
            key=DAYS,
            bind="query-params",
            label_visibility="collapsed",
        )
        _add(viewer, these, currency)
        rest = st.container(horizontal=True, vertical_alignment="center", width="content", key="what-if-rest")
    days = HORIZONS[horizon or "90 days"]
    these = [replace(draft, scenario=replace(draft.scenario, horizon_days=days)) for draft in these]
    scenarios = [draft.scenario for draft in these]
    work = partial(what_if_results.work, viewer, filters, currency, days, scenarios)
    if not much.offer(viewer, filters, currency, "Scenarios of all accounts in view", work):
        return
    basis = what_if_results.basis(viewer, filters, currency)
    if not basis.start.accounts.ids.size and not these:
        notices.nothing_matches()
        return
    found = compared(viewer, basis, these, days)
    with rest:
        what_if_saved.offer(viewer, basis, these)
        what_if_saved.share(these)
        exports.offer("what-if", "scenarios by day", viewer, partial(what_if_sheets.by_day, found, filters))
    what_if_saved.stale(viewer, basis, these)
    if not these:
        _first(viewer, currency)
    what_if_compare.draw(found)
    if these:
        what_if_build.draw(viewer, basis, these)
    what_if_pictures.draw(found)
    if these:
        sheet = partial(what_if_sheets.by_account, found, filters)
        what_if_changes.draw(viewer, found, what_if_build.chosen(these), sheet)


def _add(viewer: Viewer, these: list[Draft], currency: str) -> None:
    """A new scenario from one action, or a copy of one of these."""
    with st.popover("New scenario", icon=":material/add:", key="what-if-new", disabled=len(these) >= MOST):
        st.caption(f"Begin with one action; up to {MOST} scenarios stand side by side.")
        with st.container(gap=None):
            for label in PRESETS:
                key = f"what-if-new-{label}"
                st.button(label, type="tertiary", key=key, on_click=_begin, args=(viewer, currency, label))


def _first(viewer: Viewer, currency: str) -> None:
    """What there is to do where nothing is compared yet."""
    with st.container(border=True, key="what-if-first"):
        st.markdown("**Try one:** what if we …")
        with st.container(horizontal=True):
            for label in FIRST:
                st.button(label, key=f"what-if-first-{label}", on_click=_begin, args=(viewer, currency, label))


def _begin(viewer: Viewer, currency: str, label: str) -> None:
    these = what_if_address.drafts(viewer)
    if len(these) >= MOST:
        return
    name = named([draft.scenario.name for draft in these], label.partition(",")[0])
    days = HORIZONS.get(str(st.session_state.get(DAYS)), 90)
    action = PRESETS[label]
    used = currency if action.amount is not None else ""
    what_if_build.choose(len(these), 0)
    what_if_address.put([*these, Draft(Scenario(name, days, (action,), used))])
