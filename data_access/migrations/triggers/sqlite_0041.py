"""When something of a payment was matched last, kept with the counter by SQLite triggers; frozen with revision 0041."""

from data_access.migrations.triggers import sqlite_0008

_WHY = "matched_at is when something of it was matched last"
_MOVES = (
    "UPDATE payments SET matched_at = max(coalesce(matched_at, NEW.decided_at), NEW.decided_at), "
    "matched = matched + CASE WHEN NEW.undoes_id IS NULL THEN NEW.amount ELSE -NEW.amount END "
    "WHERE account_id = NEW.account_id AND id = NEW.payment_id;"
)
_REPLACED = ("matches_moves",)


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _refuse(condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{_WHY}') WHERE {condition};"


# It moves with the counter, which moves only when there is a match more: its own guard adds them up.
CREATE = [
    _trigger("payments_matched_at_start", "BEFORE INSERT ON payments", _refuse("NEW.matched_at IS NOT NULL")),
    _trigger(
        "payments_matched_at",
        "BEFORE UPDATE OF matched_at ON payments WHEN NEW.matched = OLD.matched",
        _refuse("NEW.matched_at IS NOT OLD.matched_at"),
    ),
    _trigger("matches_moves", "AFTER INSERT ON matches", _MOVES),
]
UPGRADE = [*(f"DROP TRIGGER {name}" for name in _REPLACED), *CREATE]
DOWNGRADE = [
    *(f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE),
    *(statement for statement in sqlite_0008.CREATE if statement.split()[2] in _REPLACED),
]
