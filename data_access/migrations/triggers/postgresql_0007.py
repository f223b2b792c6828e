"""The rules of bank lines as PostgreSQL triggers, as far as revision 0007 added to those of 0005."""

_FUNCTION = "duewatch_bank_lines_account"

CREATE = [
    f"""CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.bank_account IS DISTINCT FROM (SELECT bank_account FROM bank_statements WHERE id = NEW.statement_id) THEN
    RAISE EXCEPTION 'a line belongs to the bank account of its statement'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END$$""",
    f"CREATE TRIGGER bank_lines_account BEFORE INSERT ON bank_lines FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()",
]

RESTORED: list[str] = []

# Dropping a function with CASCADE drops its triggers.
DROP = [f"DROP FUNCTION {_FUNCTION}() CASCADE"]
