"""R03 to R06: overdue, due soon, and autopay."""

from dataclasses import replace

import pytest

from domain.alerts.due_bills import autopay_expiry, due_findings
from domain.risk_facts import Promise
from tests.domain.alerts.cases import SUBJECT, USUAL, keys
from tests.domain.risk_cases import account, bill, day

AUTOPAY = replace(SUBJECT, autopay_method="card", autopay_expires_on=day("06-30"))


def found(facts, on, subject=SUBJECT, **more):
    return list(due_findings(subject, facts, day(on), USUAL, **more))


def test_overdue_is_one_alert_an_account_and_names_the_oldest_bill():
    facts = account(bill("B2", "03-20", 10_000), bill("B1", "03-02", 40_000), bill("B3", "05-02", 9_000))
    (overdue,) = found(facts, "03-25")
    assert overdue.key == ("R03", "accounts:7")
    assert (overdue.since, overdue.amount) == (day("03-03"), 50_000)
    assert ("bills past due", "2") in overdue.facts
    assert ("oldest bill", "B1") in overdue.facts


def test_the_due_day_itself_is_in_time():
    facts = account(bill("B1", "03-02", 40_000))
    assert keys(found(facts, "03-02")) == [("R04", "accounts:7")]
    assert keys(found(facts, "03-03")) == [("R03", "accounts:7")]


@pytest.mark.parametrize(
    "covered",
    [
        account(bill("B1", "03-02", 40_000, pending=40_000)),
        account(bill("B1", "03-02", 40_000, disputed=40_000)),
        account(bill("B1", "03-02", 40_000), on_account=40_000),
    ],
    ids=["under way", "disputed", "on account"],
)
def test_what_is_covered_is_not_overdue_and_not_due_soon(covered):
    assert found(covered, "03-10") == []
    assert found(covered, "02-27") == []


def test_a_part_under_way_leaves_the_rest():
    (overdue,) = found(account(bill("B1", "03-02", 40_000, pending=30_000)), "03-10")
    assert overdue.amount == 10_000


@pytest.mark.parametrize(("on", "fires"), [("02-24", False), ("02-25", True), ("03-02", True)])
def test_due_soon_is_five_days_before(on, fires):
    got = found(account(bill("B1", "03-02", 40_000)), on)
    assert [(f.rule, f.since, f.act_by) for f in got] == ([("R04", day("02-25"), day("03-02"))] if fires else [])


def test_a_promise_ahead_covers_what_is_due_soon_but_not_what_is_late():
    promised = (Promise(4, day("03-06")),)
    facts = account(bill("B1", "03-02", 40_000), promises=promised)
    assert found(facts, "03-01") == []
    assert keys(found(facts, "03-05")) == [("R03", "accounts:7")]
    assert keys(found(account(bill("B1", "03-12", 1), promises=promised), "03-10")) == [("R04", "accounts:7")]


def test_autopay_covers_what_falls_due_before_its_card_ends():
    facts = account(bill("B1", "03-02", 40_000))
    assert found(facts, "03-01", AUTOPAY) == []
    ended = replace(AUTOPAY, autopay_expires_on=day("03-01"))
    assert keys(found(facts, "03-01", ended)) == [("R04", "accounts:7")]


def test_autopay_that_did_not_draw_is_told_after_two_more_days_bill_by_bill():
    facts = account(bill("B1", "03-02", 40_000), bill("B2", "03-01", 10_000))
    assert keys(found(facts, "03-04", AUTOPAY)) == [("R03", "accounts:7"), ("R05", "invoices:2")]
    late = found(facts, "03-05", AUTOPAY)
    assert keys(late)[1:] == [("R05", "invoices:2"), ("R05", "invoices:1")]
    assert [f.since for f in late[1:]] == [day("03-04"), day("03-05")]
    assert keys(found(facts, "03-05", AUTOPAY, drawn={1, 2})) == [("R03", "accounts:7")]
    assert keys(found(facts, "03-05")) == [("R03", "accounts:7")]  # nobody expects it to draw


@pytest.mark.parametrize(("on", "fires"), [("05-15", False), ("05-16", True), ("07-10", True)])
def test_a_card_that_ends_is_told_45_days_before_and_after(on, fires):
    finding = autopay_expiry(AUTOPAY, day(on), USUAL)
    assert (finding is not None) == fires
    if finding:
        assert (finding.since, finding.act_by) == (day("05-16"), day("06-30"))


def test_no_card_or_a_closed_account_has_nothing_to_expire():
    assert autopay_expiry(SUBJECT, day("06-20"), USUAL) is None
    assert autopay_expiry(replace(AUTOPAY, autopay_expires_on=None), day("06-20"), USUAL) is None
    assert autopay_expiry(replace(AUTOPAY, closed_on=day("06-01")), day("06-20"), USUAL) is None
