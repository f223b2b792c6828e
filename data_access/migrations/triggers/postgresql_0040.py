"""Calls by day, kept by PostgreSQL triggers; frozen with revision 0040.

Counted once a statement, by account, which is whose site may be written. Nothing is updated: `fold` adds up.
"""

from data_access.migrations.triggers import calls_0040 as calls

_COUNT = (
    f"{calls.INTO} (account_id, site_id, day, calls, paid) "
    f"{calls.by_day('postgresql', 'new_rows', 'account_id', 'site_id')}"
)

CREATE = [
    f"CREATE FUNCTION duewatch_months_calls() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  {_COUNT};\n  RETURN NULL;\nEND$$",
    "CREATE TRIGGER calls_months AFTER INSERT ON calls REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT "
    "EXECUTE FUNCTION duewatch_months_calls()",
    "CREATE TRIGGER call_days_by_trigger BEFORE INSERT ON call_days FOR EACH ROW WHEN (NEW.account_id IS NOT NULL) "
    "EXECUTE FUNCTION duewatch_months_by_trigger()",
]

# The trigger on a table that stays goes with its function.
DROP = ["DROP FUNCTION duewatch_months_calls() CASCADE"]
