"""What to ask on a call follows from the facts, and nothing is asked without one."""

from datetime import date

import pytest

from domain.call_questions import CallFacts, NoticeFact, PaymentFact, at_hand, questions

DAY = date(2026, 11, 12)
PAYMENT = PaymentFact(4200, DAY, "card", "C-7")


def asked(**facts):
    return questions(CallFacts(**facts), lambda minor: f"${minor / 100:.2f}", str)


def test_nothing_is_asked_without_a_fact():
    assert asked(last_payment=PAYMENT, asks_for="PIN", oldest_bill="B-1", site="Pueblo") == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"notices": (NoticeFact("suspension", DAY, date(2026, 11, 20), "S-9"),)},
            "no. S-9: which amount meets it by 2026-11-20",
        ),
        ({"pending": (PAYMENT,)}, "$42.00 of 2026-11-12 by card, confirmation C-7 arrived"),
        ({"unconfirmed": (PaymentFact(4200, DAY, "card"),)}, "Which confirmation number has our payment of $42.00"),
        ({"broken_promises": (DAY,)}, "promised to pay by 2026-11-12 and did not"),
        ({"disputed": (("B-1", 500),)}, "Bill B-1: how far is the dispute of $5.00"),
        ({"past_due": 100}, "Is a notice or a suspension under way"),
        ({"suspended": True, "past_due": 100}, "switched on again"),
    ],
)
def test_each_fact_asks_its_question_and_no_other(facts, words):
    (question,) = asked(**facts)
    assert words in question


def test_what_to_have_at_hand():
    facts = CallFacts(last_payment=PAYMENT, asks_for="PIN", oldest_bill="B-1", site="Pueblo")
    said = "\n".join(at_hand(facts, lambda minor: f"${minor / 100:.2f}", str))
    for words in ("They ask for: PIN", "Bill B-1", "$42.00 on 2026-11-12 by card, confirmation C-7", "Pueblo"):
        assert words in said
    assert len(at_hand(CallFacts(), str, str)) == 1
