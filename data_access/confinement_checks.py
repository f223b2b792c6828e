"""Is the second line of the scope in place on PostgreSQL? Row-level security, its policies, its roles, and who we are."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sqlalchemy import Connection, bindparam, text

from data_access.confinement import CONFINED, UNCONFINED
from data_access.distribution import is_distributed
from data_access.finding import Finding
from data_access.migrations import confinement
from data_access.schema import metadata

_DEPLOY = "see docs/deploy.md"
_POLICY = re.compile(
    r"CREATE POLICY (?P<name>\w+) ON (?P<table>\w+)(?: FOR (?P<cmd>\w+))?(?: TO (?P<role>\w+))?"
    r"(?: USING \((?P<qual>.*?)\))?(?: WITH CHECK \((?P<with_check>.*)\))?$"
)


def examine_confinement(connection: Connection) -> Iterator[Finding]:
    """Every look, in a fixed order."""
    yield _security(connection)
    yield _policies(connection)
    for role in (CONFINED, UNCONFINED):
        yield _role(connection, role)
    yield from examine_login(connection)


def _security(connection: Connection) -> Finding:
    rows = connection.execute(
        text(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
            "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
        )
    )
    held = {row.relname for row in rows if row.relrowsecurity and row.relforcerowsecurity}
    open_tables = sorted(set(metadata.tables) - held)
    return Finding(
        "row-level security",
        "open: " + ", ".join(open_tables) if open_tables else f"forced on {len(metadata.tables)} tables",
        not open_tables,
        f"as the owner: ALTER TABLE {', '.join(open_tables)} ENABLE ROW LEVEL SECURITY, and FORCE it",
    )


def _policies(connection: Connection) -> Finding:
    rows = connection.execute(
        text(
            "SELECT tablename, policyname, cmd, roles, qual, with_check FROM pg_policies WHERE schemaname = current_schema()"
        )
    )
    found = {
        (row.tablename, row.policyname): _shape(row.cmd, ",".join(row.roles), row.qual, row.with_check) for row in rows
    }
    wanted = {
        (made["table"], made["name"]): _shape(
            made["cmd"] or "ALL", made["role"] or "public", made["qual"], made["with_check"]
        )
        for made in _created(distributed=is_distributed(connection))
    }
    wrong = sorted(f"{key[1]} on {key[0]}" for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key))
    return Finding(
        "policies",
        "missing, added or altered: " + ", ".join(wrong) if wrong else f"{len(found)}, as the migrations made them",
        not wrong,
        "restore a backup into a new database, or make the policies again as data_access/migrations/confinement has them",
    )


def _created(*, distributed: bool) -> Iterator[dict[str, Any]]:
    for name in sorted(found.name for found in iter_modules(confinement.__path__)):
        module = import_module(f"{confinement.__name__}.{name}")
        again = module.distributed() if distributed and hasattr(module, "distributed") else []
        for statement in (*module.create("public"), *again):
            if made := _POLICY.match(statement):
                yield made.groupdict()


def _shape(*parts: str | None) -> tuple[str, ...]:
    """PostgreSQL writes an expression with its casts and brackets: compared without those."""
    return tuple(re.sub(r"::\w+(\[\])?|[()\s]", "", part or "").lower() for part in parts)


def _role(connection: Connection, name: str) -> Finding:
    row = connection.execute(text("SELECT * FROM pg_roles WHERE rolname = :name"), {"name": name}).one_or_none()
    if row is None:
        return Finding(f"role {name}", "missing", False, f"run `python manage.py init` as the owner; {_DEPLOY}")
    rights = {
        "SUPERUSER": row.rolsuper,
        "BYPASSRLS": row.rolbypassrls,
        "LOGIN": row.rolcanlogin,
        "CREATEROLE": row.rolcreaterole,
        "TRUNCATE": _may_truncate(connection, name),
        "ownership": _owns(connection, name),
    }
    excess = [right for right, held in rights.items() if held]
    return Finding(
        f"role {name}",
        "with " + ", ".join(excess) if excess else "no more than its grants",
        not excess,
        f"take {', '.join(excess)} from it; {_DEPLOY}",
    )


def examine_login(connection: Connection) -> Iterator[Finding]:
    """May whoever logged in do no more than they must, and does nobody read along?"""
    row = connection.execute(
        text("SELECT session_user AS name, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user")
    ).one()
    excess = [
        right
        for right, held in {
            "superuser": row.rolsuper,
            "BYPASSRLS": row.rolbypassrls,
            "owner of the tables": _owns(connection, row.name),
            "TRUNCATE": _may_truncate(connection, row.name),
            "CREATE on the schema": connection.scalar(
                text("SELECT has_schema_privilege(session_user, current_schema(), 'CREATE')")
            ),
        }.items()
        if held
    ]
    yield Finding(
        "login",
        f"{row.name}, {', '.join(excess)}" if excess else str(row.name),
        not excess,
        f"the app needs no more than duewatch_web may; deploy/postgresql-roles.sql makes it; {_DEPLOY}",
    )
    row = connection.execute(
        text(
            "SELECT ssl, coalesce(inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1', true) AS local "
            "FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        )
    ).one()
    yield connection_finding(local=row.local, secure=row.ssl)


def connection_finding(*, local: bool, secure: bool) -> Finding:
    """May others on the network read along?"""
    return Finding(
        "connection",
        "TLS" if secure else "this machine" if local else "not encrypted",
        secure or local,
        "add ?sslmode=verify-full&sslrootcert=system to DATABASE_URL",
    )


def _owns(connection: Connection, role: str) -> bool:
    """Does `role` own a table, or may it become who does?"""
    statement = text(
        "SELECT bool_or(pg_has_role(:role, relowner, 'MEMBER')) FROM pg_class "
        "WHERE relnamespace = current_schema()::regnamespace AND relname IN :tables"
    ).bindparams(bindparam("tables", expanding=True))
    return bool(connection.scalar(statement, {"role": role, "tables": sorted(metadata.tables)}))


def _may_truncate(connection: Connection, role: str) -> bool:
    statement = text(
        "SELECT bool_or(has_table_privilege(:role, oid, 'TRUNCATE')) FROM pg_class "
        "WHERE relnamespace = current_schema()::regnamespace AND relname IN :tables"
    ).bindparams(bindparam("tables", expanding=True))
    return bool(connection.scalar(statement, {"role": role, "tables": sorted(metadata.tables)}))
