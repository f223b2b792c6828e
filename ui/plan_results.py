"""A plan drawn: what it costs beside the simple rules, its payments by week with the reasons, and what stays unpaid."""

import streamlit as st

from data_access.cash_plan_run import PlanRun, bill_name, left_sheet, payments_sheet
from data_access.printed.document import as_pdf
from data_access.printed.payment_run import payment_run_document
from domain.cash_plan.cost import Cost
from domain.cash_plan.payment_run import Left, Payment
from domain.cash_plan.planner import SIMPLE, Rule
from domain.cash_plan.words import Writer, proof, why_left, why_paid
from domain.masking import masked
from domain.parsing.phones import spaced_phone
from ui import denials, exports, links, printed, section, sign_in, wording
from ui.formats import DASH, day, escape, exact_money, plain_amount, short_day, whole_money
from ui.tables import Column, report
from ui.viewer import Viewer

NAMES = {
    Rule.NOTHING: "Pay nothing but must-pays",
    Rule.OLDEST: "Oldest first",
    Rule.LARGEST: "Largest first",
    Rule.GREEDY: "Most saved first",
    Rule.PROVEN: "This plan",
}
HEIGHT = 460
MOST = 200  # rows of a table; a file has them all


def finding(run: PlanRun) -> None:
    """What the plan costs, and how near it is to the best."""
    code, planned = run.facts.currency, run.planned
    saving = planned.saving
    simple = [(cost.total, rule) for rule, cost in planned.rules if rule in SIMPLE]
    best = min(simple, key=lambda pair: pair[0])[1]
    title = (
        f"This plan costs {whole_money(planned.cost.total, code)}, {whole_money(saving, code)} less than paying "
        f"{'nothing' if best is Rule.NOTHING else best.value}"
        if saving > 0
        else f"This plan costs {whole_money(planned.cost.total, code)}, as much as paying {best.value}"
    )
    paid = sum(payment.payable.amount for payment in run.payments)
    section.finding(
        title,
        f"{wording.count(len(run.payments), 'payment')} of {exact_money(paid, code)} in "
        f"{wording.count(len(run.problem.cash), 'week')} from {day(run.facts.as_of)}; {proof(planned.gap)}. "
        f"Lost service counts {exact_money(run.choices.lost_rate, code)} a day, person and step of criticality.",
    )


def draw(viewer: Viewer, run: PlanRun) -> None:
    """The tables."""
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _rules(run)
    with right:
        _weeks(run)
    _payments(viewer, run)
    _left(viewer, run)


def _rules(run: PlanRun) -> None:
    code = run.facts.currency
    rows = list(run.planned.rules)
    if all(rule is not Rule.PROVEN for rule, _ in rows):
        rows.append((Rule.PROVEN, run.planned.cost))
    # The last one is this plan, in bold.
    marks = [""] * (len(rows) - 1) + ["**"]
    report(
        "stack-plan-rules",
        [
            Column(
                "On the same cash", [f"{mark}{NAMES[rule]}{mark}" for (rule, _), mark in zip(rows, marks, strict=True)]
            ),
            Column("Made of", [_made_of(cost, code) for _, cost in rows]),
            Column(
                f"Cost, {code}",
                [f"{mark}{plain_amount(cost.total, code)}{mark}" for (_, cost), mark in zip(rows, marks, strict=True)],
                right=True,
            ),
            Column(
                "Service",
                [f"{wording.count(cost.days_off, 'day')} off" if cost.days_off else "stays on" for _, cost in rows],
            ),
        ],
        "What each rule costs on the same cash",
    )


def _made_of(cost: Cost, code: str) -> str:
    """Late fees, restoral and lost service, those that there are."""
    kinds = {"late fees": cost.fees, "restoral": cost.restoral, "lost service": cost.lost}
    parts = [f"{name} {plain_amount(amount, code)}" for name, amount in kinds.items() if amount]
    return f":small[{', '.join(parts)}]" if parts else DASH


def _weeks(run: PlanRun) -> None:
    code = run.facts.currency
    weeks = list(run.weeks())
    report(
        "plan-weeks",
        [
            Column("Week of", [short_day(first, run.facts.as_of) for first, *_ in weeks]),
            Column("Cash in", [plain_amount(cash, code) for _, cash, _, _ in weeks], right=True),
            Column("Paid", [f"**{plain_amount(paid, code)}**" for _, _, paid, _ in weeks], right=True),
            Column(f"Left, {code}", [plain_amount(there, code) for *_, there in weeks], right=True),
        ],
        "Cash, payments and what is left by week",
        height=HEIGHT // 2,
        dense=True,
    )


def _payments(viewer: Viewer, run: PlanRun) -> None:
    code, write = run.facts.currency, _writer(run)
    if not run.payments:
        st.caption("No payment is in this plan: the cash covers nothing that is open.")
        return
    calls = len(run.calls)
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container():
            section.finding(
                f"{wording.counted(len(run.payments), 'payment')}, {wording.count(calls, 'call')} to make",
                f"By week, what saves most first, {code}; each by a method that shows in time",
            )
        exports.offer("plan-payments", "payment run", viewer, lambda: payments_sheet(run))
        _print(viewer, run)
    first = run.payments[:MOST]
    report(
        "stack-plan-payments",
        [
            Column("Pay on", [f"{_days(payment)}  \n:small[{_method(run, payment)}]" for payment in first]),
            Column("For", [_for(run, payment) for payment in first]),
            Column("Amount", [f"**{plain_amount(p.payable.amount, code)}**" for p in first], right=True),
            Column("Why", [escape(why_paid(payment, write)) for payment in first]),
        ],
        "Payments by week, with the reasons",
        height=HEIGHT,
    )
    _more(len(run.payments))


def _left(viewer: Viewer, run: PlanRun) -> None:
    code, write = run.facts.currency, _writer(run)
    disputed = sum(amount for *_, amount in run.disputed)
    if not run.left:
        words = f" {exact_money(disputed, code)} is in dispute and held." if disputed else ""
        st.caption(f"Nothing stays unpaid.{words}")
        return
    whole = sum(one.payable.amount for one in run.left)
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container():
            section.finding(
                f"{wording.counted(len(run.left), 'bill')} of {whole_money(whole, code)} "
                f"{'stays' if len(run.left) == 1 else 'stay'} unpaid",
                f"What paying it in the first week would spare, {code}"
                + (f"; another {exact_money(disputed, code)} is in dispute and held" if disputed else ""),
            )
        exports.offer("plan-left", "bills left unpaid", viewer, lambda: left_sheet(run))
    first = run.left[:MOST]
    report(
        "stack-plan-left",
        [
            Column("Due", [f"{one.fact.due_on:%Y-%m-%d}" for one in first]),
            Column("For", [_for(run, one) for one in first]),
            Column("Amount, and cost if left", [_amount(one, code) for one in first], right=True),
            Column("Why", [escape(why_left(one, write)) for one in first]),
        ],
        "Bills that stay unpaid, and what that costs",
        height=HEIGHT,
    )
    _more(len(run.left))


def _more(rows: int) -> None:
    if rows > MOST:
        st.caption(f"The first {MOST} of {rows:,}; the export has them all.")


def _writer(run: PlanRun) -> Writer:
    return Writer(lambda minor: exact_money(minor, run.facts.currency), lambda when: short_day(when, run.facts.as_of))


def _days(payment: Payment) -> str:
    later = payment.pay_by is not None and payment.pay_by > payment.pay_on
    return f"{payment.pay_on:%Y-%m-%d}" + (f" to {payment.pay_by:%m-%d}" if later else "")


def _amount(one: Left, code: str) -> str:
    cost = one.fact.cost.total
    owed = plain_amount(one.payable.amount, code)
    return f"{owed}  \n:small[costs] **{plain_amount(cost, code)}**" if cost > 0 else owed


def _for(run: PlanRun, row: Payment | Left) -> str:
    return f"{_account(run, row)}  \n:small[{_bill(row)}]"


def _account(run: PlanRun, row: Payment | Left) -> str:
    entry = run.accounts[row.account.id]
    name = f"{entry.site_name} · {entry.vendor} {masked(entry.account_number)}"
    return links.link(name, "sites", {"account": str(entry.account_id)})


def _bill(row: Payment | Left) -> str:
    name = bill_name(row.payable)
    if row.payable.expected:
        return escape(name)
    return links.link(name, "balances", {"view": "Bills", "bill": str(row.payable.bill)})


def _method(run: PlanRun, payment: Payment) -> str:
    """With the number to ring, where that is how it is paid."""
    if not payment.by_call:
        return payment.method
    number = run.facts.numbers.get(payment.account.id, "")
    return f"{payment.method} · {escape(spaced_phone(number)) if number else ':material/warning: no verified number'}"


def _print(viewer: Viewer, run: PlanRun) -> None:
    st.download_button(
        "PDF",
        data=lambda: content(viewer, run),
        file_name=exports.file_name("payment run", viewer, "pdf"),
        mime=printed.PDF,
        key="print-plan",
        icon=":material/print:",
        on_click="ignore",
    )


def content(viewer: Viewer, run: PlanRun) -> bytes:
    """The document; raises PermissionError for somebody whose access changed since the page was drawn."""
    if not sign_in.is_still(viewer):
        denials.tell(viewer, "payment run", "access changed since the page was drawn")
        raise PermissionError("access changed since the page was drawn")
    return as_pdf(payment_run_document(run))
