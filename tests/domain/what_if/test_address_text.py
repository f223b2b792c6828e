"""A scenario in an address comes back as it was; anything else in its place is refused in a sentence."""

import zlib
from base64 import urlsafe_b64encode
from datetime import date

import pytest

from domain.what_if.actions import Action, Kind, Scenario, ScenarioError, Selection, What
from domain.what_if.address_text import LONGEST, as_text, from_text

ONE = Scenario(
    "Pay Köln & rest?", 60, (Action(Kind.PAY, Selection(sites=("CGN",)), date(2026, 12, 1), What.AMOUNT, 12_50),), "EUR"
)


def packed(data: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(data)).decode()


def test_a_scenario_comes_back_from_an_address():
    text = as_text(ONE)
    assert text.replace("-", "").replace("_", "").isalnum()
    assert from_text(text) == ONE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "not a scenario",
        as_text(ONE)[:-8],
        packed(b"[" * 9000),
        packed(b"\xff"),
        packed(b"[]"),
        "a" * (LONGEST + 1),
    ]
    + [packed(b" " * 70_000 + b"{}"), packed(b'{"actions": [{"kind": "burn"}]}')],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ScenarioError):
        from_text(text)


def test_forty_actions_fit():
    action = Action(Kind.DELAY, Selection(accounts=tuple(range(1000, 1010))), days=30)
    actions = tuple(action for _ in range(40))
    assert len(as_text(Scenario("Many", 90, actions))) < LONGEST
