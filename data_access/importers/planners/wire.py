"""Planning what trading partners send: bills go the way of charges, remittances the way of payments; a bill lands whole or not."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.directory import UnknownNameError
from data_access.importers.landing import Landing
from data_access.importers.naming import plain
from data_access.importers.planners.charges import Charges
from data_access.importers.planners.naming_accounts import named_currency
from data_access.importers.planners.payments import Payments
from data_access.importers.planners.remittances import as_payments
from data_access.importers.rows import ParsedRow
from data_access.schema import accounts, charges, invoices
from data_access.scope import within
from domain.masking import ACCOUNT_NUMBER


class Wire:
    """Rows wait until the file's end: whether a bill can land is known only with its last line."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._charges = Charges(context)
        self._payments = Payments(context)
        self._bills: dict[tuple[str, ...], list[ParsedRow]] = {}
        self._paid: list[ParsedRow] = []

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Gather."""
        for row in rows:
            if "paid_on" in row.values:
                self._paid.append(row)
            elif "invoice_number" not in row.values or "issued_on" not in row.values:
                self._context.reject(row, "invoice_number", "is needed and empty")
            else:
                key = (plain(row.values["vendor"]), row.get(ACCOUNT_NUMBER, ""), row.values["invoice_number"])
                sign = "-" if row.get("bill_lines") is None else str(row.values["issued_on"])
                self._bills.setdefault((*key, sign), []).append(row)

    def finish(self) -> None:
        """Hand over the bills that are whole, and the payments."""
        for rows in self._bills.values():
            self._hand_over(rows)
        self._charges.finish()
        self._name_accounts()
        self._payments.take(as_payments(row for row in self._paid if self._named(row)))
        self._payments.finish()

    def write(self, landing: Landing) -> None:
        """Bills first: a remittance in the same file may pay them in the next."""
        self._charges.write(landing)
        self._payments.write(landing)

    def _hand_over(self, rows: list[ParsedRow]) -> None:
        refusals = {row.line: refusal for row in rows if (refusal := self._refusal(row)) is not None}
        short = rows[0].get("bill_lines", 0) - len(rows)
        if not refusals and short <= 0:
            known = self._known_lines(rows[0])
            if not known:
                self._charges.take(rows)
            elif known == Counter(self._line_of(row) for row in rows):
                for row in rows:
                    self._context.tally.repeat(row)
            else:
                reason = "the bill is in the ledger with other lines: record what changed as a bill or credit note of its own"
                for row in rows:
                    self._context.reject(row, "invoice_number", reason)
            return
        for row in rows:
            field, reason = refusals.get(
                row.line, ("", "another line of this bill is rejected, and a bill lands whole")
            )
            self._context.reject(row, field, reason)

    def _refusal(self, row: ParsedRow) -> tuple[str, str] | None:
        """(field, reason) for what would stop this line, before any line of its bill lands."""
        directory = self._context.directory
        if ACCOUNT_NUMBER not in row.values:
            return ACCOUNT_NUMBER, "the bill names no account: say which one by --map account_number==NUMBER"
        try:
            vendor = directory.vendor(row.values["vendor"])
            home = row.get("account_site", "")
            account = directory.account(vendor, row.values[ACCOUNT_NUMBER], site=home, currency=named_currency(row))
            if row.get("site"):
                directory.site(row.values["site"])
            minor_units(row.values["amount"], account.currency)
        except UnknownNameError as error:
            return error.field, str(error)
        except CellError as error:
            return "amount", str(error)
        if row.get("currency", account.currency) != account.currency:
            return "currency", f"is {row.values['currency']}, the account is in {account.currency}"
        if row.get("due_on") and row.values["due_on"] < row.values["issued_on"]:
            return "due_on", f"is before the bill was issued on {row.values['issued_on']}"
        return None

    def _known_lines(self, row: ParsedRow) -> Counter[tuple[str, str, str, int]]:
        """The lines of the same bill that are in the ledger, whoever brought them."""
        directory = self._context.directory
        account = directory.account(directory.vendor(row.values["vendor"]), row.values[ACCOUNT_NUMBER])
        columns = [charges.c[name] for name in ("line", "type", "description", "amount")]
        same = (charges.c.account_id == invoices.c.account_id) & (charges.c.invoice_id == invoices.c.id)
        statement = select(*columns).join(invoices, same).where(within(self._context.options.scope, charges.c.site_id))
        mine = statement.where(invoices.c.account_id == account.id, invoices.c.number == row.values["invoice_number"])
        found = self._context.connection.execute(mine)
        return Counter((each.line, each.type, each.description, each.amount) for each in found)

    def _line_of(self, row: ParsedRow) -> tuple[str, str, str, int]:
        directory = self._context.directory
        account = directory.account(directory.vendor(row.values["vendor"]), row.values[ACCOUNT_NUMBER])
        amount = minor_units(row.values["amount"], account.currency)
        return row.get("line", ""), row.get("type", "recurring"), row.get("description", ""), amount

    def _name_accounts(self) -> None:
        """A remittance may name bills only: the account is the one of the vendor that has such a bill."""
        context = self._context
        for row in self._paid:
            if ACCOUNT_NUMBER in row.values or "invoice_number" not in row.values:
                continue
            vendor = next(
                (
                    each
                    for each in context.directory.vendors.values()
                    if plain(each.name) == plain(row.values["vendor"])
                ),
                None,
            )
            if vendor is None or vendor.id < 0:
                continue
            statement = (
                select(accounts.c.account_number)
                .join(invoices, invoices.c.account_id == accounts.c.id)
                .where(accounts.c.vendor_id == vendor.id, invoices.c.number == row.values["invoice_number"])
                .where(within(context.options.scope, accounts.c.site_id))
                .distinct()
                .limit(2)
            )
            found = context.connection.scalars(statement).all()
            if len(found) == 1:
                row.values[ACCOUNT_NUMBER] = found[0]

    def _named(self, row: ParsedRow) -> bool:
        if ACCOUNT_NUMBER in row.values:
            return True
        reason = "the remittance names no account, and no single account of this vendor has the bill"
        self._context.reject(row, ACCOUNT_NUMBER, f"{reason}: say which one by --map account_number==NUMBER")
        return False
