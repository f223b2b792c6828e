"""The cash plan on the small ledger: what it says at once, what the search adds, wishes, what is refused, what it exports.

Lumina suspends from the 65th day after the due day and takes 10.00 where a bill is late; on each day without the fiber line
of criticality 5 the plan counts 25.00. What is on account, 5.00, goes to the oldest bill.
"""

import time
from datetime import date

import pytest

from data_access.cash_plan_run import plan_run
from data_access.commands.policies import add_policy
from data_access.scope import Scope
from domain.cash_plan.exact import Progress, Step
from domain.cash_plan.planner import plan_at_once
from domain.policies import FeeBase, LateFeeTerms, Policy, SuspensionDays
from tests import factories as make
from tests.pages.conftest import everything, findings
from ui import plan, plan_making, plan_results, plan_wishes

ALL = Scope.all_sites()
HERE = {"as_of": "2026-11-20", "view": "Cash plan", "money": "USD"}
TERMS = Policy(
    "Lumina",
    date(2025, 1, 1),
    "Terms, section 9",
    currency="USD",
    suspension=SuspensionDays(65, 66, 70),
    late_fee=LateFeeTerms(FeeBase.PAST_DUE, flat=1_000),
)


@pytest.fixture
def ledger(database, small_ledger):
    """The line stops on 30 November for the 95.00 left of 25 September."""
    place = {"account_id": small_ledger["lumina"], "site_id": small_ledger["pueblo"]}
    make.add(database, "services", **place, identifier="F-1", description="Fiber", criticality=5)
    with database.reading(ALL) as connection:
        vendor = connection.exec_driver_sql("SELECT id FROM vendors WHERE name = 'Lumina'").scalar_one()
    database.writing("ana", ALL, lambda writing: add_policy(writing, ALL, vendor, TERMS))
    return small_ledger


def captions(page):
    return "\n".join(caption.value for caption in page.caption)


def finished(page):
    """The page once the search is over."""
    page.session_state[plan.MAKING].future.result(timeout=60)
    page.run()
    assert not page.exception
    return page


def test_without_cash_it_says_what_to_write(ledger, draw):
    page = draw("what-if", **HERE)
    assert "Write the cash of each week above" in captions(page)
    assert plan.MAKING not in page.session_state


def test_the_plan_and_its_proof(ledger, draw):
    page = finished(draw("what-if", **HERE, cash="95", weeks="4 weeks"))
    first, second, third = findings(page)
    # The oldest is paid in time; on 26 November the 70.00 that is due on the 25th costs a fee.
    assert first == "This plan costs $10, as much as paying oldest first"
    assert second.startswith("One payment")
    assert third == "Two bills of $100 stay unpaid"
    assert "no plan on this cash costs less" in captions(page)
    shown = everything(page)
    (payment,) = next(table.value for table in page.table if "Pay on" in table.value.columns).to_dict("records")
    assert payment["Why"].replace("\\", "") == "Keeps the service on past 30 Nov (terms): saves 18 days off ($450.00)."
    assert payment["Pay on"].endswith("  \n:small[ach]")
    assert "L-1234567" not in shown


def test_what_is_known_at_once_stands_until_the_search_is_over(ledger, draw, monkeypatch):
    begun = []

    def start(key, facts, pose):
        problem, choices = pose()
        making = plan_making.Making(key)
        making.first.set_result(plan_run(facts, choices, problem, plan_at_once(problem)))
        making.progress = Progress(1, 0, Step.PROOF)
        begun.append(making)
        return making

    monkeypatch.setattr(plan_making, "start", start)
    page = draw("what-if", **HERE, cash="95", weeks="4 weeks")
    assert "not proven yet" in captions(page)
    (bar,) = page.get("progress")
    assert bar.proto.text == "This is the plan at once. Looking for what could still be better …"
    page.run()
    assert len(begun) == 1  # the same inputs on the same data are not planned again
    page.text_input(key="cash").set_value("96").run()
    assert len(begun) == 2
    assert begun[0].told(Progress(1, 0, Step.PROOF)) <= 0  # nobody wants the first any more


def test_a_search_ends_when_nobody_asks(ledger):
    making = plan_making.Making(None)
    making.until = time.monotonic() + plan_making.SECONDS
    assert 0 < making.told(Progress(1, 0, Step.PROOF)) <= plan_making.SECONDS
    making.asked -= plan_making.LONELY + 1
    assert making.told(Progress(1, 0, Step.PROOF)) == 0
    making.ask()
    assert making.told(Progress(1, 0, Step.PROOF)) > 0


def test_must_pays_and_held_bills(ledger, draw):
    page = draw("what-if", **HERE, cash="95", weeks="4 weeks")
    page.toggle(key="plan-wishes-open").set_value(True).run()
    with_bills = next(frame for frame in page.dataframe if "Wish" in frame.value.columns)
    bills = list(with_bills.value["Bill"])
    assert bills == ["B1", "B2", "B3"]
    page.session_state[plan_wishes.TABLE] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.run()
    page.button(key=f"{plan_wishes.HOLD}-button").click().run()
    finished(page)
    assert len(page.session_state[plan_wishes.HOLD]) == 1
    assert "Held." in everything(page)
    page.session_state[plan_wishes.TABLE] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.run()
    page.button(key=f"{plan_wishes.MUST_PAY}-button").click().run()
    finished(page)
    assert page.session_state[plan_wishes.HOLD] == frozenset()
    assert "A must-pay, due 25 Sep" in everything(page)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ({"cash": "much"}, "'much' is not an amount; write 1250 or 1250.50."),
        ({"cash": "5x9", "weeks": "4 weeks"}, "Cash is given for 9 weeks, and the plan has 4; choose more weeks."),
        ({"cash": "5", "rate": "1.001"}, "1.001 has more than the 2 decimals of USD."),
        ({"cash": "5", "credit": "-3"}, "'-3' is not an amount"),
    ],
)
def test_what_cannot_be_planned_is_told(ledger, draw, address, why):
    page = draw("what-if", **HERE, **address)
    assert next(error.value for error in page.error).startswith(why)


def test_must_pays_that_the_cash_does_not_reach(ledger, draw):
    page = draw("what-if", **HERE, cash="1", weeks="4 weeks")
    page.session_state[plan_wishes.MUST_PAY] = frozenset({ledger["bill"]})
    page.run()
    assert [error.value for error in page.error] == [
        "By the end of week 1 the must-pays come to $30.00, and the cash to $1.00."
    ]


def test_somebody_of_one_site_plans_for_that_site(ledger, draw):
    page = finished(
        draw("what-if", [ledger["cologne"]], as_of="2026-11-20", view="Cash plan", cash="10", weeks="4 weeks")
    )
    shown = everything(page)
    assert "Halden" in shown
    assert "Lumina" not in shown


def test_the_document_is_only_for_those_who_still_may_see_it(monkeypatch):
    monkeypatch.setattr(plan_results.sign_in, "is_still", lambda viewer: False)
    told = []
    monkeypatch.setattr(plan_results.denials, "tell", lambda viewer, what, why: told.append(what))
    with pytest.raises(PermissionError):
        plan_results.content(None, None)
    assert told == ["payment run"]
