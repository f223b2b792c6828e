"""What is matched: a payment, a line of a bank statement, a call; each with what of it is still open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

CARD, BANK = "card", "bank"


@dataclass(frozen=True, slots=True)
class PaymentLeg:
    """A payment that stands, or what of it is not matched yet. amount: minor units, positive.

    account_number: its digits and letters; invoices: numbers of the bills that it paid; posting_days: working days
    until it shows, by the vendor's terms for its method; calendar: whose working days.
    """

    id: int
    account_id: int
    vendor_id: int
    currency: str
    amount: int
    paid_on: date
    posted_on: date | None = None
    method: str = ""
    confirmation: str = ""
    account_number: str = ""
    names: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    posting_days: int = 7
    calendar: str = ""
    call_id: int | None = None
    part_matched: bool = False


@dataclass(frozen=True, slots=True)
class LineLeg:
    """A line of a statement, or what of it is not matched yet. amount: signed as the bank has it, money out negative."""

    id: int
    bank_account: str
    currency: str
    amount: int
    booked_on: date
    kind: str = BANK  # of its statement: a card's shows what was paid by card, a bank account's the rest
    value_on: date | None = None
    reference: str = ""
    counterparty: str = ""
    description: str = ""
    part_matched: bool = False

    @property
    def text(self) -> str:
        """All that the bank says in words."""
        return " ".join(filter(None, (self.counterparty, self.description, self.reference)))


@dataclass(frozen=True, slots=True)
class CallLeg:
    """The newest version of a call; called_on is the day at its site."""

    id: int
    account_id: int
    called_on: date
    confirmation: str = ""
    promised_on: date | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Learned:
    """What people decided before, by (bank account, words of the line): the vendor, or the reason that explains it."""

    vendors: Mapping[tuple[str, str], int] = field(default_factory=dict)
    explanations: Mapping[tuple[str, str], str] = field(default_factory=dict)


NOTHING_LEARNED = Learned()
