"""What becomes of alerts as findings come and go."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.alerts.catalog import RULES
from domain.alerts.findings import Finding
from domain.alerts.lifecycle import LONGEST_SNOOZE, OpenAlert, SnoozeError, check_snooze, is_snoozed, plan, urgency

DAY = date(2026, 11, 3)
BILL = Finding("R03", "invoices:1", DAY, "invoices", 1, 7, 2, 3, 100_00, "USD")
KNOWN = OpenAlert(5, "R03", "invoices:1", 100_00)


def steps(done):
    return [len(done.opens), len(done.changes), len(done.closes)]


def test_a_new_cause_opens_and_a_known_one_stays():
    assert steps(plan([], [BILL])) == [1, 0, 0]
    assert steps(plan([KNOWN], [BILL])) == [0, 0, 0]
    assert not plan([KNOWN], [BILL])
    other_facts = replace(BILL, facts=(("Days late", "9"),))  # told as they are, every day another
    assert not plan([KNOWN], [other_facts])
    same_cause = replace(BILL, rule="R05")  # another rule about the same bill is another alert
    assert steps(plan([KNOWN], [BILL, same_cause])) == [1, 0, 0]


def test_a_change_of_money_or_day_is_told():
    (step,) = plan([KNOWN], [replace(BILL, amount=90_00, act_by=DAY)]).changes
    assert step.because == "amount USD 90.00, was USD 100.00; act by 2026-11-03, was no day"


def test_a_cause_that_is_gone_closes_with_the_reason():
    def because(off=(), reasons=None):
        (step,) = plan([KNOWN], [], off, reasons).closes
        assert (step.alert, step.finding) == (KNOWN, None)
        return step.because

    assert because(reasons={KNOWN.key: "paid on 2026-11-03"}) == "paid on 2026-11-03"
    assert because(off={"R03"}, reasons={KNOWN.key: "paid on 2026-11-03"}) == "the rule is switched off"
    assert because().startswith("its condition no longer holds: a bill is past its due day")


def test_a_snoozed_alert_is_back_on_its_day_and_when_it_gets_worse():
    until = DAY + timedelta(days=7)
    alert = replace(KNOWN, snoozed_until=until, snoozed_amount=100_00, snoozed_act_by=until)
    same = replace(BILL, act_by=until)
    assert is_snoozed(alert, same, until - timedelta(days=1))
    assert not is_snoozed(alert, same, until)
    assert not is_snoozed(KNOWN, same, DAY)
    assert not is_snoozed(alert, replace(same, amount=100_01), DAY)
    assert is_snoozed(alert, replace(same, amount=99_99), DAY)
    assert not is_snoozed(alert, replace(same, act_by=until - timedelta(days=1)), DAY)
    assert is_snoozed(alert, replace(same, act_by=None), DAY)
    assert not is_snoozed(replace(alert, snoozed_act_by=None), same, DAY)  # there is a day now


@pytest.mark.parametrize("days", [-1, 0, LONGEST_SNOOZE + 1])
def test_no_snooze_ends_in_the_past_or_never(days):
    with pytest.raises(SnoozeError, match="at most 90 days ahead"):
        check_snooze(DAY, DAY + timedelta(days=days))
    assert check_snooze(DAY, DAY + timedelta(days=1)) > DAY


def test_the_most_urgent_comes_first():
    near, late = replace(BILL, act_by=DAY), replace(BILL, act_by=DAY + timedelta(days=1))
    critical, large = replace(BILL, rule="R02"), replace(BILL, amount=200_00)
    note = replace(near, rule="R22")
    assert sorted([note, BILL, large, late, near, critical], key=urgency) == [critical, near, late, large, BILL, note]
    assert [RULES[f.rule].severity for f in (critical, near, note)] == ["critical", "warning", "note"]
