"""The rows of a large file by what has to be known of all of them at once, on disk until the file's end: it is then known of some
at a time, and memory does not grow with the file.
"""

from collections.abc import Iterator
from typing import Any

from data_access.importers.directory import Directory
from data_access.importers.spool import CHUNK, Spool

IN_MEMORY = 10_000  # rows; a file that has no more is one share, which is not written to disk


class Shares:
    """Records by a whole number. Those of one number are in one share, in order."""

    def __init__(self, rows: int) -> None:
        number = max(1, -(-rows // IN_MEMORY))
        chunk = max(1, min(CHUNK, IN_MEMORY // number)) if number > 1 else IN_MEMORY
        self._spools = [Spool(chunk) for _ in range(number)]

    def append(self, number: int, record: Any) -> None:
        """One more (anything that pickles)."""
        self._spools[number % len(self._spools)].append(record)

    def walk(self) -> Iterator[Iterator[Any]]:
        """Each share in turn, once."""
        while self._spools:
            spool = self._spools.pop(0)
            yield (record for chunk in spool.chunks() for record in chunk)


class AccountShares:
    """Records that have an `account`. Those of one account are in one share, in order."""

    def __init__(self, rows: int, directory: Directory) -> None:
        self._directory = directory
        self._shares = Shares(rows)

    def append(self, record: Any) -> None:
        """One more."""
        account_id = record.account.id
        record.account = None  # on disk it would be a copy
        self._shares.append(account_id, (account_id, record))

    def walk(self) -> Iterator[Iterator[Any]]:
        """Each share in turn, once."""
        return map(self._records, self._shares.walk())

    def _records(self, share: Iterator[Any]) -> Iterator[Any]:
        for account_id, record in share:
            record.account = self._directory.accounts[account_id]
            yield record
