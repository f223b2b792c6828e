"""Writing the large tenant into an empty ledger: one transaction, a few hundred accounts in memory at a time."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import insert, text

from data_access import site_totals
from data_access.confinement import UNCONFINED
from data_access.database import Database, Writing
from data_access.kept_sums import SUMS
from data_access.months import rebuild_within
from data_access.schema import metadata
from data_access.scope import Scope
from domain.periods import add_months
from seed.large import reference
from seed.large.bulk import Packed, guards_aside, load, prepared
from seed.large.columns import COLUMNS
from seed.large.histories import BATCH, SOURCE
from seed.large.playing import Sums, by_some, play_all
from seed.large.tenant import MONTHS, Tenant
from seed.writing import advance_sequence, refuse_sites

_ROWS_AT_ONCE = 2_000
_DISPUTED = text("UPDATE invoices SET ever_disputed = 1 WHERE id IN (SELECT invoice_id FROM disputes)")
_SUMS = tuple(name for name in SUMS if name != site_totals.NAME)  # which are found by their site while they are made


def write_large(database: Database, tenant: Tenant, actor: str) -> dict[str, int]:
    """Insert everything or nothing; returns rows by table. Raises NotEmptyError where there are sites."""
    with prepared(database):
        return database.writing(actor, Scope.all_sites(), lambda writing: _Load(writing, tenant).run())


class _Load:
    """The tables in the order in which they refer to each other."""

    def __init__(self, writing: Writing, tenant: Tenant) -> None:
        self.writing = writing
        self.connection = writing.connection
        self.tenant = tenant
        self.counts: dict[str, int] = {}

    def run(self) -> dict[str, int]:
        refuse_sites(self.connection)
        self._insert("sites", reference.site_rows(self.tenant))
        self._insert("vendors", reference.vendor_rows())
        self._insert("vendor_policies", reference.policy_rows())
        self._insert("payment_contacts", reference.contact_rows(self.tenant))
        self._insert("fx_rates", reference.rate_rows(self.tenant))
        for accounts in by_some(self.tenant.each_account(), _ROWS_AT_ONCE):
            self._insert("accounts", reference.account_rows(self.tenant, accounts))
            self._insert("services", reference.service_rows(self.tenant, accounts))
        batch = self._batch_row()
        with guards_aside(self.connection, ("import_batches", "bank_statements", *COLUMNS)):
            sums = play_all(self.tenant, self.connection.dialect.name, self._load_histories)
            batch |= {"rows_read": sums.brought, "added": sums.brought}
            self._insert("bank_statements", self._statement_rows(sums))
            self._insert("import_batches", [batch])
            self.connection.execute(_DISPUTED)
        with guards_aside(self.connection, _SUMS):
            self.counts |= rebuild_within(self.connection, alone=True)  # nobody else sees the rows yet
        self._people()
        self.writing.record("seed", "import_batches", BATCH, after=batch)
        if self.connection.dialect.name == "postgresql":
            for name in self.counts:
                advance_sequence(self.writing, name)
            for statement in ("SET LOCAL ROLE NONE", "ANALYZE", f"SET LOCAL ROLE {UNCONFINED}"):  # of its own tables
                self.connection.execute(text(statement))
        return self.counts

    def _insert(self, name: str, rows: Iterable[dict[str, Any]]) -> None:
        for some in by_some(rows, _ROWS_AT_ONCE):
            self.connection.execute(insert(metadata.tables[name]), some)
            self.counts[name] = self.counts.get(name, 0) + len(some)

    def _load_histories(self, rows: dict[str, Packed]) -> None:
        for table, columns in COLUMNS.items():
            load(self.connection, table, columns, rows[table])
            self.counts[table] = self.counts.get(table, 0) + rows[table].number

    def _batch_row(self) -> dict[str, Any]:
        tenant = self.tenant
        shorter = f"{tenant.months} months" if tenant.months < MONTHS else ""
        name = f"large {tenant.scale:g} {tenant.open_bills or ''} {shorter} {tenant.random_seed} {tenant.today}"
        return {
            "id": BATCH,
            "kind": "seed",
            "source": SOURCE,
            "file_name": " ".join(name.split()),
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "duplicate": 0,
            "rejected": 0,
            "actor": "seed",
            "imported_at": datetime.combine(tenant.today, time(6, 10), UTC),
        }

    def _statement_rows(self, sums: Sums) -> list[dict[str, Any]]:
        rows = []
        for (currency, month), number in sums.statements.items():
            since = datetime.strptime(f"{month}-01", "%Y-%m-%d").date()  # noqa: DTZ007 - a day
            moved = sums.movements[number]
            rows.append(
                {
                    "id": number,
                    "bank_account": f"OPERATING-{currency}",
                    "kind": "bank",
                    "currency": currency,
                    "period_start": since,
                    "period_end": add_months(since, 1),
                    "opening": 0,
                    "closing": moved,
                    "movements": moved,
                    "source": SOURCE,
                    "import_key": f"id:{number}",
                }
            )
        return rows

    def _people(self) -> None:
        users, grants = reference.people_rows(self.tenant)
        self._insert("users", users)
        self._insert("grants", grants)
        of: dict[int, list[str | int]] = {user["id"]: [] for user in users}
        for grant in grants:
            of[grant["user_id"]].append(grant["region"] or grant["site_id"])
        for user in users:
            self.writing.record("grant", "users", user["id"], after=user | {"grants": of[user["id"]]})
