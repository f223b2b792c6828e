"""The totals of open items, kept by PostgreSQL triggers with every row that moves them; frozen with revision 0016.

As those of months (revision 0014), which count first, by their names, and so hold account and site in place for these too.
The totals of months get cheaper statements for allocations that are the newest of their bills.
"""

from data_access.migrations.triggers import months_0014 as months
from data_access.migrations.triggers import open_0016 as items
from data_access.migrations.triggers import postgresql_0014 as before

_P = "postgresql"
_OF_THE_BILLS = "(x.account_id, x.invoice_id) IN (SELECT account_id, invoice_id FROM new_rows)"
_OTHERS = "x.id NOT IN (SELECT id FROM new_rows)"
_HELD = (
    "PERFORM 1 FROM accounts a JOIN sites s ON s.id = a.site_id WHERE a.id IN (SELECT account_id FROM new_rows) "
    "FOR SHARE OF a, s"
)
_AMONG_OTHERS = (
    f"EXISTS (SELECT 1 FROM new_rows n WHERE {items.earlier('n')}) OR EXISTS (SELECT 1 FROM new_rows "
    "WHERE invoice_id IS NOT NULL GROUP BY account_id, invoice_id HAVING count(*) > 1)"
)


def _body(statements: list[str]) -> str:
    return "\nBEGIN\n" + "".join(f"  {line};\n" for line in [*statements, "RETURN NULL"]) + "END"


def _applied() -> str:
    last = [
        months.into_totals(months.totals(_P, items.late_last(_P, "new_rows", "true"))),
        items.into(items.moved(_P, items.applied_last(_P, "new_rows", "true"), grouped=False)),
    ]
    among = [
        months.into_totals(months.totals(_P, months.applied(_P, "new_rows", "true", _OF_THE_BILLS))),
        items.into(items.moved(_P, items.applied(_P, "new_rows", "true", _OF_THE_BILLS, _OTHERS))),
    ]
    return (
        f"\nBEGIN\n  {_HELD};\n  IF {_AMONG_OTHERS} THEN\n"
        + "".join(f"    {line};\n" for line in among)
        + "  ELSE\n"
        + "".join(f"    {line};\n" for line in last)
        + "  END IF;\n  RETURN NULL;\nEND"
    )


_FUNCTIONS = {
    "duewatch_open_invoices": _body([items.into(items.moved(_P, items.bills(_P, "new_rows", "true"), grouped=False))]),
    "duewatch_open_payments": _body([items.into(items.moved(_P, items.money(_P, "new_rows", "true"), grouped=False))]),
    "duewatch_months_allocations": _applied(),
    **{
        f"duewatch_open_{table}_move": _body(items.moved_site(_P, table))
        for table in ("invoices", "payments", "allocations")
    },
    "duewatch_open_account": _body(items.account_changed(_P)),
    "duewatch_open_site": _body(items.region_changed(_P)),
}

_CHANGED = "OLD.vendor_id <> NEW.vendor_id OR OLD.service_type <> NEW.service_type OR OLD.terms_days <> NEW.terms_days"
_TRIGGERS = {
    "invoices_open": "duewatch_open_invoices",
    "payments_open": "duewatch_open_payments",
    "allocations_months": "duewatch_months_allocations",
}

REPLACED = ["DROP FUNCTION duewatch_months_allocations() CASCADE"]
CREATE = [
    *(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()),
    *(
        f"CREATE TRIGGER {name} AFTER INSERT ON {name.partition('_')[0]} REFERENCING NEW TABLE AS new_rows "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        for name, function in _TRIGGERS.items()
    ),
    *(
        f"CREATE TRIGGER {table}_open_move AFTER UPDATE OF site_id ON {table} FOR EACH ROW "
        f"WHEN (OLD.site_id <> NEW.site_id) EXECUTE FUNCTION duewatch_open_{table}_move()"
        for table in ("invoices", "payments", "allocations")
    ),
    "CREATE TRIGGER accounts_open AFTER UPDATE OF vendor_id, service_type, terms_days ON accounts FOR EACH ROW "
    f"WHEN ({_CHANGED}) EXECUTE FUNCTION duewatch_open_account()",
    "CREATE TRIGGER sites_open AFTER UPDATE OF region ON sites FOR EACH ROW WHEN (OLD.region <> NEW.region) "
    "EXECUTE FUNCTION duewatch_open_site()",
    "CREATE TRIGGER open_totals_by_trigger BEFORE INSERT ON open_totals FOR EACH ROW WHEN (NEW.account_id IS NOT NULL) "
    "EXECUTE FUNCTION duewatch_months_by_trigger()",
]

# Triggers on tables that stay go with their functions.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
RESTORED = [statement for statement in before.CREATE if "duewatch_months_allocations()" in statement]
