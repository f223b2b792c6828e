"""Which bills were ever disputed, kept by SQLite triggers; frozen with revision 0034."""

_WHY = "ever_disputed says that a dispute names the bill"
_NAMED = "EXISTS (SELECT 1 FROM disputes WHERE account_id = NEW.account_id AND invoice_id = NEW.id)"
_SAID = (
    "UPDATE invoices SET ever_disputed = 1 "
    "WHERE account_id = NEW.account_id AND id = NEW.invoice_id AND ever_disputed = 0;"
)


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _refuse(condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{_WHY}') WHERE {condition};"


CREATE = [
    _trigger("invoices_disputed_start", "BEFORE INSERT ON invoices", _refuse("NEW.ever_disputed <> 0")),
    _trigger(
        "invoices_disputed",
        "BEFORE UPDATE OF ever_disputed ON invoices WHEN NEW.ever_disputed <> OLD.ever_disputed",
        _refuse(f"NEW.ever_disputed <> 1 OR NOT {_NAMED}"),
    ),
    _trigger("disputes_named", "AFTER INSERT ON disputes", _SAID),
    _trigger("disputes_named_other", "AFTER UPDATE OF account_id, invoice_id ON disputes", _SAID),
]
UPGRADE = CREATE
DOWNGRADE = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
