"""Follow-ups: what is due or overdue, each with the way to the telephone or to tick it off, and what became of the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_access.commands.calls import finish_follow_up
from data_access.queries.follow_ups import LOOKED_BACK, Ended, FollowUp
from domain.filters import Filters
from domain.promises import Standing
from ui import call_links, call_table, call_waiting, call_words, filter_bar, notices, reads, section, wording
from ui.formats import day, escape, short_day
from ui.tables import Column, report
from ui.viewer import Viewer
from ui.writes import RefusedError, write

SHOWN_ROWS = 20
_BECAME = {
    Standing.DONE: ":green-badge[:material/check_circle: Kept]",
    Standing.LATE: ":orange-badge[:material/schedule: Kept late]",
    Standing.OVERDUE: ":red-badge[:material/error: Broken]",
}


def draw(viewer: Viewer) -> None:
    """What waits, ticking it off, and what is done."""
    filters = replace(filter_bar.chosen(viewer), since=None, until=None, search="")
    done = st.session_state.pop("follow-up-done", None)
    if done:
        st.success(done, icon=":material/check_circle:")
    call_waiting.draw(viewer, filters)
    if viewer.may_write():
        _tick(viewer, reads.filtered("follow_ups", viewer, filters))
    _ended(reads.filtered("ended", viewer, filters), filters)


def _tick(viewer: Viewer, found: Sequence[FollowUp]) -> None:
    """Done without another call: which one, and what came of it. A promise is kept by a payment alone."""
    open_ones = {end.call.id: end for end in found if end.follow_up and end.follow_up.is_open}
    if not open_ones:
        return
    turn = st.session_state.get("follow-up-turn", 0)

    def named(call_id: int) -> str:
        call = open_ones[call_id].call
        due = short_day(call.follow_up_on or open_ones[call_id].due_on, viewer.today)
        return f"{due} · {call.site_name}, {call.vendor}: {call.outcome or call.purpose}"

    with st.container(border=True, key="follow-up-tick"):
        which, note, button = st.columns([1.4, 1.4, 0.6], vertical_alignment="bottom")
        with which:
            picked = st.selectbox(
                "Done without another call", list(open_ones), index=None, format_func=named,
                placeholder="Choose the follow-up", key=f"follow-up-{turn}-which",
            )  # fmt: skip
        with note:
            said = st.text_input(
                "What came of it", placeholder="The credit is on the bill", max_chars=500, key=f"follow-up-{turn}-note"
            )
        with button:
            clicked = st.button("Done", icon=":material/check:", key=f"follow-up-{turn}-save", disabled=picked is None)
        if clicked and picked is not None:
            _finish(viewer, open_ones[picked], said or "")
        refusal = st.session_state.pop("follow-up-refused", None)
        if refusal:
            st.error(escape(refusal), icon=":material/error:")


def _finish(viewer: Viewer, end: FollowUp, said: str) -> None:
    call = end.call
    try:
        write(viewer, lambda writing: finish_follow_up(writing, viewer.scope, call.id, call.account_id, said))
    except RefusedError as error:
        st.session_state["follow-up-refused"] = str(error)
        return
    st.session_state["follow-up-turn"] = st.session_state.get("follow-up-turn", 0) + 1
    st.session_state["follow-up-done"] = f"The follow-up with {escape(call.vendor)} is done."
    st.rerun()


def _ended(found: Sequence[Ended], filters: Filters) -> None:
    promises = Counter(end.standing for end in found if end.is_promise)
    kept, late, broken = (promises[s] for s in (Standing.DONE, Standing.LATE, Standing.OVERDUE))
    section.finding(
        f"Of {wording.count(kept + late + broken, 'settled promise')}, {kept} kept, {late} late, {broken} broken and renewed"
        if promises
        else "No promise was settled yet",
        f"With the follow-ups that are done; calls of {LOOKED_BACK} days up to {day(filters.as_of)}, the last due first",
    )
    if not found:
        notices.empty("Nothing is done yet", "What is kept, followed up or ticked off appears here.")
        return
    shown = found if st.session_state.get("ended-all") else found[:SHOWN_ROWS]
    report(
        "ended",
        [
            Column("Due", [short_day(end.due_on, filters.as_of) for end in shown]),
            Column("Account", [call_table.account(end.call) for end in shown]),
            Column("What", [_what(end, filters) for end in shown]),
            Column("Became", [_became(end) for end in shown]),
            Column("By", [_by(end, filters) for end in shown]),
        ],
        "Promises and follow-ups that are done",
        dense=True,
    )
    if len(found) > SHOWN_ROWS:
        st.checkbox(f"Show all {len(found)}", key="ended-all")


def _what(end: Ended, filters: Filters) -> str:
    when = short_day(call_words.local_date(end.call.started_at, end.call.timezone), filters.as_of)
    address = call_links.call_address(end.call.id)
    return f"{'Promise to pay' if end.is_promise else 'Follow-up'}  \n:small[[Call of {when}]({address})]"


def _became(end: Ended) -> str:
    if end.is_promise:
        return _BECAME[end.standing]
    return ":gray-badge[done late]" if end.standing is Standing.LATE else ":green-badge[:material/check_circle: done]"


def _by(end: Ended, filters: Filters) -> str:
    if end.ended_on is None:
        return "promised anew" if end.is_promise else "ticked off"
    return f"{'payment' if end.is_promise else 'call'} of {short_day(end.ended_on, filters.as_of)}"
