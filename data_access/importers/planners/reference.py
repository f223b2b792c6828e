"""What the ledger points at: rows with a natural key. The same again is a duplicate, more detail fills blanks,
anything else is refused: an import never overwrites what somebody entered.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, update

from data_access.importers.context import Context
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.rows import ParsedRow

Values = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """A row of a reference table as it will be, by field. `before` and `changes`: blanks filled of a known one."""

    id: int | None
    values: Values
    site_id: int | None = None
    before: Values = field(default_factory=dict)
    changes: Values = field(default_factory=dict)


@dataclass(slots=True)
class Register:
    """The entries of one table by natural key.

    defaults: what a column holds when nobody gave a value; like a blank, it may be filled. show: a value for people.
    """

    context: Context
    table: Table
    defaults: Mapping[str, Any]
    show: Callable[[str, Any], str] = lambda _name, value: str(value)
    entries: dict[Hashable, Entry] = field(default_factory=dict)

    def know(self, key: Hashable, entry: Entry) -> None:
        """An entry that is in the ledger."""
        self.entries.setdefault(key, entry)

    def decide(self, row: ParsedRow, key: Hashable, values: Values, otherwise: Values | None = None) -> Entry | None:
        """Add the row, count it as a duplicate, fill blanks with it, or reject it (None).

        `values` are those that the file gives; `otherwise` completes a new entry.
        """
        entry = self.entries.get(key)
        if entry is None:
            entry = self.entries[key] = Entry(None, (otherwise or {}) | values)
            self.context.tally.add(row)
            return entry
        differing = {name: value for name, value in values.items() if entry.values.get(name) != value}
        for name, value in differing.items():
            known = entry.values.get(name)
            if known not in (None, "") and known != self.defaults.get(name):
                here, there = self.show(name, value), self.show(name, known)
                reason = f"{name} is {here!r} here and {there!r} in the ledger, which an import does not overwrite"
                self.context.reject(row, name, reason)
                return None
        if not differing:
            self.context.tally.repeat(row)
            return entry
        if entry.id is not None:
            entry.before = {name: entry.values.get(name) for name in differing} | entry.before
            entry.changes |= differing
        entry.values |= differing
        self.context.tally.change(row, added=True)
        return entry

    def newcomers(self) -> list[Entry]:
        """Entries that the file adds."""
        return [entry for entry in self.entries.values() if entry.id is None]

    def write(self, landing: Landing, columns: Callable[[Values], Values], *, told: bool) -> None:
        """Insert what is new and fill blanks. `columns` turns fields into columns; `told`: an audit event for each new row."""
        new = self.newcomers()
        by_shape: dict[frozenset[str], list[Values]] = {}
        for entry, new_id in zip(new, reserve_ids(landing.connection, self.table, len(new)), strict=True):
            entry.id = new_id
            row = {"id": new_id} | {name: value for name, value in columns(entry.values).items() if value is not None}
            by_shape.setdefault(frozenset(row), []).append(row)  # what is left out keeps the column's default
            if told:
                landing.writing.record("create", self.table.name, new_id, site_id=self._site(entry, row), after=row)
        for rows in by_shape.values():
            landing.insert(self.table, rows, counted=False)
        self._fill(landing, columns)

    def _fill(self, landing: Landing, columns: Callable[[Values], Values]) -> None:
        for entry in self.entries.values():
            if not entry.changes:
                continue
            after, before = columns(entry.changes), columns(entry.before)
            landing.connection.execute(update(self.table).where(self.table.c.id == entry.id).values(**after))
            landing.writing.record(
                "fill", self.table.name, entry.id, site_id=self._site(entry, after), before=before, after=after
            )

    def _site(self, entry: Entry, row: Values) -> int | None:
        return entry.id if self.table.name == "sites" else row.get("site_id", entry.site_id)


def given(row: ParsedRow, names: Iterable[str]) -> Values:
    """The fields of a row that are not blank."""
    return {name: row.values[name] for name in names if name in row.values}
