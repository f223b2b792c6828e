"""Check L6, the guards: the triggers and constraints that hold the ledger are there, switched on and unaltered."""

import re
from collections.abc import Iterator
from importlib import import_module

from sqlalchemy import Connection, text

from data_access.schema import metadata

_REVISIONS = (
    "0001",
    "0003",
    "0004",
    "0005",
    "0007",
    "0008",
    "0009",
    "0010",
    "0014",
    "0015",
    "0016",
    "0020",
    "0021",
    "0023",
    "0024",
    "0031",
    "0034",
    "0040",
    "0041",
)  # those that made triggers
_ADVICE = "restore a backup, or let `python manage.py init` make a new ledger and import into it"


def guards_stand(connection: Connection) -> Iterator[str]:
    """Names each guard that is missing, switched off or not as the migrations made it."""
    made = (import_module(f"data_access.migrations.triggers.{connection.dialect.name}_{n}") for n in _REVISIONS)
    # A later revision may make one of the same name anew.
    created = list({tuple(s.split()[1:3]): s for revision in made for s in revision.CREATE}.values())
    looks = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    yield from looks(connection, created)
    expected = {str(c.name) for table in metadata.tables.values() for c in table.constraints}
    expected |= {str(c.name) for table in metadata.tables.values() for col in table.columns for c in col.constraints}
    for name in sorted(expected - _constraints(connection)):
        yield f"the constraint {name} is missing or was never checked; {_ADVICE}"


def _sqlite(connection: Connection, created: list[str]) -> Iterator[str]:
    found = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all())
    for statement in created:
        name = statement.split()[2]
        if name not in found:
            yield f"the trigger {name} is missing; {_ADVICE}"
        elif found[name] != statement:
            yield f"the trigger {name} was altered; {_ADVICE}"


def _postgresql(connection: Connection, created: list[str]) -> Iterator[str]:
    rows = connection.execute(
        text(
            "SELECT tgname, tgenabled::text AS enabled, pg_get_triggerdef(oid, true) AS made FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
        )
    )
    triggers = {row.tgname: row for row in rows}
    bodies = dict(
        connection.execute(
            text("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        ).all()
    )
    for statement in created:
        name = statement.split()[2].removesuffix("()")
        if statement.startswith("CREATE FUNCTION"):
            if bodies.get(name) != statement.split("$$")[1]:
                yield f"the trigger function {name} was altered; {_ADVICE}"
        elif name not in triggers or triggers[name].enabled not in ("O", "A"):
            yield f"the trigger {name} is missing or switched off; {_ADVICE}"
        elif _plain(triggers[name].made) != _plain(statement):
            yield f"the trigger {name} was altered; {_ADVICE}"
    off = text(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgisinternal AND tgenabled NOT IN ('O', 'A') "
        "AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1"
    )
    for table in connection.scalars(off):
        yield f"references of {table} are not enforced: ALTER TABLE {table} ENABLE TRIGGER ALL"


def _plain(trigger: str) -> str:
    """PostgreSQL writes a condition with its casts and brackets: compared without those."""
    return re.sub(r"::text|[()\s]|public\.", "", trigger).lower()


def _constraints(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        made = connection.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"))
        return {name for sql in made for name in re.findall(r"CONSTRAINT (\w+)", sql)}
    return set(
        connection.scalars(
            text(
                "SELECT conname FROM pg_constraint WHERE convalidated AND connamespace = 'public'::regnamespace "
                "AND conrelid <> 0"
            )
        )
    )
