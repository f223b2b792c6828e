"""The rules of bank statements, their lines and matches as SQLite triggers, frozen with revision 0005."""

_UNIQUE_KEYS = {
    "bank_statements": ("id",),
    "bank_lines": ("id", "statement_id import_key"),
    "matches": ("id", "account_id undoes_id"),
}

# Columns that nothing may change. site_id follows the account when it moves house.
_FROZEN = {
    "bank_statements": "id bank_account kind currency period_start period_end opening closing source batch_id",
    "bank_lines": "id statement_id booked_on amount currency reference description import_key",
    "matches": "id account_id payment_id bank_line_id amount score decided_by decided_at undoes_id",
}

_WHY = {
    "bank_statements": "what the bank said is not edited",
    "bank_lines": "what the bank said is not edited",
    "matches": "a match is not edited: undo it by a further row and decide anew",
}

_DATES = {"bank_statements": ("period_start", "period_end"), "bank_lines": ("booked_on",)}


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
        _trigger(f"{table}_no_update", f"BEFORE UPDATE OF {columns} ON {table}", _refuse(_WHY[table], changed)),
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
_CURRENCY = _refuse(
    "a line is in the currency of its statement",
    "NEW.currency IS NOT (SELECT currency FROM bank_statements WHERE id = NEW.statement_id)",
)
_MATCHED = _refuse(
    "a payment matches a line of the same currency",
    "(SELECT currency FROM bank_lines WHERE id = NEW.bank_line_id) IS NOT "
    "(SELECT currency FROM accounts WHERE id = NEW.account_id)",
) + _refuse(
    "an undone match repeats the live one that it names",
    "NEW.undoes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM matches o WHERE o.account_id = NEW.account_id "
    "AND o.id = NEW.undoes_id AND o.undoes_id IS NULL AND o.amount = NEW.amount "
    "AND o.payment_id = NEW.payment_id AND o.bank_line_id = NEW.bank_line_id)",
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
    _trigger("bank_lines_currency", "BEFORE INSERT ON bank_lines", _CURRENCY),
    _trigger("matches_insert", "BEFORE INSERT ON matches", _MATCHED),
    _trigger("matches_site", "BEFORE UPDATE OF site_id ON matches", _SITE),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
