"""What somebody needs at hand before ringing a vendor about an account, as things stand today."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from data_access.queries.accounts import AccountRow, account_rows
from data_access.queries.balances import OpenBill, open_bills
from data_access.queries.call_versions import is_newest
from data_access.queries.calls import CallRow, call_rows
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.positions import unapplied
from data_access.schema import calls
from data_access.scope import Scope
from domain.filters import Filters

BILLS, CALLS, NUMBERS = 100, 5, 5


@dataclass(frozen=True, slots=True)
class NumberUsed:
    """A number that was rung for a vendor: how often, and when last (UTC)."""

    number: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CallSheet:
    """The account, its open bills (oldest due first), money not applied (zero or negative), last calls, numbers to ring.

    Amounts in minor units of the account's currency.
    """

    account: AccountRow
    bills: tuple[OpenBill, ...]
    unapplied: int
    calls: tuple[CallRow, ...]
    numbers: tuple[NumberUsed, ...]

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
    money = unapplied(as_of)
    return CallSheet(
        account=found[0],
        bills=tuple(_every_open_bill(connection, scope, filters, account_id)),
        unapplied=connection.scalar(select(total(money.c.unapplied)).where(money.c.account_id == account_id)) or 0,
        calls=tuple(call_rows(connection, scope, filters, account_id=account_id, limit=CALLS)),
        numbers=tuple(numbers_used(connection, scope, found[0].vendor)),
    )


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
