"""Sites, vendors and accounts by the names that files use; and those that a file makes, when it may.

What is new has a negative id until it is written. Only what an accepted row uses is written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from babel.numbers import get_territory_currencies
from sqlalchemy import Connection, select

from data_access.confinement import looking_everywhere
from data_access.importers.naming import near, plain
from data_access.schema import accounts, sites, vendors
from data_access.scope import Scope
from domain.masking import ACCOUNT_NUMBER, masked

UNASSIGNED = "UNASSIGNED"
UNASSIGNED_NAME = "Not assigned to a site"


class UnknownNameError(LookupError):
    """A name that stands for nothing the importer may use. `field` is the field at fault; the text says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


T = TypeVar("T")


class _Names(Generic[T]):
    """Things by their exact name first, then by a name without case and spaces where only one has it."""

    def __init__(self) -> None:
        self._exact: dict[str, T] = {}
        self._plain: dict[str, T | None] = {}

    def learn(self, thing: T, name: str, *others: str) -> None:
        """Two things of one plain name make that name stand for neither."""
        self._exact[name] = thing
        for text in (name, *others):
            known = self._plain.get(plain(text), thing)
            self._plain[plain(text)] = thing if known is thing else None

    def find(self, text: str) -> T | None:
        """The thing, or None when there is none or the name stands for several."""
        return self._exact.get(text) or self._plain.get(plain(text))

    def free(self, text: str) -> bool:
        """Nothing has this name, however it is written."""
        return plain(text) not in self._plain


@dataclass(slots=True)
class Site:
    """A site, known or new."""

    id: int
    code: str
    name: str
    country: str = ""
    timezone: str = "UTC"
    used: bool = False


@dataclass(slots=True)
class Vendor:
    """A vendor, known or new."""

    id: int
    name: str
    used: bool = False


@dataclass(slots=True)
class Account:
    """An account, known or new; `site` is its home."""

    id: int
    vendor: Vendor
    number: str
    site: Site
    currency: str
    used: bool = False

    @property
    def told(self) -> str:
        """What names it in a reason."""
        return f"{self.vendor.name} {masked(self.number)}"


class Directory:
    """Looks names up within the scope; with `create`, makes what is missing. Raises UnknownNameError otherwise."""

    def __init__(self, connection: Connection, scope: Scope, *, create: bool) -> None:
        self._connection = connection
        self._scope = scope
        self._create = create
        self._next_id = -1
        self.sites: dict[int, Site] = {}
        self.vendors: dict[int, Vendor] = {}
        self.accounts: dict[int, Account] = {}
        self._site_names: _Names[Site] = _Names()
        self._vendor_names: _Names[Vendor] = _Names()
        self._numbers: dict[int, dict[str, Account]] = {}
        with looking_everywhere(connection, scope):
            known = connection.execute(
                select(sites.c.id, sites.c.code, sites.c.name, sites.c.country, sites.c.timezone)
            ).all()
        for row in known:
            self._know_site(Site(*row))
        for row in connection.execute(select(vendors.c.id, vendors.c.name)):
            self._know_vendor(Vendor(*row))

    def site(self, text: str, field: str = "site") -> Site:
        """The site with that code, or with that name where only one has it."""
        found = self._site_names.find(text)
        if found is not None and self._scope.allows(found.id):
            return found
        if self._may_create() and self._site_names.free(text):
            return self._new_site(text, text)
        seen = [site.code for site in self.sites.values() if self._scope.allows(site.id)]
        raise UnknownNameError(field, self._unknown("site", text, seen))

    def vendor(self, text: str) -> Vendor:
        """The vendor of that name."""
        found = self._vendor_names.find(text)
        if found is not None:
            return found
        if self._may_create() and self._vendor_names.free(text):
            vendor = Vendor(self._take_id(), text)
            self._know_vendor(vendor)
            return vendor
        raise UnknownNameError(
            "vendor", self._unknown("vendor", text, [vendor.name for vendor in self.vendors.values()])
        )

    def account(self, vendor: Vendor, number: str, *, site: str = "", currency: str = "") -> Account:
        """The vendor's account of that number. A new one is at home at `site`, or at no site yet."""
        known = self._accounts_of(vendor)
        if number in known:
            found = known[number]
            if self._scope.allows(found.site.id):
                return found
        elif self._create and (site or self._scope.everything):
            home = self.site(site) if site else self.unassigned()
            return self._new_account(vendor, number, home, currency)
        seen = [account.number for account in known.values() if self._scope.allows(account.site.id)]
        raise UnknownNameError(ACCOUNT_NUMBER, self._unknown(f"account of {vendor.name}", number, seen, masked))

    def account_at(self, vendor: Vendor, site_text: str, currency: str = "") -> Account:
        """The vendor's account at a site, for files without account numbers: the one made up for it, or the only one."""
        site = self.site(site_text)
        known = self._accounts_of(vendor)
        made_up = known.get(site.code)
        if made_up is not None and made_up.site is site:
            return made_up
        here = [account for account in known.values() if account.site is site]
        if len(here) == 1:
            return here[0]
        if here:
            raise UnknownNameError(
                "site",
                f"{vendor.name} has {len(here)} accounts at {site.code}: the file must say which, in account_number",
            )
        if not self._create or made_up is not None:
            raise UnknownNameError(
                "site", f"{vendor.name} has no account at {site.code}: import accounts first, or use --create-missing"
            )
        return self._new_account(vendor, site.code, site, currency)

    def unassigned(self) -> Site:
        """Home of the accounts for which a file named no site; made when first needed."""
        return self._site_names.find(UNASSIGNED) or self._new_site(UNASSIGNED, UNASSIGNED_NAME)

    def keep(self, account: Account, *also: Site) -> None:
        """An accepted row uses this account (and these sites): if they are new, they are written."""
        account.used = account.vendor.used = account.site.used = True
        for site in also:
            site.used = True

    def newcomers(self) -> tuple[list[Site], list[Vendor], list[Account]]:
        """What has to be written: new, and used by an accepted row."""
        return (
            [site for site in self.sites.values() if site.id < 0 and site.used],
            [vendor for vendor in self.vendors.values() if vendor.id < 0 and vendor.used],
            [account for account in self.accounts.values() if account.id < 0 and account.used],
        )

    def _new_site(self, code: str, name: str) -> Site:
        site = Site(self._take_id(), code, name)
        self._know_site(site)
        return site

    def _new_account(self, vendor: Vendor, number: str, site: Site, currency: str) -> Account:
        currency = currency or currency_of(site.country)
        if not currency:
            raise UnknownNameError(
                "currency", f"a new account ({masked(number)}) needs a currency: add the column, or --map currency==USD"
            )
        account = Account(self._take_id(), vendor, number, site, currency)
        self._accounts_of(vendor)[number] = account
        self.accounts[account.id] = account
        return account

    def _accounts_of(self, vendor: Vendor) -> dict[str, Account]:
        if vendor.id not in self._numbers:
            known: dict[str, Account] = {}
            if vendor.id > 0:
                statement = select(accounts.c.id, accounts.c.account_number, accounts.c.site_id, accounts.c.currency)
                with looking_everywhere(self._connection, self._scope):
                    found = self._connection.execute(statement.where(accounts.c.vendor_id == vendor.id)).all()
                for row in found:
                    account = Account(row.id, vendor, row.account_number, self.sites[row.site_id], row.currency)
                    known[account.number] = self.accounts[account.id] = account
            self._numbers[vendor.id] = known
        return self._numbers[vendor.id]

    def _know_site(self, site: Site) -> None:
        self.sites[site.id] = site
        self._site_names.learn(site, site.code, site.name)

    def _know_vendor(self, vendor: Vendor) -> None:
        self.vendors[vendor.id] = vendor
        self._vendor_names.learn(vendor, vendor.name)

    def _may_create(self) -> bool:
        # What everybody shares is made only by those who see everything.
        return self._create and self._scope.everything

    def _take_id(self) -> int:
        self._next_id -= 1
        return self._next_id + 1

    def _unknown(self, what: str, text: str, known: Iterable[str], shown: Callable[[str], str] = str) -> str:
        where = "" if self._scope.everything else " among those that you may see"
        advice = "" if self._create else "; import it first, or use --create-missing"
        if self._create and not self._scope.everything:
            advice = "; only somebody who sees every site may make new ones"
        return f"there is no {what} {shown(text)!r}{where}{near(text, known, shown)}{advice}"


def currency_of(country: str) -> str:
    """The currency in use in a country; '' where it is not known or there are several."""
    current = get_territory_currencies(country) if country else []
    return current[0] if len(current) == 1 else ""
