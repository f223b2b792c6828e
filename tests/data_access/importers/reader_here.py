"""The reader's child without a process of its own: starting Python costs more than reading a test's few rows."""

import os
import subprocess
import threading
import traceback
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest

from data_access.importers.reading import table, worker


class ReaderHere:
    """Stands for the Popen of reading.table: the child's own code on the same files, only its limits stay away.

    They would bind the process of the tests. What breaks the reader ends it with status 1, as it ends a process.
    Standard input and output belong to the whole process: two threads read one after the other.
    """

    _turn = threading.Lock()

    def __init__(
        self, command: Sequence[str], *, stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO, **_: Any
    ) -> None:
        *_boot, request, report = command
        with self._turn:
            self._read(request, int(report), stdin, stdout, stderr)

    def _read(self, request: str, report: int, stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
        kept = [(descriptor, os.dup(descriptor)) for descriptor in (0, 1)]
        os.dup2(stdin.fileno(), 0)
        os.dup2(stdout.fileno(), 1)
        try:
            worker.main(request, os.dup(report))
            self._status = 0
        except Exception:
            stderr.write(traceback.format_exc().encode())
            self._status = 1
        finally:
            for descriptor, own in kept:
                os.dup2(own, descriptor)
                os.close(own)

    def wait(self, timeout: float) -> int:
        """How it ended."""
        assert timeout > 0
        return self._status

    def poll(self) -> int:
        """The same."""
        return self._status


def read_here(patch: pytest.MonkeyPatch) -> None:
    """Until `patch` is undone, files are read in this process and without limits."""
    patch.setattr(table, "subprocess", SimpleNamespace(Popen=ReaderHere, TimeoutExpired=subprocess.TimeoutExpired))
    patch.setattr(worker, "confine", lambda _limits: None)
