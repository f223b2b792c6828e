"""When something of a payment was matched last, kept with the counter by PostgreSQL triggers; frozen with revision 0041.

Only functions are made anew: the triggers of revision 0008 call them.
"""

from data_access.migrations.triggers import postgresql_0008, postgresql_0024

_KNOWN = {s.split()[2]: s for revision in (postgresql_0008, postgresql_0024) for s in revision.CREATE}
_RAISE = (
    "RAISE EXCEPTION 'matched_at is when something of it was matched last' "
    "USING ERRCODE = 'integrity_constraint_violation'"
)


def _body(name: str) -> str:
    return _KNOWN[f"{name}()"].split("$$")[1]


def _moves() -> str:
    moved = "UPDATE payments SET matched_at = greatest(matched_at, NEW.decided_at), matched = matched + CASE"
    return _body("duewatch_matches_moves").replace("UPDATE payments SET matched = matched + CASE", moved, 1)


def _start() -> str:
    guard = f"\nBEGIN\n  IF NEW.matched_at IS NOT NULL THEN\n    {_RAISE};\n  END IF;\n"
    return _body("duewatch_payments_matched_start").replace("\nBEGIN\n", guard, 1)


def _update() -> str:
    kept = "  kept.matched := NEW.matched;\n"
    moved = "  IF NEW.site_id <> OLD.site_id"
    alone = "NEW.matched_at IS DISTINCT FROM OLD.matched_at AND pg_trigger_depth() < 2"
    return (
        _body("duewatch_payments_update")
        .replace(kept, f"{kept}  kept.matched_at := NEW.matched_at;\n", 1)
        .replace(moved, f"  IF {alone} THEN\n    {_RAISE};\n  END IF;\n{moved}", 1)
    )


_FUNCTIONS = {
    "duewatch_matches_moves": _moves(),
    "duewatch_payments_matched_start": _start(),
    "duewatch_payments_update": _update(),
}

CREATE = [
    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()
]
UPGRADE = [statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for statement in CREATE]
DOWNGRADE = [_KNOWN[f"{name}()"].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for name in _FUNCTIONS]
