"""A first look at a file: how it is written, and which of its columns is which field, before anything is decided."""

from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from data_access.importers.cells import as_text
from data_access.importers.columns import match_columns, wanted_columns
from data_access.importers.conventions import learn
from data_access.importers.errors import ImportRefusedError
from data_access.importers.fields import Kind
from data_access.importers.options import Options, check_name, kind_named
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.record import fold
from data_access.importers.reading.table import read_table
from data_access.importers.tally import visible
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order

FIRST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is. `mapped`: {field: the file's column}, as far as names match; a title is '' where it has none.

    refusal: why it cannot be imported with these options, '' where it can; mark and orders ({field: order}) are known then.
    """

    name: str
    sha256: str
    encoding: str
    delimiter: str
    sheet: str
    titles: tuple[str, ...]
    header_line: int
    row_count: int
    skipped: tuple[dict[str, Any], ...]
    findings: tuple[str, ...]
    first_rows: tuple[tuple[int, tuple[str, ...]], ...]
    mapped: dict[str, str]
    refusal: str = ""
    mark: Mark | None = None
    orders: dict[str, Order] = field(default_factory=dict)
    format: str = ""  # of a file that is no table


def inspect(kind: str, path: Path, options: Options, limits: Limits | None = None) -> Inspection:
    """Read the file in the confined child and say what it is. Raises ImportRefusedError when it cannot be read at all."""
    wanted = kind_named(kind)
    check_name(options)
    with read_table(path, wanted_columns(wanted, options), options.sheet, limits, options.file_name) as table:
        first = tuple(
            (row.line, tuple(visible(as_text(cell)) for cell in row.cells)) for row in islice(table.rows(), FIRST_ROWS)
        )
        seen = Inspection(
            name=table.name,
            sha256=table.sha256,
            encoding=table.encoding,
            delimiter=table.delimiter,
            sheet=table.sheet,
            titles=table.columns,
            header_line=table.header_line,
            row_count=table.row_count,
            skipped=tuple(table.skipped),
            findings=tuple(visible(finding, 500) for finding in table.findings),
            first_rows=first,
            mapped=_by_name(wanted, options, table.columns),
            format=table.format,
        )
        try:
            sources = match_columns(wanted, options, table.columns)
            known = learn(table, sources, options)
        except ImportRefusedError as error:
            return replace(seen, refusal=str(error))
    orders = {name: order for name, order in known.orders.items() if order is not None}
    mapped = {source.field.name: source.title for source in sources if source.index is not None}
    return replace(seen, mapped=mapped, mark=known.mark, orders=orders)


def _by_name(kind: Kind, options: Options, titles: tuple[str, ...]) -> dict[str, str]:
    mapped = {}
    for each in kind.fields:
        name = fold(options.columns.get(each.name, each.name))
        found = [title for title in titles if title and fold(title) == name]
        if each.name not in options.constants and len(found) == 1:
            mapped[each.name] = found[0]
    return mapped
