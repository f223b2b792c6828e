"""R07 to R10, R13 and R22: payments by their days, numbers and lines."""

from dataclasses import replace

import pytest

from domain.alerts.payments_seen import (
    Listing,
    MadePayment,
    MoneyOnAccount,
    ReturnedPayment,
    badly_dialled,
    not_in_bank,
    not_posted,
    still_open,
    unapplied_money,
    unconfirmed,
)
from domain.contacts import ContactState
from domain.periods import Period
from tests.domain.alerts.cases import SUBJECT, USUAL, keys
from tests.domain.risk_cases import TERMS, day

# Friday, 6 March 2026.
CARD = MadePayment(9, day("03-06"), 5_000, "card", confirmed=True)
DIALLED = "+18005550142"


def test_what_came_back_is_told_while_a_bill_of_it_is_open():
    came_back = ReturnedPayment(9, day("03-10"), 5_000, "e-check", (("B1", 0), ("B2", 3_000)))
    (key,) = keys([still_open(SUBJECT, came_back)])
    assert key == ("R07", "payments:9")
    finding = still_open(SUBJECT, came_back)
    assert (finding.since, finding.amount) == (day("03-10"), 3_000)
    assert ("bills still open", "B2") in finding.facts
    assert still_open(SUBJECT, replace(came_back, reopened=(("B1", 0),))) is None


def test_a_payment_by_phone_wants_a_confirmation_number():
    by_phone = replace(CARD, on_call=True, confirmed=False)
    assert keys([unconfirmed(SUBJECT, by_phone)]) == [("R08", "payments:9")]
    assert unconfirmed(SUBJECT, replace(by_phone, confirmed=True)) is None
    assert unconfirmed(SUBJECT, replace(by_phone, on_call=False)) is None


@pytest.mark.parametrize(
    ("method", "last_quiet_day"),
    # The vendor's working days (card 0, e-check 3: Wednesday; cheque 7: Tuesday of the week after next), then three more.
    [("card", "03-09"), ("e-check", "03-14"), ("cheque", "03-20"), ("pigeon", "03-20")],
)
def test_confirmed_and_not_posted_after_the_vendors_days_and_three_more(method, last_quiet_day):
    payment, last = replace(CARD, method=method), day(last_quiet_day)
    assert not_posted(SUBJECT, payment, TERMS, last, USUAL) is None
    finding = not_posted(SUBJECT, payment, TERMS, last.replace(day=last.day + 1), USUAL)
    assert finding.key == ("R09", "payments:9")
    assert finding.since == last.replace(day=last.day + 1)


def test_posted_or_unconfirmed_payments_do_not_wait():
    late = day("04-20")
    assert not_posted(SUBJECT, replace(CARD, posted_on=day("03-09")), TERMS, late, USUAL) is None
    assert not_posted(SUBJECT, replace(CARD, confirmed=False), TERMS, late, USUAL) is None
    assert not_posted(SUBJECT, CARD, None, late, USUAL).since == day("03-13")  # Monday by the usual days


POSTED = replace(CARD, posted_on=day("03-09"))
MARCH = Period(day("03-01"), day("04-01"))


def test_posted_without_a_line_is_told_where_statements_cover_its_days():
    assert not_in_bank(SUBJECT, POSTED, [[MARCH]], day("03-16"), USUAL) is None
    finding = not_in_bank(SUBJECT, POSTED, [[MARCH]], day("03-17"), USUAL)
    assert (finding.key, finding.since) == (("R10", "payments:9"), day("03-17"))
    assert not_in_bank(SUBJECT, replace(POSTED, matched=5_000), [[MARCH]], day("03-17"), USUAL) is None
    in_part = not_in_bank(SUBJECT, replace(POSTED, matched=4_999), [[MARCH]], day("03-17"), USUAL)
    assert ("in the bank", SUBJECT.money(4_999)) in in_part.facts
    undone = replace(POSTED, unmatched_on=day("03-20"))
    assert not_in_bank(SUBJECT, undone, [[MARCH]], day("03-21"), USUAL).since == day("03-20")


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [[Period(day("03-07"), day("04-01"))]],  # begins after it was paid
        [[Period(day("03-01"), day("03-16"))]],  # ends too soon
        [[Period(day("03-01"), day("03-08")), Period(day("03-09"), day("04-01"))]],  # a day is missing
        [[MARCH], [Period(day("03-07"), day("04-01"))]],  # the other bank account may have paid it
    ],
)
def test_where_no_statement_covers_the_days_nothing_is_said(statements):
    assert not_in_bank(SUBJECT, POSTED, statements, day("03-28"), USUAL) is None


def test_statements_that_join_or_overlap_cover_together():
    joined = [[Period(day("03-09"), day("04-01")), Period(day("03-01"), day("03-10"))]]
    assert not_in_bank(SUBJECT, POSTED, joined, day("03-28"), USUAL) is not None


CALLED = replace(CARD, on_call=True, number=DIALLED, called_on=day("03-06"))
VERIFIED = Listing(ContactState.VERIFIED, day("01-01"))


@pytest.mark.parametrize(
    ("directory", "standing"),
    [
        ({}, "unknown"),
        ({DIALLED: Listing(ContactState.UNVERIFIED)}, "unverified"),
        ({DIALLED: Listing(ContactState.REPORTED, ended_on=day("03-20"))}, "reported"),
        ({DIALLED: Listing(ContactState.RETIRED, day("01-01"), day("03-01"))}, "retired"),
        ({DIALLED: Listing(ContactState.RETIRED, None, day("03-20"))}, "retired"),
        ({"+18005550124": VERIFIED}, "look-alike"),
    ],
)
def test_only_a_verified_number_is_for_paying(directory, standing):
    finding = badly_dialled(SUBJECT, CALLED, directory)
    assert finding.key == ("R13", "payments:9")
    assert ("in the directory", standing) in finding.facts
    assert finding.since == (day("03-20") if standing == "reported" else day("03-06"))


@pytest.mark.parametrize(
    "directory",
    [{DIALLED: VERIFIED}, {DIALLED: Listing(ContactState.RETIRED, day("01-01"), day("03-20"))}],
    ids=["verified", "retired since"],
)
def test_a_number_that_was_good_when_it_was_rung_is_no_reproach(directory):
    assert badly_dialled(SUBJECT, CALLED, directory) is None
    assert badly_dialled(SUBJECT, replace(CALLED, number=f"{DIALLED};ext=12"), directory) is None


def test_a_call_without_a_number_tells_nothing():
    assert badly_dialled(SUBJECT, replace(CALLED, number=""), {}) is None


def test_money_on_account_is_told_after_thirty_days():
    waiting = MoneyOnAccount("payments", 9, day("03-06"), "", 700)
    note = MoneyOnAccount("invoices", 4, day("03-20"), "CR-1", 900)
    assert keys(unapplied_money(SUBJECT, [waiting, note], day("04-05"), USUAL)) == []
    (finding,) = unapplied_money(SUBJECT, [waiting, note], day("04-06"), USUAL)
    assert (finding.key, finding.since, finding.amount) == (("R22", "payments:9"), day("04-06"), 700)
    assert keys(unapplied_money(SUBJECT, [note], day("05-01"), USUAL)) == [("R22", "invoices:4")]
