"""The widgets of one action: what the address says stands in them, and a change of one is handed on as the action that it makes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from domain.what_if.actions import Action, Scenario, ScenarioError
from ui.call_entry import EntryError
from ui.formats import escape

Change = Callable[[Action], None]


class Fields:
    """The widgets of one action: their keys, and what a change of one does."""

    def __init__(self, scenario: Scenario, at: int, change: Change) -> None:
        self._action, self._change = scenario.actions[at], change
        self._prefix = f"what-if-{at}-{scenario.actions[at].kind}-"

    def key(self, field: str) -> str:
        """Of a widget."""
        return self._prefix + field

    def put(self, field: str, value: Any) -> None:
        """What the address says goes into the widget before it is drawn."""
        st.session_state[self.key(field)] = value

    def on_change(self, field: str, read: Callable[[Any], dict[str, Any]] | None = None) -> Callable[[], None]:
        """`read` says which fields of the action the widget's value sets; by itself the one of its name."""

        def changed() -> None:
            value = st.session_state[self.key(field)]
            try:
                self._change(replace(self._action, **(read(value) if read else {field: value})))
            except (ScenarioError, EntryError) as error:
                st.toast(escape(str(error)), icon=":material/error:")

        return changed

    def on_selection(self, field: str) -> Callable[[], None]:
        """The same for a field of the selection."""

        def read(value: Sequence[Any]) -> dict[str, Any]:
            return {"selection": replace(self._action.selection, **{field: tuple(value)})}

        return self.on_change(field, read)
