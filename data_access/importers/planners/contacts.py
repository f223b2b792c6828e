"""Planning payment contacts: they land unverified, and none that looks like a known number lands at all."""

from collections.abc import Sequence

from sqlalchemy import select

from data_access.commands.contacts import read_address
from data_access.commands.refusals import LedgerRefusedError
from data_access.importers.context import Context
from data_access.importers.directory import UnknownNameError, Vendor
from data_access.importers.landing import Landing
from data_access.importers.planners.reference import Entry, Register, Values, given
from data_access.importers.rows import ParsedRow
from data_access.schema import payment_contacts
from domain.contacts import ContactState
from domain.phone_numbers import doubts

_FIELDS = ("label", "country", "hours", "timezone", "menu_path", "asks_for")


class Contacts:
    """A contact is known by vendor, kind and address."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._register = Register(context, payment_contacts, {})
        self._known_numbers: set[str] = set()
        for row in context.connection.execute(select(payment_contacts)).mappings():
            values = {name: row[name] for name in ("address", *_FIELDS)}
            self._register.know((row["vendor_id"], row["kind"], row["address"]), Entry(row["id"], values))
            if row["kind"] == "phone" and row["state"] != ContactState.UNVERIFIED:
                self._known_numbers.add(row["address"])

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide by vendor, kind and address."""
        for row in rows:
            if not self._context.options.scope.everything:
                self._context.reject(row, "vendor", "only somebody who sees every site may add contacts by an import")
                continue
            try:
                vendor = self._context.directory.vendor(row.values["vendor"])
                address = read_address(row.values["kind"], row.values["address"], row.get("country", ""))
            except UnknownNameError as error:
                self._context.reject_unknown(row, error)
            except LedgerRefusedError as error:
                self._context.reject(row, "address", str(error))
            else:
                self._decide(row, vendor, address)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def write(self, landing: Landing) -> None:
        """Insert and fill."""

        def columns(values: Values) -> Values:
            row = {name: value for name, value in values.items() if name != "vendor"}
            if "vendor" in values:
                row["vendor_id"] = landing.vendor_id(values["vendor"])
                row |= {"proposed_by": landing.writing.actor, "proposed_at": landing.writing.at}
            return row

        self._register.write(landing, columns, told=True)

    def _decide(self, row: ParsedRow, vendor: Vendor, address: str) -> None:
        kind = row.values["kind"]
        key = (vendor.id, kind, address)
        if kind == "phone" and key not in self._register.entries:
            for finding in doubts(address, self._known_numbers):
                like = f" ({finding.like})" if finding.like else ""
                reason = f"{address} {finding.doubt}{like}; if it is another number all the same, propose it by hand"
                self._context.reject(row, "address", reason)
                return
        otherwise = {"vendor": vendor, "kind": kind, "address": address, "found_in": row.get("found_in", "")}
        if self._register.decide(row, key, given(row, _FIELDS), otherwise):
            vendor.used = True
