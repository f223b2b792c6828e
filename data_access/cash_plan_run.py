"""A cash plan as tables to export: the payments by week, what stays unpaid, what the rules cost, and the calls to make."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from data_access.exporting import Cell, Sheet
from data_access.printed.words import day, money
from data_access.queries.cash_plan import PlanFacts
from data_access.queries.risk import AccountRisk
from domain.cash_plan.horizon import Horizon
from domain.cash_plan.payables import Choices
from domain.cash_plan.payment_run import Left, Payment, left, payments
from domain.cash_plan.planner import Planned
from domain.cash_plan.problem import Payable, Problem
from domain.cash_plan.words import Writer, proof, why_left, why_paid
from domain.masking import masked
from domain.money import Money
from domain.parsing.phones import spaced_phone


@dataclass(frozen=True, slots=True)
class Call:
    """The payments that are made on one call."""

    payments: tuple[Payment, ...]

    @property
    def by(self) -> date:
        """The last day on which each of them has its effect."""
        return min(payment.pay_by or payment.pay_on for payment in self.payments)

    @property
    def amount(self) -> int:
        """What is paid on it."""
        return sum(payment.payable.amount for payment in self.payments)


@dataclass(frozen=True)
class PlanRun:
    """A plan of `facts`, as payments and what is left."""

    facts: PlanFacts
    choices: Choices
    problem: Problem
    planned: Planned
    payments: tuple[Payment, ...]
    left: tuple[Left, ...]

    @property
    def horizon(self) -> Horizon:
        """Its weeks."""
        return Horizon(self.facts.as_of, len(self.problem.cash))

    @cached_property
    def accounts(self) -> dict[int, AccountRisk]:
        """The accounts by id."""
        return {entry.account_id: entry for entry in self.facts.entries}

    @cached_property
    def disputed(self) -> list[tuple[AccountRisk, str, int]]:
        """(account, bill, amount) in dispute, which no plan pays."""
        return [
            (entry, bill.number, min(bill.disputed, bill.open_amount))
            for entry in self.facts.entries
            for bill in entry.facts.bills
            if min(bill.disputed, bill.open_amount) > 0
        ]

    @property
    def writer(self) -> Writer:
        """How files write amounts and days."""
        return Writer(lambda minor: money(minor, self.facts.currency), day)

    def weeks(self) -> Iterator[tuple[date, int, int, int]]:
        """(first day, cash that comes in, paid, left to pay with) of each week."""
        there = self.problem.credit
        for week, (cash, paid) in enumerate(zip(self.problem.cash, self.problem.spent(self.planned.plan), strict=True)):
            there += cash - paid
            yield self.horizon.starts(week), cash, paid, there

    @cached_property
    def calls(self) -> list[Call]:
        """One for all that is paid on an account in a week by the same method, by the day that it must be made."""
        found: dict[tuple[int, int, str], list[Payment]] = {}
        for payment in self.payments:
            if payment.by_call:
                found.setdefault((payment.week, payment.account.id, payment.method), []).append(payment)
        return sorted(
            (Call(tuple(own)) for own in found.values()), key=lambda call: (call.by, call.payments[0].account.id)
        )


def plan_run(facts: PlanFacts, choices: Choices, problem: Problem, planned: Planned) -> PlanRun:
    """`planned` told in payments."""
    horizon = Horizon(facts.as_of, len(problem.cash))
    made = tuple(payments(problem, planned.plan, horizon, facts.usual))
    return PlanRun(facts, choices, problem, planned, made, tuple(left(problem, planned.plan)))


def about(run: PlanRun) -> tuple[str, ...]:
    """What stands above every table of the plan."""
    facts, cost, write = run.facts, run.planned.cost, run.writer
    credit = f", and a credit line of {write.money(run.problem.credit)}" if run.problem.credit else ""
    rate = write.money(run.choices.lost_rate)
    return (
        f"As of {facts.as_of.isoformat()}, {len(run.problem.cash)} weeks, in {facts.currency}",
        f"Cash {write.money(sum(run.problem.cash))}{credit}",
        f"Cost {write.money(cost.total)}: late fees {write.money(cost.fees)}, restoral {write.money(cost.restoral)}, "
        f"lost service {write.money(cost.lost)}",
        f"Lost service counts {rate} a day for each person at the site and step of criticality",
        f"Best of the simple rules {write.money(run.planned.best_simple.total)}; {proof(run.planned.gap)}",
    )


def payments_sheet(run: PlanRun) -> Sheet:
    """One row a payment, by week."""
    columns = (
        "Week",
        "Pay on",
        "Pay by",
        "Method",
        "Shows on",
        "Vendor",
        "Account",
        "Site code",
        "Site",
        "Bill",
        "Due",
    )
    rows = []
    for payment in run.payments:
        entry, p = run.accounts[payment.account.id], payment.payable
        row: list[Cell] = [payment.week + 1, payment.pay_on, payment.pay_by, payment.method, payment.shows_on]
        row += [
            entry.vendor,
            masked(entry.account_number),
            entry.site,
            entry.site_name,
            bill_name(p),
        ]
        row += [payment.fact.due_on, entry.currency, Money(p.amount, entry.currency)]
        rows.append([*row, _number(run, payment), why_paid(payment, run.writer)])
    return Sheet("Payment run", about(run), (*columns, "Currency", "Amount", "Verified number", "Why"), rows)


def left_sheet(run: PlanRun) -> Sheet:
    """One row a bill that stays unpaid, what costs most first, then what is in dispute."""
    columns = ("Vendor", "Account", "Site code", "Site", "Bill", "Due", "Currency", "Amount", "Costs if left", "Why")
    rows: list[list[Cell]] = []
    for one in run.left:
        entry, p = run.accounts[one.account.id], one.payable
        amounts = [Money(p.amount, entry.currency), Money(one.fact.cost.total, entry.currency)]
        row: list[Cell] = [entry.vendor, masked(entry.account_number), entry.site, entry.site_name]
        row += [bill_name(p), one.fact.due_on, entry.currency, *amounts]
        rows.append([*row, why_left(one, run.writer)])
    for entry, number, amount in run.disputed:
        row = [entry.vendor, masked(entry.account_number), entry.site, entry.site_name, number, None, entry.currency]
        rows.append([*row, Money(amount, entry.currency), Money(0, entry.currency), "In dispute, so it is held."])
    return Sheet("Stays unpaid", about(run), columns, rows)


def rules_sheet(run: PlanRun) -> Sheet:
    """What each rule costs on the same cash, and what each week's cash is used for."""
    currency = run.facts.currency
    columns = ("Rule", "Currency", "Cost", "Late fees", "Restoral", "Lost service", "Days without service")
    rows: list[list[Cell]] = [
        [rule.value, currency]
        + [Money(n, currency) for n in (cost.total, cost.fees, cost.restoral, cost.lost)]
        + [cost.days_off]
        for rule, cost in run.planned.rules
    ]
    return Sheet("Rules compared", about(run), columns, rows)


def weeks_sheet(run: PlanRun) -> Sheet:
    """Cash, payments and what carries over, by week."""
    currency = run.facts.currency
    rows: list[list[Cell]] = [
        [n, first, currency, *(Money(amount, currency) for amount in amounts)]
        for n, (first, *amounts) in enumerate(run.weeks(), start=1)
    ]
    return Sheet("Weeks", about(run), ("Week", "From", "Currency", "Cash in", "Paid", "Left to pay with"), rows)


def calls_sheet(run: PlanRun) -> Sheet:
    """One row a call, by the last day for it."""
    columns = ("Ring by", "Vendor", "Account", "Site", "Verified number", "Currency", "Amount", "Method", "Bills")
    rows: list[list[Cell]] = []
    for call in run.calls:
        first = call.payments[0]
        entry = run.accounts[first.account.id]
        row: list[Cell] = [call.by, entry.vendor, masked(entry.account_number), entry.site_name, _number(run, first)]
        rows.append([*row, entry.currency, Money(call.amount, entry.currency), first.method, call_bills(call)])
    return Sheet("Calls to make", about(run), columns, rows)


def call_bills(call: Call) -> str:
    """What is paid on it, in words."""
    return ", ".join(bill_name(payment.payable) for payment in call.payments)


def plan_sheets(run: PlanRun) -> list[Sheet]:
    """The workbook."""
    return [payments_sheet(run), calls_sheet(run), left_sheet(run), rules_sheet(run), weeks_sheet(run)]


def bill_name(payable: Payable) -> str:
    """The bill's number, and which part of it is meant where not all of it is."""
    return f"{payable.number}, part {payable.part} of {payable.parts}" if payable.parts > 1 else payable.number


def _number(run: PlanRun, payment: Payment) -> str:
    number = run.facts.numbers.get(payment.account.id, "")
    return spaced_phone(number) if number else ""
