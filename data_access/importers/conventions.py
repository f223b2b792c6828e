"""The first walk over a file: what its amounts and dates, taken together, say about how they are written."""

from data_access.importers.cells import LONGEST_VALUE, Conventions
from data_access.importers.columns import Source
from data_access.importers.errors import ImportRefusedError
from data_access.importers.fields import Form
from data_access.importers.options import Options
from data_access.importers.reading.record import PADDING
from data_access.importers.reading.table import Table
from domain.parsing.date_orders import OrderEvidence, UndecidedOrderError
from domain.parsing.instants import InstantError, split_clock
from domain.parsing.marks import MarkEvidence, UndecidedMarkError
from domain.parsing.text import read_yes_or_no

_MARKED = (Form.AMOUNT, Form.RATE, Form.DISPUTED)
_REMEMBERED = 100_000  # values
_DATED = (Form.DATE, Form.INSTANT)


def learn(table: Table, sources: list[Source], options: Options) -> Conventions:
    """Decide the decimal mark and each column's date order. Raises ImportRefusedError rather than guess."""
    marks = MarkEvidence()
    orders = {source.field.name: OrderEvidence(source.title) for source in sources if source.field.form in _DATED}
    looked_at = [source for source in sources if source.field.form in (*_MARKED, *_DATED)]
    seen: set[tuple[str, str]] = set()  # the same text again proves nothing new
    for row in table.rows():
        if row.fault:
            continue
        for source in looked_at:
            cell = source.constant if source.index is None else row.cells[source.index]
            if not isinstance(cell, str) or (source.field.name, cell) in seen:
                continue
            if len(seen) < _REMEMBERED:
                seen.add((source.field.name, cell))
            text = cell.strip(PADDING)
            if not text or len(text) > LONGEST_VALUE:
                continue
            if source.field.form in _DATED:
                orders[source.field.name].see(_date_part(text), row.line)
            elif source.field.form is not Form.DISPUTED or read_yes_or_no(text) is None:
                marks.see(text, row.line)
    try:
        decided = {name: evidence.decide(options.date_order) for name, evidence in orders.items()}
        return Conventions(marks.decide(options.decimal), decided, table.since_1904)
    except (UndecidedMarkError, UndecidedOrderError) as error:
        raise ImportRefusedError(f"{table.name}: {error}") from None


def _date_part(text: str) -> str:
    try:
        return split_clock(text)[0]
    except InstantError:
        return ""
