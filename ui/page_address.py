"""The part of an address that belongs to one page, beside the filter bar: what is open, chosen or searched on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from ui import links
from ui.formats import escape

Changes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Here:
    """A page and its own address keys, each with the value that it has when the address does not name it."""

    path: str
    defaults: Mapping[str, str]

    def value(self, key: str) -> str:
        """What is chosen for `key`: by its widget, else by the address."""
        try:
            chosen = st.session_state[key]
        except KeyError:
            chosen = st.query_params.get(key)
        return str(chosen) if chosen else self.defaults[key]

    def address(self, changes: Changes) -> str:
        """This page with the present filters and choices, and `changes` to either; None drops one."""
        return self.turning()(changes)

    def turning(self) -> Callable[[Changes], str]:
        """`address` of what is chosen now, which is looked up once for all heads of a table."""
        own = self._own()
        return lambda changes: links.address(
            self.path, {**{key: value for key, value in own.items() if key not in changes}, **changes}
        )

    def _own(self) -> dict[str, str]:
        values = {key: self.value(key) for key in self.defaults}
        return {key: value for key, value in values.items() if value != self.defaults[key]}

    def opening(self, key: str, changes: Changes | None = None) -> Callable[[object], str]:
        """Addresses that differ in `key` alone, beside `changes`: put together once for all rows of a table."""
        return links.opening(self.path, key, {**self._own(), **(changes or {})})

    def link(self, text: str, changes: Changes) -> str:
        """A Markdown link to `address`; `text` is shown as it is."""
        return f"[{escape(text)}]({self.address(changes)})"

    def put(self, changes: Changes) -> None:
        """Turn this page to `changes`; None gives a key its default. For a callback, which runs before the page is drawn."""
        for key, value in changes.items():
            if key in st.session_state:  # a widget bound to the address writes it there itself
                st.session_state[key] = value or self.defaults.get(key, "")
            elif value is not None:
                st.query_params[key] = value
            elif key in st.query_params:
                del st.query_params[key]


def number_in(key: str) -> int | None:
    """The whole number that the address gives for `key`; None for none and for anything else."""
    text = st.query_params.get(key, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else None
