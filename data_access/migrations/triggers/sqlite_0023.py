"""Marks of accounts that the alert rules have to judge again, left by SQLite triggers; frozen with revision 0023.

Bills, payments and what is applied to bills leave a move of open_totals (revision 0016), which is mark enough. Rows of one account
mostly come one after the other: the last mark is not repeated.
"""

_INSERTED = ("calls", "charges", "dispute_events", "disputes", "matches", "notices", "services")
_ALTERED = ("disputes", "notices", "services")
_PAYMENT = ("status", "posted_on", "reversed_on", "confirmation_number", "call_id")
_SITE = ("country", "timezone")
_AGAIN = "(SELECT account_id FROM alert_marks ORDER BY id DESC LIMIT 1)"


def _changed(names: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)


def _trigger(name: str, when: str, rows: str = "VALUES (NEW.account_id, NEW.site_id)") -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN INSERT INTO alert_marks (account_id, site_id) {rows}; END"


CREATE = [
    *(
        _trigger(f"{table}_alert_marks", f"AFTER INSERT ON {table} WHEN NEW.account_id IS NOT {_AGAIN}")
        for table in _INSERTED
    ),
    *(_trigger(f"{table}_alert_mark", f"AFTER UPDATE ON {table}") for table in _ALTERED),
    _trigger("services_alert_mark_gone", "AFTER DELETE ON services", "VALUES (OLD.account_id, OLD.site_id)"),
    _trigger("payments_alert_mark", f"AFTER UPDATE OF {', '.join(_PAYMENT)} ON payments WHEN {_changed(_PAYMENT)}"),
    _trigger("allocations_alert_mark", "AFTER INSERT ON allocations WHEN NEW.invoice_id IS NULL"),
    _trigger("accounts_alert_mark", "AFTER INSERT ON accounts", "VALUES (NEW.id, NEW.site_id)"),
    _trigger("accounts_alert_mark_altered", "AFTER UPDATE ON accounts", "VALUES (NEW.id, NEW.site_id)"),
    _trigger(
        "sites_alert_marks",
        f"AFTER UPDATE OF {', '.join(_SITE)} ON sites WHEN {_changed(_SITE)}",
        "SELECT id, site_id FROM accounts WHERE site_id = NEW.id",
    ),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
