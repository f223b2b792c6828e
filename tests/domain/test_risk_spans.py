"""A judgement that is kept stands on every day of its span: judging again on any of them says the same."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings

from domain.risk import Stage, assess
from domain.risk_spans import changes_on, span_of, spans
from tests.domain.risk_cases import account, bill, day, notice
from tests.domain.test_risk_properties import TODAY, accounts

AHEAD = 70


@settings(max_examples=60)
@given(accounts())
def test_on_any_day_of_a_span_the_same_is_judged(known):
    until = TODAY + timedelta(days=AHEAD)
    found = list(spans(known, TODAY, until))
    assert found[0].since == TODAY
    assert found[-1].until >= until
    assert [span.until for span in found[:-1]] == [span.since for span in found[1:]]
    for span in found:
        for days in range(min(AHEAD, (span.until - span.since).days)):
            risk = assess(known, span.since + timedelta(days=days))
            assert replace(span_of(risk, span.until), since=span.since) == span


def test_a_bill_that_is_not_paid_goes_through_its_stages_on_the_days_that_are_kept():
    known = account(bill("B1", "03-02", 40_000), notices=(notice("03-28", "03-10"),))
    found = list(spans(known, day("03-01"), day("05-01")))
    said = [(span.since, span.stage, span.noticed_on) for span in found]
    assert said == [
        (day("03-01"), Stage.CURRENT, None),
        (day("03-03"), Stage.LATE, None),
        (day("03-10"), Stage.NOTICE, day("03-10")),
        (day("03-21"), Stage.NEAR, day("03-10")),
        (day("04-02"), Stage.SUSPENDED, day("03-10")),
    ]
    assert found[-1].until == date.max


def test_nothing_is_kept_beyond_the_day_on_which_other_facts_hold():
    known = account(bill("B1", "03-02", 40_000))
    found = list(spans(known, day("03-01"), day("05-01"), day("03-20")))
    assert [span.since for span in found] == [day("03-01"), day("03-03")]
    assert found[-1].until == day("03-20")
    assert changes_on(assess(account(), day("03-01"))) == date.max
