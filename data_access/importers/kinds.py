"""What can be imported: for each kind its columns, in the order of the template."""

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
from data_access.importers.kinds_of_banks import KINDS_OF_BANKS
from data_access.importers.kinds_of_terms import KINDS_OF_TERMS

_CHARGE_TYPES = (
    *words("recurring", "usage", "one_time", "tax", "fee", "late_fee", "credit", "adjustment"),
    ("monthly", "recurring"),
    ("one_off", "one_time"),
    ("onetime", "one_time"),
    ("vat", "tax"),
    ("fees", "fee"),
    ("taxes", "tax"),
)
_DOCUMENTS = (
    *words("invoice", "credit_note"),
    ("bill", "invoice"),
    ("credit", "credit_note"),
    ("creditnote", "credit_note"),
)
_STATUSES = (
    *words("pending", "posted", "returned", "void"),
    ("cleared", "posted"),
    ("settled", "posted"),
    ("voided", "void"),
    ("bounced", "returned"),
)
_DIRECTIONS = (
    *words("outbound", "inbound"),
    ("out", "outbound"),
    ("outgoing", "outbound"),
    ("in", "inbound"),
    ("incoming", "inbound"),
)
_USAGE = (*words("voice", "data", "sms", "other"), ("call", "voice"), ("text", "sms"))
_VERIFIED = (
    *words("yes", "no", "unknown"),
    *((word, "yes") for word in ("y", "true", "1", "verified")),
    *((word, "no") for word in ("n", "false", "0")),
)


_AMOUNT = Field("amount", Form.AMOUNT, needed=True)
_CURRENCY = Field("currency", Form.CURRENCY)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "sites",
            (
                Field("code", Form.IDENTIFIER, needed=True, limit=64),
                Field("name", Form.IDENTIFIER, needed=True),
                Field("region", Form.IDENTIFIER),
                Field("country", Form.COUNTRY),
                Field("city"),
                Field("timezone", Form.TIMEZONE),
                Field("cost_center", limit=64),
                Field("headcount", Form.WHOLE, limit=10_000_000),
                Field("latitude", Form.DEGREES, limit=90),
                Field("longitude", Form.DEGREES, limit=180),
            ),
        ),
        Kind(
            "vendors",
            (Field("name", Form.IDENTIFIER, needed=True), Field("website", limit=500), Field("portal_url", limit=500)),
        ),
        Kind(
            "accounts",
            (
                *account_columns(),
                Field("site", Form.IDENTIFIER, needed=True),
                Field("service_type", limit=64),
                _CURRENCY,
                Field("terms_days", Form.WHOLE, limit=3650),
                Field("opened_on", Form.DATE),
                Field("closed_on", Form.DATE),
                Field("autopay_method", limit=64),
                Field("autopay_expires_on", Form.DATE),
            ),
        ),
        Kind(
            "services",
            (
                *account_columns(),
                Field("service", Form.IDENTIFIER, needed=True, limit=120),
                Field("site", Form.IDENTIFIER),
                Field("service_type", limit=64),
                Field("description", limit=1000),
                Field("criticality", Form.WHOLE, limit=5),
                Field("monthly_charge", Form.AMOUNT),
                Field("started_on", Form.DATE),
                Field("ended_on", Form.DATE),
                Field("contract_ends_on", Form.DATE),
                Field("notice_days", Form.WHOLE, limit=3650),
            ),
        ),
        Kind(
            "invoices",
            (
                *account_columns(),
                bill_column(),
                Field("issued_on", Form.DATE, needed=True),
                _AMOUNT,
                Field("due_on", Form.DATE),
                _CURRENCY,
                Field("period_start", Form.DATE),
                Field("period_end", Form.DATE),
                Field("kind", Form.CHOICE, choices=_DOCUMENTS),
                Field("disputed", Form.DISPUTED),
                EXTERNAL_ID,
            ),
        ),
        Kind(
            "charges",
            (
                vendor_column(),
                Field("account_number", Form.IDENTIFIER, limit=64),
                Field("site", Form.IDENTIFIER),
                bill_column(),
                Field("line", limit=64),
                Field("type", Form.CHOICE, choices=_CHARGE_TYPES),
                Field("description", limit=1000),
                _AMOUNT,
                _CURRENCY,
                Field("issued_on", Form.DATE, needed=True),
                Field("due_on", Form.DATE),
                EXTERNAL_ID,
            ),
            either=("account_number", "site"),
        ),
        Kind(
            "payments",
            (
                *account_columns(),
                Field("paid_on", Form.DATE, needed=True),
                _AMOUNT,
                Field("posted_on", Form.DATE),
                _CURRENCY,
                Field("method", limit=64),
                Field("channel", limit=64),
                Field("confirmation_number", Form.IDENTIFIER, limit=120),
                Field("status", Form.CHOICE, choices=_STATUSES),
                EXTERNAL_ID,
                bill_column(needed=False),
            ),
        ),
        Kind(
            "allocations",
            (
                *account_columns(),
                Field("payment", Form.IDENTIFIER, needed=True),
                bill_column(),
                _AMOUNT,
                Field("applied_on", Form.DATE),
            ),
        ),
        Kind(
            "calls",
            (
                *account_columns(),
                Field("started_at", Form.INSTANT, needed=True),
                Field("number", Form.IDENTIFIER, limit=64),
                Field("direction", Form.CHOICE, choices=_DIRECTIONS),
                Field("duration_s", Form.DURATION, limit=7 * 86_400),
                Field("agent"),
                Field("caller"),
                Field("caller_verified", Form.CHOICE, choices=_VERIFIED),
                Field("purpose"),
                Field("billing_period", limit=64),
                Field("outcome"),
                Field("confirmation_number", Form.IDENTIFIER, limit=120),
                Field("promised_on", Form.DATE),
                Field("follow_up_on", Form.DATE),
                Field("notes", Form.NOTES, limit=10_000),
                EXTERNAL_ID,
            ),
        ),
        Kind(
            "fx",
            (
                Field("currency", Form.CURRENCY, needed=True),
                Field("quote", Form.CURRENCY, needed=True),
                Field("on_date", Form.DATE, needed=True),
                Field("rate", Form.RATE, needed=True),
                Field("source"),
            ),
        ),
        *KINDS_OF_TERMS,
        *KINDS_OF_BANKS,
        Kind(
            "edi",
            (
                vendor_column(),
                Field("account_number", Form.IDENTIFIER, limit=64),
                Field("account_site", Form.IDENTIFIER),
                bill_column(needed=False),
                Field("line", limit=64),
                Field("type", Form.CHOICE, choices=_CHARGE_TYPES),
                Field("description", limit=1000),
                Field("site", Form.IDENTIFIER),
                _AMOUNT,
                _CURRENCY,
                Field("issued_on", Form.DATE),
                Field("due_on", Form.DATE),
                Field("paid_on", Form.DATE),
                Field("method", limit=64),
                Field("confirmation_number", Form.IDENTIFIER, limit=120),
                Field("bill_lines", Form.WHOLE, limit=1_000_000),
                Field("remittance", Form.WHOLE, limit=10**9),
            ),
            either=("issued_on", "paid_on"),
            wire=True,
        ),
        Kind(
            "usage",
            (
                vendor_column(),
                Field("account_number", Form.IDENTIFIER, limit=64),
                Field("service", Form.IDENTIFIER, limit=120),
                Field("started_at", Form.INSTANT, needed=True),
                Field("kind", Form.CHOICE, choices=_USAGE),
                Field("from_number", limit=120),
                Field("to_number", limit=120),
                Field("quantity", Form.WHOLE, needed=True, limit=10**15),
                Field("unit", limit=40),
                Field("billed_s", Form.DURATION, limit=31 * 86_400),
                Field("disposition", limit=64),
                Field("cost", Form.AMOUNT),
                _CURRENCY,
                Field("uniqueid", limit=200),
            ),
        ),
    )
}

# For templates: {kind: its columns in order}.
COLUMNS: dict[str, tuple[str, ...]] = {name: tuple(field.name for field in kind.fields) for name, kind in KINDS.items()}
NEEDED: dict[str, tuple[str, ...]] = {
    name: tuple(field.name for field in kind.fields if field.needed) for name, kind in KINDS.items()
}
