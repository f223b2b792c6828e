"""Writing what was planned: ids for what is new, rows in bulk, and the audit events."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from data_access.database import Writing
from data_access.importers.bulk import insert_rows
from data_access.importers.directory import Account, Directory, Site, Vendor
from data_access.importers.existing import batches
from data_access.schema import accounts, sites, vendors

_ROWS_AT_ONCE = 5_000


def reserve_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """Ids for rows about to be inserted. On SQLite nobody else writes; on PostgreSQL the sequence hands them out."""
    if connection.dialect.name == "postgresql":
        statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(connection.execute(statement, {"name": table.name, "count": count}).scalars())
    last = connection.scalar(select(func.coalesce(func.max(table.c.id), 0)))
    return list(range(int(last or 0) + 1, int(last or 0) + 1 + count))


class Landing:
    """One batch being written. `progress` is told how many rows were written."""

    def __init__(self, writing: Writing, directory: Directory, source: str, progress: Callable[[int], None]) -> None:
        self.writing = writing
        self.connection = writing.connection
        self.batch_id = 0
        self.source = source
        self.inserted: Counter[str] = Counter()  # rows by table
        self._directory = directory
        self._progress = progress
        self._accounts: dict[int, tuple[int, int]] = {}
        self._sites: dict[int, int] = {}
        self._vendors: dict[int, int] = {}

    def site_id(self, site: Site) -> int:
        """The site's id in the database."""
        return self._sites.get(site.id, site.id)

    def vendor_id(self, vendor: Vendor) -> int:
        """The vendor's id in the database."""
        return self._vendors.get(vendor.id, vendor.id)

    def account_id(self, account_id: int) -> int:
        """The account's id in the database."""
        return self._home(account_id)[0]

    def place(self, account_id: int) -> dict[str, int]:
        """The account_id and site_id of a row of this account."""
        found, site_id = self._home(account_id)
        return {"account_id": found, "site_id": site_id}

    def create_names(self) -> None:
        """Write the new sites, vendors and accounts that accepted rows use, each with its audit event."""
        new_sites, new_vendors, new_accounts = self._directory.newcomers()
        for site, new_id in self._identified(sites, new_sites):
            self._sites[site.id] = new_id
            self._create(sites, {"id": new_id, "code": site.code, "name": site.name}, new_id)
        for vendor, new_id in self._identified(vendors, new_vendors):
            self._vendors[vendor.id] = new_id
            self._create(vendors, {"id": new_id, "name": vendor.name}, None)
        for account, new_id in self._identified(accounts, new_accounts):
            site_id = self.site_id(account.site)
            self._accounts[account.id] = (new_id, site_id)
            row = {
                "id": new_id,
                "vendor_id": self.vendor_id(account.vendor),
                "account_number": account.number,
                "site_id": site_id,
                "currency": account.currency,
            }
            self._create(accounts, row, site_id)

    def insert(self, table: Table, rows: Iterable[Mapping[str, Any]], *, counted: bool = True) -> None:
        """Insert rows, all of the same columns, many at once; `counted` ones are the file's own."""
        for batch in batches(rows, _ROWS_AT_ONCE):
            insert_rows(self.connection, table, batch)
            self.inserted[table.name] += len(batch)
            if counted:
                self._progress(len(batch))

    def imported(self, account_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """A row of a ledger table with its place and its origin; one that stands for no row of the file has no key."""
        origin = {"batch_id": self.batch_id, "source": self.source, "import_key": None, "external_id": None}
        return {**origin, **values, **self.place(account_id)}

    def _home(self, account_id: int) -> tuple[int, int]:
        if account_id not in self._accounts:
            account: Account = self._directory.accounts[account_id]
            self._accounts[account_id] = (account.id, self.site_id(account.site))
        return self._accounts[account_id]

    def _identified(self, table: Table, things: list[Any]) -> list[tuple[Any, int]]:
        return list(zip(things, reserve_ids(self.connection, table, len(things)), strict=True))

    def _create(self, table: Table, row: dict[str, Any], site_id: int | None) -> None:
        self.connection.execute(insert(table), [row])
        after = {name: value for name, value in row.items() if name != "id"}
        self.writing.record("create", table.name, row["id"], site_id=site_id, after=after)
