"""statements: the bank statements that were imported, what each adds up to, and how far its lines are matched."""

import argparse
from typing import Any

from data_access.queries.bank_statements import StatementRow, statement_rows
from terminal.session import DONE, Session
from terminal.shapes import figure, money, table

_AMOUNTS = ("opening", "movements", "closing", "difference")


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register statements."""
    parser = commands.add_parser(
        "statements", parents=[shared], help="bank statements: do they add up, are they matched"
    )
    parser.set_defaults(run=run_statements)


def run_statements(session: Session, _args: argparse.Namespace) -> int:
    """The newest first; nothing for somebody who sees only some sites."""
    with session.database.reading(session.scope) as connection:
        rows = statement_rows(connection, session.scope)
    cells = [
        [row.last, row.bank_account, row.reference, row.currency, *_figures(row), f"{row.matched} of {row.lines}"]
        for row in rows
    ]
    columns = ("to", "account", "statement", "currency", *_AMOUNTS, "matched")
    text = (
        table(columns, cells, (4, 5, 6, 7, 8)) if rows else "no bank statement was imported, or none that you may see"
    )
    session.show({"rows": [_as_json(row) for row in rows]}, text)
    return DONE


def _figures(row: StatementRow) -> list[str]:
    return ["" if (value := getattr(row, name)) is None else figure(value, row.currency) for name in _AMOUNTS]


def _as_json(row: StatementRow) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "bank_account", "kind", "currency", "reference")}
    days = {"first": row.first.isoformat(), "last": row.last.isoformat()}
    amounts = {name: None if (value := getattr(row, name)) is None else money(value, row.currency) for name in _AMOUNTS}
    return {**plain, **days, **amounts, "lines": row.lines, "matched": row.matched}
