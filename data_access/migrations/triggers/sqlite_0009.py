"""The rules of usage as SQLite triggers, frozen with revision 0009."""

# Columns that nothing may change. site_id follows the account when it moves house.
_FROZEN = [
    "id",
    "account_id",
    "service_id",
    "started_at",
    "kind",
    "from_number",
    "to_number",
    "quantity",
    "unit",
    "billed_s",
    "disposition",
    "cost",
    "batch_id",
    "source",
    "external_id",
    "import_key",
]


def _refuse(reason: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{reason}') WHERE {condition};"


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


_CHANGED = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FROZEN)
_TAKEN = (
    "EXISTS (SELECT 1 FROM usage WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM usage WHERE account_id = NEW.account_id "
    "AND source = NEW.source AND import_key = NEW.import_key)"
)

CREATE = [
    _trigger("usage_no_delete", "BEFORE DELETE ON usage", _refuse("usage: rows are kept", "1")),
    _trigger(
        "usage_no_update",
        f"BEFORE UPDATE OF {', '.join(_FROZEN)} ON usage",
        _refuse("what was used is not edited", _CHANGED),
    ),
    _trigger(
        "usage_no_replace",
        "BEFORE INSERT ON usage",
        _refuse("usage: this row is already there (nothing is replaced)", _TAKEN),
    ),
    _trigger(
        "usage_service",
        "BEFORE INSERT ON usage",
        _refuse(
            "a service belongs to the account that it was used on",
            "NEW.service_id IS NOT NULL AND NEW.account_id IS NOT (SELECT account_id FROM services WHERE id = NEW.service_id)",
        ),
    ),
    _trigger(
        "usage_site",
        "BEFORE UPDATE OF site_id ON usage",
        _refuse(
            "a row belongs to its account home site",
            "NEW.site_id IS NOT (SELECT site_id FROM accounts WHERE id = NEW.account_id)",
        ),
    ),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
