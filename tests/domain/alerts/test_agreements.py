"""R11, R12, R20, R21 and R25: what was promised, disputed, signed and checked."""

from dataclasses import replace

import pytest

from domain.alerts.contracts import ContractService, ending
from domain.alerts.disputes import OpenDispute, closing_window
from domain.alerts.promises_made import CallEnd, call_findings
from domain.alerts.unverified_contacts import DirectoryEntry, unverified_too_long
from domain.contacts import ContactState
from domain.promises import Standing
from tests.domain.alerts.cases import SUBJECT, USUAL, keys
from tests.domain.risk_cases import day

BROKEN = CallEnd(4, day("03-06"), Standing.OVERDUE, None, None, "extension", "Pat", owed=5_000)
FORGOTTEN = CallEnd(4, None, None, day("03-09"), Standing.OVERDUE, "question")


def test_a_promise_is_broken_the_day_after_it():
    (finding,) = call_findings(SUBJECT, BROKEN)
    assert (finding.key, finding.since, finding.amount) == (("R11", "calls:4"), day("03-07"), 5_000)


@pytest.mark.parametrize("standing", [Standing.DONE, Standing.LATE, Standing.AHEAD, Standing.TODAY, None])
def test_other_standings_are_silent(standing):
    assert keys(call_findings(SUBJECT, replace(BROKEN, promise=standing))) == []
    assert keys(call_findings(SUBJECT, replace(FORGOTTEN, follow_up=standing))) == []


def test_a_promise_to_pay_what_is_not_owed_any_more_is_not_broken():
    assert keys(call_findings(SUBJECT, replace(BROKEN, owed=0))) == []


def test_a_forgotten_follow_up():
    (finding,) = call_findings(SUBJECT, FORGOTTEN)
    assert (finding.key, finding.since) == (("R12", "calls:4"), day("03-10"))


@pytest.mark.parametrize(("on", "fires"), [("04-21", False), ("04-22", True), ("05-06", True), ("06-30", True)])
def test_a_dispute_is_told_from_46_days_on(on, fires):
    dispute = OpenDispute(3, day("03-07"), 900, "B1", "Rate above the contract")
    finding = closing_window(SUBJECT, dispute, day(on), USUAL)
    assert (finding is not None) == fires
    if finding:
        assert (finding.key, finding.since, finding.act_by) == (("R20", "disputes:3"), day("04-22"), day("05-06"))


CIRCUIT = ContractService(8, "CKT-8", "Fiber", day("12-31"), notice_days=90)  # notice by 2 October


@pytest.mark.parametrize(
    ("on", "since", "act_by"),
    [
        ("08-02", None, None),
        ("08-03", "08-03", "10-02"),
        ("10-02", "08-03", "10-02"),
        ("10-03", None, None),  # too late for notice, and the end is far
        ("11-01", "11-01", "12-31"),
        ("12-31", "11-01", "12-31"),
    ],
)
def test_a_contract_is_told_before_its_notice_day_and_before_its_end(on, since, act_by):
    finding = ending(SUBJECT, CIRCUIT, day(on), USUAL)
    assert (finding.since, finding.act_by) == (day(since), day(act_by)) if since else finding is None


def test_a_notice_day_shortly_before_the_end_is_one_alert():
    service = replace(CIRCUIT, notice_days=30)  # by 1 December
    for on, act_by in (("10-02", "12-01"), ("12-01", "12-01"), ("12-02", "12-31")):
        finding = ending(SUBJECT, service, day(on), USUAL)
        assert (finding.key, finding.since) == (("R21", "services:8"), day("10-02"))
        assert finding.act_by == day(act_by)
    assert ending(SUBJECT, replace(service, notice_days=None), day("10-31"), USUAL) is None
    assert ending(SUBJECT, service, day("2027-01-01"), USUAL) is None


NEW = DirectoryEntry(6, 5, "phone", "+18005550142", ContactState.UNVERIFIED, day("03-02"))


@pytest.mark.parametrize(
    ("entry", "last_quiet_day", "first_day"),
    [
        (NEW, "03-16", "03-17"),
        (replace(NEW, state=ContactState.VERIFIED, verified_on=day("03-02")), "2027-03-02", "2027-03-03"),
    ],
    ids=["waits for its first check", "was last checked a year ago"],
)
def test_a_contact_unverified_too_long(entry, last_quiet_day, first_day):
    assert unverified_too_long(entry, day(last_quiet_day), USUAL) is None
    finding = unverified_too_long(entry, day(first_day), USUAL)
    assert (finding.key, finding.since, finding.vendor_id) == (("R25", "payment_contacts:6"), day(first_day), 5)
    assert (finding.account_id, finding.site_id) == (None, None)


@pytest.mark.parametrize("state", [ContactState.REPORTED, ContactState.RETIRED])
def test_what_is_not_for_paying_needs_no_check(state):
    assert unverified_too_long(replace(NEW, state=state, verified_on=day("03-02")), day("2028-01-01"), USUAL) is None
