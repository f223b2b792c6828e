"""What the generator makes: plain records that point at each other. `rows` turns them into table rows with ids.

Money is integer minor units of the account's currency; what we owe is positive. Periods are half-open.
Records are compared by identity, so that they can be keys while the ledger is still being written.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from domain.notices import NoticeKind


class Way(NamedTuple):
    """How money goes: card, e-check, ach, autopay, cheque or transfer, over phone, portal, mail, bank or autopay."""

    method: str
    channel: str


@dataclass(eq=False, slots=True, repr=False)
class Site:
    """A place whose services we pay for. `strain` (0 none .. 3 chronic) is how late its bills get paid."""

    code: str
    name: str
    kind: str
    region: str
    country: str
    city: str
    timezone: str
    cost_center: str
    headcount: int
    latitude: float
    longitude: float
    dialling: str
    sales_tax: int  # per mille, on telecom and power
    strain: int = 0


@dataclass(eq=False, slots=True, repr=False)
class Vendor:
    """Who bills us, and in which shape: templates use # digit, @ letter, * either."""

    name: str
    slug: str
    phone: dict[str, str]  # country: E.164 payment number
    terms_days: int
    account_template: str
    confirmation_template: str
    months: int = 1  # billing cycle


@dataclass(eq=False, slots=True)
class Service:
    """A line, circuit, meter or pool on an account; `prices` are (from, monthly minor units), oldest first."""

    account: "Account"
    site: Site
    identifier: str
    description: str
    criticality: int
    prices: list[tuple[date, int]]
    started_on: date
    usage: int = 0  # in a typical month: kWh, kgal or cubic metres, minutes, GB
    ended_on: date | None = None
    contract_ends_on: date | None = None
    notice_days: int | None = None

    def active(self, day: date) -> bool:
        """Is it billed for a period that starts on this day?"""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)

    def price(self, day: date) -> int:
        """The monthly charge in force on a day."""
        return next((amount for since, amount in reversed(self.prices) if since <= day), self.prices[0][1])


@dataclass(eq=False, slots=True, repr=False)
class Account:
    """One vendor billing account at one home site."""

    vendor: Vendor
    site: Site
    number: str
    service_type: str
    currency: str
    terms_days: int
    opened_on: date
    way: Way
    bill_day: int
    closed_on: date | None = None
    autopay_method: str = ""
    autopay_expires_on: date | None = None
    services: list[Service] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Charge:
    """A line of a bill; signed."""

    type: str
    description: str
    amount: int
    line: str = ""
    chargeback: Site | None = None


@dataclass(eq=False, slots=True)
class Bill:
    """An invoice or a credit note. `settled` mirrors the counter that the database keeps by itself."""

    account: Account
    number: str
    kind: str
    issued_on: date
    due_on: date | None
    period_start: date | None
    period_end: date | None
    charges: list[Charge]
    reverses: "Bill | None" = None
    part: int = 1
    amount_from: str = "bill"
    settled: int = 0
    withheld: int = 0  # in dispute: not paid for now
    stated: int | None = None  # as printed, where that is not what the lines add up to

    @property
    def amount(self) -> int:
        """Always positive; the lines of a credit note are negative."""
        return abs(sum(charge.amount for charge in self.charges)) if self.stated is None else self.stated

    @property
    def open(self) -> int:
        """Not yet settled; of a credit note, not yet used."""
        return self.amount - self.settled

    @property
    def falls_due_on(self) -> date:
        """The due date, else what the account's terms say."""
        return self.due_on or self.issued_on + timedelta(days=self.account.terms_days)


@dataclass(eq=False, slots=True)
class Call:
    """A call with a vendor about an account; `started_at` is UTC."""

    account: Account
    started_at: datetime
    number: str
    direction: str
    duration_s: int
    agent: str
    caller: str
    caller_verified: str
    purpose: str
    outcome: str
    billing_period: str = ""
    confirmation_number: str = ""
    promised_on: date | None = None
    follow_up_on: date | None = None
    notes: str = ""
    amends: "Call | None" = None


@dataclass(eq=False, slots=True)
class Notice:
    """What a vendor sent about an account; `acts_on` is when it acts, or has acted."""

    account: Account
    kind: NoticeKind
    dated: date
    acts_on: date | None
    amount: int
    reference: str
    channel: str
    note: str = ""
    bill: Bill | None = None

    @property
    def happened(self) -> bool:
        """It tells of what was done."""
        return self.acts_on is not None and self.acts_on <= self.dated


@dataclass(eq=False, slots=True)
class Payment:
    """Money that moved: to the vendor (payment), back (refund), or the return of one (reversal, names the original)."""

    account: Account
    paid_on: date
    amount: int
    method: str
    channel: str
    confirmation_number: str
    kind: str = "payment"
    posted_on: date | None = None
    reverses: "Payment | None" = None
    reversed_on: date | None = None
    call: Call | None = None
    note: str = ""
    allocated: int = 0

    @property
    def unapplied(self) -> int:
        """Not yet allocated."""
        return self.amount - self.allocated


@dataclass(eq=False, slots=True)
class Allocation:
    """A part of a payment or credit note (source) applied to an invoice or refund (target) on a day."""

    source: Payment | Bill
    target: Bill | Payment
    amount: int
    applied_on: date
    reverses: "Allocation | None" = None


@dataclass(eq=False, slots=True)
class Dispute:
    """An amount of a bill that we withhold, while open; kind late_fee: a fee to have back."""

    bill: Bill
    amount: int
    reason: str
    opened_on: date
    closed_on: date | None = None
    outcome: str = ""
    kind: str = "bill"


@dataclass(eq=False, slots=True)
class DisputeEvent:
    """What came of a dispute: the vendor's reply with its answer, a credit, or a note of ours."""

    dispute: Dispute
    kind: str
    dated: date
    recorded_by: str
    text: str
    answer: str = ""
    amount: int | None = None
    credit_note: Bill | None = None


@dataclass(eq=False, slots=True)
class VendorStatement:
    """What a vendor says is open of an account on a day."""

    account: Account
    stated_on: date
    lines: list["StatedLine"] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class StatedLine:
    """A document on it, signed as the vendor reckons: what is still owed is positive."""

    kind: str
    number: str
    issued_on: date
    due_on: date | None
    amount: int
    open_amount: int


@dataclass(eq=False, slots=True)
class UsageRecord:
    """A call, an amount of data or a message on a line; `started_at` is UTC."""

    service: Service
    started_at: datetime
    kind: str
    quantity: int
    unit: str
    from_number: str = ""
    to_number: str = ""
    billed_s: int | None = None
    disposition: str = ""


@dataclass(eq=False, slots=True)
class Statement:
    """What a bank account (or card) shows of a period; half-open. movements, closing: None is what its lines add up to."""

    bank_account: str
    kind: str
    currency: str
    period_start: date
    period_end: date
    lines: list["BankLine"] = field(default_factory=list)  # that it brought
    opening: int | None = 0
    movements: int | None = None
    closing: int | None = None
    listed: int = 0  # lines, with those that another statement brought


@dataclass(eq=False, slots=True)
class BankLine:
    """One line of a statement; money out is negative."""

    booked_on: date
    amount: int
    description: str
    counterparty: str = ""
    reference: str = ""


@dataclass(eq=False, slots=True)
class Match:
    """So much of a payment that is so much of a line (None: all of it), until a further match undoes it."""

    payment: Payment
    line: BankLine
    at: datetime
    undoes: "Match | None" = None
    amount: int | None = None
    by: str = "seed"
    score: int | None = None
    reasons: str = ""

    @property
    def of_it(self) -> int:
        """Minor units."""
        return self.payment.amount if self.amount is None else self.amount


@dataclass(eq=False, slots=True)
class LineDecision:
    """What a bank line is that no payment made; learned: its words mean that from then on."""

    line: BankLine
    reason: str
    note: str
    by: str
    at: datetime
    learned: str = ""
