"""Which bills were ever disputed, kept by PostgreSQL triggers; frozen with revision 0034.

The functions of revisions 0001 and 0024 are made anew: the triggers of revision 0001 call them.
"""

from data_access.migrations.triggers import postgresql_0024

_KNOWN = {s.split()[2]: s for s in postgresql_0024.CREATE}
_RAISE = (
    "RAISE EXCEPTION 'ever_disputed says that a dispute names the bill' "
    "USING ERRCODE = 'integrity_constraint_violation'"
)


def _body(name: str) -> str:
    return _KNOWN[f"{name}()"].split("$$")[1]


def _insert() -> str:
    guard = f"\nBEGIN\n  IF NEW.ever_disputed <> 0 THEN\n    {_RAISE};\n  END IF;\n"
    return _body("duewatch_invoices_insert").replace("\nBEGIN\n", guard, 1)


def _update() -> str:
    kept = "  kept.settled := NEW.settled;\n"
    moved = "  IF NEW.site_id <> OLD.site_id"
    alone = "NEW.ever_disputed <> OLD.ever_disputed AND (NEW.ever_disputed <> 1 OR pg_trigger_depth() < 2)"
    return (
        _body("duewatch_invoices_update")
        .replace(kept, f"{kept}  kept.ever_disputed := NEW.ever_disputed;\n", 1)
        .replace(moved, f"  IF {alone} THEN\n    {_RAISE};\n  END IF;\n{moved}", 1)
    )


_REPLACED = {"duewatch_invoices_insert": _insert(), "duewatch_invoices_update": _update()}
_OWN = {
    "duewatch_disputes_named": """
BEGIN
  UPDATE invoices SET ever_disputed = 1
    WHERE account_id = NEW.account_id AND id = NEW.invoice_id AND ever_disputed = 0;
  RETURN NULL;
END""",
}
_NAMED = (
    "CREATE TRIGGER disputes_named AFTER INSERT OR UPDATE OF account_id, invoice_id ON disputes FOR EACH ROW "
    "EXECUTE FUNCTION duewatch_disputes_named()"
)


def _made(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"


CREATE = [*(_made(*each) for each in (_REPLACED | _OWN).items()), _NAMED]
UPGRADE = [
    *(_made(*each).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for each in _REPLACED.items()),
    *(_made(*each) for each in _OWN.items()),
    _NAMED,
]
DOWNGRADE = [
    *(f"DROP FUNCTION {name}() CASCADE" for name in _OWN),  # with its trigger
    *(_KNOWN[f"{name}()"].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for name in _REPLACED),
]
