"""What somebody needs at hand before ringing a vendor about an account, as things stand today."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from data_access.queries.accounts import AccountRow, account_rows
from data_access.queries.call_versions import is_newest
from data_access.queries.calls import CallRow, call_rows
from data_access.queries.contacts import ContactRow, contact_rows
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.notices import NoticeRow, notice_rows
from data_access.queries.open_bills import OpenBill, open_bills
from data_access.queries.payments import PaymentRow, payment_rows
from data_access.queries.positions import unapplied
from data_access.queries.risk import AccountRisk, account_risks
from data_access.schema import accounts, calls
from data_access.scope import Scope
from domain.call_questions import CallFacts, NoticeFact, PaymentFact
from domain.contacts import ContactState
from domain.filters import Filters
from domain.risk import Stage
from domain.risk_reasons import ReasonKind

BILLS, CALLS, NUMBERS, PAYMENTS = 100, 5, 5, 20


@dataclass(frozen=True, slots=True)
class NumberUsed:
    """A number that was rung for a vendor: how often, and when last (UTC)."""

    number: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CallSheet:
    """The account, its open bills (oldest due first), money not applied (zero or negative), last calls, numbers to ring.

    contacts: the vendor's for the account's country, the verified first, none that is retired. risk: None where nothing is
    unsettled. payments: the last ones. Amounts in minor units of the account's currency.
    """

    account: AccountRow
    bills: tuple[OpenBill, ...]
    unapplied: int
    calls: tuple[CallRow, ...]
    numbers: tuple[NumberUsed, ...]
    contacts: tuple[ContactRow, ...] = ()
    risk: AccountRisk | None = None
    notices: tuple[NoticeRow, ...] = ()
    payments: tuple[PaymentRow, ...] = ()

    @property
    def verified(self) -> tuple[ContactRow, ...]:
        """The telephone numbers that may be rung to pay."""
        return tuple(c for c in self.contacts if c.kind == "phone" and c.state == ContactState.VERIFIED)

    @property
    def facts(self) -> CallFacts:
        """What the questions of the call are derived from."""
        standing = {notice.id for notice in self.risk.risk.notices} if self.risk else set()
        reasons = self.risk.reasons if self.risk else ()
        live = [p for p in self.payments if p.kind == "payment" and p.reversed_on is None]
        asked = [contact.asks_for for contact in self.verified if contact.asks_for]
        return CallFacts(
            notices=tuple(
                NoticeFact(n.kind, n.dated, n.acts_on, n.reference) for n in self.notices if n.id in standing
            ),
            pending=tuple(_fact(p) for p in live if p.status == "pending"),
            unconfirmed=tuple(_fact(p) for p in live if p.call_id is not None and not p.confirmation_number),
            broken_promises=tuple(
                reason.day for reason in reasons if reason.kind is ReasonKind.PROMISE_BROKEN and reason.day
            ),
            disputed=tuple((bill.number, bill.disputed) for bill in self.bills if bill.disputed),
            past_due=self.overdue,
            suspended=self.risk is not None and self.risk.risk.firm.stage is Stage.SUSPENDED,
            last_payment=_fact(live[0]) if live else None,
            asks_for=asked[0] if asked else "",
            oldest_bill=self.bills[0].number if self.bills else "",
            site=self.account.site_name,
        )

    @property
    def open_amount(self) -> int:
        """What is open on bills."""
        return sum(bill.open_amount for bill in self.bills)

    @property
    def balance(self) -> int:
        """What is owed: open bills less unapplied money."""
        return self.open_amount + self.unapplied

    @property
    def disputed(self) -> int:
        """Of which disputed."""
        return sum(bill.disputed for bill in self.bills)

    @property
    def overdue(self) -> int:
        """Past due and not disputed: what is asked for."""
        return sum(bill.open_amount - bill.disputed for bill in self.bills if bill.days_late)


def call_sheet(connection: Connection, scope: Scope, account_id: int, *, as_of: date) -> CallSheet | None:
    """The sheet of one account; None outside the scope."""
    filters = Filters(as_of=as_of)
    found = account_rows(connection, scope, filters, account_id=account_id, limit=1)
    if not found:
        return None
    account, money = found[0], unapplied(as_of, select(accounts.c.id).where(accounts.c.id == account_id))
    near = Filters(as_of=as_of, sites=(account.site,), vendors=(account.vendor,))
    risks = account_risks(connection, scope, near, account_id=account_id)
    return CallSheet(
        account=account,
        bills=tuple(_every_open_bill(connection, scope, filters, account_id)),
        unapplied=connection.scalar(select(total(money.c.unapplied))) or 0,
        calls=tuple(call_rows(connection, scope, filters, account_id=account_id, limit=CALLS)),
        numbers=tuple(numbers_used(connection, scope, account.vendor)),
        contacts=contacts_for(connection, scope, account),
        risk=next((risk for risk in risks if risk.account_id == account_id), None),
        notices=tuple(notice_rows(connection, scope, near, account_id=account_id)),
        payments=tuple(payment_rows(connection, scope, filters, account_id=account_id, limit=PAYMENTS)),
    )


def contacts_for(connection: Connection, scope: Scope, account: AccountRow) -> tuple[ContactRow, ...]:
    """The vendor's contacts that serve the account's country: the verified first, and of these its own country's."""
    found = [
        contact
        for contact in contact_rows(connection, scope, vendor=account.vendor)
        if contact.state != ContactState.RETIRED and contact.country in ("", account.country)
    ]
    return tuple(sorted(found, key=lambda c: (c.state != ContactState.VERIFIED, not c.country, c.id)))


def _fact(payment: PaymentRow) -> PaymentFact:
    return PaymentFact(payment.amount, payment.paid_on, payment.method, payment.confirmation_number)


def _every_open_bill(connection: Connection, scope: Scope, filters: Filters, account_id: int) -> list[OpenBill]:
    bills: list[OpenBill] = []
    mark = None
    while page := open_bills(connection, scope, filters, account_id=account_id, after=mark, limit=BILLS):
        bills += page
        mark = (page[-1].due_on, page[-1].invoice_id)
    return bills


def numbers_used(connection: Connection, scope: Scope, vendor: str, limit: int = NUMBERS) -> list[NumberUsed]:
    """Numbers that we rang for a vendor, the latest first. Numbers that rang us are left out: anybody can show any."""
    a = ledger_accounts(scope, Filters(as_of=date.max, vendors=(vendor,)))
    last = func.max(calls.c.started_at)
    statement = (
        select(calls.c.number, func.count().label("times"), last.label("last_at"))
        .join(a, a.c.account_id == calls.c.account_id)
        .where(calls.c.direction == "outbound", calls.c.number != "", is_newest())
        .group_by(calls.c.number)
        .order_by(last.desc(), calls.c.number)
        .limit(limit)
    )
    return [NumberUsed(*row) for row in connection.execute(statement)]
