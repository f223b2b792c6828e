"""What an import did, or would do."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from domain.money import to_decimal

MOST_REJECTS = 10_000  # listed; all of them are counted and stored
SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken: its line, the column and value at fault ('' for the whole row), and why."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One of the first rows as it was understood. status: added, duplicate or rejected."""

    line: int
    status: str
    values: dict[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatementFound:
    """A bank statement of the file, its account masked; `last` is its last day. Amounts are minor units; a balance is
    None where the file states none, the difference (opening + movements - closing) where either is missing.
    """

    bank_account: str
    reference: str
    currency: str
    first: date
    last: date
    opening: int | None
    movements: int
    closing: int | None
    difference: int | None
    lines: int
    new_lines: int
    known: bool


@dataclass(slots=True)
class Created:
    """Rows that landed besides (or as) those of the file."""

    sites: int = 0
    vendors: int = 0
    accounts: int = 0
    bills: int = 0
    payments: int = 0
    allocations: int = 0


@dataclass(slots=True)
class Report:
    """read = added + duplicate + rejected. `changed` of them filled blanks or moved a payment on. Amounts as parsed."""

    kind: str
    file: str
    source: str
    sha256: str
    dry_run: bool
    read: int = 0
    added: int = 0
    duplicate: int = 0
    rejected: int = 0
    changed: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    created: Created = field(default_factory=Created)
    batch_id: int | None = None
    # How the file was read, for people.
    findings: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    sample: list[SampleRow] = field(default_factory=list)
    statements: list[StatementFound] = field(default_factory=list)
    documents: list[dict[str, str]] = field(default_factory=list)  # the bills of a file that is no table

    def as_json(self) -> dict[str, Any]:
        """What `manage.py import --json` prints."""
        kept = {name: value for name, value in asdict(self).items() if name not in ("sample", "columns")}
        kept["statements"] = [_statement_as_json(statement) for statement in self.statements]
        return kept


def _statement_as_json(statement: StatementFound) -> dict[str, Any]:
    values: dict[str, Any] = asdict(statement) | {
        "first": statement.first.isoformat(),
        "last": statement.last.isoformat(),
    }
    for name in ("opening", "movements", "closing", "difference"):
        if values[name] is not None:
            values[name] = f"{to_decimal(values[name], statement.currency):f}"
    return values
