"""Planning bank statements: every line once in its bank account, and each statement with what it should add up to."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.errors import ImportUsageError
from data_access.importers.existing import batches
from data_access.importers.keys import content_hash, row_key
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.planners.bank_neighbours import head_of, keys_beside
from data_access.importers.planners.bank_statements import BankLine, BankStatement, gap_before, told
from data_access.importers.rows import ParsedRow
from data_access.schema import bank_lines, bank_statements
from domain.parsing.amounts import WrittenAmount

_TEXTS = ("reference", "counterparty", "description", "check_number")
_AMOUNTS = ("amount", "debit", "credit")


class Bank:
    """All rows are kept until the file's end: what a line is depends on the lines around it."""

    def __init__(self, context: Context) -> None:
        if not context.options.scope.everything:
            raise ImportUsageError(
                f"{context.table.name}: bank statements belong to no site; only somebody who sees every site may import them"
            )
        self._context = context
        self._statements: dict[tuple[str, str, str, str], BankStatement] = {}
        self._currencies: dict[str, str] = {}
        self._seen: Counter[tuple[str, str]] = Counter()

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
            statement = self._statements.setdefault(key, BankStatement(account, currency, row.get("statement", "")))
            if contradiction := statement.take_head(row, opening, closing):
                self._context.reject(row, contradiction, "is another one than on the statement's lines before")
            elif amount is None and closing is None:
                self._context.reject(row, "amount", "is needed: amount, or debit or credit")
            elif amount == 0:
                self._context.reject(row, "amount", "moves no money: 0 is no bank line")
            elif amount is None:
                statement.still = row
            else:
                statement.lines.append(_line(row, amount))

    def finish(self) -> None:
        """Name every line and statement, and see which of them are there."""
        before: dict[str, BankStatement] = {}
        beside: dict[str, set[str]] = {}
        heads = {head_of(statement) for statement in self._statements.values()}
        for statement in self._statements.values():
            last = before.get(statement.account)
            if last is None or not statement.follows_within_the_day(last):
                beside[statement.account] = set()
                for line in statement.lines:
                    self._seen.pop((statement.account, line.digest), None)
            beside[statement.account] |= keys_beside(self._context.connection, statement, heads)
            for line in statement.lines:
                line.key = self._next_key(statement.account, line.digest, beside[statement.account])
            before[statement.account] = statement
        known_lines = self._known(
            bank_lines, [(s.account, line.key) for s in self._statements.values() for line in s.lines]
        )
        known = self._known(bank_statements, [(s.account, key) for s in self._statements.values() for key in s.keys])
        for statement in self._statements.values():
            statement.known = any((statement.account, key) in known for key in statement.keys)
            known.add((statement.account, statement.key))
            for line in statement.lines:
                line.known = (statement.account, line.key) in known_lines
                known_lines.add((statement.account, line.key))
                (self._context.tally.repeat if line.known else self._context.tally.add)(line.row)
            if statement.still is not None:
                (self._context.tally.repeat if statement.known else self._context.tally.add)(statement.still)
            self._context.tally.statements.append(statement.found())
        self._tell()

    def write(self, landing: Landing) -> None:
        """Statements, then the lines that are new, each statement with its audit event."""
        for statement in self._statements.values():
            new = [line for line in statement.lines if not line.known]
            if statement.known and not new:
                continue
            row = {**statement.as_row(), "source": landing.source, "batch_id": landing.batch_id}
            row["id"] = reserve_ids(landing.connection, bank_statements, 1)[0]
            landing.connection.execute(insert(bank_statements), [row])
            landing.insert(bank_lines, [statement.line_row(line, row["id"]) for line in new])
            after = {name: value for name, value in row.items() if name not in ("id", "import_key")}
            landing.writing.record("import", "bank_statements", row["id"], after=after | {"lines": len(new)})

    def _tell(self) -> None:
        findings = self._context.tally.findings
        before: dict[tuple[str, str], BankStatement] = {}
        for statement in sorted(self._statements.values(), key=lambda each: (each.account, each.currency, each.last)):
            findings.append(told(statement))
            key = (statement.account, statement.currency)
            if gap := gap_before(self._context.connection, statement, before.get(key)):
                findings.append(gap)
            before[key] = statement

    def _next_key(self, account: str, digest: str, others: set[str]) -> str:
        """Equal lines are counted; numbers that lines of joining statements have are passed over."""
        while True:
            self._seen[account, digest] += 1
            key = row_key(digest, self._seen[account, digest])
            if key not in others:
                return key

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

    def _known(self, table: Any, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        by_account: dict[str, list[str]] = {}
        for account, key in keys:
            by_account.setdefault(account, []).append(key)
        for account, names in by_account.items():
            for batch in batches(names):
                statement = select(table.c.import_key).where(
                    table.c.bank_account == account, table.c.import_key.in_(batch)
                )
                found.update((account, key) for key in self._context.connection.scalars(statement))
        return found


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
