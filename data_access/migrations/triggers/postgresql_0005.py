"""The rules of bank statements, their lines and matches as PostgreSQL triggers, frozen with revision 0005."""

_KEPT = ("bank_statements", "bank_lines", "matches")

_FUNCTIONS = {
    "duewatch_bank_rows_update": """
BEGIN
  IF OLD IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'what the bank said is not edited' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_bank_lines_insert": """
BEGIN
  IF NEW.currency IS DISTINCT FROM (SELECT currency FROM bank_statements WHERE id = NEW.statement_id) THEN
    RAISE EXCEPTION 'a line is in the currency of its statement' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_matches_insert": """
BEGIN
  IF (SELECT currency FROM bank_lines WHERE id = NEW.bank_line_id) IS DISTINCT FROM
     (SELECT currency FROM accounts WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a payment matches a line of the same currency' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.undoes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM matches o WHERE o.account_id = NEW.account_id
      AND o.id = NEW.undoes_id AND o.undoes_id IS NULL AND o.amount = NEW.amount
      AND o.payment_id = NEW.payment_id AND o.bank_line_id = NEW.bank_line_id) THEN
    RAISE EXCEPTION 'an undone match repeats the live one that it names'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_matches_update": """
DECLARE kept matches%ROWTYPE;
BEGIN
  kept := OLD;
  kept.site_id := NEW.site_id;
  IF kept IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'a match is not edited: undo it by a further row and decide anew'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.site_id <> OLD.site_id AND NEW.site_id <> (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a row belongs to its account home site' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
}

_TRIGGERS = [
    ("bank_statements_update", "BEFORE UPDATE ON bank_statements", "duewatch_bank_rows_update"),
    ("bank_lines_update", "BEFORE UPDATE ON bank_lines", "duewatch_bank_rows_update"),
    ("bank_lines_insert", "BEFORE INSERT ON bank_lines", "duewatch_bank_lines_insert"),
    ("matches_insert", "BEFORE INSERT ON matches", "duewatch_matches_insert"),
    ("matches_update", "BEFORE UPDATE ON matches", "duewatch_matches_update"),
]

# duewatch_rows_kept is revision 0003's.
CREATE = [
    *(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION duewatch_rows_kept()"
        for table in _KEPT
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION duewatch_rows_kept()"
        for table in _KEPT
    ),
    *(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {function}()" for name, when, function in _TRIGGERS),
]

# Dropping a table drops its triggers; the functions remain to be dropped.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
