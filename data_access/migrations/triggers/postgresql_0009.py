"""The rules of usage as PostgreSQL triggers, frozen with revision 0009."""

_FUNCTIONS = {
    "duewatch_usage_insert": """
BEGIN
  IF NEW.service_id IS NOT NULL AND NEW.account_id IS DISTINCT FROM
     (SELECT account_id FROM services WHERE id = NEW.service_id) THEN
    RAISE EXCEPTION 'a service belongs to the account that it was used on'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_usage_update": """
DECLARE kept usage%ROWTYPE;
BEGIN
  kept := OLD;
  kept.site_id := NEW.site_id;
  IF kept IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'what was used is not edited' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.site_id <> OLD.site_id AND NEW.site_id <> (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a row belongs to its account home site' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
}

# duewatch_rows_kept is revision 0003's.
CREATE = [
    *(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()),
    "CREATE TRIGGER usage_kept BEFORE DELETE ON usage FOR EACH ROW EXECUTE FUNCTION duewatch_rows_kept()",
    "CREATE TRIGGER usage_no_truncate BEFORE TRUNCATE ON usage FOR EACH STATEMENT EXECUTE FUNCTION duewatch_rows_kept()",
    "CREATE TRIGGER usage_insert BEFORE INSERT ON usage FOR EACH ROW EXECUTE FUNCTION duewatch_usage_insert()",
    "CREATE TRIGGER usage_update BEFORE UPDATE ON usage FOR EACH ROW EXECUTE FUNCTION duewatch_usage_update()",
]

# Dropping a table drops its triggers; the functions remain to be dropped.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
