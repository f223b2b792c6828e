"""Planning usage records: each once, on the account that the file names, or that has the line it was used on."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from data_access.importers.cells import CellError, minor_units, zone_of
from data_access.importers.context import Context
from data_access.importers.directory import UnknownNameError
from data_access.importers.landing import Landing
from data_access.importers.planners.ledger_rows import Candidate, Keys
from data_access.importers.planners.naming_accounts import account_of
from data_access.importers.rows import ParsedRow
from data_access.importers.spool import Spool
from data_access.schema import accounts, services, usage
from data_access.scope import within
from domain.masking import ACCOUNT_NUMBER
from domain.parsing.instants import InstantError, read_instant

_UNITS = {"voice": "seconds", "data": "bytes", "sms": "messages", "other": "units"}
_STORED = ("started_at", "kind", "from_number", "to_number", "quantity", "unit", "billed_s", "disposition", "cost")


class Usage:
    """A record is of an account; the line narrows it down."""

    def __init__(self, context: Context) -> None:
        self._context = context
        columns = [usage.c[name] for name in _STORED]
        self._keys = Keys(context, usage, columns, lambda known, _: {name: getattr(known, name) for name in _STORED})
        self._rows = Spool()
        # {(vendor, line): (service, account number)}; None where several accounts have such a line.
        self._lines: dict[tuple[int, str], tuple[int, str] | None] = {}
        statement = select(accounts.c.vendor_id, services.c.identifier, services.c.id, accounts.c.account_number)
        joined = statement.join(services, services.c.account_id == accounts.c.id)
        mine = joined.where(within(context.options.scope, accounts.c.site_id))
        for vendor_id, line, service_id, number in context.connection.execute(mine):
            key = (vendor_id, _digits(line))
            self._lines[key] = (service_id, number) if key not in self._lines else None

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Read them."""
        self._keys.keep(found for row in rows if (found := self._candidate(row)) is not None)

    def finish(self) -> None:
        """Keep the new records."""
        for candidate in self._keys.sifted():
            self._context.directory.keep(candidate.account)
            origin = {"import_key": candidate.key, "external_id": candidate.content.pop("uniqueid", None)}
            service = self._service(candidate.row, candidate.account.vendor.id)
            own = service is not None and service[1] == candidate.account.number
            place = {"service_id": service[0] if own and service is not None else None}
            self._rows.append((candidate.account_id, candidate.content | origin | place))
            self._context.tally.add(candidate.row)

    def write(self, landing: Landing) -> None:
        """Insert."""
        landing.insert(usage, self._landed(landing))

    def _landed(self, landing: Landing) -> Iterator[dict[str, Any]]:
        for chunk in self._rows.chunks():
            for account_id, values in chunk:
                yield landing.imported(account_id, values)

    def _service(self, row: ParsedRow, vendor_id: int) -> tuple[int, str] | None:
        texts = (row.get("service", ""), row.get("from_number", ""), row.get("to_number", ""))
        return next((hit for text in texts if text and (hit := self._lines.get((vendor_id, _digits(text))))), None)

    def _candidate(self, row: ParsedRow) -> Candidate | None:
        context = self._context
        if ACCOUNT_NUMBER not in row.values:
            try:
                service = self._service(row, context.directory.vendor(row.values["vendor"]).id)
            except UnknownNameError as error:
                context.reject_unknown(row, error)
                return None
            if service is None:
                reason = "no account is named, and none of this vendor has a line of these numbers"
                context.reject(row, ACCOUNT_NUMBER, f"{reason}: say one by --map account_number==NUMBER")
                return None
            row.values[ACCOUNT_NUMBER] = service[1]
        account = account_of(context, row)
        if account is None:
            return None
        order = context.reader.conventions.orders.get("started_at")
        try:
            started_at = read_instant(row.values["started_at"], order, zone_of(account.site.timezone))
            cost = minor_units(row.values["cost"], account.currency) if "cost" in row.values else None
        except InstantError as error:
            context.reject(row, "started_at", str(error))
            return None
        except CellError as error:
            context.reject(row, "cost", str(error))
            return None
        kind = row.get("kind", "voice")
        content: dict[str, Any] = {name: row.get(name, "") for name in ("from_number", "to_number", "disposition")}
        content |= {
            "started_at": started_at,
            "kind": kind,
            "quantity": row.values["quantity"],
            "unit": row.get("unit") or _UNITS[kind],
            "billed_s": row.get("billed_s"),
            "cost": cost,
            "uniqueid": row.get("uniqueid"),
        }
        # An exchange gives one uniqueid to every attempt of a call: it is told apart by the rest, and real twins are counted.
        return Candidate(row, account, content)


def _digits(text: str) -> str:
    """A number by its digits; a circuit's name as it is written."""
    return "".join(filter(str.isdigit, text)) if not any(map(str.isalpha, text)) else text.casefold()
