"""The rows of a large file by account, on disk until the file's end: what has to be known of all rows of an account is then
known of some accounts at a time, and memory does not grow with the file.
"""

from collections.abc import Iterator
from typing import Any

from data_access.importers.directory import Directory
from data_access.importers.spool import CHUNK, Spool

_IN_MEMORY = 10_000  # rows; a file that has no more is one share


class Shares:
    """Records that have an `account`. Those of one account are in one share, in order."""

    def __init__(self, rows: int, directory: Directory) -> None:
        number = 1 + rows // _IN_MEMORY
        self._directory = directory
        self._spools = [Spool(max(1, min(CHUNK, _IN_MEMORY // number))) for _ in range(number)]

    def append(self, record: Any) -> None:
        """One more."""
        account_id = record.account.id
        record.account = None  # on disk it would be a copy
        self._spools[account_id % len(self._spools)].append((account_id, record))

    def walk(self) -> Iterator[Iterator[Any]]:
        """Each share in turn, once."""
        while self._spools:
            yield self._records(self._spools.pop(0))

    def _records(self, spool: Spool) -> Iterator[Any]:
        for chunk in spool.chunks():
            for account_id, record in chunk:
                record.account = self._directory.accounts[account_id]
                yield record
