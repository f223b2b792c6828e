"""A ledger in which every text of a site's rows carries that site's canary: one that is seen elsewhere has leaked."""

from datetime import date
from typing import Any

from data_access.database import Database
from data_access.schema import metadata
from seed.attribution import Tables
from seed.writing import generate, write

TODAY = date(2026, 11, 20)
# At the end of every text, so that the last four letters that are shown of an account number still tell whose it is.
CANARIES = {1: "qx7a", 2: "qx7b", 3: "qx7c"}
# Texts that mean something to the program, or that belong to no site.
_PLAIN = {
    "code", "kind", "type", "status", "method", "direction", "caller_verified", "currency", "country", "timezone",
    "service_type", "amount_from", "autopay_method", "purpose", "outcome", "channel", "source", "import_key", "external_id",
    "region", "billing_period",
}  # fmt: skip


def marked(tables: Tables) -> Tables:
    """`tables` (of size tiny: three sites) with the canary of its site at the end of each free text."""
    for name, rows in tables.rows.items():
        table = metadata.tables["payments" if name == "reversals" else name]
        for row in rows:
            site_id = row["id"] if name == "sites" else row.get("site_id")
            if site_id is None or name == "grants":
                continue
            for column in table.columns:
                if column.name not in _PLAIN and isinstance(row.get(column.name), str):
                    row[column.name] = row[column.name] + CANARIES[site_id]
    for row in tables.rows["sites"]:
        row["code"] += CANARIES[row["id"]].upper()
        row["region"] += f" {CANARIES[row['id']]}"
        row["timezone"] = (
            "America/New_York"  # one for all: by zones of their own neighbours' rows would be left out unseen
        )
    for row in tables.rows["import_rejects"]:  # a file is nobody's site: only who imported it may see its rows
        row["reason"] += "qx7z"
    for row in tables.rows["grants"]:
        if row["region"]:
            row["region"] = next(s["region"] for s in tables.rows["sites"] if s["region"].startswith(row["region"]))
    return tables


def fill(database: Database) -> Tables:
    """Write the marked ledger; returns its rows."""
    tables = marked(generate("tiny", 1, TODAY))
    write(database, tables, "operator")
    return tables


def seen_in(text: Any) -> set[str]:
    """The canaries in whatever was shown, whatever its case."""
    shown = (text if isinstance(text, str) else repr(text)).lower()
    return {canary for canary in (*CANARIES.values(), "qx7z") if canary in shown}
