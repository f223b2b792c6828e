"""Columns of a table are kept by the rows that they tell of: a row of links, badges and words costs more than drawing it.

Rows are shared by sessions and changed by nobody (ui/answers.py), so that the same rows are told apart by their place in memory;
what is kept holds them. Links follow the filters, which are part of the key.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from ui import filter_bar
from ui.tables import Column

MOST = 256  # tables

Columns = Sequence[Column]
_kept: OrderedDict[Hashable, tuple[tuple[Any, ...], Columns]] = OrderedDict()
_lock = threading.Lock()


def columns_of(make: Callable[..., Columns], rows: Sequence[Any], *marks: Hashable) -> Columns:
    """What `make` makes of the rows and `marks`, which with the filters of the address are all that it may follow from.

    Everybody's: only to be read. `make` is a function of a module, not one made anew at each run.
    """
    key = make, filter_bar.address()[1], marks, tuple(map(id, rows))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][1]
    columns = make(rows, *marks)
    with _lock:
        _kept[key] = tuple(rows), columns
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return columns
