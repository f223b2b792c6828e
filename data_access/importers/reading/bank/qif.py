"""QIF, the older exchange format of home banking: no currency, no balances, rarely an account."""

from collections.abc import Iterator

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.bank.statement import Movement, Statement

_FIELDS = {"D": "booked_on", "T": "amount", "U": "amount", "P": "counterparty", "M": "description", "N": "check_number"}
_KINDS = {"bank": "bank", "cash": "bank", "ccard": "card"}


def statements(text: str) -> Iterator[Statement]:
    """One statement for each section. Raises ImportRefusedError for what holds no bank's lines, or is cut short."""
    account, naming = "", False
    statement: Statement | None = None
    found: dict[str, str] = {}
    begun = 0
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.casefold() == "!account":
            naming = True
        elif line.casefold().startswith("!type:"):
            kind = line[6:].strip().casefold()
            if kind not in _KINDS:
                raise ImportRefusedError(f"line {number}: QIF of the type {kind[:40]!r} holds no bank lines")
            if statement is not None:
                yield statement
            statement, naming = Statement(account, kind=_KINDS[kind], line=number), False
        elif line == "^":
            if naming:
                account = found.get("check_number", "")
            elif statement is not None and found:
                statement.movements.append(_movement(begun, found))
            found, begun = {}, 0
        elif line and not line.startswith("!"):
            begun = begun or number
            if name := _FIELDS.get(line[0]):
                found.setdefault(name, line[1:].strip())
    if found:
        raise ImportRefusedError(f"the last entry, on line {begun}, is not closed by ^: the file is cut short")
    if statement is not None:
        yield statement


def _movement(line: int, found: dict[str, str]) -> Movement:
    # Quicken writes 3/15'26 for the year 2026.
    found["booked_on"] = found.get("booked_on", "").replace("'", "/").replace(" ", "")
    found.setdefault("amount", "")
    movement = Movement(line, **found)
    if not movement.amount:
        movement.fault = "has no amount (T)"
    return movement
