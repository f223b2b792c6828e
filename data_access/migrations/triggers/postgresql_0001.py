"""The ledger's rules as PostgreSQL triggers, frozen with revision 0001.

A counter moves only inside a trigger (pg_trigger_depth), so a hand-written UPDATE of it is refused. Triggers write only
rows of the same account, and raise when an update found no row.
"""

APPEND_ONLY = ("charges", "allocations", "calls", "audit_log", "import_batches", "import_rejects")
KEPT = (*APPEND_ONLY, "invoices", "payments", "disputes")

_FUNCTIONS = {
    "duewatch_append_only": """
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('charges', 'allocations', 'calls') THEN
    IF to_jsonb(NEW) - 'site_id' = to_jsonb(OLD) - 'site_id'
       AND NEW.site_id = (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only: a correction is a new row that names what it reverses', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END""",
    "duewatch_invoices_insert": """
BEGIN
  IF NEW.settled <> 0 THEN
    RAISE EXCEPTION 'settled is a counter and starts at 0' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM invoices WHERE account_id = NEW.account_id AND id = NEW.reverses_id AND kind = 'invoice'
        AND amount = NEW.amount AND issued_on <= NEW.issued_on) THEN
    RAISE EXCEPTION 'a reversal names an invoice of the same amount and account'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_invoices_update": """
DECLARE kept invoices%ROWTYPE;
BEGIN
  kept := OLD;
  kept.settled := NEW.settled;
  kept.site_id := NEW.site_id;
  IF kept IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'invoices is append-only: a correction is a new row that names what it reverses'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.settled <> OLD.settled AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'settled is a counter: it equals the sum of live allocations'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.site_id <> OLD.site_id AND NEW.site_id <> (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a row belongs to its account home site' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_payments_insert": """
BEGIN
  IF NEW.allocated <> 0 THEN
    RAISE EXCEPTION 'allocated is a counter and starts at 0' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.status NOT IN ('pending', 'posted') OR NEW.reversed_on IS NOT NULL THEN
    RAISE EXCEPTION 'a payment starts pending or posted; a return is a reversal row'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind = 'reversal' THEN
    PERFORM 1 FROM payments WHERE account_id = NEW.account_id AND id = NEW.reverses_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM payments WHERE account_id = NEW.account_id AND id = NEW.reverses_id
        AND kind <> 'reversal' AND amount = NEW.amount AND reversed_on IS NULL AND allocated = 0
        AND paid_on <= NEW.paid_on) THEN
      RAISE EXCEPTION 'a reversal names a live payment of the same amount and account, with nothing applied any more'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM allocations WHERE account_id = NEW.account_id
        AND (payment_id = NEW.reverses_id OR refund_id = NEW.reverses_id) AND applied_on > NEW.paid_on) THEN
      RAISE EXCEPTION 'a payment cannot be returned before its last allocation was taken back'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NEW;
END""",
    "duewatch_payments_reversed": """
BEGIN
  UPDATE payments SET status = CASE status WHEN 'pending' THEN 'void' ELSE 'returned' END, reversed_on = NEW.paid_on
    WHERE account_id = NEW.account_id AND id = NEW.reverses_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the reversed payment was not found' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END""",
    "duewatch_payments_update": """
DECLARE kept payments%ROWTYPE;
BEGIN
  kept := OLD;
  kept.allocated := NEW.allocated;
  kept.site_id := NEW.site_id;
  kept.status := NEW.status;
  kept.posted_on := NEW.posted_on;
  kept.reversed_on := NEW.reversed_on;
  IF OLD.confirmation_number = '' THEN kept.confirmation_number := NEW.confirmation_number; END IF;
  IF OLD.call_id IS NULL THEN kept.call_id := NEW.call_id; END IF;
  IF kept IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'payments is append-only: a correction is a new row that names what it reverses'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.allocated <> OLD.allocated AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'allocated is a counter: it equals the sum of live allocations'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.site_id <> OLD.site_id AND NEW.site_id <> (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a row belongs to its account home site' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.status, NEW.posted_on, NEW.reversed_on) IS DISTINCT FROM (OLD.status, OLD.posted_on, OLD.reversed_on)
     AND NOT coalesce(OLD.status = 'pending' AND NEW.status = 'posted' AND NEW.posted_on >= OLD.paid_on
                      AND NEW.reversed_on IS NULL, false)
     AND NOT coalesce(OLD.reversed_on IS NULL AND OLD.posted_on IS NOT DISTINCT FROM NEW.posted_on
                      AND NEW.status = CASE OLD.status WHEN 'pending' THEN 'void' ELSE 'returned' END
                      AND EXISTS (SELECT 1 FROM payments WHERE account_id = NEW.account_id AND reverses_id = NEW.id
                                  AND paid_on = NEW.reversed_on), false) THEN
    RAISE EXCEPTION 'a payment goes from pending to posted; returned and void come from a reversal row'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_allocations_insert": """
BEGIN
  IF NEW.reverses_id IS NULL THEN
    IF NEW.payment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments WHERE account_id = NEW.account_id
        AND id = NEW.payment_id AND kind = 'payment' AND paid_on <= NEW.applied_on AND reversed_on IS NULL FOR UPDATE) THEN
      RAISE EXCEPTION 'an allocation needs a live payment of the same account, dated on or before it'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.refund_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments WHERE account_id = NEW.account_id
        AND id = NEW.refund_id AND kind = 'refund' AND paid_on <= NEW.applied_on AND reversed_on IS NULL FOR UPDATE) THEN
      RAISE EXCEPTION 'an allocation needs a live refund of the same account, dated on or before it'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.credit_note_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoices WHERE account_id = NEW.account_id
        AND id = NEW.credit_note_id AND kind = 'credit_note' AND issued_on <= NEW.applied_on) THEN
      RAISE EXCEPTION 'an allocation needs a live credit note of the same account, dated on or before it'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.invoice_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoices WHERE account_id = NEW.account_id
        AND id = NEW.invoice_id AND kind = 'invoice' AND issued_on <= NEW.applied_on) THEN
      RAISE EXCEPTION 'an allocation needs a live invoice of the same account, dated on or before it'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  ELSIF NOT EXISTS (SELECT 1 FROM allocations o WHERE o.account_id = NEW.account_id AND o.id = NEW.reverses_id
      AND o.reverses_id IS NULL AND o.amount = NEW.amount AND o.applied_on <= NEW.applied_on
      AND (o.payment_id, o.credit_note_id, o.invoice_id, o.refund_id)
        IS NOT DISTINCT FROM (NEW.payment_id, NEW.credit_note_id, NEW.invoice_id, NEW.refund_id)) THEN
    RAISE EXCEPTION 'a reversing allocation repeats the live one that it names'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_allocations_moves": """
DECLARE signed bigint := CASE WHEN NEW.reverses_id IS NULL THEN NEW.amount ELSE -NEW.amount END;
BEGIN
  IF NEW.payment_id IS NOT NULL OR NEW.refund_id IS NOT NULL THEN
    UPDATE payments SET allocated = allocated + signed
      WHERE account_id = NEW.account_id AND id IN (NEW.payment_id, NEW.refund_id);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the payment of an allocation was not found' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  IF NEW.credit_note_id IS NOT NULL OR NEW.invoice_id IS NOT NULL THEN
    UPDATE invoices SET settled = settled + signed
      WHERE account_id = NEW.account_id AND id IN (NEW.credit_note_id, NEW.invoice_id);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the bill of an allocation was not found' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NULL;
END""",
    "duewatch_disputes_update": """
BEGIN
  IF NEW.site_id <> OLD.site_id AND NEW.site_id <> (SELECT site_id FROM accounts WHERE id = NEW.account_id) THEN
    RAISE EXCEPTION 'a row belongs to its account home site' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
    "duewatch_accounts_currency": """
BEGIN
  IF NEW.currency <> OLD.currency THEN
    RAISE EXCEPTION 'the currency of an account never changes: open a new account'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
}

_TRIGGERS = [
    ("invoices_insert", "BEFORE INSERT ON invoices", "duewatch_invoices_insert"),
    ("invoices_update", "BEFORE UPDATE ON invoices", "duewatch_invoices_update"),
    ("payments_insert", "BEFORE INSERT ON payments", "duewatch_payments_insert"),
    ("payments_update", "BEFORE UPDATE ON payments", "duewatch_payments_update"),
    ("allocations_insert", "BEFORE INSERT ON allocations", "duewatch_allocations_insert"),
    ("allocations_moves", "AFTER INSERT ON allocations", "duewatch_allocations_moves"),
    ("disputes_update", "BEFORE UPDATE ON disputes", "duewatch_disputes_update"),
    ("accounts_currency", "BEFORE UPDATE ON accounts", "duewatch_accounts_currency"),
]

CREATE = [
    *(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()),
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION duewatch_append_only()"
        for table in KEPT
    ),
    *(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION duewatch_append_only()"
        for table in APPEND_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION duewatch_append_only()"
        for table in KEPT
    ),
    *(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {function}()" for name, when, function in _TRIGGERS),
    "CREATE TRIGGER payments_reversed AFTER INSERT ON payments FOR EACH ROW WHEN (NEW.kind = 'reversal') "
    "EXECUTE FUNCTION duewatch_payments_reversed()",
]

# Dropping a table drops its triggers; the functions remain to be dropped.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
