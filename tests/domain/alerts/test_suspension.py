"""R01 and R02: from which day on, until when, and with what."""

import pytest

from domain.alerts.suspension import suspension_findings
from domain.notices import NoticeKind
from domain.risk import assess
from domain.risk_facts import RiskBill
from tests.domain.alerts.cases import SUBJECT, USUAL, keys
from tests.domain.risk_cases import account, bill, day, notice


def found(facts, on):
    return list(suspension_findings(SUBJECT, facts, assess(facts, day(on)), day(on), USUAL))


# Due on 2 March, suspended from 28 days later: 30 March, a Monday. Fourteen days before that is 16 March.
LATE = account(bill("B1", "03-02", 40_000))


@pytest.mark.parametrize(("on", "fires"), [("03-15", False), ("03-16", True), ("03-30", True), ("04-20", True)])
def test_suspension_is_near_from_a_fortnight_before_its_first_day(on, fires):
    assert keys(found(LATE, on)) == ([("R01", "accounts:7")] if fires else [])


def test_it_says_since_when_how_much_and_until_when_to_pay():
    (near,) = found(LATE, "03-20")
    assert (near.since, near.amount) == (day("03-16"), 40_000)
    assert near.act_by == day("03-27")  # by card, posted at once: the Friday before
    assert ("keeps it on", "400.00 USD") in near.facts
    assert found(LATE, "03-25")[0].since == near.since


def test_a_bill_that_is_not_due_yet_is_no_suspension():
    young = account(bill("B1", "03-02", 40_000))
    assert found(young, "03-02") == []


def test_a_suspension_that_is_near_when_the_bill_falls_due_begins_then():
    facts = account(RiskBill(1, "B1", day("02-09"), day("03-02"), 100), notices=())
    young = facts.__class__(facts.bills, country="US", policy=facts.policy, opened_on=day("01-02"))  # 12 days
    assert found(young, "03-02") == []
    assert found(young, "03-03")[0].since == day("03-03")


def test_pending_money_does_not_count():
    facts = account(bill("B1", "03-02", 40_000, pending=40_000))
    assert keys(found(facts, "03-20")) == [("R01", "accounts:7")]


def test_disputed_money_is_not_asked_for():
    assert found(account(bill("B1", "03-02", 40_000, disputed=40_000)), "03-20") == []


def test_a_notice_of_suspension_is_told_until_it_is_paid():
    sent = notice("03-20", "03-10", id=12)
    facts = account(bill("B1", "03-02", 40_000), notices=(sent,))
    by_rule = {finding.rule: finding for finding in found(facts, "03-11")}
    assert by_rule["R02"].cause == "notices:12"
    assert (by_rule["R02"].since, by_rule["R02"].amount) == (day("03-10"), 40_000)
    assert by_rule["R01"].since == day("03-10")  # the notice's day is near from when it came
    paid = account(bill("B1", "03-02", 40_000), notices=(notice("03-20", "03-10", amount=30_000, paid_since=30_000),))
    assert keys(found(paid, "03-11")) == []


def test_a_late_notice_announces_nothing():
    facts = account(bill("B1", "03-02", 40_000), notices=(notice(None, "03-10", NoticeKind.LATE),))
    assert keys(found(facts, "03-11")) == []


def test_what_has_happened_has_no_last_day():
    facts = account(bill("B1", "03-02", 40_000), notices=(notice("03-10", "03-10"),))
    assert next(f for f in found(facts, "03-11") if f.rule == "R02").act_by is None


def test_terms_that_were_near_before_the_notice_keep_their_day():
    facts = account(bill("B1", "03-02", 40_000), notices=(notice("03-30", "03-20"),))
    assert {f.rule: f.since for f in found(facts, "03-21")}["R01"] == day("03-16")


def test_a_notice_for_a_later_day_postpones_what_the_terms_had_near():
    facts = account(bill("B1", "03-02", 40_000), notices=(notice("04-20", "03-20"),))
    assert keys(found(facts, "04-05")) == [("R02", "notices:1")]
    assert keys(found(facts, "04-06")) == [("R01", "accounts:7"), ("R02", "notices:1")]
