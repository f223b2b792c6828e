"""The risk of one account, worked through by hand: stages, windows, what keeps it on, by when, and why."""

from dataclasses import replace
from datetime import date

from domain.notices import NoticeKind
from domain.policies import CountedFrom, PartTerms, Policy, RestoralTerms, SuspensionDays
from domain.risk import Effect, Stage, assess, effect_of
from domain.risk_facts import Promise, RiskService
from domain.risk_reasons import ReasonKind, reasons_of
from domain.suspension import Window
from tests.domain.risk_cases import TERMS, account, bill, day, notice


def reasons(facts, as_of):
    return {reason.kind: reason for reason in reasons_of(facts, assess(facts, day(as_of)), day(as_of))}


def test_nothing_past_due_is_current_and_still_has_its_day():
    """Due on 2 March: by policy off on Wednesday 1 April at the likeliest, if nobody ever pays."""
    risk = assess(account(bill("B1", "03-02", 40_000)), day("03-02"))
    assert risk.firm.stage is Stage.CURRENT
    assert risk.firm.window == Window(day("03-30"), day("04-01"), day("04-08"))
    assert (risk.firm.days_left, risk.firm.keep_on, risk.firm.past_due) == (30, 40_000, 0)


def test_stages_as_days_go_by():
    facts = account(bill("B1", "03-02", 40_000))
    stages = {d: assess(facts, day(d)).firm.stage for d in ("03-03", "03-22", "03-23", "04-08", "04-09")}
    assert stages == {
        "03-03": Stage.LATE,
        "03-22": Stage.LATE,
        "03-23": Stage.NEAR,  # a week before the earliest day
        "04-08": Stage.NEAR,  # 35 days after it was due, and two working days
        "04-09": Stage.SUSPENDED,
    }
    assert assess(facts, day("04-05")).firm.days_left == 0


def test_a_vendor_acts_on_working_days_unless_its_policy_says_otherwise():
    """Due 29 October: 28 days later is Thanksgiving, 30 a Saturday, 35 is 3 December, and two working days on the 7th."""
    one = account(bill("B1", "10-29", 1))
    assert assess(one, day("11-01")).firm.window == Window(day("11-27"), day("11-30"), day("12-07"))
    always = Policy("L", date(2020, 1, 1), "s", suspension=SuspensionDays(28, 30, 35), acts_on_working_days=False)
    any_day = assess(account(bill("B1", "10-29", 1), policy=always), day("11-01")).firm.window
    assert any_day == Window(day("11-26"), day("11-28"), day("12-07"))


def test_days_count_from_the_invoice_date_where_the_policy_says_so():
    terms = Policy("L", date(2020, 1, 1), "s", suspension=SuspensionDays(45, 45, 50), counted_from=CountedFrom.INVOICE)
    window = assess(account(bill("B1", "03-24", 1), policy=terms), day("03-25")).firm.window  # issued 3 March
    assert window.earliest == day("04-17")


def test_an_account_in_its_first_months_has_twelve_days():
    facts = account(bill("B1", "03-02", 40_000))
    young = type(facts)(facts.bills, "US", opened_on=date(2025, 12, 1), policy=TERMS)
    assert assess(young, day("03-03")).firm.window == Window(day("03-16"), day("03-16"), day("03-18"))
    assert reasons(young, "03-03")[ReasonKind.YOUNG_ACCOUNT].day == day("06-01")


def test_what_keeps_it_on_is_what_would_stop_it_within_the_window_and_no_more():
    """Three bills a month apart: paying the first moves the window to the second."""
    facts = account(bill("B1", "03-02", 30_000), bill("B2", "04-02", 31_000), bill("B3", "05-02", 32_000))
    risk = assess(facts, day("04-03"))
    assert (risk.firm.keep_on, risk.firm.past_due) == (30_000, 61_000)
    close = account(bill("B1", "03-02", 30_000), bill("B2", "03-09", 31_000))
    assert assess(close, day("03-12")).firm.keep_on == 61_000  # off on 8 April at the latest, for either


def test_disputed_money_does_not_count():
    facts = account(bill("B1", "03-02", 40_000, disputed=40_000), bill("B2", "04-02", 10_000, disputed=4_000))
    risk = assess(facts, day("04-10"))
    assert (risk.firm.keep_on, risk.firm.past_due, risk.disputed) == (6_000, 6_000, 44_000)
    assert risk.firm.window.earliest == day("04-30")


def test_a_notice_overrides_the_policy():
    """By policy the earliest day is 30 March; the vendor wrote on the 12th that it acts on Saturday 21 March."""
    facts = account(bill("B1", "03-02", 40_000), notices=(notice("03-21", "03-12"),))
    assert assess(facts, day("03-11")).firm.stage is Stage.LATE  # not known yet
    risk = assess(facts, day("03-13"))
    assert risk.firm.stage is Stage.NOTICE
    assert risk.firm.window == Window(day("03-21"), day("03-23"), day("03-25"))
    assert assess(facts, day("03-14")).firm.stage is Stage.NEAR
    later = account(bill("B1", "03-02", 40_000), notices=(notice("04-20", "03-12"),))
    assert assess(later, day("03-13")).firm.window.earliest == day("04-20")


def test_a_notice_covers_what_was_due_before_it_and_the_policy_rules_the_rest():
    facts = account(bill("B1", "03-02", 40_000), bill("B2", "03-20", 20_000), notices=(notice("04-30", "03-12"),))
    assert assess(facts, day("03-21")).firm.window.earliest == day("04-17")  # the second bill, by policy
    assert assess(facts, day("03-21")).firm.keep_on == 20_000


def test_a_notice_asks_its_amount_less_what_was_paid_since():
    facts = account(bill("B1", "03-02", 40_000), notices=(notice("03-20", "03-12", amount=25_000, paid_since=5_000),))
    assert assess(facts, day("03-13")).firm.keep_on == 20_000
    met = account(bill("B1", "03-02", 40_000), notices=(notice("03-20", "03-12", amount=25_000, paid_since=25_000),))
    assert assess(met, day("03-13")).firm.stage is Stage.LATE
    assert assess(met, day("03-13")).firm.window.earliest == day("03-30")  # the policy again


def test_a_notice_that_asks_too_little_does_not_hide_what_the_policy_would_stop_for():
    """The notice asks 50.00 by the 30th; but by policy the whole bill stops the service from the 30th on."""
    facts = account(bill("B1", "03-02", 40_000), notices=(notice("03-30", "03-12", amount=5_000),))
    assert assess(facts, day("03-13")).firm.keep_on == 40_000
    sooner = account(bill("B1", "03-02", 40_000), notices=(notice("03-20", "03-12", amount=5_000),))
    assert assess(sooner, day("03-13")).firm.keep_on == 5_000


def test_of_two_notices_about_one_bill_the_first_to_act_counts():
    about_all, about_it = notice("04-20", "03-12"), notice("03-27", "03-10", bill_id=1, id=2)
    facts = account(bill("B1", "03-02", 40_000), bill("B2", "03-05", 10_000), notices=(about_all, about_it))
    risk = assess(facts, day("03-13"))
    assert risk.firm.window.earliest == day("03-27")
    assert risk.firm.keep_on == 40_000


def test_a_notice_that_was_met_still_holds_its_day_and_of_two_the_later():
    """Both asked 10.00 and got it; by policy alone it would be 30 March."""
    met = {"amount": 1_000, "paid_since": 1_000}
    one, other = notice("04-20", "03-12", **met), notice("05-20", "03-10", bill_id=1, id=2, **met)
    risk = assess(account(bill("B1", "03-02", 40_000), notices=(one, other)), day("03-13"))
    assert (risk.firm.stage, risk.firm.window.earliest) == (Stage.LATE, day("05-20"))


def test_past_due_in_full_is_what_a_suspended_account_pays_where_the_policy_wants_it():
    """Off since 6 April for the first bill; the second is past due as well, though it would stop nothing before 18 May."""
    bills = (bill("B1", "03-02", 40_000), bill("B2", "04-20", 20_000))
    assert assess(account(*bills), day("05-01")).firm.keep_on == 60_000
    lenient = replace(TERMS, restoral=RestoralTerms(past_due_in_full=False))
    assert assess(account(*bills, policy=lenient), day("05-01")).firm.keep_on == 40_000


def test_a_newer_notice_replaces_the_older_one_and_a_late_notice_does_not():
    first, extended = notice("03-20", "03-12"), notice("04-06", "03-19", id=2)
    reminder = notice(None, "03-20", NoticeKind.LATE, id=3)
    facts = account(bill("B1", "03-02", 40_000), notices=(extended, first, reminder))
    assert assess(facts, day("03-18")).firm.window.earliest == day("03-20")
    assert assess(facts, day("03-21")).firm.window.earliest == day("04-06")
    assert [n.id for n in assess(facts, day("03-21")).notices] == [2, 3]


def test_a_late_notice_raises_the_stage_and_leaves_the_window_to_the_policy():
    facts = account(bill("B1", "03-02", 40_000), notices=(notice(None, "03-10", NoticeKind.LATE),))
    risk = assess(facts, day("03-11"))
    assert (risk.firm.stage, risk.firm.window.earliest) == (Stage.NOTICE, day("03-30"))


def test_a_notice_about_bills_that_are_paid_says_nothing():
    facts = account(bill("B2", "04-02", 40_000), notices=(notice("03-20", "03-12"),))
    risk = assess(facts, day("03-13"))
    assert (risk.firm.stage, risk.notices) == (Stage.CURRENT, ())


def test_a_notice_of_what_has_happened_is_a_suspension_and_restoral_comes_on_top():
    """Past due in full, the fee of 35.00 and a month of both lines in advance."""
    lines = (RiskService("1", "Fiber", "HQ", 5, 90, 38_900), RiskService("2", "Backup", "HQ", 3, 90, 6_100))
    facts = account(
        bill("B1", "03-02", 40_000),
        bill("B2", "04-02", 20_000),
        notices=(notice("04-03", "04-03"),),
        services=lines,
    )
    risk = assess(facts, day("04-04"))
    assert risk.firm.stage is Stage.SUSPENDED
    assert (risk.firm.keep_on, risk.firm.restoral) == (60_000, 3_500 + 45_000)
    assert risk.pay_by == ()


def test_the_last_safe_day_of_each_method():
    """Earliest Monday 30 March: money shows by Friday the 27th. A card the same day, an e-check three working days."""
    facts = account(bill("B1", "03-02", 40_000))
    assert dict(assess(facts, day("03-03")).pay_by) == {
        "ach": day("03-25"),
        "card": day("03-27"),
        "cheque": day("03-18"),
        "e-check": day("03-24"),
        "transfer": day("03-26"),
    }
    late = dict(assess(facts, day("03-26")).pay_by)
    assert (late["e-check"], late["transfer"]) == (None, day("03-26"))


def test_the_last_safe_day_keeps_clear_of_holidays():
    """Earliest 30 November 2026: shown by Friday the 27th; two working days before is Tuesday, Thanksgiving between."""
    pay_by = dict(assess(account(bill("B1", "11-02", 1)), day("11-03")).pay_by)
    assert (pay_by["card"], pay_by["transfer"], pay_by["ach"]) == (day("11-27"), day("11-25"), day("11-24"))


def test_money_under_way_is_provisional():
    facts = account(bill("B1", "03-02", 40_000, pending=40_000), bill("B2", "04-02", 20_000))
    risk = assess(facts, day("03-25"))
    assert (risk.firm.stage, risk.firm.keep_on) == (Stage.NEAR, 40_000)
    assert (risk.provisional.stage, risk.provisional.past_due) == (Stage.CURRENT, 0)
    assert risk.provisional.window.earliest == day("04-30")


def test_a_promise_counts_until_its_day_and_money_on_account_is_not_yet_on_a_bill():
    promised = account(bill("B1", "03-02", 40_000), promises=(Promise(7, day("03-20")),))
    assert assess(promised, day("03-20")).provisional.past_due == 0
    assert assess(promised, day("03-21")).provisional.past_due == 40_000
    assert reasons(promised, "03-24")[ReasonKind.PROMISE_BROKEN].days == 4
    on_account = assess(account(bill("B1", "03-02", 40_000), on_account=15_000), day("03-20"))
    assert (on_account.firm.past_due, on_account.provisional.past_due) == (40_000, 25_000)


def test_pending_money_meets_a_notice_provisionally():
    facts = account(bill("B1", "03-02", 40_000, pending=25_000), notices=(notice("03-20", "03-12", amount=25_000),))
    risk = assess(facts, day("03-13"))
    assert (risk.firm.stage, risk.provisional.stage) == (Stage.NEAR, Stage.LATE)


def test_no_policy_and_no_notice_has_no_window():
    risk = assess(account(bill("B1", "03-02", 40_000), policy=None), day("06-01"))
    assert (risk.firm.stage, risk.firm.window, risk.firm.days_left, risk.pay_by) == (Stage.LATE, None, None, ())
    noticed = account(bill("B1", "03-02", 40_000), policy=None, notices=(notice("03-20", "03-12"),))
    assert assess(noticed, day("03-13")).firm.window.earliest == day("03-20")


def test_a_vendor_that_never_suspends():
    facts = account(bill("B1", "03-02", 40_000), policy=Policy("W", date(2020, 1, 1), "By-laws, article 4", id=9))
    assert assess(facts, day("12-01")).firm.window is None
    assert reasons(facts, "12-01")[ReasonKind.NEVER_SUSPENDS].policy_id == 9


def test_effect_counts_people_once_a_site():
    lines = (
        RiskService("1", "Fiber", "HQ", 4, 90),
        RiskService("2", "Alarm", "HQ", 5, 90),
        RiskService("3", "SIM", "Depot", 3, 12),
        RiskService("4", "SIM", "Yard", 1, None),
    )
    assert effect_of(lines) == Effect(services=4, criticality=5, headcount=102)
    assert effect_of(()) == Effect()


def test_reasons_in_full():
    facts = account(
        bill("B1", "03-02", 40_000, disputed=4_000, pending=5_000),
        bill("B2", "03-09", 20_000),
        notices=(notice("03-25", "03-05", amount=30_000),),
        promises=(Promise(7, day("03-18"), 10_000),),
        on_account=1_500,
    )
    risk = assess(facts, day("03-12"))
    told = [(r.kind.value, r.number, r.amount, r.day, r.days) for r in reasons_of(facts, risk, day("03-12"))]
    assert told == [
        ("notice", "", 30_000, day("03-25"), None),
        ("past_due", "B1", 36_000, day("03-02"), 10),
        ("past_due", "B2", 20_000, day("03-09"), 3),
        ("disputed", "B1", 4_000, None, None),
        ("policy", "", None, None, 30),
        ("late_fee", "", 818, day("03-03"), None),  # 1.5% of 545.00
        ("pending", "B1", 5_000, None, None),
        ("on_account", "", 1_500, None, None),
        ("promised", "", 10_000, day("03-18"), None),
    ]


def test_a_notice_is_to_be_expected_before_the_earliest_day():
    assert reasons(account(bill("B1", "03-02", 1)), "03-10")[ReasonKind.NOTICE_EXPECTED].day == day("03-20")


HALF = replace(TERMS, part=PartTerms(5_000, 30), restoral=RestoralTerms(past_due_in_full=False))


def test_a_part_that_the_terms_accept_keeps_it_on_and_puts_the_day_off():
    """Half of 400.01 leaves 200.00 at most; once 200.01 is paid, all counts from 30 days later: 1 April is a Wednesday."""
    owed = account(bill("B1", "03-02", 40_001, billed=40_001), policy=HALF)
    assert assess(owed, day("03-10")).firm.keep_on == 20_001
    short, paid_half = (account(bill("B1", "03-02", left, billed=40_001), policy=HALF) for left in (20_001, 20_000))
    assert assess(short, day("03-10")).firm.window == assess(owed, day("03-10")).firm.window
    after = assess(paid_half, day("03-10")).firm
    assert after.window == Window(day("04-29"), day("05-01"), day("05-08"))
    assert after.keep_on == 20_000  # the rest is asked in full from then on
    assert assess(account(bill("B1", "03-02", 40_001)), day("03-10")).firm.keep_on == 40_001  # without such terms


def test_what_is_in_dispute_needs_no_part():
    """Of 400.00 a quarter is disputed: half of the other 300.00."""
    facts = account(bill("B1", "03-02", 40_000, billed=40_000, disputed=10_000), policy=HALF)
    assert assess(facts, day("03-10")).firm.keep_on == 15_000


def test_a_notice_is_put_off_by_the_parts_or_met_by_what_it_asks_whichever_is_less():
    bills = [bill(f"B{n}", f"03-0{n}", 40_000, billed=40_000) for n in (1, 2)]
    warned = account(*bills, policy=HALF, notices=(notice("04-10", "03-20"),))
    assert assess(warned, day("03-21")).firm.keep_on == 40_000  # half of each of two
    parts = account(*(replace(b, open_amount=20_000) for b in bills), policy=HALF, notices=warned.notices)
    assert assess(parts, day("03-21")).firm.window == Window(day("05-10"), day("05-11"), day("05-13"))
    modest = account(*bills, policy=HALF, notices=(notice("04-01", "03-20", amount=30_000),))
    asked = assess(modest, day("03-21"))
    assert asked.firm.window.latest == day("04-03")
    assert asked.firm.keep_on == 40_000  # what it asks would not do: by the terms both stop from 29 and 30 March
    young = replace(modest, bills=tuple(replace(b, due_on=day("03-15")) for b in modest.bills))
    assert assess(young, day("03-21")).firm.keep_on == 30_000


def test_a_part_does_not_bring_back_what_is_off():
    """A notice says that it was suspended on the 20th."""
    off = account(bill("B1", "02-02", 40_000, billed=80_000), policy=HALF, notices=(notice("03-20", "03-20"),))
    firm = assess(off, day("03-21")).firm
    assert (firm.stage, firm.window.earliest, firm.keep_on) == (Stage.SUSPENDED, day("03-20"), 40_000)


def test_the_part_that_would_do_is_told_until_it_is_paid():
    owed = account(bill("B1", "03-02", 40_000, billed=40_000), policy=HALF)
    assert (reasons(owed, "03-10")[ReasonKind.PART].amount, reasons(owed, "03-10")[ReasonKind.PART].days) == (
        20_000,
        30,
    )
    half = account(bill("B1", "03-02", 20_000, billed=40_000), policy=HALF)
    assert ReasonKind.PART not in reasons(half, "03-10")
