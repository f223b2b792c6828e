"""Figures are kept by what they are made of: building one costs some twenty times as much as sending it.

What a figure shows is all in its inputs, which are the key as a whole; who may see them was decided before. A kept figure is shared
by sessions, so nobody changes it.
"""

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import plotly.graph_objects as go

P = ParamSpec("P")
MOST = 256
_figures: OrderedDict[tuple[Callable[..., go.Figure], bytes], go.Figure] = OrderedDict()
_lock = threading.Lock()


def kept(build: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """`build`, which is not asked twice for the same figure; the least used of MOST go."""

    @wraps(build)
    def built(*arguments: P.args, **named: P.kwargs) -> go.Figure:
        key = build, pickle.dumps((arguments, named))
        with _lock:
            if key in _figures:
                _figures.move_to_end(key)
                return _figures[key]
        figure = build(*arguments, **named)
        with _lock:
            _figures[key] = figure
            while len(_figures) > MOST:
                _figures.popitem(last=False)
        return figure

    return built
