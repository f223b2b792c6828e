"""What holds for the risk of any account: paying helps, disputes do not stop services, nothing is left unexplained."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notices import Notice, NoticeKind
from domain.policies import CountedFrom, PartTerms, Policy, RestoralTerms, SuspensionDays
from domain.risk import Stage, assess
from domain.risk_facts import AccountFacts, Promise, RiskBill
from domain.risk_reasons import ReasonKind, reasons_of
from tests.domain.risk_cases import TERMS, paid

TODAY = date(2026, 6, 15)
FEWER = settings(max_examples=60)  # accounts are costly to draw
MONEY = st.integers(1, 100_000)
POLICIES = st.sampled_from([
    None,
    TERMS,
    Policy("W", date(2020, 1, 1), "By-laws", id=2),
    Policy("P", date(2020, 1, 1), "s", suspension=SuspensionDays(5, 9, 20), due_rolls_forward=True, id=3),
    Policy("Q", date(2020, 1, 1), "s", suspension=SuspensionDays(45, 50, 50), counted_from=CountedFrom.INVOICE,
           acts_on_working_days=False, restoral=RestoralTerms(past_due_in_full=False), calendar="DE", id=4),
    Policy("R", date(2020, 1, 1), "s", suspension=SuspensionDays(20, 25, 30), part=PartTerms(3_333, 20), id=5),
])  # fmt: skip


@st.composite
def bills(draw, bill_id):
    issued = TODAY - timedelta(days=draw(st.integers(0, 120)))
    amount = draw(MONEY)
    return RiskBill(
        bill_id,
        f"B{bill_id}",
        issued,
        issued + timedelta(days=draw(st.integers(0, 45))),
        amount,
        pending=draw(st.integers(0, amount)),
        disputed=draw(st.integers(0, amount)),
        recurring=draw(st.integers(0, amount)),
        billed=draw(st.sampled_from([0, amount, 2 * amount, 9 * amount])),
    )


@st.composite
def notices(draw, notice_id, bill_ids):
    dated = TODAY - timedelta(days=draw(st.integers(-5, 60)))
    kind = draw(st.sampled_from(list(NoticeKind)))
    acts_on = None if kind is NoticeKind.LATE else dated + timedelta(days=draw(st.integers(0, 40)))
    about = draw(st.one_of(st.none(), st.sampled_from(bill_ids)))
    return Notice(notice_id, kind, dated, acts_on, draw(st.one_of(st.none(), MONEY)), 0, about)


@st.composite
def accounts(draw, *, with_notices=True):
    count = draw(st.integers(1, 5))
    ids = list(range(1, count + 1))
    noticed = [draw(notices(n, ids)) for n in range(draw(st.integers(0, 3)))] if with_notices else []
    opened = draw(st.one_of(st.none(), st.dates(date(2025, 6, 1), TODAY)))
    promised = draw(st.lists(st.integers(-9, 20), max_size=2))
    return AccountFacts(
        tuple(draw(bills(n)) for n in ids),
        country=draw(st.sampled_from(["US", "GB", "XX"])),
        opened_on=opened,
        policy=draw(POLICIES),
        notices=tuple(noticed),
        promises=tuple(Promise(n, TODAY + timedelta(days=d)) for n, d in enumerate(promised)),
        on_account=draw(st.integers(0, 50_000)),
    )


def no_sooner(one, other):
    """Is the window `one` nowhere before `other`?"""
    if one is None:
        return True
    return other is not None and all(
        getattr(one, part) >= getattr(other, part) for part in ("earliest", "likely", "latest")
    )


@FEWER
@given(accounts(), st.integers(0, 400_000))
def test_paying_more_never_raises_the_stage_or_shortens_the_days_left(account, amount):
    before, after = assess(account, TODAY).firm, assess(paid(account, amount), TODAY).firm
    assert after.stage <= before.stage
    assert no_sooner(after.window, before.window)
    assert after.days_left is None or (before.days_left is not None and after.days_left >= before.days_left)
    assert after.past_due <= before.past_due


@FEWER
@given(accounts())
def test_what_is_on_its_way_never_makes_it_worse(account):
    risk = assess(account, TODAY)
    assert risk.provisional.stage <= risk.firm.stage
    assert no_sooner(risk.provisional.window, risk.firm.window)
    assert risk.provisional.past_due <= risk.firm.past_due


@FEWER
@given(accounts())
def test_disputed_money_alone_never_stops_a_service(account):
    withheld = replace(account, bills=tuple(replace(bill, disputed=bill.open_amount) for bill in account.bills))
    firm = assess(withheld, TODAY).firm
    assert (firm.stage, firm.window, firm.keep_on, firm.past_due) == (Stage.CURRENT, None, 0, 0)


@FEWER
@given(accounts(), st.integers(0, 60))
def test_a_day_later_is_never_further_away(account, days):
    """With nothing paid and nothing new known, waiting never helps."""
    known = replace(account, notices=tuple(n for n in account.notices if n.dated <= TODAY))
    now, then = assess(known, TODAY).firm, assess(known, TODAY + timedelta(days=days)).firm
    assert then.stage >= now.stage
    assert then.window == now.window


@FEWER
@given(accounts(), st.integers(0, 60))
def test_a_later_day_in_a_notice_never_makes_the_window_earlier(account, days):
    later = replace(
        account,
        notices=tuple(replace(n, acts_on=n.acts_on and n.acts_on + timedelta(days=days)) for n in account.notices),
    )
    assert no_sooner(assess(later, TODAY).firm.window, assess(account, TODAY).firm.window)


@FEWER
@given(accounts(with_notices=False))
def test_what_keeps_it_on_is_enough_and_a_cent_less_is_not(account):
    """By policy: of the bills that may stop it in this window, each or its part."""
    risk = assess(account, TODAY)
    if risk.firm.window is None or risk.firm.stage is Stage.SUSPENDED:
        return
    least = {bill: paid for cause in risk.causes for bill, paid in cause.least(risk.firm.window.latest).items()}
    assert sum(least.values()) == risk.firm.keep_on

    def after(amounts):
        bills = [replace(b, open_amount=b.open_amount - (p := amounts.get(b.id, 0)), pending=max(0, b.pending - p),
                         billed=max(b.billed, b.open_amount)) for b in account.bills]  # fmt: skip
        return assess(replace(account, bills=tuple(bills)), TODAY).firm.window

    enough = after(least)
    assert enough is None or enough.earliest > risk.firm.window.latest
    for bill, amount in least.items():
        assert after(least | {bill: amount - 1}).earliest <= risk.firm.window.latest


@FEWER
@given(accounts())
def test_it_is_never_asked_for_more_than_is_owed(account):
    risk = assess(account, TODAY)
    owed = sum(bill.owed for bill in account.bills)
    assert risk.firm.past_due <= owed
    assert 0 <= risk.firm.keep_on <= owed
    if risk.firm.window is not None:
        assert risk.firm.window.earliest <= risk.firm.window.likely <= risk.firm.window.latest
        assert risk.firm.keep_on > 0


@FEWER
@given(accounts())
def test_every_bill_that_counts_is_named_in_a_reason(account):
    risk = assess(account, TODAY)
    told = reasons_of(account, risk, TODAY)
    named = {r.bill_id for r in told if r.kind in (ReasonKind.PAST_DUE, ReasonKind.DUE_WITHIN)}
    counted = {bill.id for bill in account.past_due(TODAY)}
    if risk.firm.window is not None:
        counted |= {bill.id for cause in risk.causes for bill in cause.due_by(risk.firm.window.latest)}
    assert named == counted
    assert sum(r.amount for r in told if r.kind is ReasonKind.PAST_DUE) == risk.firm.past_due
    assert {r.bill_id for r in told if r.kind is ReasonKind.DISPUTED} == {b.id for b in account.bills if b.disputed}
    assert (risk.firm.stage is Stage.NOTICE) <= any(r.kind is ReasonKind.NOTICE for r in told)


@FEWER
@given(accounts(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(account, random):
    shuffled = replace(
        account,
        bills=tuple(random.sample(account.bills, len(account.bills))),
        notices=tuple(random.sample(account.notices, len(account.notices))),
    )
    one, other = assess(account, TODAY), assess(shuffled, TODAY)
    assert (one.firm, one.provisional, one.pay_by, one.fee) == (other.firm, other.provisional, other.pay_by, other.fee)


@FEWER
@given(accounts())
def test_a_payment_by_the_last_safe_day_shows_before_the_earliest_day(account):
    risk = assess(account, TODAY)
    for _method, last in risk.pay_by:
        assert last is None or TODAY <= last < risk.firm.window.earliest
