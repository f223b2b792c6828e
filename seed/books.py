"""The whole organisation and its books, and what is neither ledger nor place: rates, users, contacts, imported files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.contacts import ContactState
from domain.policies import Policy
from seed.records import (
    Account,
    Allocation,
    Bill,
    Call,
    Dispute,
    DisputeEvent,
    LineDecision,
    Match,
    Notice,
    Payment,
    Site,
    Statement,
    UsageRecord,
    Vendor,
    VendorStatement,
)


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` is worth rate_e9 / 10^9 of `quote` on a day."""

    currency: str
    quote: str
    on_date: date
    rate_e9: int


@dataclass(eq=False, slots=True)
class User:
    """Somebody who signs in; `grants` are Sites or region names; none for finance and admin means by role."""

    email: str
    name: str
    role: str
    grants: Sequence[Site | str] = ()


@dataclass(eq=False, slots=True)
class Contact:
    """How a vendor is paid: a number or a portal. Whoever verified it did not propose it."""

    vendor: Vendor
    kind: str
    address: str
    label: str
    state: ContactState
    proposed_by: str
    proposed_at: datetime
    country: str = ""
    hours: str = ""
    timezone: str = ""
    menu_path: str = ""
    asks_for: str = ""
    found_in: str = ""
    replaces: "Contact | None" = None
    verified_in: str = ""
    verified_by: str = ""
    verified_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    ended_because: str = ""


@dataclass(eq=False, slots=True)
class Reject:
    """A row of an imported file that was refused."""

    line: int
    column: str
    value: str
    reason: str
    row_text: str


@dataclass(eq=False, slots=True)
class Batch:
    """An imported file; `brought` are the records that came with it."""

    kind: str
    source: str
    file_name: str
    brought: Sequence[object]
    rejects: list[Reject] = field(default_factory=list)
    duplicate: int = 0
    imported_on: date | None = None  # None: today


@dataclass(eq=False, slots=True)
class Organisation:
    """Everything, in the order in which it was made."""

    sites: list[Site] = field(default_factory=list)
    vendors: list[Vendor] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    policies: list[tuple[Vendor, Policy]] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    decisions: list[LineDecision] = field(default_factory=list)
    dispute_events: list[DisputeEvent] = field(default_factory=list)
    vendor_statements: list[VendorStatement] = field(default_factory=list)
    usage: list[UsageRecord] = field(default_factory=list)
