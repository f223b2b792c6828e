"""Planning accounts and the services on them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from data_access.confinement import looking_everywhere
from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.directory import UNASSIGNED, Account, Site, UnknownNameError, Vendor, currency_of
from data_access.importers.landing import Landing
from data_access.importers.planners.reference import Entry, Register, Values, given
from data_access.importers.rows import ParsedRow
from data_access.schema import accounts, services
from domain.money import to_decimal

_ACCOUNT_FIELDS = (
    "service_type",
    "currency",
    "terms_days",
    "opened_on",
    "closed_on",
    "autopay_method",
    "autopay_expires_on",
)
_SERVICE_FIELDS = (
    "service_type",
    "description",
    "criticality",
    "started_on",
    "ended_on",
    "contract_ends_on",
    "notice_days",
)


class Accounts:
    """An account is known by its vendor and number. One that waited at UNASSIGNED moves to the site that a file names."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._register = Register(context, accounts, {"terms_days": 30, "site": UNASSIGNED})
        self._loaded: set[int] = set()

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide by vendor and number."""
        for row in rows:
            try:
                vendor = self._context.directory.vendor(row.values["vendor"])
                site = self._context.directory.site(row.values["site"])
            except UnknownNameError as error:
                self._context.reject_unknown(row, error)
                continue
            if reason := self._refusal(row, vendor, site):
                self._context.reject(row, *reason)
                continue
            values = given(row, _ACCOUNT_FIELDS) | {"site": site.code}
            otherwise = {
                "currency": currency_of(site.country),
                "vendor": vendor,
                "account_number": row.values["account_number"],
            }
            if self._register.decide(row, (vendor.id, row.values["account_number"]), values, otherwise):
                vendor.used = site.used = True

    def finish(self) -> None:
        """Count."""
        self._context.tally.created.accounts += len(self._register.newcomers())

    def write(self, landing: Landing) -> None:
        """Insert and fill."""
        by_code = {site.code: site for site in self._context.directory.sites.values()}

        def columns(values: Values) -> Values:
            row = {name: value for name, value in values.items() if name not in ("vendor", "site")}
            if "vendor" in values:
                row["vendor_id"] = landing.vendor_id(values["vendor"])
            if "site" in values:
                row["site_id"] = landing.site_id(by_code[values["site"]])
            return row

        self._register.write(landing, columns, told=True)

    def _refusal(self, row: ParsedRow, vendor: Vendor, site: Site) -> tuple[str, str] | None:
        """(field, reason) why an account cannot be as the row has it."""
        self._load(vendor)
        known = self._register.entries.get((vendor.id, row.values["account_number"]))
        if known is not None and known.site_id is not None and not self._context.options.scope.allows(known.site_id):
            return "account_number", "is the number of an account that is not at one of your sites"
        if known is None and not (row.get("currency") or currency_of(site.country)):
            return "currency", "a new account needs a currency: add the column, or --map currency==USD"
        opened, closed = row.get("opened_on"), row.get("closed_on")
        if opened and closed and closed < opened:
            return "closed_on", f"is before the account was opened on {opened}"
        return None

    def _load(self, vendor: Vendor) -> None:
        if vendor.id in self._loaded:
            return
        self._loaded.add(vendor.id)
        site_codes = {site.id: site.code for site in self._context.directory.sites.values()}
        with looking_everywhere(self._context.connection, self._context.options.scope):
            known = self._context.connection.execute(select(accounts).where(accounts.c.vendor_id == vendor.id))
        for row in known.mappings():
            values: dict[str, Any] = {name: row[name] for name in _ACCOUNT_FIELDS} | {
                "site": site_codes[row["site_id"]]
            }
            self._register.know((vendor.id, row["account_number"]), Entry(row["id"], values, row["site_id"]))


class Services:
    """A service is known by its account and its own name: a circuit id or a line number."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._register = Register(context, services, {"criticality": 3}, self._shown)
        self._loaded: set[int] = set()
        self._currency = ""

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide by account and service."""
        directory = self._context.directory
        for row in rows:
            try:
                vendor = directory.vendor(row.values["vendor"])
                account = directory.account(vendor, row.values["account_number"], site=row.get("site", ""))
                site = directory.site(row.values["site"]) if row.get("site") else account.site
                values = self._values(row, account, site)
            except UnknownNameError as error:
                self._context.reject_unknown(row, error)
                continue
            except CellError as error:
                self._context.reject(row, "monthly_charge", str(error))
                continue
            if reason := _impossible(row):
                self._context.reject(row, *reason)
                continue
            self._load(account)
            self._currency = account.currency
            otherwise = {"account": account, "identifier": row.values["service"], "site": site.code}
            if self._register.decide(row, (account.id, row.values["service"]), values, otherwise):
                directory.keep(account, site)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def write(self, landing: Landing) -> None:
        """Insert and fill."""
        by_code = {site.code: site for site in self._context.directory.sites.values()}

        def columns(values: Values) -> Values:
            row = {name: value for name, value in values.items() if name not in ("account", "site")}
            if "account" in values:
                row["account_id"] = landing.account_id(values["account"].id)
            if "site" in values:
                row["site_id"] = landing.site_id(by_code[values["site"]])
            return row

        self._register.write(landing, columns, told=False)

    def _values(self, row: ParsedRow, account: Account, site: Site) -> Values:
        values = given(row, _SERVICE_FIELDS)
        if row.get("site"):
            values["site"] = site.code
        if "monthly_charge" in row.values:
            values["monthly_charge"] = minor_units(row.values["monthly_charge"], account.currency)
            if values["monthly_charge"] < 0:
                raise CellError("is below zero")
        return values

    def _shown(self, name: str, value: Any) -> str:
        return str(to_decimal(value, self._currency)) if name == "monthly_charge" else str(value)

    def _load(self, account: Account) -> None:
        if account.id in self._loaded or account.id < 0:
            return
        self._loaded.add(account.id)
        site_codes = {site.id: site.code for site in self._context.directory.sites.values()}
        for row in self._context.connection.execute(
            select(services).where(services.c.account_id == account.id)
        ).mappings():
            values = {name: row[name] for name in (*_SERVICE_FIELDS, "monthly_charge")} | {
                "site": site_codes[row["site_id"]]
            }
            self._register.know((account.id, row["identifier"]), Entry(row["id"], values, row["site_id"]))


def _impossible(row: ParsedRow) -> tuple[str, str] | None:
    started, ended = row.get("started_on"), row.get("ended_on")
    if started and ended and ended < started:
        return "ended_on", f"is before the service started on {started}"
    if row.get("criticality") == 0:
        return "criticality", "is 1 (a nuisance) to 5 (the site stops)"
    return None
