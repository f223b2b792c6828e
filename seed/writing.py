"""Writing a generated organisation into an empty ledger: one transaction, in bulk, with the triggers on."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from data_access.database import Database, Writing
from data_access.schema import metadata, sites
from data_access.scope import Scope
from seed.attribution import Tables, tables_of
from seed.bank_matching import match_lines
from seed.banking import draw_banking
from seed.books import Organisation
from seed.demo import demo
from seed.faults.planting import answers, plant
from seed.records import Account
from seed.tiny import tiny

SIZES: dict[str, Callable[[int, date], Organisation]] = {"tiny": tiny, "demo": demo}
_WITH_A_BANK = frozenset({"demo"})
_CHUNK = 2_000
_TYPED_IN_ACTIONS = {"calls": "log", "payments": "record", "disputes": "open", "notices": "record"}


class NotEmptyError(RuntimeError):
    """The ledger has sites already; demo data never mixes with other data."""


def generate(size: str, random_seed: int, today: date) -> Tables:
    """All rows of a size of SIZES, without a database: the same for the same arguments."""
    books = SIZES[size](random_seed, today)
    _bank(books, size, random_seed, today, ())
    return tables_of(books, size=size, random_seed=random_seed, today=today)


def generate_with_faults(size: str, random_seed: int, today: date) -> tuple[Tables, dict[str, Any]]:
    """The same with planted faults and look-alikes on accounts of their own, and the sheet that names them."""
    books = SIZES[size](random_seed, today)
    planted = plant(books, random_seed, today)
    _bank(books, size, random_seed, today, [entry.account for entry in planted if entry.account])
    tables = tables_of(books, size=size, random_seed=random_seed, today=today)
    return tables, answers(planted, tables, random_seed, today)


def _bank(books: Organisation, size: str, random_seed: int, today: date, clearly: Collection[Account]) -> None:
    """Last, since the bank shows what was planted as well; beyond doubt, so that nothing more is found there."""
    if size in _WITH_A_BANK:
        match_lines(books, draw_banking(books, random_seed, today, clearly), today, clearly)


def write(database: Database, tables: Tables, actor: str) -> dict[str, int]:
    """Insert everything or nothing; returns rows by table. Raises NotEmptyError where there are sites."""
    return database.writing(actor, Scope.all_sites(), lambda writing: _insert_all(writing, tables))


def refuse_sites(connection: Connection) -> None:
    """Raise NotEmptyError where there are sites."""
    if connection.execute(select(sites.c.id).limit(1)).first() is not None:
        raise NotEmptyError(
            "this ledger already has sites; seed an empty one (set DATABASE_URL to a new database, or move the file away)"
        )


def _insert_all(writing: Writing, tables: Tables) -> dict[str, int]:
    connection = writing.connection
    refuse_sites(connection)
    counts: dict[str, int] = {}
    for name, rows in tables.rows.items():
        table = metadata.tables["payments" if name == "reversals" else name]
        for start in range(0, len(rows), _CHUNK):
            connection.execute(insert(table), rows[start : start + _CHUNK])
        counts[table.name] = counts.get(table.name, 0) + len(rows)
    if connection.dialect.name == "postgresql":
        for name, rows in tables.rows.items():
            if name in counts and rows and "id" in rows[0]:
                advance_sequence(writing, name)
        # Without statistics a balance of the past took fifteen times as long, until autovacuum came by.
        connection.execute(text("ANALYZE"))
    _tell(writing, tables)
    return counts


def advance_sequence(writing: Writing, table: str) -> None:
    """The rows brought their ids: the next one of ours comes after them."""
    following = select(func.coalesce(func.max(metadata.tables[table].c.id), 0) + 1).scalar_subquery()
    writing.connection.execute(select(func.setval(func.pg_get_serial_sequence(table, "id"), following, False)))


def _tell(writing: Writing, tables: Tables) -> None:
    """One audit event for each batch, each record that people typed in, and each user."""
    for batch in tables.rows["import_batches"]:
        action = "seed" if batch["kind"] == "seed" else "import"
        writing.record(action, "import_batches", batch["id"], after=batch)
    for table, row in tables.typed_in:
        writing.record(_TYPED_IN_ACTIONS[table], table, row["id"], site_id=row["site_id"], after=row)
    granted: dict[int, list[str | int]] = {}
    for grant in tables.rows["grants"]:
        granted.setdefault(grant["user_id"], []).append(grant["region"] or grant["site_id"])
    for user in tables.rows["users"]:
        writing.record("grant", "users", user["id"], after=user | {"grants": granted.get(user["id"], [])})
