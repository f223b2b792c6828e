"""Marks of accounts that the alert rules have to judge again, left by PostgreSQL triggers; frozen with revision 0023.

Bills, payments and what is applied to bills leave a move of open_totals (revision 0016), which is mark enough.
"""

_INSERTED = ("calls", "charges", "dispute_events", "disputes", "matches", "notices", "services")
_ALTERED = ("disputes", "notices", "services")
_PAYMENT = ("status", "posted_on", "reversed_on", "confirmation_number", "call_id")
_SITE = ("country", "timezone")


def _changed(names: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)


def _function(name: str, rows: str) -> str:
    body = f"\nBEGIN\n  INSERT INTO alert_marks (account_id, site_id) {rows};\n  RETURN NULL;\nEND"
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"


_FUNCTIONS = {
    "duewatch_alert_marks": "SELECT DISTINCT account_id, site_id FROM new_rows",
    "duewatch_alert_mark": "VALUES (NEW.account_id, NEW.site_id)",
    "duewatch_alert_mark_gone": "VALUES (OLD.account_id, OLD.site_id)",
    "duewatch_alert_mark_account": "VALUES (NEW.id, NEW.site_id)",
    "duewatch_alert_mark_site": "SELECT id, site_id FROM accounts WHERE site_id = NEW.id",
}
CREATE = [
    *(_function(name, rows) for name, rows in _FUNCTIONS.items()),
    *(
        f"CREATE TRIGGER {table}_alert_marks AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows "
        "FOR EACH STATEMENT EXECUTE FUNCTION duewatch_alert_marks()"
        for table in _INSERTED
    ),
    *(
        f"CREATE TRIGGER {table}_alert_mark AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION duewatch_alert_mark()"
        for table in _ALTERED
    ),
    "CREATE TRIGGER services_alert_mark_gone AFTER DELETE ON services FOR EACH ROW EXECUTE FUNCTION duewatch_alert_mark_gone()",
    f"CREATE TRIGGER payments_alert_mark AFTER UPDATE OF {', '.join(_PAYMENT)} ON payments FOR EACH ROW "
    f"WHEN ({_changed(_PAYMENT)}) EXECUTE FUNCTION duewatch_alert_mark()",
    "CREATE TRIGGER allocations_alert_mark AFTER INSERT ON allocations FOR EACH ROW WHEN (NEW.invoice_id IS NULL) "
    "EXECUTE FUNCTION duewatch_alert_mark()",
    "CREATE TRIGGER accounts_alert_mark AFTER INSERT OR UPDATE ON accounts FOR EACH ROW "
    "EXECUTE FUNCTION duewatch_alert_mark_account()",
    f"CREATE TRIGGER sites_alert_marks AFTER UPDATE OF {', '.join(_SITE)} ON sites FOR EACH ROW "
    f"WHEN ({_changed(_SITE)}) EXECUTE FUNCTION duewatch_alert_mark_site()",
]

# Triggers on tables that stay go with their functions.
DROP = [f"DROP FUNCTION {name}() CASCADE" for name in _FUNCTIONS]
