"""What the chips hold and what the address asks for: each is told by the other, whichever was first.

On the first run after a link was opened the chips have no state yet, so their labels are read from the address.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

# Without bounds Streamlit takes dates of ten years around today only, and drops others from the address.
EARLIEST, LATEST = date(1970, 1, 1), date(2099, 12, 31)
WRITTEN_BACK = "filter-written-back"  # session state
Held = Mapping[str, Any]  # what the chips hold by key, see filter_bar.held


def picked(key: str, labels: Mapping[str, str], held: Held) -> list[str]:
    """The values chosen among `labels`, of a filter that may have several."""
    if key in held:
        return [value for value in held[key] or () if value in labels]
    return _labelled(st.query_params.get_all(key), labels)


def at_least(key: str, labels: Mapping[str, str], held: Held) -> list[str]:
    """What must be offered so that nothing chosen is lost: what is held, and what the address asks for by now.

    Of an address that brings its reader to another page st.query_params tells nothing before the widget is drawn.
    """
    context = get_script_run_ctx()
    asked = parse_qs(context.query_string).get(key, ()) if context else ()
    return list(dict.fromkeys((*picked(key, labels, held), *_labelled(asked, labels))))


def _labelled(asked: Collection[str], labels: Mapping[str, str]) -> list[str]:
    """The values that an address calls so."""
    if not asked:
        return []
    wanted = frozenset(asked)
    return [value for value, label in labels.items() if label in wanted]


def one_of(key: str, known: Collection[str], held: Held) -> str | None:
    """The value chosen among those `known`, of a filter that has one at most."""
    value = held[key] if key in held else st.query_params.get(key)
    return value if value in known else None


def day_of(key: str, held: Held) -> date | None:
    """The day chosen; none that a date chip would not take."""
    if key in held:
        return held[key]
    try:
        asked = date.fromisoformat(st.query_params.get(key, ""))
    except ValueError:
        return None
    return asked if EARLIEST <= asked <= LATEST else None


def _lost(key: str, held: Held) -> bool:
    return bool(held.get(key)) and key not in st.query_params


def keep(key: str, held: Held) -> None:
    """Write a value that the address has lost back into it; before its widget is drawn."""
    if _lost(key, held):
        st.session_state[key] = held[key]


def write_back(before: Held, now: Held) -> None:
    """The first page switch of a session drops bound values from the address and keeps them in the widgets.

    One more run puts them back (see _keep), and likewise where drawing a chip took another value out of the address than its
    label, drawn `before`, has. A second one in a row would change nothing, so there is none.
    """
    changed = any(_lost(key, now) for key in now) or any(now[key] != before[key] for key in now.keys() & before)
    if changed and not st.session_state.get(WRITTEN_BACK):
        st.session_state[WRITTEN_BACK] = True
        st.rerun()
    st.session_state[WRITTEN_BACK] = False
