"""Planning notices that vendors sent."""

from collections.abc import Iterator, Sequence
from typing import Any

from data_access.importers.context import Context
from data_access.importers.directory import Account
from data_access.importers.landing import Landing
from data_access.importers.planners.ledger_rows import Candidate, Keys
from data_access.importers.planners.naming_accounts import account_of, amount_of
from data_access.importers.planners.open_bills import OpenBills
from data_access.importers.rows import ParsedRow
from data_access.importers.spool import Spool
from data_access.schema import notices

_TEXTS = ("reference", "channel", "note")
_STORED = ("kind", "dated", "acts_on", "amount", "invoice_id", *_TEXTS)


class Notices:
    """A notice is of an account, or of one of its bills."""

    def __init__(self, context: Context) -> None:
        self._context = context
        columns = [notices.c[name] for name in _STORED]
        self._keys = Keys(context, notices, columns, lambda known, _: {name: getattr(known, name) for name in _STORED})
        self._bills = OpenBills(context)
        self._rows = Spool()

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Keep the new notices."""
        named = [(row, account) for row in rows if (account := account_of(self._context, row)) is not None]
        self._bills.load(
            (account.id, row.values["invoice_number"]) for row, account in named if row.get("invoice_number")
        )
        candidates = [found for row, account in named if (found := self._candidate(row, account)) is not None]
        for candidate in self._keys.sift(candidates):
            self._context.directory.keep(candidate.account)
            origin = {"import_key": candidate.key, "external_id": candidate.external_id}
            self._rows.append((candidate.account_id, candidate.content | origin))
            self._context.tally.add(candidate.row)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def write(self, landing: Landing) -> None:
        """Insert."""
        landing.insert(notices, self._landed(landing))

    def _landed(self, landing: Landing) -> Iterator[dict[str, Any]]:
        for chunk in self._rows.chunks():
            for account_id, values in chunk:
                yield landing.imported(account_id, values)

    def _candidate(self, row: ParsedRow, account: Account) -> Candidate | None:
        late = row.values["kind"] == "late"
        if late == ("acts_on" in row.values):
            reason = "a late notice names no day" if late else "is the day on which the vendor acts: needed and empty"
            self._context.reject(row, "acts_on", reason)
            return None
        amount = invoice_id = None
        if "amount" in row.values:
            amount = amount_of(self._context, row, account)
            if amount is None:
                return None
            if amount <= 0:
                self._context.reject(row, "amount", "is not above zero")
                return None
        if "invoice_number" in row.values:
            parts = self._bills.parts(account.id, row.values["invoice_number"])
            if not parts:
                self._context.reject(row, "invoice_number", f"{account.vendor.name} {account.number} has no such bill")
                return None
            invoice_id = parts[0].id
        content = {name: row.get(name, "") for name in _TEXTS} | {
            "kind": row.values["kind"],
            "dated": row.values["dated"],
            "acts_on": row.get("acts_on"),
            "amount": amount,
            "invoice_id": invoice_id,
        }
        return Candidate(row, account, content)
