"""The late-payment outlook on histories made by hand, and on a demo's whole history for what must never matter."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from domain.outlook import foresee
from domain.payment_habits import KnownBill
from seed.demo import demo
from seed.records import Bill

DAY = date(2026, 6, 15)  # a Monday


def bill(number, due, lag, *, account=1, site="HQ", vendor="Lumina"):
    """Due on `due`, issued thirty days before, settled `lag` days after; None: open."""
    settled = None if lag is None else due + timedelta(days=lag)
    return KnownBill(number, account, site, vendor, due - timedelta(days=30), due, settled)


def months(first, lags, **whose):
    """A bill every thirty days; the last was due 20 days before DAY."""
    last = len(lags) - 1
    return [bill(first + i, DAY - timedelta(days=20 + 30 * (last - i)), lag, **whose) for i, lag in enumerate(lags)]


PUNCTUAL = months(100, [-3] * 12, account=1, site="HQ", vendor="Lumina")
LATE = months(200, [14] * 12, account=2, site="DEP", vendor="Halden")


def ask(history, *asked, day=DAY):
    found = foresee([*history, *asked], day)
    return [found[one.id] for one in asked]


def test_each_account_has_its_own_habit():
    ahead = DAY + timedelta(days=10)
    punctual, late = ask(
        [*PUNCTUAL, *LATE], bill(1, ahead, None), bill(2, ahead, None, account=2, site="DEP", vendor="Halden")
    )
    assert punctual.late_probability < 0.15
    assert late.late_probability > 0.85
    assert DAY < punctual.expected_paid_on <= ahead
    assert late.expected_paid_on == ahead + timedelta(days=14)


def test_a_new_account_leans_on_its_site_and_its_vendor():
    ahead = DAY + timedelta(days=10)
    unknown, at_site, of_vendor = ask(
        [*PUNCTUAL, *LATE],
        bill(1, ahead, None, account=9, site="X", vendor="X"),
        bill(2, ahead, None, account=8, site="DEP", vendor="X"),
        bill(3, ahead, None, account=7, site="X", vendor="Lumina"),
    )
    assert of_vendor.late_probability < unknown.late_probability < at_site.late_probability
    assert "no bill of this account has fallen due before" in unknown.reasons


def test_what_is_open_at_the_end_of_its_due_day_is_late():
    today, yesterday, tomorrow = ask(
        [*PUNCTUAL, *LATE], *(bill(i, DAY + timedelta(days=ahead), None) for i, ahead in enumerate((0, -1, 1)))
    )
    assert (today.late_probability, yesterday.late_probability) == (1.0, 1.0)
    assert tomorrow.late_probability < 1
    assert "it is due on this day and not paid" in today.reasons
    assert "it is 1 day past due" in yesterday.reasons


def test_the_days_on_which_a_punctual_account_has_paid_run_out():
    """It pays three days before due: what is open two days before is likelier late than what is open five before."""
    mixed = months(100, [-3, -3, 9, -3] * 3)
    far, near = (ask(mixed, bill(1, DAY + timedelta(days=left), None))[0] for left in (5, 2))
    assert near.late_probability > far.late_probability + 0.2
    assert any("2 days before due" in reason and "still open" in reason for reason in near.reasons)
    assert not any("still open" in reason for reason in ask(mixed, bill(1, DAY + timedelta(days=20), None))[0].reasons)


def test_it_was_learned_that_who_is_behind_stays_behind():
    """Many accounts, late by runs: after an open bill past due comes another late one."""
    history = []
    for account in range(40):
        stopped = account % 4 == 0
        lags = [-3] * 8 + ([70, 70, 70, None] if stopped else [-3] * 4)
        history += months(1000 * account + 100, lags, account=account, site=f"S{account % 5}", vendor=f"V{account % 3}")
    ahead = DAY + timedelta(days=10)
    clean = ask(history, bill(1, ahead, None, account=77, site="S1", vendor="V1"))[0]
    behind = ask(
        [*history, *months(100, [None], account=77, site="S1", vendor="V1")],
        bill(1, ahead, None, account=77, site="S1", vendor="V1"),
    )[0]
    assert behind.late_probability > clean.late_probability + 0.2
    assert "an older bill of this account is past due" in behind.reasons


def test_with_hardly_any_history_no_day_is_named():
    (first,) = ask([], bill(1, DAY + timedelta(days=10), None))
    assert (first.late_probability, first.expected_paid_on) == (pytest.approx(0.32, abs=0.02), None)
    (later,) = ask(PUNCTUAL[:4], bill(1, DAY + timedelta(days=10), None))
    assert later.expected_paid_on is None
    (known,) = ask(PUNCTUAL[:5], bill(1, DAY + timedelta(days=10), None))
    assert known.expected_paid_on is not None


def test_no_day_is_named_beyond_what_was_seen():
    """All late bills were paid after 14 days: of one that is open for 40 nobody can say."""
    soon, beyond = ask(
        LATE, *(bill(i, DAY - timedelta(days=late), None, account=2, site="DEP") for i, late in enumerate((5, 40)))
    )
    assert soon.expected_paid_on == DAY - timedelta(days=5) + timedelta(days=14)
    assert beyond.expected_paid_on is None


def test_the_facts_are_counted():
    history = [*months(100, [-3] * 8 + [6, 4, -2, 8]), *months(300, [-3, 5], account=3, vendor="Halden")]
    (told,) = ask(history, bill(1, DAY + timedelta(days=20), None))
    assert told.reasons == (
        "3 of the last 12 bills of this account were late, by 6 days on average",
        "29% of 14 bills of this site were late",
        "25% of 12 bills of this vendor were late",
    )
    (once,) = ask(months(100, [-3, 5]), bill(1, DAY + timedelta(days=20), None))
    assert once.reasons[0] == "1 of the last 2 bills of this account was late, by 5 days"
    (never,) = ask(PUNCTUAL, bill(1, DAY + timedelta(days=20), None))
    assert never.reasons[0] == "none of the last 12 bills of this account was late"


def test_only_what_is_asked_about_is_answered():
    bills = [*PUNCTUAL, bill(1, DAY, None), bill(2, DAY, None)]
    assert set(foresee(bills, DAY)) == {1, 2}
    assert foresee(bills, DAY, {2}) == {2: foresee(bills, DAY)[2]}


@pytest.fixture(scope="module")
def whole():
    """Every bill of a demo up to 20 November 2026."""
    books = demo(3, date(2026, 11, 20))
    paid = {}
    for allocation in books.allocations:
        if isinstance(allocation.target, Bill):
            paid[allocation.target] = max(allocation.applied_on, paid.get(allocation.target, allocation.applied_on))
    numbers = {account: number for number, account in enumerate(books.accounts)}
    return [
        KnownBill(
            number, numbers[b.account], b.account.site.code, b.account.vendor.name, b.issued_on, b.falls_due_on,
            paid.get(b) if b.settled == b.amount else None,
        )
        for number, b in enumerate(books.bills)
        if b.kind == "invoice"
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(2025, 9, 1), date(2026, 3, 17), date(2026, 8, 31)])
def test_nothing_after_the_day_matters(whole, day):
    """The future shuffled, deleted and altered: the same outlook, byte for byte."""
    random = Random(day.toordinal())
    said = repr(foresee(whole, day))
    assert said.count("Outlook(") > 50
    later = [b.settled_on for b in whole if b.settled_on and b.settled_on > day]
    random.shuffle(later)
    shuffled = [replace(b, settled_on=later.pop()) if b.settled_on and b.settled_on > day else b for b in whole]
    shuffled = [
        replace(b, due_on=b.due_on + timedelta(days=random.randrange(90))) if b.issued_on > day else b for b in shuffled
    ]
    random.shuffle(shuffled)
    deleted = [
        replace(b, settled_on=None) if b.settled_on and b.settled_on > day else b for b in whole if b.issued_on <= day
    ]
    altered = [
        replace(b, site="elsewhere", vendor="another", settled_on=day) if b.issued_on > day else b for b in whole
    ]
    for future in (shuffled, deleted, altered):
        assert repr(foresee(future, day)) == said
    past = [b for b in whole if b.settled_on and b.settled_on <= day][-1]
    changed = [replace(b, settled_on=None) if b is past else b for b in whole]
    assert repr(foresee(changed, day)) != said  # what happened before does matter


def test_chances_are_chances_and_days_lie_ahead(whole):
    day = date(2026, 8, 31)
    for outlook in foresee(whole, day).values():
        assert 0 < outlook.late_probability <= 1
        assert outlook.expected_paid_on is None or outlook.expected_paid_on > day
        assert outlook.reasons
