"""Scenarios played by hand: Lumina suspends 28, 30 or 35 days after the due day, charges 1.5% and at least 5.00.

Today is Monday, 15 June 2026. Account 1 owes 100.00 since 26 May and 80.00 due on 25 June, and expects 90.00 on 26 June,
due on 26 July. A card is shown the same working day, ach after two.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.expected_bills import ExpectedBill
from domain.money import LARGEST_MINOR
from domain.policies import FeeBase, LateFeeTerms, PartTerms, RestoralTerms
from domain.what_if.actions import Action, Kind, Scenario, ScenarioError, Selection, What
from domain.what_if.changes import Change, account_changes, bill_changes
from domain.what_if.minimum import keeping
from domain.what_if.opening import OpeningAccount, OpeningBill, Sent, opening
from domain.what_if.projection import difference, project
from domain.what_if.start import NEVER, Site
from tests.domain.risk_cases import TERMS, notice

TODAY = date(2026, 6, 15)
HQ = Site("HQ", "Head office", "North")
OLD = OpeningBill(1, 11, "OLD", date(2026, 5, 5), date(2026, 5, 26), 10_000)
NEXT = OpeningBill(1, 12, "NEXT", date(2026, 6, 4), date(2026, 6, 25), 8_000)
COMING = ExpectedBill(1, date(2026, 6, 26), date(2026, 7, 26), 9_000, 8_500, 9_700)


def account(number=1, **more):
    names = (number, f"A-{number}", "Lumina", more.pop("site", HQ), "internet", "US")
    return OpeningAccount(*names, opened_on=date(2020, 1, 1), policy=TERMS, **more)


def started(*accounts, bills=(OLD, NEXT), expected=(COMING,)):
    until = TODAY + timedelta(days=180)
    return opening(TODAY, "USD", accounts or (account(),), bills, expected, until=until)


def played(*actions, start=None, days=60):
    return project(start or started(), Scenario("", days, actions, "USD"))


def day(text):
    """The number of a day of 2026, from MM-DD."""
    return (date.fromisoformat(f"2026-{text}") - TODAY).days


def steps(column):
    """{day: value} of each day on which a column changes, 0 first."""
    values = column.tolist()
    return {n: value for n, value in enumerate(values) if n == 0 or value != values[n - 1]}


def test_nobody_pays():
    total = played().total
    assert steps(total.outstanding) == {0: 18_000, day("06-26"): 27_000}
    # The due day itself is not late; thirty days later it still is 1-30.
    assert steps(total.buckets[0]) == {0: 8_000, day("06-26"): 9_000, day("07-27"): 0}
    assert steps(total.buckets[1]) == {0: 10_000, day("06-26"): 8_000, day("07-26"): 0, day("07-27"): 9_000}
    assert steps(total.buckets[2]) == {0: 0, day("06-26"): 10_000, day("07-26"): 8_000}
    assert steps(total.buckets[3]) == {0: 0, day("07-26"): 10_000}
    assert steps(total.overdue) == {0: 10_000, day("06-26"): 18_000, day("07-27"): 27_000}
    assert (steps(total.low)[day("06-26")], steps(total.high)[day("06-26")]) == (26_500, 27_700)
    assert steps(total.cash_out) == {0: 0}


def test_late_fees_come_when_a_further_bill_is_late():
    """On 26 June of 180.00: 1.5% is 2.70, so 5.00. On 27 July of 270.00: 4.05, so 5.00 again. What was late already is charged."""
    assert steps(played().total.late_fees) == {0: 0, day("06-26"): 500, day("07-27"): 1_000}


def test_a_fee_is_a_share_of_all_that_is_late():
    """Of 5,000.00 and 80.00, 1.5% is 76.20."""
    start = started(bills=(OpeningBill(1, 11, "OLD", OLD.issued_on, OLD.due_on, 500_000), NEXT), expected=())
    assert steps(played(start=start).total.late_fees) == {0: 0, day("06-26"): 7_620}


def test_the_window_opens_28_days_after_the_due_day():
    """26 May and 28 days: 23 June; the last day is 30 June, and two working days for the vendor: 2 July. Then it is off."""
    total = played().total
    assert steps(total.accounts_at_risk) == {0: 0, day("06-23"): 1}
    assert steps(total.accounts_suspended) == {0: 0, day("07-03"): 1}
    assert total.sites_at_risk.tolist() == total.accounts_at_risk.tolist()


def test_a_young_account_is_stopped_sooner():
    """Within six months of its opening, after 12 days: 7 June. On the day itself on which it is six months old, no more."""
    young, grown = (replace(account(), opened_on=opened_on) for opened_on in (date(2025, 11, 27), date(2025, 11, 26)))
    assert played(start=started(young)).total.accounts_at_risk[0] == 1
    assert steps(played(start=started(grown)).total.accounts_at_risk) == {0: 0, day("06-23"): 1}


def test_the_minimum_keeps_it_on():
    """The window up to 2 July holds the old bill only; the next one's is from 23 July, the coming one's from 23 August."""
    start = started()
    kept = keeping(start)
    assert (kept.keep_on.tolist(), kept.stops_on.tolist()) == ([10_000], [day("06-25")])
    total = played(Action(Kind.PAY, what=What.MINIMUM), start=start).total
    assert steps(total.cash_out) == {0: 10_000, 1: 0}
    assert steps(total.outstanding) == {0: 8_000, day("06-26"): 17_000}
    assert steps(total.accounts_at_risk) == {0: 0, day("07-23"): 1}


def test_a_payment_leaves_on_its_day_and_counts_when_it_is_shown():
    """By ach on Sunday the 21st it leaves on Monday and is shown on Wednesday the 24th: on the 23rd the window has opened."""
    total = played(Action(Kind.PAY, Selection(bills=(11,)), on=date(2026, 6, 21), what=What.ALL)).total
    assert steps(total.cash_out) == {0: 0, day("06-21"): 10_000, day("06-22"): 0}
    assert steps(total.outstanding)[day("06-21")] == 8_000
    assert steps(total.accounts_at_risk) == {0: 0, day("06-23"): 1, day("06-24"): 0, day("07-23"): 1}
    by_card = played(Action(Kind.PAY, Selection(bills=(11,)), date(2026, 6, 21), What.ALL, method="card")).total
    assert steps(by_card.accounts_at_risk) == {0: 0, day("07-23"): 1}


def test_money_under_way_is_paid_on_balances_and_owed_at_the_vendor():
    """Sent by ach on Friday the 12th: shown on Tuesday the 16th. A bill late since the 15th costs a fee only while it is owed."""
    sent = (Sent(date(2026, 6, 12), "ach", 10_000),)
    bill = OpeningBill(1, 11, "OLD", date(2026, 5, 25), date(2026, 6, 15), 0, sent=sent)
    assert steps(played(start=started(bills=(bill,), expected=())).total.late_fees) == {0: 0}
    late = (Sent(date(2026, 6, 15), "ach", 10_000),)
    bill = OpeningBill(1, 11, "OLD", date(2026, 5, 25), date(2026, 6, 15), 0, sent=late)
    assert steps(played(start=started(bills=(bill,), expected=())).total.late_fees) == {0: 0, 1: 500}
    assert steps(played(start=started(bills=(bill,), expected=())).total.outstanding) == {0: 0}


def test_pay_what_is_overdue_and_an_amount():
    total = played(Action(Kind.PAY, what=What.OVERDUE)).total
    assert total.cash_out[0] == 10_000
    on_the_due_day = played(Action(Kind.PAY, what=What.OVERDUE, on=date(2026, 6, 25))).total
    assert on_the_due_day.cash_out.sum() == 10_000
    projection = played(Action(Kind.PAY, what=What.AMOUNT, amount=12_500))
    assert projection.bills.open.tolist() == [0, 5_500, 9_000]


def test_autopay_draws_on_the_due_day():
    total = played(Action(Kind.AUTOPAY, on=date(2026, 6, 20))).total
    assert steps(total.cash_out) == {
        0: 0, day("06-25"): 8_000, day("06-26"): 0, day("07-26"): 9_000, day("07-27"): 0,
    }  # fmt: skip
    assert steps(total.late_fees) == {0: 0}


def test_an_account_on_autopay_pays_without_a_scenario_until_it_ends():
    start = started(account(autopay_until=date(2026, 6, 30)))
    assert steps(played(start=start).total.cash_out) == {0: 0, day("06-25"): 8_000, day("06-26"): 0}


def test_a_bill_on_autopay_is_not_late_because_it_was_paid_by_hand_at_the_last_moment():
    """By cheque on the 24th it would be shown on 6 July; the vendor draws on the 25th what it does not see."""
    by_cheque = Action(Kind.PAY, Selection(bills=(12,)), date(2026, 6, 24), What.ALL, method="cheque")
    on_autopay = played(by_cheque, start=started(account(autopay_until=date.max), bills=(NEXT,), expected=()))
    assert (steps(on_autopay.total.late_fees), on_autopay.total.cash_out.sum()) == ({0: 0}, 8_000)
    by_hand = played(by_cheque, start=started(bills=(NEXT,), expected=()))
    assert steps(by_hand.total.late_fees) == {0: 0, day("06-26"): 500}


def test_a_delay_pays_each_bill_so_much_later():
    """The old one is past due: fourteen days from today."""
    total = played(Action(Kind.DELAY, days=14, method="card"), start=started(account(autopay_until=date.max))).total
    paid = {n: amount for n, amount in steps(total.cash_out).items() if amount}
    assert paid == {day("06-29"): 10_000, day("07-09"): 8_000, day("08-09"): 9_000}


def test_a_split_pays_equal_parts_and_the_odd_cent_last():
    odd = OpeningBill(1, 11, "OLD", OLD.issued_on, OLD.due_on, 10_001)
    start = started(account(autopay_until=date.max), bills=(odd,), expected=())
    total = played(Action(Kind.SPLIT, parts=3, days=10), start=start).total
    assert {n: paid for n, paid in enumerate(total.cash_out.tolist()) if paid} == {0: 3_333, 10: 3_333, 20: 3_335}


def test_a_dispute_takes_a_bill_out_of_fees_and_risk_but_not_out_of_the_balance():
    total = played(Action(Kind.DISPUTE, Selection(bills=(11,)))).total
    assert (total.outstanding[0], total.disputed[0], total.overdue[0]) == (18_000, 10_000, 0)
    assert steps(total.accounts_at_risk) == {0: 0, day("07-23"): 1}
    part = played(Action(Kind.DISPUTE, Selection(bills=(11,)), amount=4_000)).total
    assert (part.disputed[0], part.overdue[0]) == (4_000, 6_000)


def test_an_expected_credit_pays_the_oldest_and_leaves_the_rest_on_the_account():
    """What is on the account lowers the base of a fee, but pays no bill that comes later."""
    projection = played(Action(Kind.CREDIT, amount=20_000, on=date(2026, 6, 20)))
    assert steps(projection.total.unapplied) == {0: 0, day("06-20"): -2_000}
    assert steps(projection.total.outstanding) == {0: 18_000, day("06-20"): -2_000, day("06-26"): 7_000}
    assert steps(projection.total.cash_out) == {0: 0}
    assert projection.bills.open.tolist() == [0, 0, 9_000]


def test_a_new_price_reaches_expected_bills_from_its_day_on():
    total = played(Action(Kind.PRICE_CHANGE, basis_points=1_050, on=date(2026, 6, 26))).total
    assert steps(total.billed) == {0: 0, day("06-26"): 9_945}
    later = played(Action(Kind.PRICE_CHANGE, basis_points=1_050, on=date(2026, 6, 27))).total
    assert steps(later.billed)[day("06-26")] == 9_000


def test_the_largest_amounts_stay_exact():
    """1,000% on top of the largest bill; and a fee of all of it."""
    large = replace(COMING, amount=LARGEST_MINOR, low=LARGEST_MINOR, high=LARGEST_MINOR)
    total = played(Action(Kind.PRICE_CHANGE, basis_points=100_000), start=started(expected=(large,))).total
    assert total.billed[day("06-26")] == 11 * LARGEST_MINOR
    terms = replace(TERMS, late_fee=LateFeeTerms(FeeBase.PAST_DUE, basis_points=10_000))
    most = started(replace(account(), policy=terms), bills=(replace(NEXT, open_amount=LARGEST_MINOR),), expected=())
    assert played(start=most).total.late_fees[-1] == LARGEST_MINOR


def test_ids_and_days_beyond_all_that_is_there_select_nothing():
    far = Selection(accounts=(10**30,)), Selection(bills=(-1, 10**30))
    start = started()
    for selection in far:
        other = played(Action(Kind.PAY, selection, what=What.ALL), start=start)
        assert account_changes(start, played(start=start), other) == []
    for on in (date.min, date.max):
        new = Action(Kind.NEW_BILL, amount=5, on=on, due_on=date.max)
        assert played(new, start=start).total.outstanding[0] == 18_000 + (5 if on == date.min else 0)


def test_a_new_bill_falls_due_by_the_accounts_terms():
    projection = played(Action(Kind.NEW_BILL, amount=5_000, on=date(2026, 6, 20)))
    assert steps(projection.total.billed) == {0: 0, day("06-20"): 5_000, day("06-26"): 14_000}
    assert projection.bills.due.tolist()[-1] == day("07-20")
    told = played(Action(Kind.NEW_BILL, amount=5_000, on=date(2026, 6, 20), due_on=date(2026, 6, 30)))
    assert told.bills.due.tolist()[-1] == day("06-30")


def test_what_is_cancelled_bills_no_more_or_less():
    assert steps(played(Action(Kind.CANCEL)).total.billed) == {0: 0}
    assert steps(played(Action(Kind.CANCEL, amount=2_500)).total.billed)[day("06-26")] == 6_500


def test_a_notice_goes_before_the_policy_until_it_is_met():
    """It asks 60.00 of the old bill by Wednesday, 17 June, and may be two working days late: until Monday, as Friday is a
    holiday. Paid, the policy rules again: from 23 June on.
    """
    start = started(account(notices=(notice("06-17", "06-10", amount=6_000),)))
    assert steps(played(start=start).total.accounts_at_risk) == {0: 0, day("06-17"): 1}
    assert keeping(start).keep_on.tolist() == [6_000]
    total = played(Action(Kind.PAY, what=What.MINIMUM, method="card"), start=start).total
    assert total.cash_out[0] == 6_000
    assert steps(total.accounts_at_risk) == {0: 0, day("06-23"): 1}


def noticed(*notices, bills=(OLD,), **more):
    return started(account(notices=notices), bills=bills, expected=(), **more)


def test_a_notice_counts_what_was_paid_since():
    """Of 60.00 asked, 20.00 was paid before today: 40.00 more meets it."""
    start = noticed(notice("06-17", "06-10", amount=6_000, paid_since=2_000))
    assert keeping(start).keep_on.tolist() == [4_000]
    pay = Action(Kind.PAY, what=What.AMOUNT, amount=4_000, method="card")
    assert steps(played(pay, start=start).total.accounts_at_risk) == {0: 0, day("06-23"): 1}
    less = Action(Kind.PAY, what=What.AMOUNT, amount=3_999, method="card")
    assert steps(played(less, start=start).total.accounts_at_risk) == {0: 0, day("06-17"): 1}


def test_a_notice_that_was_met_never_brings_the_day_nearer():
    """The policy would stop from 23 June on, the notice from the 30th: paid what it asks, the 30th stays the first day."""
    start = noticed(notice("06-30", "06-10", amount=1_000))
    pay = Action(Kind.PAY, what=What.AMOUNT, amount=1_000, method="card")
    assert steps(played(pay, start=start).total.accounts_at_risk) == {0: 0, day("06-30"): 1}


def test_of_two_notices_that_were_met_the_later_counts():
    both = (notice("06-24", "06-10", amount=1_000), notice("06-30", "06-10", amount=1_000, id=2, bill_id=11))
    pay = Action(Kind.PAY, what=What.AMOUNT, amount=1_000, method="card")
    assert steps(played(start=noticed(*both)).total.accounts_at_risk) == {0: 0, day("06-24"): 1}
    assert steps(played(pay, start=noticed(*both)).total.accounts_at_risk) == {0: 0, day("06-30"): 1}


def test_the_minimum_is_no_less_than_the_policy_alone_would_stop_for():
    """The notice asks 60.00 by the 18th, and may be late until Tuesday the 23rd, when the policy stops for all of the bill."""
    assert keeping(noticed(notice("06-18", "06-10", amount=6_000))).keep_on.tolist() == [10_000]


def test_once_off_all_that_is_past_due_is_asked():
    """A notice of today says that service went off today, for the old bill only; another one is past due since the 13th."""
    late = OpeningBill(1, 13, "LATE", date(2026, 5, 20), date(2026, 6, 12), 3_000)
    start = noticed(notice("06-15", "06-15", bill_id=11), bills=(OLD, late, NEXT))
    assert steps(played(start=start).total.accounts_suspended) == {0: 1}
    assert keeping(start).keep_on.tolist() == [13_000]


def test_a_part_does_not_bring_back_what_is_off():
    """Half of 100.00 would put a stop off. A notice asks 10.00; the terms alone stop for all of it since 7 June, 28 days after
    the due day. Warned, half will do; off since today, all of it is asked.
    """
    half = replace(TERMS, part=PartTerms(5_000, 30), restoral=RestoralTerms(past_due_in_full=False))
    bill = OpeningBill(1, 11, "OLD", date(2026, 4, 20), date(2026, 5, 10), 10_000)
    warned, off = (
        replace(account(notices=(notice(acts_on, "06-10", amount=1_000),)), policy=half)
        for acts_on in ("06-17", "06-10")
    )
    asked = [keeping(started(each, bills=(bill,), expected=())).keep_on.tolist() for each in (warned, off)]
    assert asked == [[5_000], [10_000]]


def test_an_account_that_is_not_late_needs_nothing_to_stay_on():
    start = started(bills=(NEXT,), expected=())
    assert (keeping(start).keep_on.tolist(), keeping(start).stops_on.tolist()) == ([0], [NEVER])
    assert played(Action(Kind.PAY, what=What.MINIMUM), start=start).total.cash_out.sum() == 0


def test_what_is_done_on_a_day_comes_before_what_is_drawn():
    """Disputed on its due day, the bill is not drawn."""
    start = started(account(autopay_until=date.max), bills=(NEXT,), expected=())
    total = played(Action(Kind.DISPUTE, on=date(2026, 6, 25)), start=start).total
    assert (total.cash_out.sum(), total.disputed[day("06-25")]) == (0, 8_000)


def test_by_site_and_what_changes():
    pub = Site("PUB", "The pub", "West")
    start = started(
        account(), account(2, site=pub), bills=(OLD, NEXT, OpeningBill(2, 21, "P", *_dates("06-01", "06-20"), 700))
    )
    baseline = played(start=start)
    other = played(Action(Kind.PAY, Selection(sites=("PUB",)), what=What.ALL, method="card"), start=start)
    assert [site.code for site in other.sites] == ["HQ", "PUB"]
    changed = difference(baseline, other)
    assert changed.by_site.outstanding[:, 0].tolist() == [0, -700]
    assert changed.total.late_fees[-1] == -500
    (account_change,) = account_changes(start, baseline, other)
    assert (account_change.account_id, account_change.site) == (2, pub)
    assert (account_change.outstanding, account_change.late_fees) == (Change(700, 0), Change(500, 0))
    assert (account_change.stops_before, account_change.stops_after) == (date(2026, 7, 20), None)
    (bill_change,) = bill_changes(start, baseline, other)
    assert (bill_change.bill_id, bill_change.open, bill_change.paid_after) == (21, Change(700, 0), TODAY)
    assert bill_change.paid_before is None


def test_a_new_bill_is_among_the_changes():
    start = started()
    other = played(Action(Kind.NEW_BILL, amount=5_000, on=date(2026, 6, 20)), start=start)
    (change,) = bill_changes(start, played(start=start), other)
    assert (change.bill_id, change.number, change.issued_on) == (None, "", date(2026, 6, 20))
    assert change.open == Change(0, 5_000)


def test_without_accounts_there_is_nothing():
    start = opening(TODAY, "USD", (), (), until=TODAY + timedelta(days=60))
    pay = Action(Kind.PAY, what=What.MINIMUM), Action(Kind.NEW_BILL, amount=5), Action(Kind.DELAY, days=3)
    assert project(start, Scenario("", 60, pay, "USD")).total.outstanding.tolist() == [0] * 61


def test_another_currency_and_a_longer_horizon_are_refused():
    with pytest.raises(ScenarioError, match=r"currency: GBP is not that of these accounts, USD"):
        project(started(), Scenario("", 60, (), "GBP"))
    with pytest.raises(ScenarioError, match=r"horizon_days: 60 reach beyond 2026-07-15"):
        project(opening(TODAY, "USD", (), (), until=TODAY + timedelta(days=30)), Scenario("", 60))


def test_the_fingerprint_moves_with_what_is_known():
    same = {started().fingerprint, started().fingerprint}
    paid = started(bills=(OpeningBill(1, 11, "OLD", OLD.issued_on, OLD.due_on, 9_999), NEXT)).fingerprint
    assert len(same) == 1
    assert paid not in same
    assert started(account(autopay_until=TODAY)).fingerprint not in same


def _dates(issued, due):
    return date.fromisoformat(f"2026-{issued}"), date.fromisoformat(f"2026-{due}")
