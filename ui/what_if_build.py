"""Building a scenario: its name, its actions as a list, and the chosen action to be adjusted. Each change is in the address at once."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_access.commands.scenarios import LONGEST_NAME
from domain.what_if.actions import MOST_ACTIONS, Action, Scenario, ScenarioError
from domain.what_if.chosen import lacking
from ui import reads, what_if_action, what_if_address, what_if_words
from ui.formats import escape
from ui.viewer import Viewer
from ui.what_if_address import Draft
from ui.what_if_results import Basis
from ui.what_if_words import PRESETS, sentence

EDITED, ACTION = "what-if-edited", "what-if-action"  # session state: which scenario, and which of its actions
_ADD, _NAME = "what-if-add", "what-if-name"


def choose(scenario: int, action: int) -> None:
    """Adjust that one from the next run on."""
    st.session_state[EDITED], st.session_state[ACTION] = scenario, action


def chosen(these: Sequence[Draft]) -> int:
    """Which scenario is looked at closely."""
    index = st.session_state.get(EDITED)
    return index if isinstance(index, int) and 0 <= index < len(these) else 0


def draw(viewer: Viewer, basis: Basis, these: list[Draft]) -> None:
    """The builder of the chosen one."""
    with st.container(border=True, key="what-if-build"):
        if len(these) > 1:
            st.session_state[EDITED] = chosen(these)
            st.segmented_control(
                "Scenario to change",
                range(len(these)),
                format_func=lambda i: escape(these[i].scenario.name),
                required=True,
                key=EDITED,
                label_visibility="collapsed",
            )
        index = chosen(these)
        scenario = these[index].scenario
        at = min(int(st.session_state.get(ACTION) or 0), max(0, len(scenario.actions) - 1))
        left, right = st.columns([1, 1.2], gap="medium")
        with left:
            _name(viewer, index, scenario)
            _actions(viewer, basis, index, scenario, at)
            _add(viewer, basis, index, scenario)
        with right:
            if scenario.actions:
                what_if_action.draw(viewer, basis, scenario, at, lambda changed: put(viewer, index, at, changed))


def put(viewer: Viewer, index: int, at: int, action: Action | None, *, currency: str = "") -> None:
    """Set, add (one past the last) or, for None, drop an action; a callback's work. A refusal is told and changes nothing."""
    these = what_if_address.drafts(viewer)
    if index >= len(these):
        return
    scenario = these[index].scenario
    actions = [*scenario.actions[:at], *([] if action is None else [action]), *scenario.actions[at + 1 :]]
    amounts = any(each.amount is not None for each in actions)
    try:
        changed = replace(scenario, actions=tuple(actions), currency=(scenario.currency or currency) if amounts else "")
    except ScenarioError as error:
        st.toast(escape(str(error)), icon=":material/error:")
        return
    _keep(these, index, replace(these[index], scenario=changed))


def _keep(these: list[Draft], index: int, draft: Draft) -> None:
    if what_if_address.fits(draft):
        what_if_address.put(what_if_address.with_one(these, index, draft))
    else:
        st.toast(
            "That is more than an address holds: select sites instead of single accounts.", icon=":material/error:"
        )


def _name(viewer: Viewer, index: int, scenario: Scenario) -> None:
    key = f"{_NAME}-{index}"
    st.session_state[key] = scenario.name

    def renamed() -> None:
        these = what_if_address.drafts(viewer)
        name = str(st.session_state[key]).strip()
        if name and index < len(these):
            _keep(these, index, replace(these[index], scenario=replace(these[index].scenario, name=name)))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name", key=key, max_chars=LONGEST_NAME, on_change=renamed)
        st.button(
            "Remove",
            icon=":material/close:",
            key="what-if-remove",
            help="Take this scenario off the page; what is saved stays.",
            on_click=_removed,
            args=(viewer, index),
        )


def _removed(viewer: Viewer, index: int) -> None:
    these = what_if_address.drafts(viewer)
    what_if_address.put([draft for i, draft in enumerate(these) if i != index])
    choose(0, 0)


def _actions(viewer: Viewer, basis: Basis, index: int, scenario: Scenario, at: int) -> None:
    chosen = {code for action in scenario.actions for code in action.selection.sites}
    sites = reads.sites_named(viewer, chosen)
    if not scenario.actions:
        st.caption("It has no action yet.")
    lacks = lacking(basis.start, scenario)
    for number, action in enumerate(scenario.actions):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"what-if-row-{number}"):
            st.button(
                f"{number + 1}. {escape(sentence(action, scenario.currency, basis.start.as_of, sites))}",
                type="secondary" if number == at else "tertiary",
                key=f"what-if-pick-{number}",
                on_click=choose,
                args=(index, number),
                width="stretch",
            )
            st.button(
                "Drop",
                icon=":material/delete:",
                type="tertiary",
                key=f"what-if-drop-{number}",
                on_click=put,
                args=(viewer, index, number, None),
            )
        if number in lacks:
            st.caption(f":material/info: {what_if_words.idle(lacks[number])}")


def _add(viewer: Viewer, basis: Basis, index: int, scenario: Scenario) -> None:
    def added() -> None:
        label = st.session_state[_ADD]
        st.session_state[_ADD] = None
        if label in PRESETS:
            put(viewer, index, len(scenario.actions), PRESETS[label], currency=basis.currency)
            choose(index, len(scenario.actions))

    if len(scenario.actions) < MOST_ACTIONS:
        st.selectbox(
            "Add an action",
            list(PRESETS),
            index=None,
            placeholder="Add an action",
            key=_ADD,
            on_change=added,
            label_visibility="collapsed",
        )
