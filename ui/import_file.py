"""An uploaded file on its way into the ledger: in a temporary file only while it is read, in a thread while it lands."""

import tempfile
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from data_access.address import database_address
from data_access.failures import DATABASE_FAILURES, kind_of
from data_access.importers.batches import accept, preview
from data_access.importers.errors import ImportRefusedError
from data_access.importers.inspection import Inspection, inspect
from data_access.importers.options import Options
from data_access.importers.report import Report
from ui import reads, writes
from ui.notices import looked_up
from ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Upload:
    """What was dropped on the page."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Names the content."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Question:
    """All that decides what is made of an upload, besides the ledger."""

    viewer: Viewer
    upload: Upload
    kind: str
    options: Options

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal questions."""
        content = (self.upload.name, self.upload.sha256)
        told = (self.options.source, self.options.as_text(), *self.options.constants.items())
        return (self.viewer.scope, *content, self.kind, *told)


@dataclass(slots=True)
class Running:
    """An import under way; `done` of `total` steps."""

    kind: str
    future: Future[Report]
    steps: list[int] = field(default_factory=lambda: [0, 1])


@contextmanager
def on_disk(upload: Upload) -> Generator[Path]:
    """The upload as a file, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="duewatch-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(upload.content)
        yield path


def inspected(viewer: Viewer, upload: Upload, kind: str, options: Options) -> Inspection | str:
    """What the file is, or why it cannot be read; kept until something about the question changes."""
    name = "import-inspection" if options.columns or options.constants else "import-look"
    return _kept(name, Question(viewer, upload, kind, options), inspect)


def titles(viewer: Viewer, upload: Upload, kind: str) -> tuple[str, ...]:
    """Its column names before anything is told of it: by them a saved mapping is found. None where it cannot be read."""
    bare = Question(viewer, upload, kind, Options(scope=viewer.scope, file_name=upload.name))
    first = _kept("import-first", bare, inspect)
    return () if isinstance(first, str) else first.titles


def previewed(viewer: Viewer, upload: Upload, kind: str, options: Options) -> Report | str:
    """What importing it would do, or why it is refused; kept likewise, until the ledger changes."""
    database = reads.open_database(database_address())
    return _kept("import-preview", Question(viewer, upload, kind, options), partial(preview, database))


def start(viewer: Viewer, upload: Upload, kind: str, options: Options) -> None:
    """Let it land in a thread, so that a click elsewhere does not stop it half-way through. Raises RefusedError."""
    writes.check(viewer)
    database = reads.open_database(database_address())
    steps = [0, 1]

    def progress(done: int, total: int) -> None:
        steps[:] = [done, max(1, total)]

    def work() -> Report:
        with on_disk(upload) as path:
            return accept(database, viewer.name, kind, path, options, progress=progress)

    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
    st.session_state["import-running"] = Running(kind, executor.submit(work), steps)
    executor.shutdown(wait=False)


def finished(running: Running, wait_s: float) -> Report | str | None:
    """What came of it, or why nothing did; None while it still runs."""
    try:
        return running.future.result(timeout=wait_s)
    except TimeoutError:
        return None
    except ImportRefusedError as error:
        return str(error)
    except DATABASE_FAILURES as error:
        return f"The database did not take it: {kind_of(error)}. Nothing was written. Try again; {looked_up(error)}"


def _kept(name: str, question: Question, ask: Callable[[str, Path, Options], Any]) -> Any:
    """The answer in this session, asked anew when the question or the ledger changed."""
    version = reads.open_database(database_address()).version()
    key = (database_address(), version, *question.key)
    kept = st.session_state.get(name)
    if kept is None or kept[0] != key:
        try:
            with on_disk(question.upload) as path, st.spinner("Reading the file"):
                answer = ask(question.kind, path, question.options)
        except ImportRefusedError as error:
            answer = str(error)
        kept = st.session_state[name] = (key, answer)
    return kept[1]
