"""Terms with a part payment are not edited either, as SQLite triggers, frozen with revision 0015."""

from data_access.migrations.triggers import sqlite_0003 as before

_COLUMNS = "part_basis_points part_days"
_NAME = "CREATE TRIGGER vendor_policies_no_update "
_OLD = next(statement for statement in before.CREATE if statement.startswith(_NAME))
_CHANGED = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _COLUMNS.split())

CREATE = [
    _OLD.replace(" ON vendor_policies", f", {', '.join(_COLUMNS.split())} ON vendor_policies", 1).replace(
        "; END", f" OR {_CHANGED}; END"
    )
]
REPLACED = ["DROP TRIGGER vendor_policies_no_update"]
RESTORED = [_OLD]
