"""The ledger's rules as SQLite triggers, frozen with revision 0001.

They hold for any writer, whatever its pragmas: INSERT OR REPLACE is refused by looking first, since the delete triggers
of a replaced row fire only where recursive_triggers is on.
"""

APPEND_ONLY = (
    "invoices",
    "charges",
    "payments",
    "allocations",
    "calls",
    "audit_log",
    "import_batches",
    "import_rejects",
)

UNIQUE_KEYS = {
    "invoices": ("id", "account_id kind number part", "account_id source import_key", "account_id reverses_id"),
    "charges": ("id", "account_id source import_key"),
    "payments": ("id", "account_id source import_key", "account_id reverses_id"),
    "allocations": ("id", "account_id source import_key", "account_id reverses_id"),
    "calls": ("id", "account_id source import_key", "account_id amends_id"),
    "audit_log": ("seq", "hash"),
    "import_batches": ("id",),
    "import_rejects": ("id",),
}

# Columns that nothing may change. site_id follows the account when it moves house; counters and status move by rule.
FROZEN = {
    "invoices": "id, account_id, number, part, kind, issued_on, due_on, period_start, period_end, amount, amount_from, "
    "reverses_id, batch_id, source, external_id, import_key",
    "charges": "id, account_id, invoice_id, line, type, description, amount, issued_on, chargeback_site_id, batch_id, "
    "source, external_id, import_key",
    "payments": "id, account_id, kind, paid_on, amount, method, channel, reverses_id, note, batch_id, source, external_id, "
    "import_key",
    "allocations": "id, account_id, payment_id, credit_note_id, invoice_id, refund_id, amount, applied_on, reverses_id, "
    "batch_id, source, external_id, import_key",
    "calls": "id, account_id, started_at, number, direction, duration_s, agent, caller, caller_verified, purpose, "
    "billing_period, outcome, confirmation_number, promised_on, follow_up_on, notes, amends_id, batch_id, source, "
    "external_id, import_key",
    "audit_log": "seq, at, actor, action, entity, entity_id, site_id, before, after, prev_hash, hash",
    "import_batches": "id, kind, source, file_name, sha256, rows_read, added, duplicate, rejected, options, actor, imported_at",
    "import_rejects": "id, batch_id, line, column_name, value, reason, row_text",
}

GROWTH = ("invoices", "charges", "payments", "allocations", "calls", "disputes")

DATES = {
    "invoices": ("issued_on", "due_on", "period_start", "period_end"),
    "charges": ("issued_on",),
    "payments": ("paid_on", "posted_on"),
    "allocations": ("applied_on",),
    "calls": ("promised_on", "follow_up_on"),
    "disputes": ("opened_on", "closed_on"),
}


def _refuse(reason: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{reason}') WHERE {condition};"


def _trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body} END"


def _append_only() -> list[str]:
    out = []
    for table in APPEND_ONLY:
        why = f"{table} is append-only: a correction is a new row that names what it reverses"
        # A cascade from accounts assigns account_id its own value, so what counts is a value that differs.
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN[table].split(", "))
        out.append(_trigger(f"{table}_no_delete", f"BEFORE DELETE ON {table}", _refuse(why, "1")))
        out.append(
            _trigger(f"{table}_no_update", f"BEFORE UPDATE OF {FROZEN[table]} ON {table}", _refuse(why, changed))
        )
        taken = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{c} = NEW.{c}' for c in key.split())})"
            for key in UNIQUE_KEYS[table]
        )
        out.append(
            _trigger(
                f"{table}_no_replace",
                f"BEFORE INSERT ON {table}",
                _refuse(f"{table}: this row is already there (nothing posted is replaced)", taken),
            )
        )
    out.append(
        _trigger("disputes_no_delete", "BEFORE DELETE ON disputes", _refuse("disputes are closed, not deleted", "1"))
    )
    return out


def _shared() -> list[str]:
    out = []
    for table in GROWTH:
        out.append(
            _trigger(
                f"{table}_site",
                f"BEFORE UPDATE OF site_id ON {table}",
                _refuse(
                    "a row belongs to its account home site",
                    "NEW.site_id IS NOT (SELECT site_id FROM accounts WHERE id = NEW.account_id)",
                ),
            )
        )
        bad = " OR ".join(f"date(NEW.{c}) IS NOT NEW.{c}" for c in DATES[table])
        out.append(
            _trigger(f"{table}_dates", f"BEFORE INSERT ON {table}", _refuse(f"{table}: a date is YYYY-MM-DD", bad))
        )
    out.append(
        _trigger(
            "accounts_currency",
            "BEFORE UPDATE OF currency ON accounts",
            _refuse("the currency of an account never changes: open a new account", "NEW.currency <> OLD.currency"),
        )
    )
    return out


def _live_sum(column: str) -> str:
    return (
        "(SELECT coalesce(sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END), 0) FROM allocations "
        f"WHERE account_id = NEW.account_id AND {column} = NEW.id)"
    )


_INVOICE_INSERT = _refuse("settled is a counter and starts at 0", "NEW.settled <> 0") + _refuse(
    "a reversal names an invoice of the same amount and account",
    "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoices WHERE account_id = NEW.account_id "
    "AND id = NEW.reverses_id AND kind = 'invoice' AND amount = NEW.amount AND issued_on <= NEW.issued_on)",
)

_INVOICE_SETTLED = _refuse(
    "settled is a counter: it equals the sum of live allocations",
    f"NEW.settled <> CASE NEW.kind WHEN 'invoice' THEN {_live_sum('invoice_id')} ELSE {_live_sum('credit_note_id')} END",
)

_PAYMENT_INSERT = (
    _refuse("allocated is a counter and starts at 0", "NEW.allocated <> 0")
    + _refuse(
        "a payment starts pending or posted; a return is a reversal row",
        "NEW.status NOT IN ('pending', 'posted') OR NEW.reversed_on IS NOT NULL",
    )
    + _refuse(
        "a reversal names a live payment of the same amount and account, with nothing applied any more",
        "NEW.kind = 'reversal' AND NOT EXISTS (SELECT 1 FROM payments WHERE account_id = NEW.account_id "
        "AND id = NEW.reverses_id AND kind <> 'reversal' AND amount = NEW.amount AND reversed_on IS NULL "
        "AND allocated = 0 AND paid_on <= NEW.paid_on)",
    )
    + _refuse(
        "a payment cannot be returned before its last allocation was taken back",
        "NEW.kind = 'reversal' AND EXISTS (SELECT 1 FROM allocations WHERE account_id = NEW.account_id "
        "AND (payment_id = NEW.reverses_id OR refund_id = NEW.reverses_id) AND applied_on > NEW.paid_on)",
    )
)

_PAYMENT_REVERSED = (
    "UPDATE payments SET status = CASE status WHEN 'pending' THEN 'void' ELSE 'returned' END, reversed_on = NEW.paid_on "
    "WHERE account_id = NEW.account_id AND id = NEW.reverses_id;"
)

_PAYMENT_ALLOCATED = _refuse(
    "allocated is a counter: it equals the sum of live allocations",
    f"NEW.allocated <> CASE NEW.kind WHEN 'refund' THEN {_live_sum('refund_id')} ELSE {_live_sum('payment_id')} END",
)

_PAYMENT_STATUS = _refuse(
    "a payment goes from pending to posted; returned and void come from a reversal row",
    "NOT (OLD.status = NEW.status AND OLD.posted_on IS NEW.posted_on AND OLD.reversed_on IS NEW.reversed_on) "
    "AND NOT (OLD.status = 'pending' AND NEW.status = 'posted' AND NEW.posted_on >= OLD.paid_on "
    "AND date(NEW.posted_on) IS NEW.posted_on AND NEW.reversed_on IS NULL) "
    "AND NOT (OLD.reversed_on IS NULL AND OLD.posted_on IS NEW.posted_on "
    "AND NEW.status = CASE OLD.status WHEN 'pending' THEN 'void' ELSE 'returned' END "
    "AND EXISTS (SELECT 1 FROM payments WHERE account_id = NEW.account_id AND reverses_id = NEW.id "
    "AND paid_on = NEW.reversed_on))",
)

_PAYMENT_BLANKS = _refuse(
    "a confirmation number or a call may be filled in once, not changed",
    "(OLD.confirmation_number <> '' AND NEW.confirmation_number <> OLD.confirmation_number) "
    "OR (OLD.call_id IS NOT NULL AND NEW.call_id IS NOT OLD.call_id)",
)


def _party(table: str, column: str, kind: str, day: str, live: str = "") -> str:
    return _refuse(
        f"an allocation needs a live {kind.replace('_', ' ')} of the same account, dated on or before it",
        f"NEW.{column} IS NOT NULL AND NEW.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM {table} "
        f"WHERE account_id = NEW.account_id AND id = NEW.{column} AND kind = '{kind}' AND {day} <= NEW.applied_on {live})",
    )


_ALLOCATION_INSERT = (
    _party("payments", "payment_id", "payment", "paid_on", "AND reversed_on IS NULL")
    + _party("payments", "refund_id", "refund", "paid_on", "AND reversed_on IS NULL")
    + _party("invoices", "credit_note_id", "credit_note", "issued_on")
    + _party("invoices", "invoice_id", "invoice", "issued_on")
    + _refuse(
        "a reversing allocation repeats the live one that it names",
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM allocations o WHERE o.account_id = NEW.account_id "
        "AND o.id = NEW.reverses_id AND o.reverses_id IS NULL AND o.amount = NEW.amount "
        "AND o.payment_id IS NEW.payment_id AND o.credit_note_id IS NEW.credit_note_id "
        "AND o.invoice_id IS NEW.invoice_id AND o.refund_id IS NEW.refund_id AND o.applied_on <= NEW.applied_on)",
    )
)


def _move(table: str, counter: str, column: str) -> str:
    return (
        f"UPDATE {table} SET {counter} = {counter} + CASE WHEN NEW.reverses_id IS NULL THEN NEW.amount ELSE -NEW.amount END "
        f"WHERE account_id = NEW.account_id AND id = NEW.{column};"
    )


_ALLOCATION_MOVES = (
    _move("payments", "allocated", "payment_id")
    + _move("payments", "allocated", "refund_id")
    + _move("invoices", "settled", "credit_note_id")
    + _move("invoices", "settled", "invoice_id")
)

CREATE = [
    *_append_only(),
    *_shared(),
    _trigger("invoices_insert", "BEFORE INSERT ON invoices", _INVOICE_INSERT),
    _trigger("invoices_settled", "BEFORE UPDATE OF settled ON invoices", _INVOICE_SETTLED),
    _trigger("payments_insert", "BEFORE INSERT ON payments", _PAYMENT_INSERT),
    _trigger("payments_reversed", "AFTER INSERT ON payments WHEN NEW.kind = 'reversal'", _PAYMENT_REVERSED),
    _trigger("payments_allocated", "BEFORE UPDATE OF allocated ON payments", _PAYMENT_ALLOCATED),
    _trigger("payments_status", "BEFORE UPDATE OF status, posted_on, reversed_on ON payments", _PAYMENT_STATUS),
    _trigger("payments_blanks", "BEFORE UPDATE OF confirmation_number, call_id ON payments", _PAYMENT_BLANKS),
    _trigger("allocations_insert", "BEFORE INSERT ON allocations", _ALLOCATION_INSERT),
    _trigger("allocations_moves", "AFTER INSERT ON allocations", _ALLOCATION_MOVES),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
