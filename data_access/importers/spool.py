"""Rows on disk between planning and writing, so that a large file does not live in memory twice."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import Any

CHUNK = 2_000


class Spool:
    """A list of records that is appended to, then walked in chunks. Its file, which has no name, goes with it.

    Up to `chunk` records, the last ones, are in memory.
    """

    def __init__(self, chunk: int = CHUNK) -> None:
        self._chunk = chunk
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
        self._waiting: list[Any] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, record: Any) -> None:
        """Add one record (anything that pickles)."""
        if len(self._waiting) == self._chunk:
            self._flush()
        self._waiting.append(record)
        self._length += 1

    def chunks(self) -> Iterator[list[Any]]:
        """All records in order, some at a time."""
        self._file.seek(0)
        for _ in range((self._length - len(self._waiting)) // self._chunk):
            yield pickle.load(self._file)  # noqa: S301 - written by this process, into a file without a name
        if self._waiting:
            yield list(self._waiting)

    def __del__(self) -> None:
        self._file.close()

    def _flush(self) -> None:
        self._file.seek(0, 2)
        pickle.dump(self._waiting, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._waiting = []
