"""One statement of a file: what it states, what its lines add up to, and how it joins the statement before it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data_access.importers.keys import content_hash
from data_access.importers.report import StatementFound
from data_access.importers.rows import ParsedRow
from data_access.schema import bank_statements
from domain.masking import masked_bank_account
from domain.money import Money
from domain.periods import shifted


@dataclass(slots=True)
class BankLine:
    """A line, signed; `digest` is what it is, `key` counts those that are the same."""

    row: ParsedRow
    amount: int
    digest: str
    texts: dict[str, str]
    key: str = ""
    known: bool = False


@dataclass(slots=True)
class BankStatement:
    """`still` is the row of a statement without lines."""

    account: str
    currency: str
    reference: str
    kind: str = ""
    opening: int | None = None
    closing: int | None = None
    named_first: date | None = None
    named_last: date | None = None
    lines: list[BankLine] = field(default_factory=list)
    still: ParsedRow | None = None
    known: bool = False

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

    @property
    def first(self) -> date:
        """Its first day: as stated, or that of its earliest line if that is earlier."""
        return min(self._days(self.named_first))

    @property
    def last(self) -> date:
        """Its last day."""
        return max(self._days(self.named_last))

    @property
    def movements(self) -> int:
        """What its lines add up to, new or there already."""
        return sum(line.amount for line in self.lines)

    @property
    def difference(self) -> int | None:
        """opening + movements - closing; None where a balance is not stated."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.movements - self.closing

    @property
    def key(self) -> str:
        """The same statement again has the same."""
        return self._key([line.digest for line in self.lines])

    @property
    def keys(self) -> tuple[str, str]:
        """All that it may be in the ledger by: earlier releases counted equal lines in its key too."""
        return self.key, self._key([line.key for line in self.lines])

    def _key(self, lines: list[str]) -> str:
        stated = {
            "reference": self.reference,
            "currency": self.currency,
            "first": self.first,
            "last": self.last,
            "opening": self.opening,
            "closing": self.closing,
        }
        return f"row:{content_hash(stated | {'lines': ' '.join(lines)})}"

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
        new = sum(not line.known for line in self.lines)
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
            len(self.lines),
            new,
            self.known,
        )

    def _days(self, named: date | None) -> list[date]:
        days = [line.row.values["booked_on"] for line in self.lines]
        days += [named] if named is not None else []
        return days or [self.still.values["booked_on"] if self.still is not None else date.min]


def told(statement: BankStatement) -> str:
    """Whether the statement adds up, in words."""
    head = (
        f"statement {statement.reference}".rstrip()
        + f" of {masked_bank_account(statement.account)}, {statement.first} to {statement.last}"
    )
    moved = f"{len(statement.lines)} lines move {_money(statement, statement.movements)}"
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
