"""Each row that the alert rules look at leaves a mark, on SQLite too; frozen with revision 0031.

The last mark was not repeated for the next row of the same account before, not even where the account was judged in between.
"""

from data_access.migrations.triggers import sqlite_0023 as before

_REPEATED = " WHEN NEW.account_id IS NOT (SELECT account_id FROM alert_marks ORDER BY id DESC LIMIT 1)"

RESTORED = [statement for statement in before.CREATE if _REPEATED in statement]
CREATE = [statement.replace(_REPEATED, "") for statement in RESTORED]
DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
