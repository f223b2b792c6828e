"""Planning what vendors say is open: a line of a statement of one account on one day."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from data_access.importers.context import Context
from data_access.importers.directory import Account
from data_access.importers.existing import batches
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.planners.ledger_rows import Candidate, Keys
from data_access.importers.planners.naming_accounts import account_of, amount_of
from data_access.importers.rows import ParsedRow
from data_access.importers.spool import Spool
from data_access.schema import vendor_statement_lines, vendor_statements

_STORED = ("kind", "number", "issued_on", "due_on", "amount", "open_amount")


class Statements:
    """The statements that lines belong to are made as lines name them: (account, day) is one statement of a source."""

    def __init__(self, context: Context) -> None:
        self._context = context
        # The day is its statement's: content that lines are told apart by, and that a stored line has through it.
        stated = (
            select(vendor_statements.c.stated_on)
            .where(
                vendor_statements.c.account_id == vendor_statement_lines.c.account_id,
                vendor_statements.c.id == vendor_statement_lines.c.statement_id,
            )
            .correlate(vendor_statement_lines)
            .scalar_subquery()
            .label("stated_on")
        )
        columns: list[ColumnElement[Any]] = [stated, *(vendor_statement_lines.c[name] for name in _STORED)]
        names = ("stated_on", *_STORED)
        self._keys = Keys(
            context, vendor_statement_lines, columns, lambda known, _: {name: getattr(known, name) for name in names}
        )
        self._rows = Spool()
        self._days: set[tuple[int, date]] = set()

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Read them."""
        self._keys.keep(found for row in rows if (found := self._candidate(row)) is not None)

    def finish(self) -> None:
        """Keep the new lines."""
        for candidate in self._keys.sifted():
            self._context.directory.keep(candidate.account)
            origin = {"import_key": candidate.key, "external_id": candidate.external_id}
            self._rows.append((candidate.account_id, candidate.content | origin))
            self._days.add((candidate.account_id, candidate.content["stated_on"]))
            self._context.tally.add(candidate.row)

    def write(self, landing: Landing) -> None:
        """Make the statements that are not there, then insert the lines."""
        landing.insert(vendor_statement_lines, self._landed(landing, self._statements(landing)))

    def _statements(self, landing: Landing) -> dict[tuple[int, date], int]:
        wanted = sorted((landing.account_id(account_id), day, account_id) for account_id, day in self._days)
        table = vendor_statements
        found: dict[tuple[int, date], int] = {}
        for batch in batches(wanted):
            keys = [(account_id, day) for account_id, day, _ in batch]
            statement = select(table.c.account_id, table.c.stated_on, table.c.id).where(
                table.c.source == landing.source, tuple_(table.c.account_id, table.c.stated_on).in_(keys)
            )
            found |= {(row.account_id, row.stated_on): row.id for row in landing.connection.execute(statement)}
        missing = [key for key in wanted if key[:2] not in found]
        rows = []
        for (account_id, day, planned), new_id in zip(
            missing, reserve_ids(landing.connection, table, len(missing)), strict=True
        ):
            found[account_id, day] = new_id
            origin = {"source": landing.source, "batch_id": landing.batch_id}
            rows.append({"id": new_id, "stated_on": day, **origin, **landing.place(planned)})
        landing.insert(table, rows, counted=False)
        return found

    def _landed(self, landing: Landing, statements: dict[tuple[int, date], int]) -> Iterator[dict[str, Any]]:
        for chunk in self._rows.chunks():
            for account_id, values in chunk:
                row = landing.imported(account_id, values)
                row["statement_id"] = statements[row["account_id"], row.pop("stated_on")]
                yield row

    def _candidate(self, row: ParsedRow) -> Candidate | None:
        context = self._context
        account = account_of(context, row)
        if account is None:
            return None
        amounts = self._amounts(row, account)
        if amounts is None:
            return None
        stated_on, issued_on = row.values["statement_on"], row.get("issued_on")
        if issued_on is not None and issued_on > stated_on:
            context.reject(row, "issued_on", f"is after the statement of {stated_on}")
            return None
        content = amounts | {
            "stated_on": stated_on,
            "number": row.get("invoice_number") or row.values["document"],
            "issued_on": issued_on,
            "due_on": row.get("due_on"),
        }
        return Candidate(row, account, content)

    def _amounts(self, row: ParsedRow, account: Account) -> dict[str, Any] | None:
        """Kind and amounts, signed as the vendor reckons; None when the row was rejected."""
        context = self._context
        left = amount_of(context, row, account, "open_amount")
        if left is None:
            return None
        amount = None
        if "amount" in row.values and (amount := amount_of(context, row, account)) is None:
            return None
        kind = row.get("kind") or ("credit_note" if left < 0 or (amount or 0) < 0 else "invoice")
        if kind != "invoice":
            # Some vendors print what they owe back as it is, some with a minus.
            return {"kind": kind, "open_amount": -abs(left), "amount": None if amount is None else -abs(amount)}
        if left < 0:
            context.reject(row, "open_amount", "is below zero: of a bill nothing less than nothing is open")
            return None
        if amount is not None and left > amount:
            context.reject(row, "open_amount", "is more than the amount of the bill")
            return None
        return {"kind": kind, "open_amount": left, "amount": amount}
