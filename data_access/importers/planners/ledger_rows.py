"""Whether a ledger row is there already: by the file's own id for it, else by its content and how often it occurred."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table

from data_access.importers.context import Context
from data_access.importers.directory import Account
from data_access.importers.existing import batches, rows_by_key
from data_access.importers.keys import content_hash, id_key, row_key
from data_access.importers.rows import ParsedRow
from data_access.importers.shares import AccountShares
from domain.money import to_decimal


@dataclass(slots=True)
class Candidate:
    """A parsed row of one account. `content` is what makes it this row and no other, by field."""

    row: ParsedRow
    account: Account
    content: dict[str, Any]
    key: str = ""

    @property
    def account_id(self) -> int:
        """The account's id; negative for a new one."""
        return self.account.id

    @property
    def external_id(self) -> str | None:
        """The file's own id for the row."""
        return self.row.get("external_id")


class Keys:
    """Gives each new row its import key, across the whole file; finds the repeated ones, and ids used for something else.

    columns: what to fetch of a row that is there; stored: its content by field, to compare with a candidate's.
    """

    def __init__(
        self,
        context: Context,
        table: Table,
        columns: Iterable[ColumnElement[Any]],
        stored: Callable[[Any, Candidate], Mapping[str, Any]],
    ) -> None:
        self._context = context
        self._table = table
        self._columns = list(columns)
        self._stored = stored
        self._counts: dict[tuple[int, bytes], int] = {}
        self._named: dict[tuple[int, str], tuple[str, int]] = {}
        self._shares = AccountShares(context.table.row_count, context.directory)

    def keep(self, candidates: Iterable[Candidate]) -> None:
        """Rows to be sifted at the file's end."""
        for candidate in candidates:
            self._shares.append(candidate)

    def shares(self) -> Iterator[Iterator[Candidate]]:
        """Those that were kept and are new, all of an account in one share. Each is walked before the next is asked for."""
        for share in self._shares.walk():
            self._counts, self._named = {}, {}
            yield (new for some in batches(share) for new in self.sift(some))

    def sifted(self) -> Iterator[Candidate]:
        """The same, share after share."""
        for share in self.shares():
            yield from share

    def sift(self, candidates: list[Candidate]) -> list[Candidate]:
        """Those that are new, with their keys. The others are counted as duplicates, or rejected."""
        digests = [content_hash(candidate.content) for candidate in candidates]
        for candidate, digest in zip(candidates, digests, strict=True):
            if candidate.external_id is not None:
                candidate.key = id_key(candidate.external_id)
                continue
            slot = (candidate.account_id, bytes.fromhex(digest[:32]))
            self._counts[slot] = count = self._counts.get(slot, 0) + 1
            candidate.key = row_key(digest, count)
        known = self._known(candidates)
        return [
            candidate
            for candidate, digest in zip(candidates, digests, strict=True)
            if self._is_new(candidate, digest, known.get((candidate.account_id, candidate.key)))
        ]

    def _known(self, candidates: list[Candidate]) -> dict[tuple[int, str], Any]:
        wanted = {(candidate.account_id, candidate.key) for candidate in candidates if candidate.account_id > 0}
        found = rows_by_key(
            self._context.connection, self._table, self._context.options.source.strip(), wanted, self._columns
        )
        return {(row.account_id, row.import_key): row for row in found}

    def _is_new(self, candidate: Candidate, digest: str, known: Any) -> bool:
        tally = self._context.tally
        if known is not None:
            differing = (
                difference(candidate.content, self._stored(known, candidate))
                if candidate.external_id is not None
                else None
            )
            if differing is None:
                tally.repeat(candidate.row)
            else:
                field, here, there = differing
                here, there = shown(field, here, candidate.account), shown(field, there, candidate.account)
                reason = f"id {candidate.external_id!r} is in the ledger with another {field}: {there!r} there, {here!r} here"
                self._context.reject(candidate.row, field, reason)
            return False
        if candidate.external_id is None:
            return True
        slot = (candidate.account_id, candidate.external_id)
        if slot not in self._named:
            self._named[slot] = (digest, candidate.row.line)
            return True
        first, line = self._named[slot]
        if first == digest:
            tally.repeat(candidate.row)
        else:
            reason = f"id {candidate.external_id!r} stands on line {line} already, with other content"
            self._context.reject(candidate.row, "external_id", reason)
        return False


def difference(content: Mapping[str, Any], stored: Mapping[str, Any]) -> tuple[str, Any, Any] | None:
    """(field, here, there) of the first field in which a row and what is stored of it disagree; None when they agree."""
    for field, there in stored.items():
        here = content.get(field)
        if (here if here is not None else "") != (there if there is not None else ""):
            return field, here, there
    return None


def shown(field: str, value: Any, account: Account) -> str:
    """A value for people: amounts in major units, nothing as nothing."""
    if field == "amount" and value is not None:
        return str(to_decimal(value, account.currency))
    return str(value if value is not None else "")
