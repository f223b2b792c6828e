"""The rules of vendor statements and of what came of disputes as SQLite triggers, frozen with revision 0010."""

_UNIQUE_KEYS = {
    "vendor_statements": ("id", "account_id source stated_on"),
    "vendor_statement_lines": ("id", "account_id source import_key"),
    "dispute_events": ("id",),
}

# Columns that nothing may change. site_id follows the account when it moves house.
_FROZEN = {
    "vendor_statements": "id account_id stated_on source batch_id",
    "vendor_statement_lines": "id account_id statement_id kind number issued_on due_on amount open_amount batch_id source "
    "external_id import_key",
    "dispute_events": "id account_id dispute_id kind dated answer amount credit_note_id text recorded_by recorded_at",
}

_WHY = "what a vendor said, and what came of a dispute, is not edited"

_DATES = {
    "vendor_statements": ("stated_on",),
    "vendor_statement_lines": ("issued_on", "due_on"),
    "dispute_events": ("dated",),
}


def _refuse(reason: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{reason}') WHERE {condition};"


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _kept(table: str) -> list[str]:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FROZEN[table].split())
    columns = ", ".join(_FROZEN[table].split())
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{c} = NEW.{c}' for c in key.split())})"
        for key in _UNIQUE_KEYS[table]
    )
    return [
        _trigger(f"{table}_no_delete", f"BEFORE DELETE ON {table}", _refuse(f"{table}: rows are kept", "1")),
        _trigger(f"{table}_no_update", f"BEFORE UPDATE OF {columns} ON {table}", _refuse(_WHY, changed)),
        _trigger(
            f"{table}_no_replace",
            f"BEFORE INSERT ON {table}",
            _refuse(f"{table}: this row is already there (nothing is replaced)", taken),
        ),
    ]


_SITE = _refuse(
    "a row belongs to its account home site",
    "NEW.site_id IS NOT (SELECT site_id FROM accounts WHERE id = NEW.account_id)",
)

CREATE = [
    *(statement for table in _FROZEN for statement in _kept(table)),
    *(
        _trigger(
            f"{table}_dates",
            f"BEFORE INSERT ON {table}",
            _refuse(f"{table}: a date is YYYY-MM-DD", " OR ".join(f"date(NEW.{c}) IS NOT NEW.{c}" for c in columns)),
        )
        for table, columns in _DATES.items()
    ),
    *(_trigger(f"{table}_site", f"BEFORE UPDATE OF site_id ON {table}", _SITE) for table in _FROZEN),
    _trigger(
        "disputes_kind",
        "BEFORE UPDATE OF kind ON disputes",
        _refuse("a dispute stays of its kind", "NEW.kind IS NOT OLD.kind"),
    ),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
