"""The counter of matched money, and decisions that are kept, as SQLite triggers, frozen with revision 0008."""

_KEPT = ("bank_line_decisions", "match_aliases")


def _refuse(reason: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{reason}') WHERE {condition};"


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _kept(table: str) -> list[str]:
    why = f"{table} is append-only: a decision is taken back by a further row"
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR undoes_id = NEW.undoes_id)"
    return [
        _trigger(f"{table}_no_delete", f"BEFORE DELETE ON {table}", _refuse(why, "1")),
        _trigger(f"{table}_no_update", f"BEFORE UPDATE ON {table}", _refuse(why, "1")),
        _trigger(
            f"{table}_no_replace",
            f"BEFORE INSERT ON {table}",
            _refuse(f"{table}: this row is already there (nothing is replaced)", taken),
        ),
    ]


_LIVE = (
    "(SELECT coalesce(sum(CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END), 0) FROM matches "
    "WHERE account_id = NEW.account_id AND payment_id = NEW.id)"
)
_MOVES = (
    "UPDATE payments SET matched = matched + CASE WHEN NEW.undoes_id IS NULL THEN NEW.amount ELSE -NEW.amount END "
    "WHERE account_id = NEW.account_id AND id = NEW.payment_id;"
)

CREATE = [
    *(statement for table in _KEPT for statement in _kept(table)),
    _trigger(
        "payments_matched_start",
        "BEFORE INSERT ON payments",
        _refuse("matched is a counter and starts at 0", "NEW.matched <> 0"),
    ),
    _trigger(
        "payments_matched_update",
        "BEFORE UPDATE OF matched ON payments",
        _refuse("matched is a counter: it equals the sum of live matches", f"NEW.matched IS NOT {_LIVE}"),
    ),
    _trigger("matches_moves", "AFTER INSERT ON matches", _MOVES),
    _trigger(
        "matches_no_reasons_update",
        "BEFORE UPDATE OF reasons ON matches",
        _refuse("a match is not edited: undo it by a further row and decide anew", "NEW.reasons IS NOT OLD.reasons"),
    ),
]

REPLACED: list[str] = []
RESTORED: list[str] = []
DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
