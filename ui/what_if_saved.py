"""Saving scenarios: kept by name, opened beside others, copied, deleted, shared by a link; and whether one has grown stale."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

import streamlit as st

from data_access.commands.scenarios import change, copy, delete, save
from data_access.database import Writing
from data_access.queries.scenarios import Saved
from domain.what_if.actions import Scenario
from ui import links, notices, reads, what_if_address, what_if_mark
from ui.formats import day, escape, moment
from ui.viewer import Viewer
from ui.what_if_address import DAYS, MOST, SCENARIO, Draft
from ui.what_if_compared import anew
from ui.what_if_results import Basis
from ui.what_if_words import named
from ui.writes import RefusedError, write

T = TypeVar("T")
TOLD = "what-if-told"  # session state: why nothing was saved


def offer(viewer: Viewer, basis: Basis, these: Sequence[Draft]) -> None:
    """Save what is shown, and the list of what is saved."""
    if told := st.session_state.pop(TOLD, ""):
        notices.problem("The scenario was not saved", told)
    own: list[Saved] = reads.plain("own_scenarios", viewer, actor=viewer.name)
    unsaved = [i for i, draft in enumerate(these) if draft.changed]
    if unsaved:
        with st.popover("Save", icon=":material/bookmark_add:", key="what-if-save"):
            for index in unsaved:
                _to_save(viewer, basis, these, index)
    with st.popover(f"Saved ({len(own)})" if own else "Saved", icon=":material/bookmarks:", key="what-if-saved"):
        if not own:
            st.caption(
                "Nothing is saved yet. A scenario keeps its actions, and its figures are computed when it is opened."
            )
        for saved in own:
            _of_list(viewer, saved, len(these) < MOST)


def _to_save(viewer: Viewer, basis: Basis, these: Sequence[Draft], index: int) -> None:
    draft = these[index]
    mine = draft.saved is not None and draft.saved.mine
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape(draft.scenario.name)}**", width="stretch")
        if mine:
            st.button("Save", key=f"what-if-save-{index}", type="primary", on_click=_save, args=(viewer, basis, index))
        label = "Save as new" if mine else "Save"
        st.button(label, key=f"what-if-save-new-{index}", type="secondary" if mine else "primary",
                  on_click=_save_new, args=(viewer, basis, index))  # fmt: skip


def _of_list(viewer: Viewer, saved: Saved, room: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"what-if-of-{saved.id}"):
        when = escape(moment(saved.updated_at, st.context.timezone))
        name = links.link(
            saved.scenario.name, "what-if", {SCENARIO: saved.link, DAYS: f"{saved.scenario.horizon_days} days"}
        )
        st.markdown(f"**{name}**  \n:small[{when}]", width="stretch")
        st.button("Beside", key=f"what-if-beside-{saved.id}", icon=":material/splitscreen_right:", disabled=not room,
                  on_click=_beside, args=(viewer, saved), help="Show it beside what is on the page.")  # fmt: skip
        st.button("Copy", key=f"what-if-copy-{saved.id}", icon=":material/content_copy:",
                  on_click=_copy, args=(viewer, saved))  # fmt: skip
        st.button("Delete", key=f"what-if-delete-{saved.id}", icon=":material/delete:",
                  on_click=_delete, args=(viewer, saved), help="Its link opens nothing any more.")  # fmt: skip


def share(these: Sequence[Draft]) -> None:
    """The link to what is shown."""
    if not these:
        return
    with st.popover("Share", icon=":material/link:", key="what-if-share"):
        here = urlsplit(st.context.url or "")
        origin = f"{here.scheme}://{here.netloc}" if here.netloc else ""
        texts = [draft.text for draft in these]
        days = f"{these[0].scenario.horizon_days} days"
        st.code(origin + links.address("what-if", {SCENARIO: texts, DAYS: days}), language=None, wrap_lines=True)
        st.caption(
            "Whoever opens it sees these scenarios computed for the sites that they may see, with today's ledger. "
            "What is not saved is in the link itself."
        )


def stale(viewer: Viewer, basis: Basis, these: Sequence[Draft]) -> None:
    """Which of one's saved scenarios were last computed on another day or other data, and one click to keep them as they are now."""
    moved = [
        draft
        for draft in these
        if not draft.changed and draft.saved and what_if_mark.has_moved(viewer, basis, draft.saved)
    ]
    if not moved:
        return
    first = moved[0].saved
    others = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
    when = day(first.as_of) if first else ""
    with st.container(horizontal=True, vertical_alignment="center", key="what-if-stale"):
        st.warning(
            f"{escape(moved[0].scenario.name)}{others}: saved as of {when}, and the ledger has moved since. "
            "What you see is computed from the ledger of this as-of day.",
            icon=":material/update:",
        )
        st.button("Recompute and keep", icon=":material/refresh:", key="what-if-keep", on_click=_recomputed,
                  args=(viewer, basis, moved))  # fmt: skip


def _recomputed(viewer: Viewer, basis: Basis, moved: Sequence[Draft]) -> None:
    def work(writing: Writing) -> None:
        for draft in moved:
            if draft.saved:
                change(
                    writing, viewer.scope, draft.saved.link, draft.saved.scenario, what_if_mark.computed(viewer, basis)
                )

    anew()
    _write(viewer, work)


def _save(viewer: Viewer, basis: Basis, index: int) -> None:
    these = what_if_address.drafts(viewer)
    draft = these[index]
    if draft.saved:
        link, scenario = draft.saved.link, _at_horizon(draft.scenario)
        saved = _write(
            viewer, lambda writing: change(writing, viewer.scope, link, scenario, what_if_mark.computed(viewer, basis))
        )
        _shown(these, index, saved)


def _save_new(viewer: Viewer, basis: Basis, index: int) -> None:
    these = what_if_address.drafts(viewer)
    scenario = _at_horizon(these[index].scenario)
    if these[index].saved:
        scenario = replace(scenario, name=_free(viewer, scenario.name))
    saved = _write(viewer, lambda writing: save(writing, viewer.scope, scenario, what_if_mark.computed(viewer, basis)))
    _shown(these, index, saved)


def _at_horizon(scenario: Scenario) -> Scenario:
    """With the horizon of the page, which is kept too."""
    label = str(st.session_state.get(DAYS) or "")
    days = label.partition(" ")[0]
    return replace(scenario, horizon_days=int(days)) if days.isdigit() else scenario


def _shown(these: Sequence[Draft], index: int, saved: Saved | None) -> None:
    if saved is not None:
        what_if_address.put(what_if_address.with_one(these, index, Draft(saved.scenario, saved)))
        st.toast(f"{escape(saved.scenario.name)} is saved.", icon=":material/bookmark_added:")


def _beside(viewer: Viewer, saved: Saved) -> None:
    what_if_address.put([*what_if_address.drafts(viewer), Draft(saved.scenario, saved)][:MOST])


def _copy(viewer: Viewer, saved: Saved) -> None:
    name = _free(viewer, saved.scenario.name)
    if _write(viewer, lambda writing: copy(writing, viewer.scope, saved.link, name)):
        st.toast(f"{escape(name)} is a copy of it.", icon=":material/content_copy:")


def _delete(viewer: Viewer, saved: Saved) -> None:
    def work(writing: Writing) -> bool:
        delete(writing, viewer.scope, saved.link)
        return True

    these = what_if_address.drafts(viewer)
    if _write(viewer, work):
        # What is on the page stays there, not saved.
        what_if_address.put([replace(d, saved=None) if d.saved and d.saved.link == saved.link else d for d in these])
        st.toast(f"{escape(saved.scenario.name)} is deleted.", icon=":material/delete:")


def _free(viewer: Viewer, name: str) -> str:
    return named([saved.scenario.name for saved in reads.plain("own_scenarios", viewer, actor=viewer.name)], name)


def _write(viewer: Viewer, work: Callable[[Writing], T]) -> T | None:
    """One's own scenario, whatever the role: it changes nothing of the ledger."""
    try:
        return write(viewer, work, own=True)
    except RefusedError as error:
        st.session_state[TOLD] = str(error)
        return None
