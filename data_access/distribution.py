"""PostgreSQL distributed by Citus: growth tables by account, everything else on every node. See docs/decisions/0028.

A growth table is one that is unique on (account_id, id). All rules of the ledger live within one account, so that each
account's rows lie together on one node. Foreign keys are taken off and put on again around it, since Citus looks at each
when a table changes; a key that would follow an account to another site becomes one that is checked at the commit.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, Table, UniqueConstraint, func, select, text
from sqlalchemy.schema import AddConstraint, DropConstraint

from data_access.confinement import confine
from data_access.database import Database
from data_access.migrations.confinement import postgresql_0024 as policies
from data_access.migrations.confinement import postgresql_0027 as policies_of_past_days
from data_access.schema import metadata
from data_access.scope import Scope

COLUMN = "account_id"
# What every node must be set to: SET LOCAL reaches the workers, and the ledger's triggers run there.
SETTINGS = {
    "citus.propagate_set_commands": "local",
    "citus.enable_unsafe_triggers": "on",
    "citus.allow_nested_distributed_execution": "on",
}


class DistributionError(RuntimeError):
    """The database cannot be distributed; the message says why and what to do."""


def growth_tables() -> list[Table]:
    """Those to distribute, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if _key(table) is not None]


def reference_tables() -> list[Table]:
    """Those that every node has whole, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if _key(table) is None]


def distribute(database: Database) -> bool:
    """Distribute the tables of a migrated database, in one transaction; False when that was done before.

    Raises DistributionError where the server has no Citus or is not set up for it.
    """
    if database.dialect != "postgresql":
        raise DistributionError("an SQLite file cannot be distributed: set DATABASE_URL to PostgreSQL with Citus")
    with database.writer.begin() as connection:
        require_citus(connection)
        if is_distributed(connection):
            return False
        before = _rows(connection)
        for statement in statements(connection):
            connection.execute(text(statement))
        after = _rows(connection)
        if lost := sorted(name for name in before if before[name] != after[name]):
            raise DistributionError(f"not every row of {', '.join(lost)} arrived; nothing was distributed")
    return True


def require_citus(connection: Connection) -> None:
    """Raise DistributionError unless this server has Citus, with its settings."""
    if connection.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'citus'")) is None:
        raise DistributionError(
            "this PostgreSQL does not have the Citus extension; nothing was distributed. Install it on every node, add citus to "
            "shared_preload_libraries, and let a superuser run CREATE EXTENSION citus in this database"
        )
    read = text("SELECT current_setting(:name, true)")
    wrong = [
        f"{name} = {value}" for name, value in SETTINGS.items() if connection.scalar(read, {"name": name}) != value
    ]
    if wrong:
        raise DistributionError(
            f"Citus is not set up for this ledger; nothing was distributed. On every node set {', '.join(wrong)} "
            "(ALTER SYSTEM SET, then SELECT pg_reload_conf())"
        )


def is_distributed(connection: Connection) -> bool:
    """Was this done before?"""
    if connection.scalar(text("SELECT to_regclass('pg_dist_partition')")) is None:
        return False
    found = text("SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = CAST(:name AS regclass)")
    return bool(connection.scalar(found, {"name": growth_tables()[0].name}))


def statements(connection: Connection) -> Iterator[str]:
    """What distributes a database at the newest revision, in order."""
    dialect = connection.dialect
    keys = [key for table in metadata.sorted_tables for key in _foreign_keys(table)]
    growth = growth_tables()
    yield "SET LOCAL citus.multi_shard_modify_mode = 'sequential'"  # all of it in one transaction
    yield from policies.distributed()
    yield from policies_of_past_days.distributed()
    for key in keys:
        yield str(DropConstraint(key).compile(dialect=dialect))
    for table in growth:
        name = table.primary_key.name or f"pk_{table.name}"
        yield f"ALTER TABLE {table.name} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} PRIMARY KEY ({COLUMN}, id)"
    for table in (*reference_tables(), *growth):  # copying the rows must not count them again
        yield f"ALTER TABLE {table.name} DISABLE TRIGGER USER"
    for table in reference_tables():
        yield f"SELECT create_reference_table('{table.name}')"
    for table in growth:
        beside = "default" if table is growth[0] else growth[0].name
        yield f"SELECT create_distributed_table('{table.name}', '{COLUMN}', colocate_with => '{beside}')"
    for key in keys:
        added = str(AddConstraint(key).compile(dialect=dialect))
        yield added.replace(" ON UPDATE CASCADE", "") if key.table in growth else added
    for table in (*reference_tables(), *growth):
        yield f"ALTER TABLE {table.name} ENABLE TRIGGER USER"


def _rows(connection: Connection) -> dict[str, int]:
    """By table; as the role that sees every row, which the owner does not."""
    confine(connection, Scope.all_sites())
    counted = {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
    }
    connection.execute(text("SET LOCAL ROLE NONE"))
    return counted


def _key(table: Table) -> UniqueConstraint | None:
    wanted = [COLUMN, "id"]
    found = (key for key in table.constraints if isinstance(key, UniqueConstraint))
    return next((key for key in found if [column.name for column in key.columns] == wanted), None)


def _foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(table.foreign_key_constraints, key=lambda key: [column.name for column in key.columns])
