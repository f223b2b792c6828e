"""Marks of accounts whose risk may have changed, written by SQLite triggers; frozen with revision 0021."""

from data_access.migrations.triggers.risk_0021 import MARKS

CREATE = [
    f"CREATE TRIGGER {mark.trigger} AFTER {mark.event} ON {mark.table}{f' WHEN {mark.when}' if mark.when else ''} "
    f"BEGIN {mark.insert}; END"
    for mark in MARKS
]
DROP = [f"DROP TRIGGER {mark.trigger}" for mark in MARKS]
