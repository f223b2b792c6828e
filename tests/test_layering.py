"""What the import contracts cannot say: the single files at the root, and the clock."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("data_access", "domain", "pages", "seed", "terminal", "ui")
DOORS = ("dashboard.py", "manage.py")

MAY_IMPORT = {
    "streamlit": ("dashboard.py", "pages/", "ui/"),
    "plotly": ("ui/charts/",),
    **dict.fromkeys(("sqlalchemy", "alembic", "sqlite3", "pysqlite3", "psycopg"), ("data_access/", "seed/")),
    # A door opens the rooms; no room reaches back for it.
    **dict.fromkeys(("dashboard", "manage"), ()),
    "terminal": ("manage.py", "terminal/"),
    "pages": ("dashboard.py", "pages/"),
    "tests": (),
}
RUNS_SQL = frozenset({"execute", "executemany", "exec_driver_sql", "scalar", "scalars", "read_sql", "read_sql_query"})
IS_SQL = re.compile(r"\s*(select\s.*\bfrom\s|insert into\s|update\s.*\bset\s|delete from\s|truncate\s)", re.I | re.S)

CLOCKS = frozenset({"today", "now", "utcnow", "monotonic", "perf_counter", "localtime", "gmtime"})


def modules() -> Iterator[str]:
    for door in DOORS:
        if (ROOT / door).exists():
            yield door
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, top-level module) of every import, wherever it stands, late ones and import_module("...") included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which room is meant"
            yield node.lineno, str(node.module).partition(".")[0]
        elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__") and node.args:
            first = node.args[0]
            if isinstance(first, ast.JoinedStr) and first.values:
                first = first.values[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value.partition(".")[0]


def clock_calls(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in CLOCKS:
            yield node.lineno


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def misplaced(path: str, tree: ast.AST) -> list[str]:
    return [
        f"{path}:{line} imports {name}; only {', '.join(MAY_IMPORT[name]) or 'nothing'} may"
        for line, name in imported(tree)
        if name in MAY_IMPORT and not path.startswith(MAY_IMPORT[name])
    ]


def parse(path: str) -> ast.AST:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


def test_every_library_stays_in_its_room():
    assert [finding for path in modules() for finding in misplaced(path, parse(path))] == []


def test_the_rules_never_ask_what_time_it_is():
    found = [f"{path}:{line}" for path in modules() if path.startswith("domain/") for line in clock_calls(parse(path))]
    assert found == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("manage.py", "import streamlit as st"),
        ("terminal/reads.py", "from sqlalchemy.exc import DBAPIError"),
        ("ui/reads.py", "def read():\n    import psycopg"),
        ("pages/calls.py", "import pysqlite3.dbapi2 as sqlite"),
        ("ui/tables.py", "import plotly.graph_objects as go"),
        ("seed/bills.py", "from streamlit import cache_data"),
        ("ui/menu.py", "from pages import calls"),
        ("data_access/database.py", "import importlib\nimportlib.import_module('terminal.front')"),
        ("pages/imports.py", "import_module(f'tests.{name}')"),
        ("domain/aging.py", "import manage"),
    ],
)
def test_a_misplaced_import_would_be_found(path, source):
    assert len(misplaced(path, ast.parse(source))) == 1


@pytest.mark.parametrize("source", ["date.today()", "datetime.datetime.now(UTC)", "utcnow()"])
def test_a_look_at_the_clock_would_be_found(source):
    assert len(list(clock_calls(ast.parse(source)))) == 1


def statements(tree: ast.AST) -> Iterator[int]:
    """Lines that run SQL: a call of a connection's or an engine's method, or text that is SQL."""
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNS_SQL
        spelled = isinstance(node, ast.Constant) and isinstance(node.value, str) and IS_SQL.match(node.value)
        if called or spelled:
            yield node.lineno


def test_statements_are_run_in_data_access_only():
    rooms = ("dashboard.py", "manage.py", "pages/", "ui/", "terminal/", "domain/")
    found = [f"{path}:{line}" for path in modules() if path.startswith(rooms) for line in statements(parse(path))]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "connection.execute(statement)",
        "connection.scalar(count)",
        "list(connection.scalars(names))",
        "connection.exec_driver_sql(words)",
        "pd.read_sql(query, engine)",
        "QUERY = 'SELECT * FROM invoices'",
        "QUERY = '''\n  delete from payments'''",
    ],
)
def test_a_statement_elsewhere_would_be_found(source):
    assert len(list(statements(ast.parse(source)))) == 1


def unscoped(tree: ast.Module) -> list[str]:
    """Functions of the module that read with a connection and do not say on whose behalf, or take a Scope and drop it."""
    found = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        names = [argument.arg for argument in node.args.args]
        used = any(isinstance(part, ast.Name) and part.id == "scope" for part in ast.walk(node))
        if "connection" in names and (names[:2] != ["connection", "scope"] or not used):
            found.append(node.name)
    return found


# Who somebody is has to be read before it is known what they may see.
IDENTITY = "data_access/queries/people.py"


def test_every_query_takes_a_scope_and_uses_it():
    paths = [path for path in modules() if path.startswith("data_access/queries/") and path != IDENTITY]
    assert len(paths) > 20
    assert [f"{path}: {name}" for path in paths for name in unscoped(parse(path))] == []


@pytest.mark.parametrize(
    "source",
    [
        "def rows(connection, filters): return connection.execute(statement)",
        "def rows(connection, scope): return connection.execute(statement)",
        "def rows(connection, filters, scope): return run(connection, scope)",
    ],
)
def test_a_query_without_a_scope_would_be_found(source):
    assert unscoped(ast.parse(source)) == ["rows"]


def test_the_modules_are_seen():
    seen = set(modules())
    assert {"manage.py", "domain/aging.py", "data_access/database.py", "terminal/front.py"} <= seen
    assert len(seen) > 50


def test_a_server_holds_no_tool_that_only_migrations_need():
    loaded = "import sys, pages, ui.calendar_feed, ui.gate, ui.healthz; print('alembic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
