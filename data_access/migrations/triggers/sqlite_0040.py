"""Calls by day, kept by an SQLite trigger; frozen with revision 0040."""

from data_access.migrations.triggers import calls_0040 as calls

CREATE = [
    f"CREATE TRIGGER calls_months AFTER INSERT ON calls BEGIN {calls.INTO} (account_id, site_id, day, calls, paid) VALUES "
    "(NEW.account_id, NEW.site_id, substr(NEW.started_at, 1, 10), 1, CASE WHEN NEW.outcome = 'paid' THEN 1 ELSE 0 END); END"
]

DROP = ["DROP TRIGGER calls_months"]
