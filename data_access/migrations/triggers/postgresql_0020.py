"""The totals of months with bills in time, kept by PostgreSQL triggers; frozen with revision 0020.

Only functions are made anew: the triggers of revisions 0014 and 0016 call them.
"""

from data_access.migrations.triggers import months_0020 as months
from data_access.migrations.triggers import open_0016 as items
from data_access.migrations.triggers import postgresql_0014, postgresql_0016

_P = "postgresql"
_OF_THE_BILLS = "(x.account_id, x.invoice_id) IN (SELECT account_id, invoice_id FROM new_rows)"
_OTHERS = "x.id NOT IN (SELECT id FROM new_rows)"
_HELD = (
    "PERFORM 1 FROM accounts a JOIN sites s ON s.id = a.site_id WHERE a.id IN (SELECT account_id FROM new_rows) "
    "FOR SHARE OF a, s"
)
_AMONG_OTHERS = (
    "EXISTS (SELECT 1 FROM new_rows WHERE reverses_id IS NOT NULL) OR "
    f"EXISTS (SELECT 1 FROM new_rows n WHERE {items.earlier('n')}) OR EXISTS (SELECT 1 FROM new_rows "
    "WHERE invoice_id IS NOT NULL GROUP BY account_id, invoice_id HAVING count(*) > 1)"
)


def _body(statements: list[str], before: str = "") -> str:
    lines = [*([before] if before else []), *statements, "RETURN NULL"]
    return "\nBEGIN\n" + "".join(f"  {line};\n" for line in lines) + "END"


def _applied() -> str:
    last = [
        months.into_totals(months.totals(_P, months.applied_last(_P, "new_rows", "true"))),
        items.into(items.moved(_P, items.applied_last(_P, "new_rows", "true"), grouped=False)),
    ]
    among = [
        months.into_totals(months.totals(_P, months.applied(_P, "new_rows", "true", _OF_THE_BILLS, _OTHERS))),
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
    "duewatch_months_invoices": _body(
        [months.into_totals(months.totals(_P, months.bills(_P, "new_rows", "true")))], _HELD
    ),
    "duewatch_months_allocations": _applied(),
    **{
        f"duewatch_months_{table}_move": _body(months.moved_site(_P, table))
        for table in ("invoices", "payments", "allocations")
    },
    "duewatch_months_account": _body(months.account_changed(_P)),
    "duewatch_months_site": _body(months.region_changed(_P)),
}

CREATE = [
    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()
]
REPLACED = [statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for statement in CREATE]
_KNOWN = {s.split()[2]: s for revision in (postgresql_0014, postgresql_0016) for s in revision.CREATE}
RESTORED = [_KNOWN[f"{name}()"].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for name in _FUNCTIONS]
