"""The days on which something was applied, kept with the counters by PostgreSQL triggers; frozen with revision 0024.

Only functions are made anew: the triggers of revisions 0001 and 0008 call them.
"""

from data_access.migrations.triggers import postgresql_0001, postgresql_0008

_KNOWN = {s.split()[2]: s for revision in (postgresql_0001, postgresql_0008) for s in revision.CREATE}
_DAYS = "applied_from = least(applied_from, NEW.applied_on), applied_until = greatest(applied_until, NEW.applied_on)"
_RAISE = (
    "RAISE EXCEPTION 'applied_from and applied_until are the first and the last day of its allocations' "
    "USING ERRCODE = 'integrity_constraint_violation'"
)


def _body(name: str) -> str:
    return _KNOWN[f"{name}()"].split("$$")[1]


def _moves() -> str:
    body = _body("duewatch_allocations_moves")
    for counter in ("allocated", "settled"):
        body = body.replace(f"SET {counter} = {counter} + signed", f"SET {counter} = {counter} + signed, {_DAYS}")
    return body


def _update(table: str, counter: str) -> str:
    kept = f"  kept.{counter} := NEW.{counter};\n"
    days = "(NEW.applied_from, NEW.applied_until) IS DISTINCT FROM (OLD.applied_from, OLD.applied_until)"
    return (
        _body(f"duewatch_{table}_update")
        .replace(
            kept,
            f"{kept}  kept.applied_from := NEW.applied_from;\n  kept.applied_until := NEW.applied_until;\n",
        )
        .replace(
            "  IF NEW.site_id <> OLD.site_id",
            f"  IF {days} AND pg_trigger_depth() < 2 THEN\n    {_RAISE};\n  END IF;\n  IF NEW.site_id <> OLD.site_id",
            1,
        )
    )


def _insert(table: str) -> str:
    none = "NEW.applied_from IS NOT NULL OR NEW.applied_until IS NOT NULL"
    return _body(f"duewatch_{table}_insert").replace(
        "\nBEGIN\n", f"\nBEGIN\n  IF {none} THEN\n    {_RAISE};\n  END IF;\n", 1
    )


_FUNCTIONS = {
    "duewatch_allocations_moves": _moves(),
    "duewatch_invoices_insert": _insert("invoices"),
    "duewatch_invoices_update": _update("invoices", "settled"),
    "duewatch_payments_insert": _insert("payments"),
    "duewatch_payments_update": _update("payments", "allocated"),
}

CREATE = [
    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$" for name, body in _FUNCTIONS.items()
]
REPLACED = [statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for statement in CREATE]
RESTORED = [_KNOWN[f"{name}()"].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for name in _FUNCTIONS]
