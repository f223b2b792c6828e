"""What a document says, as rows of the columns that the ledger's planners know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from data_access.importers.reading.record import Record

COLUMNS = (
    "vendor",
    "account_number",
    "account_site",
    "invoice_number",
    "line",
    "type",
    "description",
    "site",
    "amount",
    "currency",
    "issued_on",
    "due_on",
    "paid_on",
    "method",
    "confirmation_number",
    "bill_lines",
    "remittance",
)
_CENT = Decimal("0.01")
_NUMBER = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})")
_WHOLE = re.compile(r"[-+]?\d{1,15}")


class DocumentError(Exception):
    """Why one document is not taken, at `line` (a segment, or a line of the invoice); the others of the file stand."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line

    @property
    def told(self) -> str:
        """With the place: a segment of X12, or the line of an XML invoice."""
        return f"{self} (at {self.line})"


@dataclass(slots=True)
class Line:
    """One charge, signed in major units. `site`: who bears it, where the document says so."""

    line: int
    amount: Decimal
    type: str = "recurring"
    description: str = ""
    number: str = ""
    site: str = ""


@dataclass(slots=True)
class Bill:
    """A bill or (`credit`) a credit note. `total` is what it states, None where it states nothing."""

    line: int
    vendor: str = ""
    account_number: str = ""
    account_site: str = ""
    number: str = ""
    currency: str = ""
    issued_on: str = ""
    due_on: str = ""
    credit: bool = False
    total: Decimal | None = None
    total_line: int = 0
    lines: list[Line] = field(default_factory=list)

    def rows(self, findings: list[str]) -> list[Record]:
        """Its charges, which come to its total: what the lines leave open is a charge of its own, and told."""
        if not self.number:
            raise DocumentError(self.line, "the bill has no number")
        if not self.issued_on:
            raise DocumentError(self.line, f"bill {self.number} has no date")
        sign = self._sign()
        lines = [line for line in self.lines if line.amount]
        added = sum((line.amount for line in lines), Decimal(0))
        if self.total is None and not lines:
            raise DocumentError(self.line, f"bill {self.number} states neither a total nor lines")
        if self.total is not None and not lines:
            lines = [Line(self.total_line or self.line, self.total, description="As billed; not itemised")]
        elif self.total is not None and added != self.total:
            rest = self.total - added
            findings.append(
                f"bill {self.number}: its lines come to {sign * added:.2f}, its total is {sign * self.total:.2f}; "
                f"the difference of {sign * rest:.2f} is a line of its own, so that what is owed is what was billed"
            )
            lines.append(Line(self.total_line or self.line, rest, "adjustment", "Total of the bill less its lines"))
        return [self._row(line, sign, len(lines)) for line in lines]

    def _sign(self) -> int:
        """A credit note states what it takes off above zero, as a rule; one that states it below zero means the same."""
        said = self.total if self.total is not None else sum((line.amount for line in self.lines), Decimal(0))
        return -1 if self.credit and said > 0 else 1

    def _row(self, line: Line, sign: int, count: int) -> Record:
        values = {
            "vendor": self.vendor,
            "account_number": self.account_number,
            "account_site": self.account_site,
            "invoice_number": self.number,
            "line": line.number,
            "type": line.type,
            "description": line.description,
            "site": line.site,
            "amount": f"{sign * line.amount:.2f}",
            "currency": self.currency,
            "issued_on": self.issued_on,
            "due_on": "" if self.credit else self.due_on,
            "bill_lines": str(count),
        }
        return as_record(line.line, values)

    def summary(self, rows: list[Record]) -> dict[str, str]:
        """What a person checks a bill by."""
        amounts = (Decimal(str(row.cells[COLUMNS.index("amount")])) for row in rows)
        return {
            "number": self.number,
            "vendor": self.vendor,
            "issued_on": self.issued_on,
            "due_on": self.due_on,
            "lines": str(len(rows)),
            "total": f"{sum(amounts, Decimal(0)):.2f}",
            "currency": self.currency,
        }


def as_record(line: int, values: dict[str, str]) -> Record:
    """A row with every column."""
    return Record(line, [values.get(name, "") for name in COLUMNS])


def decimal_of(text: str, line: int, what: str) -> Decimal:
    """A number with a decimal point."""
    if not _NUMBER.fullmatch(text.strip()):
        raise DocumentError(line, f"{what} {text[:40]!r} is not a number")
    return Decimal(text.strip())


def cents_of(text: str, line: int, what: str) -> Decimal:
    """A number whose last two digits are decimals, as X12's type N2 has it."""
    if not _WHOLE.fullmatch(text.strip()):
        raise DocumentError(line, f"{what} {text[:40]!r} is not a whole number of cents")
    return Decimal(text.strip()) / 100


def product(quantity: Decimal, price: Decimal) -> Decimal:
    """To the cent, as bills print it."""
    return (quantity * price).quantize(_CENT)


def date_of(text: str, line: int, what: str) -> str:
    """ISO, from YYYYMMDD or YYYY-MM-DD (a time zone behind it does not count)."""
    plain = text.strip()
    try:
        if re.fullmatch(r"\d{8}", plain):
            return datetime.strptime(plain, "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a day, no instant
        return date.fromisoformat(plain[:10]).isoformat()
    except ValueError:
        raise DocumentError(line, f"{what} {text[:40]!r} is not a date") from None


class Seen:
    """Bills of one file: the same number of the same account twice is an error, not twice the money."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str, str, bool], int] = {}

    def check(self, bill: Bill) -> None:
        """Raise DocumentError for the second."""
        key = (bill.vendor, bill.account_number, bill.number, bill.credit)
        first = self._keys.setdefault(key, bill.line)
        if first != bill.line:
            raise DocumentError(bill.line, f"bill {bill.number} stands in this file already, at {first}")


def landed(
    bills: Iterator[Bill | DocumentError], findings: list[str], documents: list[dict[str, str]]
) -> Iterator[Record]:
    """The rows of every bill; one that cannot be taken is a single row with its fault."""
    seen = Seen()
    for bill in bills:
        try:
            if isinstance(bill, DocumentError):
                raise bill
            seen.check(bill)
            rows = bill.rows(findings)
        except DocumentError as error:
            yield Record(error.line, [], error.told)
        else:
            documents.append(bill.summary(rows))
            yield from rows
