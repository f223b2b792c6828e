"""A page as constants: what its code handed to Streamlit, call by call, to be handed over again without that code.

A floor has the same widgets, charts and tables as the page, with the figures of the filters that are chosen, and neither reads
nor computes anything.
"""

import io
import pickle
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.delta_generator import DeltaGenerator

from ui.charts.kept import KeptFigure

Place = tuple[int, int | None]  # the call that made a container, and which of its containers
DRAWN_ONCE = ("set_page_config", "logo")


@dataclass(frozen=True, slots=True)
class Call:
    """`name` of what stands at `place` (None: wherever the page is at) with these arguments."""

    name: str
    place: Place | None
    arguments: tuple[Any, ...]
    named: dict[str, Any]


class Recorder:
    """Keeps the calls of a run; what Streamlit calls in turn is not the page's."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new run."""
        self.calls: list[Call] = []
        self._containers: dict[int, tuple[DeltaGenerator, Place]] = {}
        self._within = False

    def keep(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, remembered whenever the page calls it."""

        @wraps(function)
        def called(*arguments: Any, **named: Any) -> Any:
            if self._within:
                return function(*arguments, **named)
            target, rest = None, arguments
            if arguments and isinstance(arguments[0], DeltaGenerator):
                rest = arguments[1:]
                known = self._containers.get(id(arguments[0]._active_dg))
                target = known[1] if known else None
            self._within = True
            try:
                result = function(*arguments, **named)
            finally:
                self._within = False
            self._register(result, len(self.calls))
            self.calls.append(Call(name, target, rest, _constant(rest, named)))
            return result

        return called

    def _register(self, result: Any, number: int) -> None:
        if isinstance(result, DeltaGenerator):
            self._containers[id(result)] = result, (number, None)
        elif isinstance(result, list | tuple):
            for index, each in enumerate(result):
                if isinstance(each, DeltaGenerator):
                    self._containers[id(each)] = each, (number, index)


def _drawing() -> list[str]:
    """What draws: the public methods of a container, and the mounting of a component."""
    public = [name for name in dir(DeltaGenerator) if not name.startswith("_")]
    return [name for name in public if callable(getattr(DeltaGenerator, name)) and name != "dg"] + ["_bidi_component"]


@contextmanager
def recorded() -> Generator[Recorder]:
    """From here to the end of the block this process remembers what is drawn; for one session at a time."""
    recorder = Recorder()
    before = {name: getattr(DeltaGenerator, name) for name in _drawing()}
    outside = {name: getattr(st, name) for name in (*DRAWN_ONCE, *before) if hasattr(st, name)}
    for name, function in before.items():
        setattr(DeltaGenerator, name, recorder.keep(name, function))
        if name in outside:
            setattr(st, name, getattr(st._main, name))
    for name in DRAWN_ONCE:
        setattr(st, name, recorder.keep(name, outside[name]))
    try:
        yield recorder
    finally:
        for name, function in before.items():
            setattr(DeltaGenerator, name, function)
        for name, function in outside.items():
            setattr(st, name, function)


def replay(calls: Iterable[Call]) -> None:
    """Draw them again."""
    made: list[Any] = []
    for call in calls:
        if call.place is None:
            target: Any = st
        else:
            number, index = call.place
            target = made[number] if index is None else made[number][index]
        made.append(getattr(target, call.name)(*call.arguments, **call.named))


def nothing(*_: Any, **__: Any) -> bytes:
    """In place of what a page would do on a click."""
    return b""


def _constant(arguments: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """Named arguments without code of the page's: labels as a table, callbacks that do nothing."""
    kept = dict(named)
    label = kept.get("format_func")
    if label is not None:
        options = kept["options"] if "options" in kept else arguments[1]
        kept["format_func"] = {option: label(option) for option in options}.__getitem__
    return {name: nothing if callable(value) and name != "format_func" else value for name, value in kept.items()}


def _styler(frame: pd.DataFrame, styles: Any, hidden: bool) -> Styler:
    styled = frame.style.hide(axis="index") if hidden else frame.style
    return styled.set_table_styles(styles) if styles else styled


class _Pickler(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Styler):
            return _styler, (thing.data, thing.table_styles, all(thing.hide_index_))
        if isinstance(thing, KeptFigure):  # the floor has plotly's own figures, which copy themselves
            return go.Figure, (thing.to_dict(),)
        return NotImplemented


def save(path: Path, what: Any) -> None:
    """Write recordings."""
    held = io.BytesIO()
    _Pickler(held).dump(what)
    path.write_bytes(held.getvalue())


def load(path: Path) -> Any:
    """Read recordings that `save` wrote a moment ago."""
    return pickle.loads(path.read_bytes())


@cache
def recordings(folder: Path) -> dict[str, tuple[Any, ...]]:
    """All of a folder by page and regions, loaded once."""
    return {path.stem: load(path) for path in sorted(folder.glob("*.pickle"))}
