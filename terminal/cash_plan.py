"""plan: which bills to pay when, so that late fees, restoral and lost service cost the least on given cash."""

import argparse
import time
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from data_access.cash_plan_run import PlanRun, bill_name, payments_sheet, plan_run, plan_sheets
from data_access.exporting import as_csv, as_workbook
from data_access.printed.document import as_pdf
from data_access.printed.payment_run import payment_run_document
from data_access.queries.cash_plan import plan_facts
from data_access.queries.dimensions import currencies_in
from domain.cash_plan.cash_text import MOST_WEEKS, cash_by_week, read_amount, read_cash
from domain.cash_plan.cost import Cost
from domain.cash_plan.horizon import WEEKS
from domain.cash_plan.payables import LOST_RATE, Choices
from domain.cash_plan.payment_run import Fact
from domain.cash_plan.planner import plan_at_once, proven
from domain.cash_plan.problem import CashPlanError
from domain.cash_plan.words import proof, why_left, why_paid
from domain.masking import masked
from domain.money import MoneyError, to_minor
from terminal.exporting import write_file
from terminal.reads import add_filters, filters_of
from terminal.session import DONE, RefusedError, Session
from terminal.shapes import figure, money, table

SECONDS = 10.0


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register `plan`."""
    parser = commands.add_parser("plan", parents=[shared], help="which bills to pay when, on given cash")
    parser.add_argument(
        "--cash",
        type=_amounts,
        default=(),
        metavar="AMOUNT[,AMOUNT...]",
        help="what comes in at the start of each week; 5000x4 is four weeks of 5000; weeks not named bring nothing",
    )
    parser.add_argument("--credit-line", type=_amount, default=Decimal(0), metavar="AMOUNT", help="on top of the cash")
    parser.add_argument("--weeks", type=_weeks, default=WEEKS, metavar="N", help=f"how many weeks (default {WEEKS})")
    parser.add_argument("--must-pay", type=int, action="append", default=[], metavar="ID", help="this bill is paid")
    parser.add_argument("--hold", type=int, action="append", default=[], metavar="ID", help="this bill is not paid")
    parser.add_argument("--expected", action="store_true", help="with the bills that are expected to come")
    parser.add_argument(
        "--lost-rate",
        type=_amount,
        metavar="AMOUNT",
        help="what a day without service costs for each person at the site and step of criticality (default: "
        f"{LOST_RATE} minor units)",
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="S", help=f"to look for a proof (default {SECONDS:g})"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the payment run as a .csv, .xlsx or .pdf")
    add_filters(parser)
    parser.set_defaults(run=run_plan)


def _amount(text: str) -> Decimal:
    try:
        return read_amount(text)
    except CashPlanError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _amounts(text: str) -> tuple[Decimal, ...]:
    try:
        return read_cash(text)
    except CashPlanError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _weeks(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of weeks from 1 to {MOST_WEEKS}")
    return int(text)


def run_plan(session: Session, args: argparse.Namespace) -> int:
    """Print the plan, and write the payment run where asked."""
    if args.out is not None and args.out.suffix not in (".csv", ".xlsx", ".pdf"):
        raise RefusedError(f"{args.out.name} ends in no format of a payment run; name it .csv, .xlsx or .pdf")
    try:
        run = _planned(session, args)
    except (CashPlanError, MoneyError) as error:
        raise RefusedError(str(error)) from error
    if args.out is not None:
        write_file(args.out, _file(run, args.out.suffix))
    session.show(_json(run), _text(run) + (f"\nwrote {args.out}" if args.out else ""))
    return DONE


def _planned(session: Session, args: argparse.Namespace) -> PlanRun:
    filters = filters_of(args, args.as_of or session.today)
    with session.database.reading(session.scope) as connection:
        codes = sorted(set(filters.currencies) or currencies_in(connection, session.scope, filters))
        if len(codes) != 1:
            known = (
                f"accounts here are in {', '.join(codes)}; say which by --currency" if codes else "no account is here"
            )
            raise RefusedError(f"a plan is in one currency: {known}")
        facts = plan_facts(
            connection, session.scope, filters, currency=codes[0], weeks=args.weeks, expected=args.expected
        )
    if not args.cash and not args.credit_line:
        raise RefusedError("say what there is to pay with: --cash AMOUNT[,AMOUNT...], --credit-line AMOUNT, or both")
    rate = LOST_RATE if args.lost_rate is None else to_minor(args.lost_rate, codes[0])
    choices = Choices(frozenset(args.must_pay), frozenset(args.hold), rate)
    cash = cash_by_week(args.cash, args.weeks, codes[0])
    problem = facts.problem(cash, to_minor(args.credit_line, codes[0]), choices)
    until = time.monotonic() + args.seconds
    planned = proven(problem, plan_at_once(problem), lambda _: until - time.monotonic())
    return plan_run(facts, choices, problem, planned)


def _file(run: PlanRun, suffix: str) -> bytes:
    if suffix == ".pdf":
        return as_pdf(payment_run_document(run))
    return as_csv(payments_sheet(run)) if suffix == ".csv" else as_workbook(plan_sheets(run))


def _json(run: PlanRun) -> dict[str, Any]:
    currency, planned = run.facts.currency, run.planned
    return {
        "as_of": run.facts.as_of.isoformat(),
        "currency": currency,
        "credit_line": money(run.problem.credit, currency),
        "lost_rate": money(run.choices.lost_rate, currency),
        "weeks": [
            {"week": n, "from": first.isoformat()}
            | dict(zip(("cash", "paid", "left"), (money(n, currency) for n in amounts), strict=True))
            for n, (first, *amounts) in enumerate(run.weeks(), start=1)
        ],
        "cost": _cost(planned.cost, currency),
        "bound": None if planned.bound is None else money(planned.bound, currency),
        "gap": planned.gap,
        "saving": money(planned.saving, currency),
        "rules": [{"rule": rule.value, **_cost(cost, currency)} for rule, cost in planned.rules],
        "payments": [
            _bill(run, payment.account.id, payment.payable.bill, payment.payable.number, payment.payable.amount)
            | {
                "part": payment.payable.part,
                "parts": payment.payable.parts,
                "expected": payment.payable.expected,
                "week": payment.week + 1,
            }
            | {"pay_on": payment.pay_on.isoformat(), "pay_by": payment.pay_by.isoformat() if payment.pay_by else None}
            | {"method": payment.method, "shows_on": payment.shows_on.isoformat()}
            | {"verified_number": run.facts.numbers.get(payment.account.id) or None}
            | _fact(payment.fact, currency)
            | {"reason": why_paid(payment, run.writer)}
            for payment in run.payments
        ],
        "unpaid": [
            _bill(run, one.account.id, one.payable.bill, one.payable.number, one.payable.amount)
            | {
                "part": one.payable.part,
                "parts": one.payable.parts,
                "expected": one.payable.expected,
                "held": one.payable.held,
            }
            | _fact(one.fact, currency)
            | {"reason": why_left(one, run.writer)}
            for one in run.left
        ],
        "disputed": [
            {"vendor": entry.vendor, "account_id": entry.account_id, "account_number": masked(entry.account_number)}
            | {"site": entry.site, "number": number, "amount": money(amount, currency)}
            for entry, number, amount in run.disputed
        ],
    }


def _bill(run: PlanRun, account_id: int, invoice_id: int, number: str, amount: int) -> dict[str, Any]:
    entry = run.accounts[account_id]
    return {
        "vendor": entry.vendor,
        "account_id": account_id,
        "account_number": masked(entry.account_number),
        "site": entry.site,
        "invoice_id": invoice_id if invoice_id > 0 else None,
        "number": number,
        "amount": money(amount, entry.currency),
    }


def _fact(fact: Fact, currency: str) -> dict[str, Any]:
    return {
        "due_on": fact.due_on.isoformat(),
        "stops_on": fact.stops_on.isoformat() if fact.stops_on else None,
        "why": fact.why.value,
        "saves" if fact.why.value not in ("held", "no_effect", "costs") else "costs": _cost(fact.cost, currency),
    }


def _cost(cost: Cost, currency: str) -> dict[str, Any]:
    amounts = {name: money(n, currency) for name, n in asdict(cost).items() if name != "days_off"}
    return {"total": money(cost.total, currency), **amounts, "days_off": cost.days_off}


def _text(run: PlanRun) -> str:
    currency, planned = run.facts.currency, run.planned
    rules = table(
        ["rule", "cost", "late fees", "restoral", "lost service", "days off"],
        (
            [
                rule.value,
                *(figure(n, currency) for n in (cost.total, cost.fees, cost.restoral, cost.lost)),
                cost.days_off,
            ]
            for rule, cost in planned.rules
        ),
        right=(1, 2, 3, 4, 5),
    )
    paid = table(
        ["week", "pay on", "by", "site", "vendor", "account", "bill", "amount", "why"],
        (
            [p.week + 1, p.pay_on, p.method, *_place(run, p.account.id)]
            + [bill_name(p.payable), figure(p.payable.amount, currency)]
            + [why_paid(p, run.writer)]
            for p in run.payments
        ),
        right=(0, 7),
    )
    unpaid = table(
        ["site", "vendor", "account", "bill", "amount", "costs", "why"],
        (
            [*_place(run, one.account.id), bill_name(one.payable)]
            + [figure(one.payable.amount, currency), figure(one.fact.cost.total, currency), why_left(one, run.writer)]
            for one in run.left
        ),
        right=(4, 5),
    )
    saving = f"{currency} {figure(planned.saving, currency)} less than the best simple rule; {proof(planned.gap)}"
    return f"{rules}\n{saving}\n\n{paid}\n\nstays unpaid\n{unpaid}"


def _place(run: PlanRun, account_id: int) -> list[str]:
    entry = run.accounts[account_id]
    return [entry.site, entry.vendor, masked(entry.account_number)]
