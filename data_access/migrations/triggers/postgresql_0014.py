"""The totals of months, kept by PostgreSQL triggers with every row that moves them; frozen with revision 0014.

Inserts are counted once a statement, so that many rows at once cost little. Nothing is updated, so that writers never wait
for each other here: each adds rows of its own, and `fold` adds them up later. What rows are counted under (vendor, service
type, region) is held in place until they are committed: a shared lock, so that only who changes it waits.
"""

from data_access.migrations.triggers import months_0014 as months

_P = "postgresql"
_OF_THE_BILLS = "(x.account_id, x.invoice_id) IN (SELECT account_id, invoice_id FROM new_rows)"
_HELD = (
    "PERFORM 1 FROM accounts a JOIN sites s ON s.id = a.site_id WHERE a.id IN (SELECT account_id FROM new_rows) "
    "FOR SHARE OF a, s"
)


def _body(statements: list[str], before: str = "") -> str:
    lines = [*([before] if before else []), *statements, "RETURN NULL"]
    return "\nBEGIN\n" + "".join(f"  {line};\n" for line in lines) + "END"


_FUNCTIONS = {
    "duewatch_months_invoices": _body(
        [months.into_totals(months.totals(_P, months.bills(_P, "new_rows", "true")))], _HELD
    ),
    "duewatch_months_payments": _body(
        [
            months.into_totals(months.totals(_P, months.money(_P, "new_rows", "true"))),
            months.into_payments(months.payment_totals(_P, "new_rows", "true")),
        ],
        _HELD,
    ),
    "duewatch_months_allocations": _body(
        [months.into_totals(months.totals(_P, months.applied(_P, "new_rows", "true", _OF_THE_BILLS)))], _HELD
    ),
    **{
        f"duewatch_months_{table}_move": _body(months.moved_site(_P, table))
        for table in ("invoices", "payments", "allocations")
    },
    "duewatch_months_account": _body(months.account_changed(_P)),
    "duewatch_months_site": _body(months.region_changed(_P)),
    "duewatch_months_by_trigger": """
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '% follows from the ledger: it is rebuilt, not written', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END""",
}

_CHANGED = "OLD.vendor_id <> NEW.vendor_id OR OLD.service_type <> NEW.service_type OR OLD.terms_days <> NEW.terms_days"

CREATE = [
    *(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()),
    *(
        f"CREATE TRIGGER {table}_months AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT "
        f"EXECUTE FUNCTION duewatch_months_{table}()"
        for table in ("invoices", "payments", "allocations")
    ),
    *(
        f"CREATE TRIGGER {table}_months_move AFTER UPDATE OF site_id ON {table} FOR EACH ROW "
        f"WHEN (OLD.site_id <> NEW.site_id) EXECUTE FUNCTION duewatch_months_{table}_move()"
        for table in ("invoices", "payments", "allocations")
    ),
    "CREATE TRIGGER accounts_months AFTER UPDATE OF vendor_id, service_type, terms_days ON accounts FOR EACH ROW "
    f"WHEN ({_CHANGED}) EXECUTE FUNCTION duewatch_months_account()",
    "CREATE TRIGGER sites_months AFTER UPDATE OF region ON sites FOR EACH ROW WHEN (OLD.region <> NEW.region) "
    "EXECUTE FUNCTION duewatch_months_site()",
    *(
        f"CREATE TRIGGER {table}_by_trigger BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.account_id IS NOT NULL) "
        "EXECUTE FUNCTION duewatch_months_by_trigger()"
        for table in ("month_totals", "month_payments")
    ),
]

# Triggers on tables that stay go with their functions.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
