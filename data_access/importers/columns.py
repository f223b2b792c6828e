"""Which of the file's columns is which field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data_access.importers.errors import ImportUsageError
from data_access.importers.fields import Field, Kind
from data_access.importers.naming import near
from data_access.importers.options import Options
from data_access.importers.reading.headers import Wanted
from data_access.importers.reading.record import fold


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's text comes from: the file's column at `index` (named `title`), or `constant` for every row."""

    field: Field
    title: str
    index: int | None = None
    constant: str = ""


def wanted_columns(kind: Kind, options: Options) -> Wanted:
    """The header names to look for, folded."""
    names = {
        field.name: fold(options.columns.get(field.name, field.name))
        for field in kind.fields
        if field.name not in options.constants
    }
    needs = tuple(
        tuple(names[name] for name in need)
        for need in kind.needs
        if not any(name in options.constants for name in need)
    )
    bank = kind.name == "bank"
    return Wanted(frozenset(names.values()), needs, bank, kind.wire, options.accept_envelope, kind.name == "usage")


def match_columns(kind: Kind, options: Options, titles: Sequence[str]) -> list[Source]:
    """The source of each field that the file (or a constant) has. Raises ImportUsageError with near misses."""
    sources = []
    for field in kind.fields:
        if field.name in options.constants:
            sources.append(Source(field, field.name, constant=options.constants[field.name]))
            continue
        asked = options.columns.get(field.name)
        index = _find(asked or field.name, field, titles)
        if index is None and asked is not None:
            raise ImportUsageError(
                f"the file has no column {asked!r} for {field.name}{near(asked, titles)}; it has: {_listed(titles)}"
            )
        if index is not None:
            sources.append(Source(field, titles[index], index))
    found = {source.field.name for source in sources}
    missing = [" or ".join(need) for need in kind.needs if not found.intersection(need)]
    if missing:
        hints = "".join(near(name, titles) for name in missing)
        raise ImportUsageError(
            f"no column for {', '.join(missing)}{hints}; the file has: {_listed(titles)}. "
            "Name the file's own by --map field=column, or give one text for all rows by --map field==text"
        )
    return sources


def _find(name: str, field: Field, titles: Sequence[str]) -> int | None:
    exact = [index for index, title in enumerate(titles) if title == name]
    if exact:
        return exact[0]
    folded = fold(name)
    matches = [index for index, title in enumerate(titles) if title and fold(title) == folded]
    # The reader numbers a name that is there twice.
    numbered = re.compile(re.escape(folded) + r"\(\d+\)")
    doubled = [title for title in titles if numbered.fullmatch(fold(title))]
    if len(matches) > 1 or (not matches and doubled):
        choices = doubled or [titles[index] for index in matches]
        raise ImportUsageError(
            f"the file has several columns for {field.name} ({', '.join(choices)}): choose one by --map {field.name}={choices[0]!r}"
        )
    return matches[0] if matches else None


def _listed(titles: Sequence[str]) -> str:
    named = [title for title in titles if title]
    return ", ".join(named[:40]) + (f" and {len(named) - 40} more" if len(named) > 40 else "")  # noqa: PLR2004 - a screenful
