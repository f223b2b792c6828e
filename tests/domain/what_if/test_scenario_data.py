"""Scenarios to and from JSON, and what is said of one that cannot be played."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.what_if.actions import Action, Kind, Scenario, ScenarioError, Selection, What
from domain.what_if.scenario_data import scenario_as_data, scenario_from
from domain.what_if.template import template
from tests.domain.what_if.tenants import case


@given(st.integers(0, 10**6))
def test_what_is_written_is_read_back(seed):
    _, scenario = case(seed)
    assert scenario_from(json.loads(json.dumps(scenario_as_data(scenario)))) == scenario


def test_the_shape():
    scenario = Scenario(
        "Pay West",
        60,
        (
            Action(Kind.PAY, Selection(regions=("West",), bills=(7,)), date(2026, 12, 1), What.AMOUNT, 120_050),
            Action(Kind.PRICE_CHANGE, basis_points=-250),
            Action(Kind.SPLIT, parts=3, days=10, method="card"),
        ),
        "USD",
    )
    assert scenario_as_data(scenario) == {
        "name": "Pay West",
        "currency": "USD",
        "horizon_days": 60,
        "actions": [
            {
                "kind": "pay",
                "what": "amount",
                "selection": {"regions": ["West"], "bills": [7]},
                "amount": "1200.50",
                "on": "2026-12-01",
            },
            {"kind": "price_change", "percent": "-2.50"},
            {"kind": "split", "method": "card", "days": 10, "parts": 3},
        ],
    }


def test_the_template_is_a_scenario():
    scenario = template(date(2026, 6, 15))
    assert {action.kind for action in scenario.actions} == set(Kind)
    assert scenario_from(scenario_as_data(scenario)) == scenario


def test_little_is_needed():
    assert scenario_from({}) == Scenario("")
    assert scenario_from({"actions": [{"kind": "autopay", "on": None}]}).actions == (Action(Kind.AUTOPAY),)


PAY = {"kind": "pay", "what": "all"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "scenario: [] is not an object of name, currency, horizon_days, actions"),
        ({"horizon": 9}, "horizon: not known; there are name, currency, horizon_days, actions"),
        ({"horizon_days": 29}, "horizon_days: 29 is not between 30 and 180"),
        ({"horizon_days": True}, "horizon_days: True is not a whole number"),
        ({"currency": "usd"}, "currency: 'usd' is not an ISO 4217 currency code"),
        ({"name": 7}, "name: 7 is not text"),
        ({"actions": {}}, "actions: {} is not a list"),
        ({"actions": [PAY] * 51}, "actions: 51 are more than 50"),
        ({"actions": [{}]}, "actions[0].kind: say what is done: pay, delay,"),
        ({"actions": [{"kind": "borrow"}]}, "actions[0].kind: 'borrow' is none of pay, delay,"),
        ({"actions": [PAY, {"kind": "pay"}]}, "actions[1].what: pay needs it"),
        ({"actions": [PAY | {"what": "some"}]}, "actions[0].what: 'some' is none of all, overdue, minimum, amount"),
        ({"actions": [PAY | {"what": "amount"}]}, "actions[0].amount: pay needs it"),
        ({"actions": [PAY | {"amount": "5"}], "currency": "USD"}, "actions[0].amount: pay all takes none"),
        ({"actions": [PAY | {"days": 3}]}, "actions[0].days: pay all takes none"),
        ({"actions": [PAY | {"on": "soon"}]}, "actions[0].on: 'soon' is not a day such as 2026-12-01"),
        ({"actions": [PAY | {"method": "gold"}]}, "actions[0].method: 'gold' is none of card, e-check,"),
        ({"actions": [PAY | {"selection": {"site": []}}]}, "actions[0].selection.site: not known; there are regions,"),
        ({"actions": [PAY | {"selection": {"sites": "HQ"}}]}, "actions[0].selection.sites: 'HQ' is not a list"),
        (
            {"actions": [PAY | {"selection": {"bills": ["7"]}}]},
            "actions[0].selection.bills[0]: '7' is not a whole number",
        ),
        ({"actions": [{"kind": "credit", "amount": "5"}]}, "currency: actions[0].amount is an amount; say in which"),
        (
            {"actions": [{"kind": "credit", "amount": 1.5}], "currency": "USD"},
            "actions[0].amount: 1.5 is not an amount as",
        ),
        (
            {"actions": [{"kind": "credit", "amount": "1.505"}], "currency": "USD"},
            "actions[0].amount: 1.505 has more than",
        ),
        (
            {"actions": [{"kind": "credit", "amount": "-1"}], "currency": "USD"},
            "actions[0].amount: -100 is not between 1",
        ),
        ({"actions": [{"kind": "credit", "amount": "1e99"}], "currency": "USD"}, "actions[0].amount: '1e99' is not an"),
        ({"actions": [{"kind": "credit", "amount": "x"}], "currency": "USD"}, "actions[0].amount: 'x' is not a number"),
        ({"actions": [{"kind": "price_change"}]}, "actions[0].percent: price_change needs it"),
        ({"actions": [{"kind": "price_change", "percent": "0.001"}]}, "actions[0].percent: '0.001' has more than two"),
        ({"actions": [{"kind": "price_change", "percent": "-101"}]}, "actions[0].percent: -10100 is not between"),
        ({"actions": [{"kind": "split", "parts": 1, "days": 3}]}, "actions[0].parts: 1 is not between 2 and 24"),
        (
            {
                "actions": [{"kind": "new_bill", "amount": "5", "on": "2026-06-02", "due_on": "2026-06-01"}],
                "currency": "USD",
            },
            "actions[0].due_on: 2026-06-01 is before the bill's day, 2026-06-02",
        ),
    ],
)
def test_what_cannot_be_played_is_said_with_its_place(data, said):
    with pytest.raises(ScenarioError) as refused:
        scenario_from(data)
    assert str(refused.value).startswith(said)


def test_amounts_need_a_currency():
    with pytest.raises(ScenarioError, match=r"currency: actions\[0\] has an amount; say in which currency"):
        Scenario("", 60, (Action(Kind.CREDIT, amount=5),))


def test_a_scenario_is_a_key():
    one, other = case(5)[1], case(5)[1]
    assert len({one, other, replace(one, name="another")}) == 2
