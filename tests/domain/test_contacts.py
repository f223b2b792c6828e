"""What a number that was dialled, imported or noted is to the directory."""

import pytest

from domain.contacts import ContactState, NumberCheck, NumberStanding, check_number, worst
from domain.phone_numbers import Doubt

DIRECTORY = {
    "+18005550142": ContactState.VERIFIED,
    "+18775550118;ext=4": ContactState.UNVERIFIED,
    "+18885550163": ContactState.REPORTED,
    "+18665550127": ContactState.RETIRED,
}


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("+18005550142", NumberCheck(NumberStanding.VERIFIED)),
        ("+18005550142;ext=2", NumberCheck(NumberStanding.VERIFIED)),
        ("+18775550118", NumberCheck(NumberStanding.UNVERIFIED)),
        ("+18885550163", NumberCheck(NumberStanding.REPORTED)),
        ("+18665550127", NumberCheck(NumberStanding.RETIRED)),
        ("+18005550143", NumberCheck(NumberStanding.LOOK_ALIKE, Doubt.ONE_DIGIT, "+18005550142")),
        (
            "+18885550136",
            NumberCheck(NumberStanding.LOOK_ALIKE, Doubt.SWAPPED, "+18885550163"),
        ),  # of a reported one, too
        ("+19002345678", NumberCheck(NumberStanding.LOOK_ALIKE, Doubt.PREMIUM)),
        ("+12025550190", NumberCheck(NumberStanding.UNKNOWN)),
        ("the number on the bill", NumberCheck(NumberStanding.UNKNOWN)),
    ],
)
def test_a_number_against_the_directory(number, found):
    assert check_number(number, DIRECTORY) == found


def test_of_a_number_that_stands_there_twice_the_worst_counts():
    states = [ContactState.VERIFIED, ContactState.RETIRED]
    assert worst(states) is ContactState.RETIRED
    assert worst([*states, ContactState.REPORTED]) is ContactState.REPORTED
