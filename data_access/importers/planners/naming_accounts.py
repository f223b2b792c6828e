"""From a row's names to its account and its amount in that account's currency."""

from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.directory import Account, UnknownNameError
from data_access.importers.rows import ParsedRow
from domain.parsing.amounts import WrittenAmount


def account_of(context: Context, row: ParsedRow, site: str = "") -> Account | None:
    """The row's account by vendor and number (a new one at home at `site`); None when the row was rejected."""
    directory = context.directory
    try:
        vendor = directory.vendor(row.values["vendor"])
        if "account_number" in row.values:
            account = directory.account(vendor, row.values["account_number"], site=site, currency=named_currency(row))
        else:
            account = directory.account_at(vendor, site, named_currency(row))
    except UnknownNameError as error:
        context.reject_unknown(row, error)
        return None
    asked = row.get("currency")
    if asked and asked != account.currency:
        context.reject(row, "currency", f"is {asked}, the account is in {account.currency}")
        return None
    return account


def amount_of(context: Context, row: ParsedRow, account: Account, field: str = "amount") -> int | None:
    """The row's amount in minor units, signed as written; None when the row was rejected."""
    try:
        return minor_units(row.values[field], account.currency)
    except CellError as error:
        context.reject(row, field, str(error))
        return None


def named_currency(row: ParsedRow) -> str:
    """The currency that a row names: in its column, or by a sign that stands for one only."""
    amount = row.get("amount")
    if row.get("currency"):
        return row.values["currency"]
    if isinstance(amount, WrittenAmount) and amount.currencies and len(amount.currencies) == 1:
        return next(iter(amount.currencies))
    return ""
