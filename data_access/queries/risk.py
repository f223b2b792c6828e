"""The risk of every account with something unsettled, as of a day, from what was known on that day.

A few aggregated reads for all accounts together; the judgement is domain.risk's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.follow_ups import follow_ups
from data_access.queries.notices import notices_by_account, paid_since
from data_access.queries.policies import policies
from data_access.queries.positions import unapplied
from data_access.queries.unsettled import unsettled_bills
from data_access.schema import accounts, services, sites
from data_access.scope import Scope, within
from domain.filters import Filters
from domain.notices import Notice
from domain.policies import Policy, in_force
from domain.risk import Risk, Stage, assess
from domain.risk_facts import AccountFacts, Promise, RiskBill, RiskService
from domain.risk_reasons import Reason, reasons_of

PROMISES_AHEAD = 60  # days


@dataclass(frozen=True, slots=True)
class AccountRisk:
    """One account's risk with the facts behind it; amounts in minor units of `currency`."""

    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    region: str
    service_type: str
    currency: str
    facts: AccountFacts
    risk: Risk
    reasons: tuple[Reason, ...]

    @property
    def policy(self) -> Policy | None:
        """The vendor's terms in force."""
        return self.facts.policy

    @property
    def open_amount(self) -> int:
        """Open on bills, with what is on its way."""
        return sum(bill.open_amount for bill in self.facts.bills)


def account_risks(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    also: Collection[int] = (),
) -> list[AccountRisk]:
    """One entry an account, the worst first: by stage, then by the day on which it stops, then by what stops.

    also: accounts to judge even if nothing is unsettled on them.
    """
    as_of = filters.as_of
    bills = unsettled_by_account(connection, scope, filters, account_id=account_id)
    money = money_on_account(connection, scope, filters)
    notices = notices_about(connection, scope, filters, bills)
    promises = _promises(connection, scope, filters)
    on_accounts = _services(connection, scope, filters)
    terms = policies(connection, scope)
    found = []
    for row in _accounts(connection, scope, filters, {*bills, *also}):
        facts = AccountFacts(
            bills=tuple(bills.get(row.account_id, ())),
            country=row.country,
            opened_on=row.opened_on,
            policy=in_force(terms.get(row.vendor, ()), row.service_type, row.currency, as_of),
            notices=tuple(notices.get(row.account_id, ())),
            promises=tuple(promises.get(row.account_id, ())),
            on_account=max(0, -money.get(row.account_id, 0)),
            services=tuple(on_accounts.get(row.account_id, ())),
        )
        risk = assess(facts, as_of)
        names = ("account_id", "account_number", "vendor", "site", "site_name", "region", "service_type", "currency")
        reasons = tuple(reasons_of(facts, risk, as_of))
        found.append(AccountRisk(*(getattr(row, name) for name in names), facts, risk, reasons))
    return sorted(found, key=worst_first)


def worst_first(entry: AccountRisk) -> tuple[Any, ...]:
    """The order of a list of risks."""
    firm = entry.risk.firm
    stops = firm.window.likely if firm.window else date.max
    return -firm.stage, stops, tuple(-n for n in entry.risk.effect.rank), entry.site_name, entry.account_id


def by_effect(entry: AccountRisk) -> tuple[Any, ...]:
    """What is at risk first, and of that what hurts most."""
    threatened = entry.risk.firm.stage >= Stage.LATE
    return not threatened, tuple(-n for n in entry.risk.effect.rank), *worst_first(entry)


def _accounts(connection: Connection, scope: Scope, filters: Filters, wanted: Collection[int]) -> list[Any]:
    a = ledger_accounts(scope, filters)
    statement = (
        select(a, sites.c.country, accounts.c.opened_on)
        .join(accounts, accounts.c.id == a.c.account_id)
        .join(sites, sites.c.id == a.c.site_id)
    )
    return [row for row in connection.execute(statement) if row.account_id in wanted]


def unsettled_by_account(
    connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None
) -> dict[int, list[RiskBill]]:
    """By account, what is not yet paid by money that has arrived, the oldest due first."""
    a, bills = ledger_accounts(scope, filters), unsettled_bills(filters.as_of)
    statement = select(bills).join(a, a.c.account_id == bills.c.account_id).order_by(bills.c.due_on, bills.c.invoice_id)
    if account_id is not None:
        statement = statement.where(bills.c.account_id == account_id)
    found: dict[int, list[RiskBill]] = {}
    for row in connection.execute(statement):
        number = row.number if row.part == 1 else f"{row.number} ({row.part})"
        amounts = (row.open_amount, row.pending, row.disputed, max(0, row.recurring), row.amount)
        bill = RiskBill(row.invoice_id, number, row.issued_on, row.due_on, *amounts)
        found.setdefault(row.account_id, []).append(bill)
    return found


def money_on_account(connection: Connection, scope: Scope, filters: Filters) -> dict[int, int]:
    """By account, what is applied to no bill: negative, as on Balances."""
    a, money = ledger_accounts(scope, filters), unapplied(filters.as_of)
    statement = (
        select(money.c.account_id, total(money.c.unapplied).label("unapplied"))
        .join(a, a.c.account_id == money.c.account_id)
        .group_by(money.c.account_id)
    )
    return {row.account_id: row.unapplied for row in connection.execute(statement)}


def notices_about(
    connection: Connection, scope: Scope, filters: Filters, bills: Mapping[int, Sequence[RiskBill]]
) -> dict[int, list[Notice]]:
    """Notices about something unsettled, with what was paid since on what they are about."""
    about = {
        account_id: [n for n in known if any(n.covers(bill.id, bill.due_on) for bill in bills.get(account_id, ()))]
        for account_id, known in notices_by_account(connection, scope, filters).items()
    }
    asking = sorted(n.id for known in about.values() for n in known if n.amount is not None)
    paid = paid_since(connection, scope, filters.as_of, asking)
    return {
        account_id: [replace(notice, paid_since=paid.get(notice.id, 0)) for notice in known]
        for account_id, known in about.items()
    }


def _promises(connection: Connection, scope: Scope, filters: Filters) -> dict[int, list[Promise]]:
    """The open promises of the call log; one that a payment has followed is settled, and says nothing any more."""
    found: dict[int, list[Promise]] = {}
    for end in follow_ups(connection, scope, filters, days_ahead=PROMISES_AHEAD):
        if end.promise is not None and end.call.promised_on is not None:
            found.setdefault(end.call.account_id, []).append(Promise(end.call.id, end.call.promised_on))
    return found


def _services(connection: Connection, scope: Scope, filters: Filters) -> dict[int, list[RiskService]]:
    """Lines that are on, at whichever site they end."""
    a, as_of = ledger_accounts(scope, filters), filters.as_of
    statement = (
        select(
            services.c.account_id,
            services.c.identifier,
            services.c.description,
            sites.c.name.label("site"),
            services.c.criticality,
            sites.c.headcount,
            services.c.monthly_charge,
        )
        .join(a, a.c.account_id == services.c.account_id)
        .join(sites, sites.c.id == services.c.site_id)
        .where(
            within(scope, services.c.site_id),
            or_(services.c.started_on.is_(None), services.c.started_on <= as_of),
            or_(services.c.ended_on.is_(None), services.c.ended_on > as_of),
        )
        .order_by(services.c.criticality.desc(), services.c.id)
    )
    found: dict[int, list[RiskService]] = {}
    for account_id, *fields in connection.execute(statement):
        found.setdefault(account_id, []).append(RiskService(*fields))
    return found
