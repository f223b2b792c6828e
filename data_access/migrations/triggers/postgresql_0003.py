"""The rules of terms, notices and payment contacts as PostgreSQL triggers, frozen with revision 0003."""

_KEPT = ("vendor_policies", "notices", "payment_contacts")

_FUNCTIONS = {
    "duewatch_rows_kept": """
BEGIN
  RAISE EXCEPTION '%: rows are kept', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END""",
    "duewatch_vendor_policies_update": """
DECLARE kept vendor_policies%ROWTYPE;
BEGIN
  kept := OLD;
  kept.effective_until := NEW.effective_until;
  IF kept IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'terms are not edited: new ones begin on their day'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.effective_until IS NOT NULL AND NEW.effective_until IS DISTINCT FROM OLD.effective_until THEN
    RAISE EXCEPTION 'the end of terms is set once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_notices_update": """
DECLARE kept notices%ROWTYPE;
BEGIN
  kept := OLD;
  kept.site_id := NEW.site_id;
  kept.withdrawn_on := NEW.withdrawn_on;
  IF kept IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'a notice is not edited: withdraw it and record it anew'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.withdrawn_on IS NOT NULL AND NEW.withdrawn_on IS DISTINCT FROM OLD.withdrawn_on THEN
    RAISE EXCEPTION 'a notice is withdrawn once' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.site_id <> OLD.site_id AND NEW.site_id <> (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a row belongs to its account home site' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_payment_contacts_write": """
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.vendor_id, NEW.kind, NEW.address, NEW.replaces_id, NEW.found_in, NEW.proposed_by, NEW.proposed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.vendor_id, OLD.kind, OLD.address, OLD.replaces_id, OLD.found_in, OLD.proposed_by, OLD.proposed_at) THEN
      RAISE EXCEPTION 'a number is not edited: a change is a new contact that names the one it replaces'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state = 'retired' OR (NEW.state = 'verified' AND OLD.state <> 'unverified')) THEN
      RAISE EXCEPTION 'a retired contact stays retired, and only an unverified one is verified'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'verified' AND NEW.state = 'verified'
       AND (NEW.verified_by, NEW.verified_at, NEW.verified_in)
       IS DISTINCT FROM (OLD.verified_by, OLD.verified_at, OLD.verified_in) THEN
      RAISE EXCEPTION 'who verified a contact, and against what, is not edited while it is verified'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  IF NEW.state = 'verified' AND NEW.verified_by = NEW.proposed_by AND EXISTS (SELECT 1 FROM payment_contacts
      WHERE vendor_id = NEW.vendor_id AND kind = NEW.kind AND id <> NEW.id AND verified_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a further number of a vendor is verified by somebody other than who proposed it'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
}

_TRIGGERS = [
    ("vendor_policies_update", "BEFORE UPDATE ON vendor_policies", "duewatch_vendor_policies_update"),
    ("notices_update", "BEFORE UPDATE ON notices", "duewatch_notices_update"),
    ("payment_contacts_insert", "BEFORE INSERT ON payment_contacts", "duewatch_payment_contacts_write"),
    ("payment_contacts_update", "BEFORE UPDATE ON payment_contacts", "duewatch_payment_contacts_write"),
]

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
