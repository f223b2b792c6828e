"""What leaves the bank in the weeks to come, from what was known on the as-of day.

Habits of paying and of billing are learned whatever the filters (habits), so that a bill is forecast the same on every page. Rows count by their own days; terms, autopay and closing days are those that the account has now.
"""

from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

from sqlalchemy import Connection, or_, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expected_bills import Told, bills_to_come
from data_access.queries.expressions import total
from data_access.queries.follow_ups import ended, follow_ups
from data_access.queries.habits import Common, common_to
from data_access.queries.outlook import learned_of
from data_access.queries.positions import Accounts, open_items, unapplied
from data_access.queries.what_if import FEW
from data_access.schema import accounts, payments
from data_access.scope import Scope
from domain.cash_forecast import WEEKS, CashForecast, CashWeek, Outflow
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
    connection: Connection, scope: Scope, filters: Filters, weeks: int = WEEKS, told: Told = lambda _: None
) -> list[CurrencyForecast]:
    """One for each currency in scope and filters, from the day after filters.as_of on. told: hears of the share that is done."""
    as_of = filters.as_of
    names = _accounts(connection, scope, filters)
    promises, kept = _promises(connection, scope, filters), _kept(connection, scope, as_of)
    known = _Known(weeks, common_to(connection, scope, as_of), promises, kept)
    # Some at a time, those of a site together: memory follows what is to be paid and not two years of bills.
    ids = sorted(names, key=lambda account_id: (names[account_id].site, account_id))
    flows: list[Outflow] = []
    for start in range(0, len(ids), FEW):
        told(start / len(ids))
        some = {account_id: names[account_id] for account_id in ids[start : start + FEW]}
        flows += _outflows(connection, scope, replace(filters, accounts=tuple(some)), some, known)
    flows.sort(key=attrgetter("account_id"))
    found = []
    for currency in sorted({account.currency for account in names.values()}):
        own = {n: account for n, account in names.items() if account.currency == currency}
        mine = [flow for flow in flows if flow.account_id in own]
        found.append(CurrencyForecast(currency, own, CashForecast(as_of, weeks, mine)))
    return found


def _accounts(connection: Connection, scope: Scope, filters: Filters) -> dict[int, PayingAccount]:
    a = ledger_accounts(scope, filters)
    columns = (a.c[name] for name in PayingAccount.__slots__)
    return {row.account_id: PayingAccount(**row._mapping) for row in connection.execute(select(*columns))}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all before the bills of some are looked at. kept: of promises made before, and how many there were."""

    weeks: int
    common: Common
    promises: dict[int, date]
    kept: tuple[int, int]


def _outflows(
    connection: Connection, scope: Scope, filters: Filters, names: dict[int, PayingAccount], known: _Known
) -> list[Outflow]:
    """Those of the accounts `names`, which are those in filters."""
    alone = select(accounts.c.id).where(accounts.c.id.in_(names))
    learned = learned_of(connection, scope, filters, common=known.common)
    on_account = _on_account(connection, scope, filters, alone)
    a = ledger_accounts(scope, filters)
    autopay = select(a.c.account_id, accounts.c.autopay_method, accounts.c.autopay_expires_on).join(
        accounts, accounts.c.id == a.c.account_id
    )
    payers = {}
    for account_id, method, expires_on in connection.execute(autopay):
        named = names[account_id]
        payers[account_id] = Payer(
            account_id,
            named.service_type,
            named.site,
            named.vendor,
            bool(method),
            expires_on,
            on_account.get(account_id, 0),
            known.promises.get(account_id),
        )
    bills = _open_bills(connection, scope, filters, alone)
    expected = bills_to_come(connection, scope, filters, shifted(filters.as_of, 7 * known.weeks), known.common)
    return Foresight(filters.as_of, known.weeks, learned, payers, known.kept).outflows(bills, expected)


def _on_account(connection: Connection, scope: Scope, filters: Filters, alone: Accounts) -> dict[int, int]:
    """By account, what no bill has used."""
    a, money = ledger_accounts(scope, filters), unapplied(filters.as_of, alone)
    statement = (
        select(money.c.account_id, total(money.c.unapplied).label("unapplied"))
        .join(a, a.c.account_id == money.c.account_id)
        .group_by(money.c.account_id)
    )
    return {row.account_id: max(0, -row.unapplied) for row in connection.execute(statement)}


def _promises(connection: Connection, scope: Scope, filters: Filters) -> dict[int, date]:
    """By account, the day of its open promise."""
    found: dict[int, date] = {}
    for end in follow_ups(connection, scope, replace(filters, search=""), days_ahead=7 * WEEKS):
        if end.promise in (Standing.AHEAD, Standing.TODAY) and end.call.promised_on is not None:
            found[end.call.account_id] = end.call.promised_on
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
