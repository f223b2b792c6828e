"""Planning bank statements: every line once in its bank account, and each statement with what it should add up to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.errors import ImportUsageError
from data_access.importers.keys import content_hash
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.planners.bank_neighbours import head_of, keys_beside
from data_access.importers.planners.bank_statements import BankLine, BankStatement, gap_before, told
from data_access.importers.planners.numbered_lines import NumberedLines, keys_in
from data_access.importers.rows import ParsedRow
from data_access.schema import bank_lines, bank_statements
from domain.parsing.amounts import WrittenAmount

_TEXTS = ("reference", "counterparty", "description", "check_number")
_AMOUNTS = ("amount", "debit", "credit")


class Bank:
    """All lines are kept, on disk, until the file's end: what one is depends on the lines around it."""

    def __init__(self, context: Context) -> None:
        if not context.options.scope.everything:
            raise ImportUsageError(
                f"{context.table.name}: bank statements belong to no site; only somebody who sees every site may import them"
            )
        self._context = context
        self._statements: list[BankStatement] = []
        self._places: dict[tuple[str, str, str, str], int] = {}
        self._lines = NumberedLines(context.table.row_count)
        self._currencies: dict[str, str] = {}

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Sort the rows into statements."""
        for row in rows:
            currency = self._currency(row)
            if not currency:
                self._context.reject(row, "currency", "is needed: the file has none; give it by --map currency==USD")
                continue
            try:
                sign = -1 if self._context.options.reversed_signs else 1
                amount = _amount(row, currency, sign)
                opening, closing = (
                    sign * minor_units(row.values[name], currency) if name in row.values else None
                    for name in ("opening", "closing")
                )
            except CellError as error:
                self._context.reject(row, "amount", str(error))
                continue
            account = row.values["bank_account"]
            key = (account, currency, row.get("part", ""), row.get("statement", ""))
            place = self._places.setdefault(key, len(self._statements))
            if place == len(self._statements):
                self._statements.append(BankStatement(account, currency, row.get("statement", "")))
            statement = self._statements[place]
            if contradiction := statement.take_head(row, opening, closing):
                self._context.reject(row, contradiction, "is another one than on the statement's lines before")
            elif amount is None and closing is None:
                self._context.reject(row, "amount", "is needed: amount, or debit or credit")
            elif amount == 0:
                self._context.reject(row, "amount", "moves no money: 0 is no bank line")
            elif amount is None:
                statement.still = row
            else:
                line = _line(row, amount)
                statement.take_line(line)
                self._lines.append(place, line)

    def finish(self) -> None:
        """Name every line and statement, and see which of them are there."""
        anew, others = self._neighbours()
        accounts = [statement.account for statement in self._statements]
        self._lines.count(self._context.connection, accounts, anew, others)
        by_lines = [statement.key_hash() for statement in self._statements]
        by_keys = [statement.key_hash() for statement in self._statements]
        tally = self._context.tally
        for place, line in self._lines.walk():
            by_lines[place].add(line.digest)
            by_keys[place].add(line.key)
            self._statements[place].new += not line.known
            (tally.repeat if line.known else tally.add)(line.row)
        for statement, one, other in zip(self._statements, by_lines, by_keys, strict=True):
            statement.keys = (f"row:{one.hexdigest()}", f"row:{other.hexdigest()}")
        wanted = {(statement.account, key) for statement in self._statements for key in statement.keys}
        known = keys_in(self._context.connection, bank_statements, wanted)
        for statement in self._statements:
            statement.known = any((statement.account, key) in known for key in statement.keys)
            known.add((statement.account, statement.key))
            if statement.still is not None:
                (tally.repeat if statement.known else tally.add)(statement.still)
            tally.statements.append(statement.found())
        self._tell()

    def write(self, landing: Landing) -> None:
        """Statements, each with its audit event, then the lines that are new."""
        ids = [self._write_statement(landing, statement) for statement in self._statements]
        landing.insert(
            bank_lines,
            (
                self._statements[place].line_row(line, ids[place])
                for place, line in self._lines.walk()
                if not line.known
            ),
        )

    def _write_statement(self, landing: Landing, statement: BankStatement) -> int:
        """Returns its id; 0 where there is nothing new in it."""
        if statement.known and not statement.new:
            return 0
        row = {**statement.as_row(), "source": landing.source, "batch_id": landing.batch_id}
        row["id"] = reserve_ids(landing.connection, bank_statements, 1)[0]
        landing.connection.execute(insert(bank_statements), [row])
        after = {name: value for name, value in row.items() if name not in ("id", "import_key")}
        landing.writing.record("import", "bank_statements", row["id"], after=after | {"lines": statement.new})
        return row["id"]

    def _neighbours(self) -> tuple[set[int], list[set[str]]]:
        """Of the statements: those that do not go on within the day of the one before, from which on equal lines are counted anew;
        and of each the keys of lines that statements of the ledger beside it brought.
        """
        before: dict[str, BankStatement] = {}
        beside: dict[str, set[str]] = {}
        heads = {head_of(statement) for statement in self._statements}
        anew: set[int] = set()
        others: list[set[str]] = []
        for place, statement in enumerate(self._statements):
            last = before.get(statement.account)
            if last is None or not statement.follows_within_the_day(last):
                beside[statement.account] = set()
                anew.add(place)
            beside[statement.account] = beside[statement.account] | keys_beside(
                self._context.connection, statement, heads
            )
            others.append(beside[statement.account])
            before[statement.account] = statement
        return anew, others

    def _tell(self) -> None:
        findings = self._context.tally.findings
        before: dict[tuple[str, str], BankStatement] = {}
        for statement in sorted(self._statements, key=lambda each: (each.account, each.currency, each.last)):
            findings.append(told(statement))
            key = (statement.account, statement.currency)
            if gap := gap_before(self._context.connection, statement, before.get(key)):
                findings.append(gap)
            before[key] = statement

    def _currency(self, row: ParsedRow) -> str:
        """The row's own, a sign that stands for one, or what the account's statements have been in."""
        if named := row.get("currency"):
            return named
        for name in _AMOUNTS:
            amount = row.get(name)
            if isinstance(amount, WrittenAmount) and amount.currencies and len(amount.currencies) == 1:
                return next(iter(amount.currencies))
        account = row.values["bank_account"]
        if account not in self._currencies:
            statement = select(bank_statements.c.currency).where(bank_statements.c.bank_account == account).distinct()
            found = list(self._context.connection.scalars(statement))
            self._currencies[account] = found[0] if len(found) == 1 else ""
        return self._currencies[account]


def _amount(row: ParsedRow, currency: str, sign: int) -> int | None:
    """Signed, whatever the sign in columns of their own for debit and credit; None where the row names none. Raises CellError."""
    given = {name: minor_units(row.values[name], currency) for name in _AMOUNTS if name in row.values}
    if not given:
        return None
    if "amount" in given:
        return sign * given["amount"]
    debit, credit = given.get("debit", 0), given.get("credit", 0)
    if debit and credit:
        raise CellError("stands in both columns, debit and credit")
    return credit - abs(debit)


def _line(row: ParsedRow, amount: int) -> BankLine:
    """What the bank numbers is known by its number, day and amount (banks repeat numbers); else by all that it says."""
    texts = {name: row.get(name, "") for name in _TEXTS}
    content: dict[str, Any] = {"booked_on": row.values["booked_on"], "amount": amount}
    external_id = row.get("external_id", "")
    content |= {"external_id": external_id} if external_id else {**texts, "value_on": row.get("value_on")}
    return BankLine(row, amount, content_hash(content), texts)
