"""Files made off the page's thread: progress, a way to stop, and a place where they wait to be fetched.

A session has few of them at a time, in a folder of its own; when the session ends, work is stopped and the folder goes.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, overload

import streamlit as st

from data_access.exporting import Cell, Sheet
from data_access.interruption import Interruption

MAKERS, KEPT, EVERY = 4, 4, 500  # threads of the server, files of a session, rows between two looks

Write = Callable[[Sheet], bytes | Iterable[bytes]]


class StoppedError(Exception):
    """Whoever asked for it stopped it, or left."""


@dataclass(slots=True)
class Making:
    """One file on its way. `step` is how far it is and what its thread does."""

    of: tuple[object, ...]
    path: Path
    step: tuple[float, str] = (0.0, "Waiting")
    future: Future[None] = field(default_factory=Future)
    _interruption: Interruption = field(default_factory=Interruption)

    def run(self, build: Callable[[], Sheet], write: Write) -> None:
        """Read, then write; raises StoppedError once stopped."""
        try:
            self._at(0.05, "Reading the ledger")
            with self._interruption.allowed():
                sheet = build()
            rows = _Watched(sheet.rows, lambda share: self._at(0.5 + share / 2, "Writing the file"))
            content = write(replace(sheet, rows=rows))
            with self.path.open("wb") as file:
                file.writelines([content] if isinstance(content, bytes) else content)
            self._at(1.0, "Written")
        except Exception:
            if self._interruption.asked():
                self.path.unlink(missing_ok=True)
                raise StoppedError from None
            raise

    def stop(self) -> None:
        """End it where it stands."""
        self.future.cancel()
        self._interruption.ask()
        self.path.unlink(missing_ok=True)

    def _at(self, share: float, what: str) -> None:
        if self._interruption.asked():
            raise StoppedError
        self.step = share, what


class _Watched(Sequence[Sequence[Cell]]):
    """Rows that tell how far somebody has come with them."""

    def __init__(self, rows: Sequence[Sequence[Cell]], tell: Callable[[float], None]) -> None:
        self._rows, self._tell = rows, tell

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for number, row in enumerate(self._rows):
            if number % EVERY == 0:
                self._tell(number / len(self._rows))
            yield row


@cache
def _shelf() -> str:
    """The folder of all sessions' folders, which goes with the server: one that is stopped closes no session."""
    shelf = tempfile.mkdtemp(prefix="duewatch-files-")
    atexit.register(shutil.rmtree, shelf, ignore_errors=True)
    return shelf


class Desk:
    """The files of one session, by the button that asked for them."""

    def __init__(self) -> None:
        self.folder: Path | None = None  # until the first file
        self._makings: dict[str, Making] = {}
        self._count = 0

    def start(self, key: str, of: tuple[object, ...], build: Callable[[], Sheet], write: Write) -> Making:
        """Begin a file in a thread. What that button made before goes, and the oldest where there are too many."""
        self.stop(key)
        while len(self._makings) >= KEPT:
            self.stop(next(iter(self._makings)))
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(dir=_shelf()))
        self._count += 1
        making = self._makings[key] = Making(of, self.folder / str(self._count))
        making.future = makers().submit(making.run, build, write)
        return making

    def find(self, key: str, of: tuple[object, ...]) -> Making | None:
        """What that button makes or made, if it is of the same."""
        making = self._makings.get(key)
        return making if making is not None and making.of == of else None

    def stop(self, key: str) -> None:
        """End it, and take its file away."""
        making = self._makings.pop(key, None)
        if making is not None:
            making.stop()

    def close(self) -> None:
        """The session is over."""
        for key in list(self._makings):
            self.stop(key)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


@st.cache_resource(show_spinner=False)
def makers() -> ThreadPoolExecutor:
    """The threads that make files, for all sessions."""
    return ThreadPoolExecutor(MAKERS, thread_name_prefix="file")


@st.cache_resource(scope="session", show_spinner=False, on_release=Desk.close)
def desk() -> Desk:
    """This session's."""
    return Desk()
