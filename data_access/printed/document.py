"""A document to print: titled sections of particulars, tables and lines, as a PDF that is the same on every machine.

Typst sets it, with the fonts beside this file and no others; the text goes in as data, so that nothing in it is markup.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by head; `right` are the numbers of those whose cells are amounts. totals: how many last rows are."""

    head: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    right: tuple[int, ...] = ()
    totals: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Particulars (name and value; empty values are left out), then a table, then lines, then small print."""

    title: str
    pairs: Sequence[tuple[str, str]] = ()
    table: Table | None = None
    lines: Sequence[str] = ()
    small: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed. `footer` stands on every page; wide: on paper laid across, each section on a page of its own."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    footer: str
    wide: bool = False


def as_pdf(document: Document) -> bytes:
    """The same document gives the same bytes: no date, no machine and no system font goes in."""
    import typst  # late: a third of a second that only printing needs

    data = asdict(document)
    for section in data["sections"]:
        section["pairs"] = [pair for pair in section["pairs"] if pair[1]]
    made = typst.compile(
        _HERE / "page.typ",
        format="pdf",
        font_paths=[_HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(data)},
    )
    if not isinstance(made, bytes):
        raise TypeError("typst made no single file")
    return made
