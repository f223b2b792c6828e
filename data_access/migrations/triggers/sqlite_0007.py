"""The rules of bank statements and lines as SQLite triggers, as far as revision 0007 added to those of 0005.

The migration takes two of 0005's triggers away for its own updates: `RESTORED` brings them back as they were.
"""

from data_access.migrations.triggers import sqlite_0005

_SAID = "what the bank said is not edited"


def _guard(name: str, when: str, reason: str, condition: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{reason}') WHERE {condition}; END"


def _no_update(table: str, columns: str) -> str:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns.split())
    when = f"BEFORE UPDATE OF {', '.join(columns.split())} ON {table}"
    return _guard(f"{table}_no_update_0007", when, _SAID, changed)


def _no_replace(table: str) -> str:
    same = f"EXISTS (SELECT 1 FROM {table} WHERE bank_account = NEW.bank_account AND import_key = NEW.import_key)"
    reason = f"{table}: this row is already there (nothing is replaced)"
    return _guard(f"{table}_no_replace_0007", f"BEFORE INSERT ON {table}", reason, same)


CREATE = [
    _no_update("bank_statements", "movements reference import_key"),
    _no_update("bank_lines", "bank_account value_on counterparty"),
    _no_replace("bank_statements"),
    _no_replace("bank_lines"),
    _guard(
        "bank_lines_account",
        "BEFORE INSERT ON bank_lines",
        "a line belongs to the bank account of its statement",
        "NEW.bank_account IS NOT (SELECT bank_account FROM bank_statements WHERE id = NEW.statement_id)",
    ),
    _guard(
        "bank_lines_value_on",
        "BEFORE INSERT ON bank_lines",
        "bank_lines: a date is YYYY-MM-DD",
        "date(NEW.value_on) IS NOT NEW.value_on",
    ),
]

RESTORED = [
    statement
    for statement in sqlite_0005.CREATE
    if statement.split()[2] in ("bank_statements_no_update", "bank_lines_no_update")
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
