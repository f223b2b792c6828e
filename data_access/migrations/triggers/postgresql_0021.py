"""Marks of accounts whose risk may have changed, written by PostgreSQL triggers; frozen with revision 0021."""

from data_access.migrations.triggers.risk_0021 import MARKS

CREATE = [
    statement
    for mark in MARKS
    for statement in (
        f"CREATE FUNCTION duewatch_{mark.trigger}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$\nBEGIN\n  {mark.insert};\n  RETURN NULL;\nEND$$",
        f"CREATE TRIGGER {mark.trigger} AFTER {mark.event} ON {mark.table} FOR EACH ROW "
        f"{f'WHEN ({mark.when}) ' if mark.when else ''}EXECUTE FUNCTION duewatch_{mark.trigger}()",
    )
]
DROP = [f"DROP FUNCTION duewatch_{mark.trigger}() CASCADE" for mark in MARKS]
