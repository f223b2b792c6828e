"""The columns that a history fills, by table, in the order of its tuples; every other column keeps its default."""

_OWN = ("id", "account_id", "site_id")
_BROUGHT = ("batch_id", "source", "import_key")

COLUMNS: dict[str, tuple[str, ...]] = {
    "invoices": (
        *(*_OWN, "number", "kind", "issued_on", "due_on", "period_start", "period_end", "amount", "settled"),
        *("applied_from", "applied_until", *_BROUGHT),
    ),
    "charges": (*_OWN, "invoice_id", "line", "type", "description", "amount", "issued_on", *_BROUGHT),
    "calls": (
        *(*_OWN, "started_at", "number", "duration_s", "agent", "caller", "caller_verified", "purpose"),
        *("billing_period", "outcome", "confirmation_number", "promised_on", "notes", *_BROUGHT),
    ),
    "payments": (
        *(*_OWN, "kind", "paid_on", "posted_on", "amount", "method", "channel", "confirmation_number", "status"),
        *("allocated", "reversed_on", "reverses_id", "call_id", "matched", "matched_at"),
        *("applied_from", "applied_until", *_BROUGHT),
    ),
    "allocations": (
        *(*_OWN, "payment_id", "credit_note_id", "invoice_id", "amount", "applied_on", "reverses_id", *_BROUGHT),
    ),
    "disputes": (*_OWN, "invoice_id", "amount", "reason", "opened_on", "closed_on", "outcome", *_BROUGHT),
    "notices": (*_OWN, "invoice_id", "kind", "dated", "acts_on", "amount", "reference", "channel", *_BROUGHT),
    "usage": (*_OWN, "started_at", "kind", "from_number", "to_number", "quantity", "unit", "billed_s", *_BROUGHT),
    "bank_lines": (
        *("id", "statement_id", "booked_on", "amount", "currency", "description", "import_key", "bank_account"),
        *("value_on", "matched"),
    ),
    "matches": (*_OWN, "payment_id", "bank_line_id", "amount", "decided_by", "decided_at"),
}
