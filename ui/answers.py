"""What reads brought, kept for all sessions; bounded by the number of answers and of their rows.

st.cache_data would unpickle every row of every answer at each run. Here sessions share the rows, which nobody may change; the list
or table that holds them is each asker's own.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of one version of the data: when and how long they were read, and the newest audit event before that."""

    version: Hashable
    rows: Any
    at: datetime
    took_s: float
    last_event: int = 0
    _made: dict[Hashable, Any] = field(default_factory=dict, compare=False)

    def made(self, make: Callable[[Any], Any]) -> Any:
        """What `make` makes of the rows, made once for all who ask; nobody changes it, and it goes when they go."""
        if make not in self._made:
            self._made[make] = make(self.rows)
        return self._made[make]


class Answers:
    """The newest answer to each subject. Safe to use from many threads."""

    def __init__(self, most: int = 1_000, most_rows: int = 300_000) -> None:
        self._most, self._most_rows = most, most_rows
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self._rows = 0
        self._asked: dict[Hashable, Future[Kept]] = {}
        self._lock = threading.Lock()

    def kept(self, subject: Hashable) -> Kept | None:
        """What is kept, of whichever version."""
        with self._lock:
            found = self._kept.get(subject)
            if found is None:
                return None
            self._kept.move_to_end(subject)
            return found[0]

    def fetched(self, subject: Hashable, version: Hashable, read: Callable[[], tuple[Any, int]]) -> Kept:
        """Have it read, and keep it. Who asks the same meanwhile waits for this one. `read` brings rows and last event."""
        with self._lock:
            kept = self._kept.get(subject)
            if kept is not None and kept[0].version == version:
                return kept[0]
            coming = self._asked.get((subject, version))
            mine = coming is None
            if coming is None:
                coming = self._asked[subject, version] = Future()
        if not mine:
            return coming.result()
        try:
            at, began = datetime.now(UTC), time.perf_counter()
            rows, last_event = read()
            answer = Kept(version, rows, at, time.perf_counter() - began, last_event)
        except BaseException as error:
            with self._lock:
                del self._asked[subject, version]
            coming.set_exception(error)
            raise
        with self._lock:
            del self._asked[subject, version]
            self._keep(subject, answer)
        coming.set_result(answer)
        return answer

    def _keep(self, subject: Hashable, answer: Kept) -> None:
        weight = weight_of(answer.rows)
        self._rows -= self._kept.pop(subject, (answer, 0))[1]
        self._kept[subject] = answer, weight
        self._rows += weight
        while len(self._kept) > self._most or (self._rows > self._most_rows and len(self._kept) > 1):
            self._rows -= self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._rows = 0


def weight_of(rows: Any) -> int:
    """How many rows an answer has, 1 at least; those of all lists where it is made of several."""
    if isinstance(rows, list | tuple | set | frozenset | dict):
        return 1 + len(rows)
    if is_dataclass(rows) and not isinstance(rows, type):
        return 1 + sum(weight_of(getattr(rows, part.name)) for part in fields(rows))
    return 1


def own(rows: Any) -> Any:
    """The rows in a list or table of the asker's own."""
    return rows.copy() if type(rows) in (list, dict, set) else rows
