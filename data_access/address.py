"""Where the ledger is, for every way in: the dashboard, the terminal, the tests."""

import os
from pathlib import Path

DEFAULT_ADDRESS = f"sqlite:///{Path(__file__).resolve().parents[1] / 'data' / 'duewatch.db'}"


def database_address() -> str:
    """DATABASE_URL, or an SQLite file under data/."""
    return os.environ.get("DATABASE_URL") or DEFAULT_ADDRESS


def read_address() -> str | None:
    """DATABASE_READ_URL: a streaming replica of the database, for reads that may be a moment old; None for none."""
    return os.environ.get("DATABASE_READ_URL") or None
