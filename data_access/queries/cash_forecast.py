"""What leaves the bank in the weeks to come, from what was known on the as-of day.

Habits of paying and of billing are learned whatever the filters (habits), so that a bill is forecast the same on every page. Rows count by their own days; terms, autopay and closing days are those that the account has now.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, or_, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expected_bills import bills_to_come
from data_access.queries.expressions import total
from data_access.queries.follow_ups import ended, follow_ups
from data_access.queries.habits import common_to
from data_access.queries.outlook import learned_of
from data_access.queries.positions import Accounts, open_items, unapplied
from data_access.queries.what_if import FEW
from data_access.schema import accounts, payments
from data_access.scope import Scope
from domain.cash_forecast import WEEKS, CashForecast, CashWeek
from domain.filters import Filters
from domain.outflows import Foresight, OpenBill, Payer
from domain.periods import shifted
from domain.promises import Standing

# What a forecast is split by: the field of PayingAccount that is the key, and the one that names it.
CASH_GROUPS = {
    "site": ("site", "site_name"),
    "vendor": ("vendor", "vendor"),
    "region": ("region", "region"),
    "service_type": ("service_type", "service_type"),
}


@dataclass(frozen=True, slots=True)
class PayingAccount:
    """The names of an account."""

    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    region: str
    service_type: str
    currency: str


@dataclass(frozen=True)
class CurrencyForecast:
    """The forecast of one currency, with the names of its accounts by id."""

    currency: str
    accounts: dict[int, PayingAccount]
    forecast: CashForecast

    def sums_by(self, group: str) -> list[tuple[str, str, list[int]]]:
        """Key, name and the expected amount of each week by one of CASH_GROUPS, the most money first."""
        key, name = CASH_GROUPS[group]
        sums: dict[tuple[str, str], list[int]] = {}
        for flow, shares in zip(self.forecast.outflows, self.forecast.shares.tolist(), strict=True):
            account = self.accounts[flow.account_id]
            mine = sums.setdefault((getattr(account, key), getattr(account, name)), [0] * len(shares))
            for week, share in enumerate(shares):
                mine[week] += share
        rows = [(key, name, weeks) for (key, name), weeks in sums.items() if any(weeks)]
        return sorted(rows, key=lambda row: (-sum(row[2]), row[1], row[0]))

    def by(self, group: str) -> list[tuple[str, str, list[CashWeek]]]:
        """Key, name and weeks by one of CASH_GROUPS, the most money first."""
        key, name = CASH_GROUPS[group]
        flows = [self.accounts[flow.account_id] for flow in self.forecast.outflows]
        names = {getattr(account, key): getattr(account, name) for account in flows}
        found = self.forecast.by([getattr(account, key) for account in flows]) if flows else {}
        rows = [(key, names[key], weeks) for key, weeks in found.items()]
        return sorted(rows, key=lambda row: (-sum(week.amount for week in row[2]), row[1], row[0]))


def cash_forecasts(
    connection: Connection, scope: Scope, filters: Filters, weeks: int = WEEKS
) -> list[CurrencyForecast]:
    """One for each currency in scope and filters, from the day after filters.as_of on."""
    as_of = filters.as_of
    names = _accounts(connection, scope, filters)
    alone = select(accounts.c.id).where(accounts.c.id.in_(names)) if len(names) <= FEW else None
    common = common_to(connection, scope, as_of)
    learned = learned_of(connection, scope, filters, common=common)
    kept = _kept(connection, scope, as_of)
    foresight = Foresight(as_of, weeks, learned, _payers(connection, scope, filters, names, alone), kept)
    bills = _open_bills(connection, scope, filters, alone)
    expected = bills_to_come(connection, scope, filters, shifted(as_of, 7 * weeks), common)
    flows = foresight.outflows(bills, expected)
    found = []
    for currency in sorted({account.currency for account in names.values()}):
        own = {n: account for n, account in names.items() if account.currency == currency}
        some = [flow for flow in flows if flow.account_id in own]
        found.append(CurrencyForecast(currency, own, CashForecast(as_of, weeks, some)))
    return found


def _accounts(connection: Connection, scope: Scope, filters: Filters) -> dict[int, PayingAccount]:
    a = ledger_accounts(scope, filters)
    columns = (a.c[name] for name in PayingAccount.__slots__)
    return {row.account_id: PayingAccount(**row._mapping) for row in connection.execute(select(*columns))}


def _payers(
    connection: Connection, scope: Scope, filters: Filters, names: dict[int, PayingAccount], alone: Accounts
) -> dict[int, Payer]:
    a, as_of = ledger_accounts(scope, filters), filters.as_of
    money = unapplied(as_of, alone)
    statement = (
        select(money.c.account_id, total(money.c.unapplied).label("unapplied"))
        .join(a, a.c.account_id == money.c.account_id)
        .group_by(money.c.account_id)
    )
    on_account = {row.account_id: max(0, -row.unapplied) for row in connection.execute(statement)}
    promises: dict[int, date] = {}
    for end in follow_ups(connection, scope, replace(filters, search=""), days_ahead=7 * WEEKS):
        if end.promise in (Standing.AHEAD, Standing.TODAY) and end.call.promised_on is not None:
            promises[end.call.account_id] = end.call.promised_on
    autopay = select(a.c.account_id, accounts.c.autopay_method, accounts.c.autopay_expires_on).join(
        accounts, accounts.c.id == a.c.account_id
    )
    found = {}
    for account_id, method, expires_on in connection.execute(autopay):
        named = names[account_id]
        found[account_id] = Payer(
            account_id,
            named.service_type,
            named.site,
            named.vendor,
            bool(method),
            expires_on,
            on_account.get(account_id, 0),
            promises.get(account_id),
        )
    return found


def _kept(connection: Connection, scope: Scope, as_of: date) -> tuple[int, int]:
    promises = [end.standing for end in ended(connection, scope, Filters(as_of=as_of)) if end.is_promise]
    return sum(standing is Standing.DONE for standing in promises), len(promises)


def _open_bills(connection: Connection, scope: Scope, filters: Filters, alone: Accounts) -> list[OpenBill]:
    a, items = ledger_accounts(scope, filters), open_items(filters.as_of, accounts_alone=alone)
    names = ("invoice_id", "account_id", "number", "part", "issued_on", "due_on", "open_amount", "disputed")
    statement = select(*(items.c[name] for name in names)).join(a, a.c.account_id == items.c.account_id)
    return [
        OpenBill(
            row.invoice_id,
            row.account_id,
            row.number if row.part == 1 else f"{row.number} ({row.part})",
            row.issued_on,
            row.due_on,
            row.open_amount - row.disputed,
        )
        for row in connection.execute(statement)
        if row.open_amount > row.disputed
    ]


def cash_out(
    connection: Connection, scope: Scope, filters: Filters, since: date, until: date
) -> dict[str, dict[date, int]]:
    """By currency and day, from `since` to `until`: payments made and not come back by filters.as_of."""
    a, as_of = ledger_accounts(scope, filters), filters.as_of
    statement = (
        select(a.c.currency, payments.c.paid_on, total(payments.c.amount).label("amount"))
        .join(a, a.c.account_id == payments.c.account_id)
        .where(
            payments.c.kind == "payment",
            payments.c.paid_on >= since,
            payments.c.paid_on <= min(until, as_of),
            or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
        )
        .group_by(a.c.currency, payments.c.paid_on)
    )
    found: dict[str, dict[date, int]] = {}
    for currency, day, amount in connection.execute(statement):
        found.setdefault(currency, {})[day] = amount
    return found
