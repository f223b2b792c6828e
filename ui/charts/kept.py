"""Figures are kept by what they are made of: building one costs some twenty times as much as sending it.

What a figure shows is all in its inputs, which are the key as a whole; who may see them was decided before. A kept figure is shared
by sessions, so nobody changes it, nor what it says of itself: plotly would copy all of it each time that it is sent.
"""

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import plotly.graph_objects as go

P = ParamSpec("P")
MOST = 256


class KeptFigure(go.Figure):
    """A figure that does not change any more: it is written out once, as `meta` has it (light or dark, once that was switched)."""

    def __init__(self, figure: go.Figure) -> None:
        super().__init__(figure)
        self._said = super().to_dict()
        self._appearing: dict[str, KeptFigure] = {}

    def to_dict(self) -> dict[str, Any]:
        """Everybody's: only to be read."""
        return self._said

    def appearing(self, appearance: str) -> "KeptFigure":
        """The same as another one: the browser would keep the colours of the one that it has."""
        if appearance not in self._appearing:
            self._appearing[appearance] = KeptFigure(go.Figure(self._said).update_layout(meta=appearance))
        return self._appearing[appearance]


_figures: OrderedDict[tuple[Callable[..., go.Figure], bytes], KeptFigure] = OrderedDict()
_lock = threading.Lock()


def kept(build: Callable[P, go.Figure]) -> Callable[P, KeptFigure]:
    """`build`, which is not asked twice for the same figure; the least used of MOST go."""

    @wraps(build)
    def built(*arguments: P.args, **named: P.kwargs) -> KeptFigure:
        key = build, pickle.dumps((arguments, named))
        with _lock:
            if key in _figures:
                _figures.move_to_end(key)
                return _figures[key]
        figure = KeptFigure(build(*arguments, **named))
        with _lock:
            _figures[key] = figure
            while len(_figures) > MOST:
                _figures.popitem(last=False)
        return figure

    return built
