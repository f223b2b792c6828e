"""What a cash plan starts from: accounts with something to pay or to come, how they are paid, and where one may ring to pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, func, select

from data_access.queries.contacts import ContactRow, contact_rows
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expected_bills import Told, bills_to_come
from data_access.queries.risk import AccountRisk, account_risks
from data_access.schema import payments
from data_access.scope import Scope
from domain.cash_plan.horizon import WEEKS, Horizon
from domain.cash_plan.payables import Choices, plan_account
from domain.cash_plan.problem import CashPlanError, Problem
from domain.contacts import ContactState
from domain.filters import Filters
from domain.periods import shifted
from domain.risk_facts import RiskBill

USUAL_WITHIN = 180  # days


@dataclass(frozen=True)
class PlanFacts:
    """In one currency. expected: by account, bills to come, with ids below 0. usual: by account, the method of the last payment.

    numbers: by account, the verified number to ring.
    """

    as_of: date
    currency: str
    entries: tuple[AccountRisk, ...]
    expected: Mapping[int, tuple[RiskBill, ...]]
    usual: Mapping[int, str]
    numbers: Mapping[int, str]

    @cached_property
    def bill_ids(self) -> frozenset[int]:
        """The bills that are open here."""
        return frozenset(bill.id for entry in self.entries for bill in entry.facts.bills)

    def problem(self, cash: Sequence[int], credit: int, choices: Choices) -> Problem:
        """What is to be planned; raises CashPlanError for a bill that is not open here, or both must-pay and held."""
        horizon = Horizon(self.as_of, len(cash))
        self._check(choices)
        found = (
            plan_account(entry.account_id, entry.facts, horizon, choices, self.expected.get(entry.account_id, ()))
            for entry in self.entries
        )
        return Problem(tuple(cash), tuple(account for account in found if account is not None), credit)

    def _check(self, choices: Choices) -> None:
        for word, chosen in (("must-pay", choices.must_pay), ("held", choices.hold)):
            if strange := sorted(set(chosen) - self.bill_ids):
                raise CashPlanError(f"no open bill here has the id {strange[0]}, so it cannot be {word}")
        if both := sorted(set(choices.must_pay) & set(choices.hold)):
            raise CashPlanError(f"bill {both[0]} cannot be a must-pay and held at once; choose one")


def plan_facts(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    currency: str,
    weeks: int = WEEKS,
    expected: bool = False,
    told: Told = lambda _: None,
) -> PlanFacts:
    """The accounts of `currency` in the filters; with the bills to come within `weeks` weeks, where `expected`.

    told: hears of the share that is done.
    """
    near = replace(filters, currencies=(currency,))
    to_come: dict[int, list[RiskBill]] = {}
    if expected:
        coming = bills_to_come(connection, scope, near, shifted(filters.as_of, 7 * weeks - 1), told=told)
        for n, bill in enumerate(coming, start=1):
            name = f"expected {bill.issued_on:%b %Y}"
            made = RiskBill(-n, name, bill.issued_on, bill.due_on, bill.amount, recurring=bill.amount)
            to_come.setdefault(bill.account_id, []).append(made)
    entries = account_risks(connection, scope, near, also=set(to_come))
    contacts = contact_rows(connection, scope)
    places = {(entry.vendor, entry.facts.country) for entry in entries}
    numbers = {place: _number(contacts, *place) for place in places}
    return PlanFacts(
        as_of=filters.as_of,
        currency=currency,
        entries=tuple(entries),
        expected={account_id: tuple(bills) for account_id, bills in to_come.items()},
        usual=_usual(connection, scope, near),
        numbers={entry.account_id: numbers[entry.vendor, entry.facts.country] for entry in entries},
    )


def _usual(connection: Connection, scope: Scope, filters: Filters) -> dict[int, str]:
    a, p = ledger_accounts(scope, filters), payments.c
    place = func.row_number().over(partition_by=p.account_id, order_by=(p.paid_on.desc(), p.id.desc()))
    lately = (
        select(p.account_id, p.method, place.label("place"))
        .join(a, a.c.account_id == p.account_id)
        .where(
            p.kind == "payment",
            p.method != "",
            p.paid_on <= filters.as_of,
            p.paid_on > shifted(filters.as_of, -USUAL_WITHIN),
        )
        .subquery("lately")
    )
    last = select(lately.c.account_id, lately.c.method).where(lately.c.place == 1)
    return {row.account_id: row.method for row in connection.execute(last)}


def _number(contacts: Sequence[ContactRow], vendor: str, country: str) -> str:
    """The vendor's verified number for the country before one for all; '' where there is none."""
    found = [
        contact
        for contact in contacts
        if contact.vendor == vendor
        and contact.kind == "phone"
        and contact.state == ContactState.VERIFIED
        and contact.country in ("", country)
    ]
    return min(found, key=lambda c: (not c.country, c.id)).address if found else ""
