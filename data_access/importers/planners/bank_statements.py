"""One statement of a file: what it states, what its lines add up to, and how it joins the statement before it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data_access.importers.keys import LongHash
from data_access.importers.report import StatementFound
from data_access.importers.rows import ParsedRow
from data_access.schema import bank_statements
from domain.masking import masked_bank_account
from domain.money import Money
from domain.periods import shifted


@dataclass(slots=True)
class BankLine:
    """A line, signed; `digest` is what it is, `key` counts those that are the same, `known` where it is in the ledger."""

    row: ParsedRow
    amount: int
    digest: str
    texts: dict[str, str]
    key: str = ""
    known: bool = False


@dataclass(slots=True)
class BankStatement:
    """`still` is the row of a statement without lines.

    lines: how many it has; movements: what they add up to; new: those that are not in the ledger. keys: all that it may
    be in the ledger by: earlier releases counted equal lines in its key.
    """

    account: str
    currency: str
    reference: str
    kind: str = ""
    opening: int | None = None
    closing: int | None = None
    named_first: date | None = None
    named_last: date | None = None
    lines: int = 0
    movements: int = 0
    new: int = 0
    still: ParsedRow | None = None
    known: bool = False
    keys: tuple[str, str] = ("", "")
    booked_first: date | None = None
    booked_last: date | None = None

    def take_head(self, row: ParsedRow, opening: int | None, closing: int | None) -> str:
        """What a row says of its statement; the name of a field that contradicts the rows before, else ''."""
        heads = {"kind": row.get("kind"), "opening": opening, "closing": closing}
        for name, value in heads.items():
            known = getattr(self, name)
            if value is not None and known not in (None, "") and known != value:
                return name
        self.kind = self.kind or row.get("kind", "")
        self.opening = self.opening if opening is None else opening
        self.closing = self.closing if closing is None else closing
        self.named_first = self.named_first or row.get("period_start")
        self.named_last = self.named_last or row.get("period_end")
        return ""

    def take_line(self, line: BankLine) -> None:
        """One more line of it."""
        booked_on = line.row.values["booked_on"]
        self.lines += 1
        self.movements += line.amount
        self.booked_first = min(self.booked_first or booked_on, booked_on)
        self.booked_last = max(self.booked_last or booked_on, booked_on)

    @property
    def first(self) -> date:
        """Its first day: as stated, or that of its earliest line if that is earlier."""
        return min(self._days(self.named_first, self.booked_first))

    @property
    def last(self) -> date:
        """Its last day."""
        return max(self._days(self.named_last, self.booked_last))

    @property
    def difference(self) -> int | None:
        """opening + movements - closing; None where a balance is not stated."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.movements - self.closing

    @property
    def key(self) -> str:
        """The same statement again has the same."""
        return self.keys[0]

    def key_hash(self) -> LongHash:
        """What its key is made of but for the words of its lines."""
        stated = {
            "reference": self.reference,
            "currency": self.currency,
            "first": self.first,
            "last": self.last,
            "opening": self.opening,
            "closing": self.closing,
        }
        return LongHash(stated, "lines")

    def follows_within_the_day(self, before: "BankStatement") -> bool:
        """A further statement of the same day, which goes on from the other's balance: its lines are none of the other's."""
        same = (self.account, self.currency, self.opening) == (before.account, before.currency, before.closing)
        return same and self.opening is not None and self.first >= before.last

    def as_row(self) -> dict[str, Any]:
        """As the table has it."""
        return {
            "bank_account": self.account,
            "kind": self.kind or "bank",
            "currency": self.currency,
            "period_start": self.first,
            "period_end": shifted(self.last, 1),
            "opening": self.opening,
            "closing": self.closing,
            "movements": self.movements,
            "reference": self.reference,
            # one that is there already and brings lines all the same stands beside it
            "import_key": None if self.known else self.key,
        }

    def line_row(self, line: BankLine, statement_id: int) -> dict[str, Any]:
        """A line as the table has it."""
        texts = line.texts
        check = f"check {texts['check_number']}" if texts["check_number"] else ""
        return {
            "statement_id": statement_id,
            "bank_account": self.account,
            "booked_on": line.row.values["booked_on"],
            "value_on": line.row.get("value_on"),
            "amount": line.amount,
            "currency": self.currency,
            "reference": texts["reference"] or check,
            "counterparty": texts["counterparty"],
            "description": texts["description"],
            "import_key": line.key,
        }

    def found(self) -> StatementFound:
        """For the report."""
        return StatementFound(
            masked_bank_account(self.account),
            self.reference,
            self.currency,
            self.first,
            self.last,
            self.opening,
            self.movements,
            self.closing,
            self.difference,
            self.lines,
            self.new,
            self.known,
        )

    def _days(self, *days: date | None) -> list[date]:
        given = [day for day in days if day is not None]
        return given or [self.still.values["booked_on"] if self.still is not None else date.min]


def told(statement: BankStatement) -> str:
    """Whether the statement adds up, in words."""
    head = (
        f"statement {statement.reference}".rstrip()
        + f" of {masked_bank_account(statement.account)}, {statement.first} to {statement.last}"
    )
    moved = f"{statement.lines} lines move {_money(statement, statement.movements)}"
    if statement.difference is None:
        stated = [f"{name} {_money(statement, value)}" for name, value in _balances(statement) if value is not None]
        missing = " and ".join(name for name, value in _balances(statement) if value is None)
        return f"{head}: {moved}; {''.join(f'{each}; ' for each in stated)}it states no {missing} balance, so nothing to add up to"
    opening, closing = (_money(statement, value) for _, value in _balances(statement))
    sum_of = f"{head}: opening {opening}, {moved}, closing {closing}"
    if statement.difference:
        return f"{sum_of}: it does not add up, by {_money(statement, statement.difference)}"
    return f"{sum_of}: it adds up"


def gap_before(connection: Connection, statement: BankStatement, in_file: BankStatement | None) -> str:
    """What lies between this statement's opening and the closing of the one before it, in the file or the ledger."""
    if statement.opening is None:
        return ""
    table = bank_statements.c
    earlier = (
        select(table.closing, table.period_end)
        .where(
            table.bank_account == statement.account,
            table.currency == statement.currency,
            table.closing.is_not(None),
            table.period_end <= shifted(statement.first, 1),
            table.period_start < statement.first,
        )
        .order_by(table.period_end.desc(), table.id.desc())
        .limit(1)
    )
    row = connection.execute(earlier).one_or_none()
    closing, last = (row.closing, shifted(row.period_end, -1)) if row is not None else (None, None)
    if in_file is not None and in_file.closing is not None and in_file.last <= statement.first:
        closing, last = in_file.closing, in_file.last
    if closing is None or closing == statement.opening:
        return ""
    return (
        f"between the closing of {last} ({_money(statement, closing)}) and the opening of {statement.first} "
        f"({_money(statement, statement.opening)}) of {masked_bank_account(statement.account)}, "
        f"{_money(statement, statement.opening - closing)} is missing: a statement was left out"
    )


def _balances(statement: BankStatement) -> tuple[tuple[str, int | None], ...]:
    return (("opening", statement.opening), ("closing", statement.closing))


def _money(statement: BankStatement, amount: int | None) -> str:
    return Money(amount or 0, statement.currency).text
