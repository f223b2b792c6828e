"""What can be imported: for each kind its columns, in the order of the template."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Form(StrEnum):
    """How a cell is read."""

    IDENTIFIER = auto()  # names something; one line
    TEXT = auto()  # one line
    NOTES = auto()  # lines are kept
    AMOUNT = auto()
    DATE = auto()
    INSTANT = auto()
    WHOLE = auto()  # an integer of at least zero
    DURATION = auto()  # seconds, or hours:minutes:seconds
    RATE = auto()
    DEGREES = auto()
    CURRENCY = auto()
    COUNTRY = auto()
    TIMEZONE = auto()
    CHOICE = auto()
    DISPUTED = auto()  # yes, no or an amount


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `limit` is the longest text, or the greatest number; `choices` map what is written to what is kept."""

    name: str
    form: Form = Form.TEXT
    needed: bool = False
    limit: int = 200
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """`either`: columns of which one at least is needed."""

    name: str
    fields: tuple[Field, ...]
    either: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """Each need as the columns that can meet it."""
        single = tuple((field.name,) for field in self.fields if field.needed)
        return (*single, self.either) if self.either else single

    def field(self, name: str) -> Field | None:
        """The column of that name."""
        return next((field for field in self.fields if field.name == name), None)


def _same(*words: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, word) for word in words)


_CHARGE_TYPES = (
    *_same("recurring", "usage", "one_time", "tax", "fee", "late_fee", "credit", "adjustment"),
    ("monthly", "recurring"),
    ("one_off", "one_time"),
    ("onetime", "one_time"),
    ("vat", "tax"),
    ("fees", "fee"),
    ("taxes", "tax"),
)
_DOCUMENTS = (
    *_same("invoice", "credit_note"),
    ("bill", "invoice"),
    ("credit", "credit_note"),
    ("creditnote", "credit_note"),
)
_STATUSES = (
    *_same("pending", "posted", "returned", "void"),
    ("cleared", "posted"),
    ("settled", "posted"),
    ("voided", "void"),
    ("bounced", "returned"),
)
_DIRECTIONS = (
    *_same("outbound", "inbound"),
    ("out", "outbound"),
    ("outgoing", "outbound"),
    ("in", "inbound"),
    ("incoming", "inbound"),
)
_VERIFIED = (
    *_same("yes", "no", "unknown"),
    *((word, "yes") for word in ("y", "true", "1", "verified")),
    *((word, "no") for word in ("n", "false", "0")),
)


def _vendor() -> Field:
    return Field("vendor", Form.IDENTIFIER, needed=True)


def _account() -> tuple[Field, Field]:
    return _vendor(), Field("account_number", Form.IDENTIFIER, needed=True, limit=64)


def _number(name: str = "invoice_number", *, needed: bool = True) -> Field:
    return Field(name, Form.IDENTIFIER, needed=needed, limit=64)


_AMOUNT = Field("amount", Form.AMOUNT, needed=True)
_CURRENCY = Field("currency", Form.CURRENCY)
_EXTERNAL_ID = Field("external_id", Form.IDENTIFIER, limit=200)

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
                *_account(),
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
                *_account(),
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
                *_account(),
                _number(),
                Field("issued_on", Form.DATE, needed=True),
                _AMOUNT,
                Field("due_on", Form.DATE),
                _CURRENCY,
                Field("period_start", Form.DATE),
                Field("period_end", Form.DATE),
                Field("kind", Form.CHOICE, choices=_DOCUMENTS),
                Field("disputed", Form.DISPUTED),
                _EXTERNAL_ID,
            ),
        ),
        Kind(
            "charges",
            (
                _vendor(),
                Field("account_number", Form.IDENTIFIER, limit=64),
                Field("site", Form.IDENTIFIER),
                _number(),
                Field("line", limit=64),
                Field("type", Form.CHOICE, choices=_CHARGE_TYPES),
                Field("description", limit=1000),
                _AMOUNT,
                _CURRENCY,
                Field("issued_on", Form.DATE, needed=True),
                Field("due_on", Form.DATE),
                _EXTERNAL_ID,
            ),
            either=("account_number", "site"),
        ),
        Kind(
            "payments",
            (
                *_account(),
                Field("paid_on", Form.DATE, needed=True),
                _AMOUNT,
                Field("posted_on", Form.DATE),
                _CURRENCY,
                Field("method", limit=64),
                Field("channel", limit=64),
                Field("confirmation_number", Form.IDENTIFIER, limit=120),
                Field("status", Form.CHOICE, choices=_STATUSES),
                _EXTERNAL_ID,
                _number(needed=False),
            ),
        ),
        Kind(
            "allocations",
            (
                *_account(),
                Field("payment", Form.IDENTIFIER, needed=True),
                _number(),
                _AMOUNT,
                Field("applied_on", Form.DATE),
            ),
        ),
        Kind(
            "calls",
            (
                *_account(),
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
                _EXTERNAL_ID,
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
    )
}

# For templates: {kind: its columns in order}.
COLUMNS: dict[str, tuple[str, ...]] = {name: tuple(field.name for field in kind.fields) for name, kind in KINDS.items()}
NEEDED: dict[str, tuple[str, ...]] = {
    name: tuple(field.name for field in kind.fields if field.needed) for name, kind in KINDS.items()
}
