"""How the files of one bank or vendor are read, kept by name and chosen again for the next one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from data_access.importers.options import Options
from data_access.importers.reading.record import fold
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order

LONGEST_NAME = 60
DELETED = "null"  # the options of a mapping that was deleted


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """What was told of the files of a kind. `titles`: the column names of the file it was saved with, folded."""

    kind: str
    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    date_order: Order | None = None
    decimal: Mark | None = None
    sheet: str = ""
    reversed_signs: bool = False
    titles: tuple[str, ...] = ()

    def fits(self, titles: Sequence[str]) -> bool:
        """Whether a file with these column names is one of them, whatever their order."""
        return bool(self.titles) and self.titles == folded(titles)

    def told(self) -> dict[str, Any]:
        """All but kind, name and titles, without what says nothing."""
        kept = {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "date_order": self.date_order,
            "decimal": self.decimal,
            "sheet": self.sheet,
            "reversed_signs": self.reversed_signs,
        }
        return {name: value for name, value in kept.items() if value}

    def applied(self, options: Options) -> Options:
        """`options` with all that is saved, except where they say otherwise themselves."""
        given = {**options.columns, **options.constants}
        columns = {name: title for name, title in self.columns.items() if name not in given}
        constants = {name: text for name, text in self.constants.items() if name not in given}
        return replace(
            options,
            columns=columns | dict(options.columns),
            constants=constants | dict(options.constants),
            date_order=options.date_order or self.date_order,
            decimal=options.decimal or self.decimal,
            sheet=options.sheet or self.sheet,
            reversed_signs=options.reversed_signs or self.reversed_signs,
        )


def of_options(kind: str, name: str, options: Options, titles: Sequence[str]) -> SavedMapping:
    """What `options` tell of the files of this kind, under a name."""
    return SavedMapping(
        kind,
        name,
        dict(options.columns),
        dict(options.constants),
        options.date_order,
        options.decimal,
        options.sheet,
        options.reversed_signs,
        folded(titles),
    )


def from_text(kind: str, name: str, options: str, titles: str) -> SavedMapping:
    """As the table keeps it."""
    told = json.loads(options)
    return SavedMapping(
        kind,
        name,
        told.get("columns", {}),
        told.get("constants", {}),
        Order(told["date_order"]) if "date_order" in told else None,
        Mark(told["decimal"]) if "decimal" in told else None,
        told.get("sheet", ""),
        told.get("reversed_signs", False),
        tuple(json.loads(titles)),
    )


def folded(titles: Sequence[str]) -> tuple[str, ...]:
    """Column names to be compared: spelling and order do not count."""
    return tuple(sorted(fold(title) for title in titles if title))
