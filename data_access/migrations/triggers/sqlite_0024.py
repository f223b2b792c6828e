"""The days on which something was applied, kept with the counters by SQLite triggers; frozen with revision 0024."""

from data_access.migrations.triggers import sqlite_0001
from data_access.migrations.triggers.applied_0024 import DOCUMENTS

_WHY = "applied_from and applied_until are the first and the last day of its allocations"
_AMOUNT = "CASE WHEN NEW.reverses_id IS NULL THEN NEW.amount ELSE -NEW.amount END"
_COUNTERS = {"invoices": "settled", "payments": "allocated"}


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _refuse(reason: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{reason}') WHERE {condition};"


def _moves(table: str, column: str) -> str:
    counter = _COUNTERS[table]
    return (
        f"UPDATE {table} SET {counter} = {counter} + {_AMOUNT}, "
        "applied_from = min(coalesce(applied_from, NEW.applied_on), NEW.applied_on), "
        "applied_until = max(coalesce(applied_until, NEW.applied_on), NEW.applied_on) "
        f"WHERE account_id = NEW.account_id AND id = NEW.{column};"
    )


def _guards(table: str) -> list[str]:
    """They move with the counter, which moves only when there is an allocation more: its own guard adds them up."""
    none = "NEW.applied_from IS NOT NULL OR NEW.applied_until IS NOT NULL"
    alone = f"NEW.{_COUNTERS[table]} = OLD.{_COUNTERS[table]}"
    other = "NEW.applied_from IS NOT OLD.applied_from OR NEW.applied_until IS NOT OLD.applied_until"
    update = f"BEFORE UPDATE OF applied_from, applied_until ON {table} WHEN {alone}"
    return [
        _trigger(f"{table}_applied_start", f"BEFORE INSERT ON {table}", _refuse(_WHY, none)),
        _trigger(f"{table}_applied", update, _refuse(_WHY, other)),
    ]


CREATE = [
    *_guards("invoices"),
    *_guards("payments"),
    _trigger(
        "allocations_moves",
        "AFTER INSERT ON allocations",
        "".join(_moves(table, column) for table, _, column in reversed(DOCUMENTS)),
    ),
]
REPLACED = ["DROP TRIGGER allocations_moves"]
DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
RESTORED = [statement for statement in sqlite_0001.CREATE if statement.split()[2] == "allocations_moves"]
