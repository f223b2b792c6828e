"""hledger, with what it needs to read any name."""

import csv
import os
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from data_access.database import Database
from data_access.journal_file import journal
from data_access.scope import Scope
from domain.filters import Filters

ALL = Scope.all_sites()


@pytest.fixture(scope="session")
def hledger() -> Callable[..., str]:
    """hledger(file, "bal", ...): what it prints; it must be done."""

    def call(path: Path, *arguments: str) -> str:
        environment = os.environ | {"LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["hledger", "-f", str(path), *arguments], capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def written(database: Database, path: Path, filters: Filters, scope: Scope = ALL, **options) -> Path:
    """The journal as a file."""
    with database.reading(scope) as connection:
        path.write_text("".join(f"{line}\n" for line in journal(connection, scope, filters, **options)))
    return path


def by_month(printed: str) -> dict[str, dict[str, Decimal]]:
    """{account: {month: amount}} of `bal -M --historical -O csv` in one currency."""
    head, *rows = csv.reader(printed.splitlines())
    return {
        row[0]: {month: Decimal(cell.split()[0]) for month, cell in zip(head[1:], row[1:], strict=True)} for row in rows
    }
