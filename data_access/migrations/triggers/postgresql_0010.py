"""The rules of vendor statements and of what came of disputes as PostgreSQL triggers, frozen with revision 0010."""

_KEPT = ("vendor_statements", "vendor_statement_lines", "dispute_events")

_FUNCTIONS = {
    "duewatch_disagreements_update": """
BEGIN
  IF to_jsonb(NEW) - 'site_id' = to_jsonb(OLD) - 'site_id'
     AND NEW.site_id = (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what a vendor said, and what came of a dispute, is not edited'
    USING ERRCODE = 'integrity_constraint_violation';
END""",
    "duewatch_disputes_kind": """
BEGIN
  IF NEW.kind <> OLD.kind THEN
    RAISE EXCEPTION 'a dispute stays of its kind' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
}

_TRIGGERS = [
    *((f"{table}_update", f"BEFORE UPDATE ON {table}", "duewatch_disagreements_update") for table in _KEPT),
    ("disputes_kind", "BEFORE UPDATE ON disputes", "duewatch_disputes_kind"),
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

# With their triggers.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
