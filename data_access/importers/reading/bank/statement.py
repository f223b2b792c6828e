"""What every format says of a statement, and how that becomes rows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from data_access.importers.reading.record import Cell, Record

COLUMNS = (
    "bank_account",
    "currency",
    "part",
    "statement",
    "kind",
    "opening",
    "closing",
    "period_start",
    "period_end",
    "booked_on",
    "value_on",
    "amount",
    "counterparty",
    "description",
    "reference",
    "check_number",
    "external_id",
)
_LONG, _SHORT = 1_000, 200
_FIGURE = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,3})?")
# A reference that says there is none.
_NOTHING = frozenset({"NONREF", "NOTPROVIDED", "NONE", "N/A", "0", "00000000"})


@dataclass(slots=True)
class Movement:
    """One line. Amounts are decimal text with a point, dates ISO text, as far as the file's own make sense."""

    line: int
    booked_on: str
    amount: str
    value_on: str = ""
    counterparty: str = ""
    description: str = ""
    reference: str = ""
    check_number: str = ""
    external_id: str = ""
    fault: str = ""


@dataclass(slots=True)
class Statement:
    """A statement of one account; `last` is the last day of its period."""

    account: str
    currency: str = ""
    reference: str = ""
    kind: str = "bank"
    opening: str = ""
    closing: str = ""
    first: str = ""
    last: str = ""
    line: int = 1
    movements: list[Movement] = field(default_factory=list)


def records(statements: Iterable[Statement]) -> Iterator[Record]:
    """A row for each movement; a statement without any has one row, which has no amount."""
    for part, statement in enumerate(statements, start=1):
        head: list[Cell] = [
            _text(statement.account),
            statement.currency.strip(),
            str(part),
            _text(statement.reference),
            statement.kind,
            figure(statement.opening),
            figure(statement.closing),
            statement.first,
            statement.last,
        ]
        still = Movement(statement.line, statement.last or statement.first, "")
        for movement in statement.movements or [still]:
            cells: list[Cell] = [
                movement.booked_on,
                movement.value_on,
                figure(movement.amount),
                _text(movement.counterparty),
                _text(movement.description, _LONG),
                _told(movement.reference),
                _text(movement.check_number),
                _told(movement.external_id),
            ]
            yield Record(movement.line, head + cells, movement.fault)


def figure(text: str) -> Cell:
    """A number as one, so that nobody asks what its point means; anything else as it stands, to be refused by its row."""
    text = text.strip()
    return float(text) if _FIGURE.fullmatch(text) else text


def day(text: str) -> str:
    """YYYYMMDD and what follows as ISO; anything else as it stands."""
    text = text.strip()
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if re.match(r"[0-9]{8}", text) else text


def line_numbers(text: str, pattern: str) -> Iterator[int]:
    """The line of each match; the last one again when there are no more."""
    line, at = 1, 0
    for match in re.finditer(pattern, text):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield line
    while True:
        yield line


def _told(text: str) -> str:
    return "" if text.strip().upper() in _NOTHING else _text(text)


def _text(text: str, limit: int = _SHORT) -> str:
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return shown[:limit]
