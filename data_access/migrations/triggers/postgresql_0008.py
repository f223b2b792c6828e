"""The counter of matched money, and decisions that are kept, as PostgreSQL triggers, frozen with revision 0008."""

from data_access.migrations.triggers import postgresql_0001, postgresql_0005

_KEPT = ("bank_line_decisions", "match_aliases")
_STATE = "USING ERRCODE = 'integrity_constraint_violation'"


def _body(revision: object, name: str) -> str:
    made = next(s for s in revision.CREATE if s.startswith(f"CREATE FUNCTION {name}("))  # ty: ignore[unresolved-attribute]
    return made.split("$$")[1]


# As in revision 0001, and the new counter may move.
_PAYMENTS_UPDATE = (
    _body(postgresql_0001, "duewatch_payments_update")
    .replace(
        "  kept.allocated := NEW.allocated;\n", "  kept.allocated := NEW.allocated;\n  kept.matched := NEW.matched;\n"
    )
    .replace(
        "  IF NEW.site_id <> OLD.site_id",
        f"""  IF NEW.matched <> OLD.matched AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'matched is a counter: it equals the sum of live matches' {_STATE};
  END IF;
  IF NEW.site_id <> OLD.site_id""",
    )
)

_FUNCTIONS = {
    "duewatch_payments_update": _PAYMENTS_UPDATE,
    "duewatch_payments_matched_start": f"""
BEGIN
  IF NEW.matched <> 0 THEN
    RAISE EXCEPTION 'matched is a counter and starts at 0' {_STATE};
  END IF;
  RETURN NEW;
END""",
    "duewatch_matches_moves": f"""
BEGIN
  UPDATE payments SET matched = matched + CASE WHEN NEW.undoes_id IS NULL THEN NEW.amount ELSE -NEW.amount END
    WHERE account_id = NEW.account_id AND id = NEW.payment_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the payment of a match was not found' {_STATE};
  END IF;
  RETURN NULL;
END""",
    "duewatch_bank_lines_update": f"""
DECLARE kept bank_lines%ROWTYPE;
BEGIN
  kept := OLD;
  kept.matched := NEW.matched;
  IF kept IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'what the bank said is not edited' {_STATE};
  END IF;
  RETURN NEW;
END""",
    "duewatch_decisions_kept": f"""
BEGIN
  RAISE EXCEPTION '% is append-only: a decision is taken back by a further row', TG_TABLE_NAME {_STATE};
END""",
}

_TRIGGERS = [
    ("payments_update", "BEFORE UPDATE ON payments FOR EACH ROW", "duewatch_payments_update"),
    ("payments_matched_start", "BEFORE INSERT ON payments FOR EACH ROW", "duewatch_payments_matched_start"),
    ("matches_moves", "AFTER INSERT ON matches FOR EACH ROW", "duewatch_matches_moves"),
    ("bank_lines_update", "BEFORE UPDATE ON bank_lines FOR EACH ROW", "duewatch_bank_lines_update"),
    *((f"{t}_kept", f"BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW", "duewatch_decisions_kept") for t in _KEPT),
    *((f"{t}_no_truncate", f"BEFORE TRUNCATE ON {t} FOR EACH STATEMENT", "duewatch_decisions_kept") for t in _KEPT),
]

REPLACED = ["DROP FUNCTION duewatch_payments_update() CASCADE", "DROP TRIGGER bank_lines_update ON bank_lines"]
CREATE = [
    *(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()),
    *(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}()" for name, when, function in _TRIGGERS),
]
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
# What the earlier revisions had under these names.
RESTORED = [
    statement
    for revision in (postgresql_0001, postgresql_0005)
    for statement in revision.CREATE
    if statement.startswith(
        (
            "CREATE FUNCTION duewatch_payments_update(",
            "CREATE TRIGGER payments_update ",
            "CREATE TRIGGER bank_lines_update ",
        )
    )
]
