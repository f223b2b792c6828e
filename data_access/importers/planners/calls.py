"""Planning calls: local times become moments, numbers E.164."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from data_access.importers.cells import zone_of
from data_access.importers.context import Context
from data_access.importers.landing import Landing
from data_access.importers.planners.ledger_rows import Candidate, Keys
from data_access.importers.planners.naming_accounts import account_of
from data_access.importers.rows import ParsedRow
from data_access.importers.spool import Spool
from data_access.schema import calls
from domain.parsing.instants import InstantError, read_instant
from domain.parsing.phones import read_phone

_TEXTS = ("agent", "caller", "purpose", "billing_period", "outcome", "confirmation_number", "notes")
_DATES = ("promised_on", "follow_up_on")
_STORED = ("started_at", "number", "direction", "duration_s", "caller_verified", *_TEXTS, *_DATES)


class Calls:
    """A call is at the home site of its account: its clock, its country's way to write numbers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        columns = [calls.c[name] for name in _STORED]
        self._keys = Keys(context, calls, columns, lambda known, _: {name: getattr(known, name) for name in _STORED})
        self._rows = Spool()

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Read them."""
        self._keys.keep(found for row in rows if (found := self._candidate(row)) is not None)

    def finish(self) -> None:
        """Keep the new calls."""
        for candidate in self._keys.sifted():
            self._context.directory.keep(candidate.account)
            origin = {"import_key": candidate.key, "external_id": candidate.external_id}
            self._rows.append((candidate.account_id, candidate.content | origin))
            self._context.tally.add(candidate.row)

    def write(self, landing: Landing) -> None:
        """Insert."""
        landing.insert(calls, self._landed(landing))

    def _landed(self, landing: Landing) -> Iterator[dict[str, Any]]:
        for chunk in self._rows.chunks():
            for account_id, values in chunk:
                yield landing.imported(account_id, values)

    def _candidate(self, row: ParsedRow) -> Candidate | None:
        context = self._context
        account = account_of(context, row)
        if account is None:
            return None
        order = context.reader.conventions.orders.get("started_at")
        try:
            started_at = read_instant(row.values["started_at"], order, zone_of(account.site.timezone))
        except InstantError as error:
            context.reject(row, "started_at", str(error))
            return None
        for name in _DATES:
            # A promise is made on the call, so it cannot be for a day before it (a day's grace for time zones).
            if row.get(name) and (started_at.astimezone(UTC).date() - row.values[name]).days > 1:
                context.reject(row, name, f"is before the call of {started_at.date()}")
                return None
        content: dict[str, Any] = {name: row.get(name, "") for name in _TEXTS} | {
            name: row.get(name) for name in _DATES
        }
        content |= {
            "started_at": started_at,
            "number": read_phone(row.get("number", ""), account.site.country),
            "direction": row.get("direction", "outbound"),
            "duration_s": row.get("duration_s"),
            "caller_verified": row.get("caller_verified", "unknown"),
        }
        return Candidate(row, account, content)
