"""What can be imported about vendors and what they say: notices, terms, payment contacts, statements."""

from data_access.importers.fields import (
    EXTERNAL_ID,
    Field,
    Form,
    Kind,
    account_columns,
    bill_column,
    vendor_column,
    words,
)

_MOST_DAYS = 3650
_YES_OR_NO = (
    *words("yes", "no"),
    *((word, "yes") for word in ("y", "true", "1")),
    *((word, "no") for word in ("n", "false", "0")),
)
_STATED = (
    *words("invoice", "credit_note", "payment"),
    ("bill", "invoice"),
    ("credit", "credit_note"),
    ("creditnote", "credit_note"),
    ("receipt", "payment"),
)
_COUNTED = (*words("due", "invoice"), ("due_date", "due"), ("invoice_date", "invoice"))


def _days(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Form.WHOLE, limit=_MOST_DAYS) for name in names)


def _yes_or_no(name: str) -> Field:
    return Field(name, Form.CHOICE, choices=_YES_OR_NO)


KINDS_OF_TERMS = (
    Kind(
        "notices",
        (
            *account_columns(),
            Field("kind", Form.CHOICE, needed=True, choices=words("late", "suspension", "disconnection")),
            Field("dated", Form.DATE, needed=True),
            Field("acts_on", Form.DATE),
            Field("amount", Form.AMOUNT),
            bill_column(needed=False),
            Field("reference", limit=120),
            Field("channel", limit=64),
            Field("note", Form.NOTES, limit=10_000),
            EXTERNAL_ID,
        ),
    ),
    Kind(
        "policies",
        (
            vendor_column(),
            Field("effective_from", Form.DATE, needed=True),
            Field("source", needed=True, limit=500),
            Field("service_type", limit=64),
            Field("currency", Form.CURRENCY),
            Field("effective_until", Form.DATE),
            Field("fee_base", Form.CHOICE, choices=words("none", "past_due", "recurring")),
            Field("fee_basis_points", Form.WHOLE, limit=10_000),
            Field("fee_flat", Form.AMOUNT),
            Field("fee_minimum", Form.AMOUNT),
            Field("fee_cap", Form.AMOUNT),
            *_days("fee_grace_days"),
            Field("fee_counted_from", Form.CHOICE, choices=_COUNTED),
            *_days("notice_days"),
            Field("counted_from", Form.CHOICE, choices=_COUNTED),
            *_days("suspends_earliest", "suspends_likely", "suspends_latest"),
            Field("young_months", Form.WHOLE, limit=120),
            *_days("young_earliest", "young_likely", "young_latest", "disconnection_days"),
            Field("restoral_fee", Form.AMOUNT),
            _yes_or_no("restoral_in_full"),
            Field("restoral_months", Form.WHOLE, limit=24),
            Field("posting_days"),
            Field("calendar", limit=16),
            _yes_or_no("acts_on_working_days"),
            _yes_or_no("due_rolls_forward"),
            Field("part_basis_points", Form.WHOLE, limit=9_999),
            *_days("part_days"),
        ),
    ),
    Kind(
        "contacts",
        (
            vendor_column(),
            Field("kind", Form.CHOICE, needed=True, choices=(*words("phone", "portal"), ("number", "phone"))),
            Field("address", Form.IDENTIFIER, needed=True, limit=500),
            Field("label"),
            Field("country", Form.COUNTRY),
            Field("hours"),
            Field("timezone", Form.TIMEZONE),
            Field("menu_path"),
            Field("asks_for", limit=500),
            Field("found_in"),
        ),
    ),
    Kind(
        "statements",
        (
            *account_columns(),
            Field("statement_on", Form.DATE, needed=True),
            bill_column(needed=False),
            Field("document", Form.IDENTIFIER, limit=64),
            Field("open_amount", Form.AMOUNT, needed=True),
            Field("issued_on", Form.DATE),
            Field("due_on", Form.DATE),
            Field("amount", Form.AMOUNT),
            Field("currency", Form.CURRENCY),
            Field("kind", Form.CHOICE, choices=_STATED),
            EXTERNAL_ID,
        ),
        either=("invoice_number", "document"),
    ),
)
