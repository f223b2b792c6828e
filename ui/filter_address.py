"""What the chips hold and what the address asks for: each is told by the other, whichever was first.

On the first run after a link was opened the chips have no state yet, so their labels are read from the address. So they are where
a link or the way back changed the address of an open page: Streamlit then lets it win over what the chips held.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import filter_bar, run

# Without bounds Streamlit takes dates of ten years around today only, and drops others from the address.
EARLIEST, LATEST = date(1970, 1, 1), date(2099, 12, 31)
_ASKED = "asked"
Held = Mapping[str, Any]  # what the chips hold by key, see filter_bar.held


def held_before() -> Held:
    """What the chips hold before they are drawn; nothing where the address is newer.

    On the way to another page Streamlit takes what it asks for out of the address, though the chips get it: it is put back.
    """
    context = get_script_run_ctx()
    if context is None or not context.is_history_navigation:
        return filter_bar.held()
    taken = {key: values for key, values in asked().items() if key in filter_bar.KEYS and key not in st.query_params}
    if taken:
        st.query_params.update(taken)
    return {}


def asked() -> Mapping[str, list[str]]:
    """The address. Of one that brings its reader to another page st.query_params tells nothing before the chips are drawn."""
    context = get_script_run_ctx()
    return run.once(_ASKED, lambda: parse_qs(context.query_string)) if context is not None else {}


def picked(key: str, labels: Mapping[str, str], held: Held) -> list[str]:
    """The values chosen among `labels`, of a filter that may have several."""
    if key in held:
        return [value for value in held[key] or () if value in labels]
    return _labelled(asked().get(key, ()), labels)


def at_least(key: str, labels: Mapping[str, str], held: Held) -> list[str]:
    """What must be offered so that nothing chosen is lost: what is held, and what the address asks for by now."""
    return list(dict.fromkeys((*picked(key, labels, held), *_labelled(asked().get(key, ()), labels))))


def _labelled(called: Collection[str], labels: Mapping[str, str]) -> list[str]:
    """The values that an address calls so."""
    if not called:
        return []
    wanted = frozenset(called)
    return [value for value, label in labels.items() if label in wanted]


def _last(key: str) -> str:
    return asked().get(key, ("",))[-1]


def one_of(key: str, known: Collection[str], held: Held) -> str | None:
    """The value chosen among those `known`, of a filter that has one at most."""
    value = held[key] if key in held else _last(key)
    return value if value in known else None


def day_of(key: str, held: Held) -> date | None:
    """The day chosen; none that a date chip would not take."""
    if key in held:
        return held[key]
    try:
        named = date.fromisoformat(_last(key))
    except ValueError:
        return None
    return named if EARLIEST <= named <= LATEST else None


def keep(key: str, held: Held) -> None:
    """Write a value that the address has lost back into it; before its widget is drawn."""
    if held.get(key) and key not in st.query_params:
        st.session_state[key] = held[key]
