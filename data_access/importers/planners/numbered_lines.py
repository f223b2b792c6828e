"""The lines of the bank statements of a file, on disk: which of equal ones each is, and whether the ledger has it."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, Table

from data_access.importers.existing import batches, texts_there
from data_access.importers.keys import row_key
from data_access.importers.planners.bank_statements import BankLine
from data_access.importers.shares import IN_MEMORY, Shares
from data_access.importers.spool import CHUNK, Spool
from data_access.schema import bank_lines

_Key = tuple[str, str]  # bank account, key


class NumberedLines:
    """A statement is its place in the file, from 0. Equal lines are in one share, so that they are counted some lines at a time."""

    def __init__(self, rows: int) -> None:
        self._spool = Spool(IN_MEMORY if rows <= IN_MEMORY else CHUNK)
        self._shares = Shares(rows)
        # Of each statement, by line: which of its equals it is; less than nothing where the ledger, or a line before, has it.
        self._numbers: list[array[int]] = []

    def append(self, statement: int, line: BankLine) -> None:
        """One more line of a statement."""
        while statement >= len(self._numbers):
            self._numbers.append(array("q"))
        numbers = self._numbers[statement]
        self._shares.append(int(line.digest[:8], 16), (statement, len(numbers), line.digest))
        self._spool.append((statement, line))
        numbers.append(0)

    def count(
        self,
        connection: Connection,
        accounts: Sequence[str],
        anew: Collection[int],
        others: Sequence[Collection[str]],
    ) -> None:
        """Number them, once all are there. Of each statement: the account; whether its equals are counted anew from it on; keys
        that other statements have, which are passed over.
        """
        for share in self._shares.walk():
            seen: Counter[_Key] = Counter()
            taken: set[_Key] = set()
            rows = sorted(share)
            for some in batches(self._numbered(rows, accounts, anew, others, seen)):
                known = keys_in(connection, bank_lines, {key for _, _, _, key in some})
                for statement, place, number, key in some:
                    there = key in known or key in taken
                    taken.add(key)
                    self._numbers[statement][place] = -number if there else number

    def walk(self) -> Iterator[tuple[int, BankLine]]:
        """Each with its statement, in order, as often as needed."""
        places = [iter(numbers) for numbers in self._numbers]
        for chunk in self._spool.chunks():
            for statement, line in chunk:
                number = next(places[statement])
                line.key, line.known = row_key(line.digest, abs(number)), number < 0
                yield statement, line

    def _numbered(
        self,
        rows: Sequence[tuple[int, int, str]],
        accounts: Sequence[str],
        anew: Collection[int],
        others: Sequence[Collection[str]],
        seen: Counter[_Key],
    ) -> Iterator[tuple[int, int, int, _Key]]:
        for statement, its_own in groupby(rows, key=itemgetter(0)):
            lines, account = list(its_own), accounts[statement]
            if statement in anew:
                for _, _, digest in lines:
                    seen.pop((account, digest), None)
            for _, place, digest in lines:
                while True:
                    seen[account, digest] += 1
                    key = row_key(digest, seen[account, digest])
                    if key not in others[statement]:
                        break
                yield statement, place, seen[account, digest], (account, key)


def keys_in(connection: Connection, table: Table, keys: Collection[_Key]) -> set[_Key]:
    """Those of (bank account, import key) that a table of bank records has."""
    found: set[_Key] = set()
    by_account: dict[str, list[str]] = {}
    for account, key in keys:
        by_account.setdefault(account, []).append(key)
    for account, names in by_account.items():
        there = texts_there(connection, table.c.import_key, names, table.c.bank_account == account)
        found.update((account, key) for key in there)
    return found
