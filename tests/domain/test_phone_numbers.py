"""Numbers that look like a payment number: 200 of them, of every kind, and none of them passes."""

from random import Random

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from domain.phone_numbers import Doubt, Finding, doubts, numbers_in
from tests.look_alikes import KNOWN, look_alikes


def test_two_hundred_look_alikes_are_all_doubted():
    numbers = look_alikes(200)
    assert len(set(numbers)) == 200
    assert [number for number, _ in numbers if not doubts(number, KNOWN)] == []


@pytest.mark.parametrize("kind", ["one digit", "swapped", "country", "premium"])
def test_every_kind_is_doubted_for_what_it_is(kind):
    expected = {
        "one digit": {Doubt.ONE_DIGIT},
        "swapped": {Doubt.SWAPPED},
        "country": {Doubt.OTHER_COUNTRY},
        "premium": {Doubt.PREMIUM},
    }[kind]
    numbers = [number for number, of_kind in look_alikes(200) if of_kind == kind]
    assert len(numbers) == 50
    for number in numbers:
        assert expected <= {finding.doubt for finding in doubts(number, KNOWN)}, number


def test_the_known_numbers_themselves_and_others_are_not_doubted():
    rng = Random(4)
    unrelated = [f"+1{rng.randrange(201, 799)}{rng.randrange(200, 999)}{rng.randrange(10_000):04d}" for _ in range(300)]
    unrelated = [
        n for n in unrelated if phonenumbers.number_type(phonenumbers.parse(n)) != PhoneNumberType.PREMIUM_RATE
    ]
    assert [n for n in (*KNOWN, *unrelated) if doubts(n, KNOWN)] == []


def test_more_ways_to_resemble():
    assert doubts("+18665550142", KNOWN) == [Finding(Doubt.OTHER_PREFIX, "+18005550142")]
    assert doubts("+4969900094120", KNOWN) == [Finding(Doubt.ONE_MORE_OR_LESS, "+496990009412")]
    assert doubts("+49699000941", KNOWN) == [Finding(Doubt.ONE_MORE_OR_LESS, "+496990009412")]
    assert doubts("+18005550412", KNOWN) == [Finding(Doubt.SWAPPED, "+18005550142")]
    assert doubts("+18005550142;ext=7", KNOWN) == []


@pytest.mark.parametrize("text", ["", "call us", "800-555-0142", "+1800", "+999123456789"])
def test_what_is_no_number_is_said_to_be_none(text):
    assert doubts(text, KNOWN) == [Finding(Doubt.NOT_A_NUMBER)]


def test_numbers_are_found_in_a_note():
    note = "Agent said to ring (800) 555-0142 from now on, or +44 808 157 0214; case 482113 of 2026-11-20."
    assert numbers_in(note, "US") == ["+18005550142", "+448081570214"]
    assert numbers_in("Paid in full.", "US") == []
