"""The cash plan: what there is to pay with, the plan at once, and the proven one when it is ready."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

import streamlit as st

from data_access.address import database_address
from data_access.cash_plan_run import PlanRun
from data_access.queries.cash_plan import PlanFacts
from domain.cash_plan.cash_text import cash_by_week, read_amount, read_cash
from domain.cash_plan.horizon import WEEKS
from domain.cash_plan.payables import LOST_RATE, Choices
from domain.cash_plan.problem import CashPlanError, Problem
from domain.cash_plan.simple_rules import MustPayError
from domain.filters import Filters
from domain.money import MoneyError, to_decimal, to_minor
from ui import currencies, much, notices, plan_making, plan_results, plan_wishes, reads
from ui.formats import exact_money
from ui.plan_making import Making
from ui.viewer import Viewer

CASH, CREDIT, FOR, RATE, EXPECTED = "cash", "credit", "weeks", "rate", "expected"  # address keys
OFFERED = {"4 weeks": 4, "8 weeks": 8, "13 weeks": WEEKS}
MAKING = "plan-making"
POLL = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was written above the plan."""

    cash: tuple[Decimal, ...]
    credit: Decimal
    weeks: int
    rate: Decimal
    expected: bool


def draw(viewer: Viewer, filters: Filters) -> None:
    """The inputs, the wishes, and the plan on them."""
    shown = currencies.choose(viewer, filters)
    code = shown.currency
    own = replace(filters, currencies=(code,))
    try:
        inputs = _inputs(code)
    except CashPlanError as error:
        _refused(f"{error}.")
        return
    arguments = {"currency": code, "weeks": inputs.weeks, "expected": inputs.expected}
    work = partial(much.work, "plan_facts", viewer, own, code, **arguments)
    if not much.offer(viewer, own, code, "The cash plan of all accounts in view", work):
        return
    facts: PlanFacts = much.read("plan_facts", viewer, own, code, **arguments)
    if not any(bill.owed for entry in facts.entries for bill in entry.facts.bills) and not facts.expected:
        notices.nothing_open(filters.as_of)
        return
    plan_wishes.draw(facts)
    if not inputs.cash and not inputs.credit:
        notices.empty(
            "Say what there is to pay with",
            "Write the cash of each week above, such as 8000x4 for four weeks of 8,000, or a credit line.",
            ":material/savings:",
        )
        return
    making = _making(viewer, own, facts, inputs)
    if not making.begun:
        st.fragment(_beginning, run_every=POLL)(making)
        return
    try:
        run = making.run
    except MustPayError as error:
        needed, there = exact_money(error.needed, code), exact_money(error.there, code)
        _refused(f"By the end of week {error.week + 1} the must-pays come to {needed}, and the cash to {there}.")
    except (CashPlanError, MoneyError) as error:
        _refused(f"{error}.")
    else:
        _show(viewer, run, making)


def _inputs(code: str) -> Inputs:
    with st.container(horizontal=True, vertical_alignment="bottom", key="plan-inputs"):
        cash = st.text_input(
            f"Cash by week, {code}",
            key=CASH,
            bind="query-params",
            placeholder="8000x4, 12000",
            help="What comes in at the start of each week: 8000, 9500 are two weeks, 8000x4 four. What is not spent carries over.",
        )
        credit = st.text_input(
            f"Credit line, {code}", key=CREDIT, bind="query-params", placeholder="0", help="On top of the cash."
        )
        weeks = st.selectbox("For", list(OFFERED), index=len(OFFERED) - 1, key=FOR, bind="query-params")
        rate = st.text_input(
            f"Lost service, {code}",
            key=RATE,
            bind="query-params",
            placeholder=str(to_decimal(LOST_RATE, code)),
            help="What a day without service counts for, for each person at the site and each step of the line's criticality (1 to 5).",
        )
        expected = st.toggle(
            "With expected bills", key=EXPECTED, bind="query-params", help="As the cash forecast expects them."
        )
    return Inputs(
        read_cash(cash or ""),
        read_amount(credit or "0"),
        OFFERED[weeks or "13 weeks"],
        read_amount(rate) if rate else to_decimal(LOST_RATE, code),
        bool(expected),
    )


def _making(viewer: Viewer, filters: Filters, facts: PlanFacts, inputs: Inputs) -> Making:
    """The plan of these inputs on this data: the one that the session has, or one that begins now."""
    must_pay, hold = plan_wishes.wishes(facts)
    version = much.version(much.of_view(filters, facts.currency)) or reads.open_database(database_address()).version()
    key = viewer.scope, filters, version, inputs, must_pay, hold
    making: Making | None = st.session_state.get(MAKING)
    if making is None or making.key != key:
        if making is not None:
            making.stop()
        making = plan_making.start(key, facts, partial(_problem, facts, inputs, must_pay, hold))
        st.session_state[MAKING] = making
    making.ask()
    return making


def _problem(
    facts: PlanFacts, inputs: Inputs, must_pay: frozenset[int], hold: frozenset[int]
) -> tuple[Problem, Choices]:
    code = facts.currency
    choices = Choices(must_pay, hold, to_minor(inputs.rate, code))
    cash = cash_by_week(inputs.cash, inputs.weeks, code)
    return facts.problem(cash, to_minor(inputs.credit, code), choices), choices


def _show(viewer: Viewer, run: PlanRun, making: Making) -> None:
    plan_results.finding(run)
    if not making.done:
        st.fragment(_progress, run_every=POLL)(making)
    plan_results.draw(viewer, run)


def _beginning(making: Making) -> None:
    """Until the first plan is there."""
    making.ask()
    if making.first.done():
        st.rerun()
    st.progress(0.0, "The bills are put in order …")


def _progress(making: Making) -> None:
    """What the search is at; once it is over the page is drawn with what it found."""
    making.ask()
    if making.done:
        st.rerun()
    told = making.progress
    step = "Looking for the proven plan" if told is None else f"Looking for {told.step.value}"
    st.progress(making.share, f"This is the plan at once. {step} …")


def _refused(text: str) -> None:
    notices.problem("There is no plan", text[0].upper() + text[1:])
