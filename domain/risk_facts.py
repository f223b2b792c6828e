"""What the risk of an account is judged from, on a day: plain values, amounts in minor units of its currency."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from domain.notices import Notice
from domain.policies import PartTerms, Policy


@dataclass(frozen=True, slots=True)
class RiskBill:
    """A bill not yet paid by money that has arrived. `open_amount` includes `pending`, the part that is on its way.

    recurring: its recurring charges, as billed. billed: all of it, 0 where that is not known: then what is open.
    """

    id: int
    number: str
    issued_on: date
    due_on: date
    open_amount: int
    pending: int = 0
    disputed: int = 0
    recurring: int = 0
    billed: int = 0

    @property
    def owed(self) -> int:
        """Open and not in dispute."""
        return max(0, self.open_amount - self.disputed)

    def asks(self, part: PartTerms | None) -> int:
        """What must be paid of it before it is put off: all that is owed, or what is missing to the part; 0 once that is paid."""
        if part is None:
            return self.owed
        return max(0, self.owed - part.rest(max(0, max(self.billed, self.open_amount) - self.disputed)))


@dataclass(frozen=True, slots=True)
class Promise:
    """Our word on a call that we pay by `promised_on`; amount None: all that is past due."""

    call_id: int
    promised_on: date
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class RiskService:
    """A line or circuit that stops when the account is suspended; `headcount`: people at its site, None unknown."""

    identifier: str
    description: str
    site: str
    criticality: int
    headcount: int | None = None
    monthly_charge: int | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account as known on a day. on_account: credits and payments that arrived and are applied to no bill.

    policy: the one in force on the day, None where none is known. country: of the account's site, for working days.
    """

    bills: tuple[RiskBill, ...]
    country: str = ""
    opened_on: date | None = None
    policy: Policy | None = None
    notices: tuple[Notice, ...] = ()
    promises: tuple[Promise, ...] = ()
    on_account: int = 0
    services: tuple[RiskService, ...] = field(default=())

    @property
    def calendar(self) -> str:
        """Whose working days count."""
        return (self.policy.calendar if self.policy else "") or self.country

    @property
    def money_under_way(self) -> bool:
        """Is anything pending, on account or promised?"""
        return bool(self.on_account or self.promises) or any(bill.pending for bill in self.bills)

    def due_day(self, bill: RiskBill) -> date:
        """The last day on which the bill is paid in time."""
        return self.policy.due_day(bill.due_on, self.country) if self.policy else bill.due_on

    def past_due(self, as_of: date) -> list[RiskBill]:
        """Bills with something undisputed past due, the oldest due first."""
        return [bill for bill in oldest_due_first(self.bills) if bill.owed and self.due_day(bill) < as_of]


def oldest_due_first(bills: Iterable[RiskBill]) -> list[RiskBill]:
    """In the order in which money is taken to pay them."""
    return sorted(bills, key=lambda bill: (bill.due_on, bill.issued_on, bill.id))


def with_money_under_way(account: AccountFacts, as_of: date) -> AccountFacts:
    """The same account once pending payments, money on account and promises not yet broken have arrived."""
    bills = [replace(bill, open_amount=bill.open_amount - bill.pending, pending=0) for bill in account.bills]
    arrived = sum(bill.pending for bill in account.bills) + account.on_account
    bills = _paid(bills, account.on_account)
    for promise in account.promises:
        if promise.promised_on < as_of:
            continue
        here = replace(account, bills=tuple(bills))
        amount = promise.amount if promise.amount is not None else sum(bill.owed for bill in here.past_due(as_of))
        bills = _paid(bills, amount)
        arrived += amount
    notices = tuple(replace(notice, paid_since=notice.paid_since + arrived) for notice in account.notices)
    return replace(account, bills=tuple(bills), notices=notices, promises=(), on_account=0)


def _paid(bills: Iterable[RiskBill], amount: int) -> list[RiskBill]:
    paid = []
    for bill in oldest_due_first(bills):
        part = min(amount, bill.owed)
        amount -= part
        paid.append(replace(bill, open_amount=bill.open_amount - part))
    return paid
