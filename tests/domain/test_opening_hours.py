"""When a line answers, by its own clocks: midnight, the week's turn, and the days on which the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.opening_hours import OpeningHoursError, Stretch, answers_at, read_hours
from seed.contacts import _HOURS

DENVER, BERLIN, UTC_ZONE = ZoneInfo("America/Denver"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")


def local(zone, *at):
    return datetime(*at, tzinfo=zone).astimezone(UTC)


def said(hours, zone, *at):
    answer = answers_at(read_hours(hours), datetime(*at, tzinfo=zone), zone)
    return answer.is_open, answer.until, answer.opens


def test_a_week_is_read():
    assert read_hours("Mo-We,Fr 08:00-12:00, 13:30-18:00; sa 9:00-13:00")[:2] == (
        Stretch(0, 480, 720),
        Stretch(0, 810, 1080),
    )
    assert {s.weekday for s in read_hours("Fr-Mo 08:00-09:00")} == {4, 5, 6, 0}
    assert read_hours("") == ()


@pytest.mark.parametrize("hours", sorted({hours for of in _HOURS.values() for hours in of}))
def test_the_hours_of_the_demo_can_be_read(hours):
    assert read_hours(hours)


@pytest.mark.parametrize(
    "text", ["weekdays", "Mo-Fr", "Xx 08:00-09:00", "Mo 25:00-26:00", "Mo 08:60-09:00", "Mo-We-Fr 08:00-09:00"]
)
def test_what_is_no_hours_is_told(text):
    with pytest.raises(OpeningHoursError, match="write them like Mo-Fr 08:00-20:00"):
        read_hours(text)


HOURS = "Mo-Fr 08:00-20:00; Sa 09:00-13:00"  # 27 November 2026 is a Friday


def test_open_until_it_closes_and_not_a_minute_longer():
    assert said(HOURS, DENVER, 2026, 11, 27, 8, 0) == (True, local(DENVER, 2026, 11, 27, 20, 0), None)
    assert said(HOURS, DENVER, 2026, 11, 27, 20, 0) == (False, None, local(DENVER, 2026, 11, 28, 9, 0))
    assert said(HOURS, DENVER, 2026, 11, 28, 13, 0) == (False, None, local(DENVER, 2026, 11, 30, 8, 0))


def test_it_counts_by_the_line_s_clocks_and_not_by_the_caller_s():
    morning_in_denver = datetime(2026, 11, 27, 8, 0, tzinfo=DENVER)
    assert answers_at(read_hours("Mo-Fr 09:00-17:00"), morning_in_denver, BERLIN).until == local(
        BERLIN, 2026, 11, 27, 17, 0
    )
    assert not answers_at(read_hours("Mo-Fr 09:00-17:00"), morning_in_denver + timedelta(hours=1), BERLIN).is_open


def test_past_midnight_and_through_it():
    night = "Fr 22:00-02:00"
    assert said(night, DENVER, 2026, 11, 28, 1, 59) == (True, local(DENVER, 2026, 11, 28, 2, 0), None)
    assert said(night, DENVER, 2026, 11, 28, 2, 0) == (False, None, local(DENVER, 2026, 12, 4, 22, 0))
    joined = "Fr 18:00-24:00; Sa 00:00-03:00"
    assert said(joined, DENVER, 2026, 11, 27, 23, 0)[1] == local(DENVER, 2026, 11, 28, 3, 0)


def test_a_line_that_never_closes_says_so():
    assert said("Mo-Su 00:00-24:00", DENVER, 2026, 11, 27, 3, 0) == (True, None, None)


def test_the_clocks_go_forward():
    # 8 March 2026 is a Sunday; 02:00 to 03:00 does not exist in Denver.
    assert said("Su 02:30-04:00", DENVER, 2026, 3, 8, 1, 30)[2] == local(UTC_ZONE, 2026, 3, 8, 9, 30)
    before, after = (local(DENVER, 2026, 3, day, 8, 0) for day in (6, 9))
    assert after - before == timedelta(days=3, hours=-1)
    assert said("Mo-Fr 08:00-20:00", DENVER, 2026, 3, 6, 20, 0)[2] == after


def test_the_clocks_go_back():
    # 1 November 2026 is a Sunday; 01:00 to 02:00 comes twice in Denver.
    open_at = answers_at(read_hours("Su 01:00-03:00"), local(DENVER, 2026, 11, 1, 1, 0), DENVER)
    assert open_at.until == local(DENVER, 2026, 11, 1, 1, 0) + timedelta(hours=3)


def test_no_hours_are_never_open():
    assert said("", DENVER, 2026, 11, 27, 8, 0) == (False, None, None)


@settings(max_examples=40)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from([DENVER, BERLIN]))
def test_what_is_said_holds_a_minute_before_and_not_a_minute_after(moment, zone):
    stretches = read_hours("Mo-Th 07:15-19:45; Fr 22:00-02:00; Su 00:00-24:00")
    at = moment.replace(tzinfo=UTC)
    answer = answers_at(stretches, at, zone)
    turn = answer.until if answer.is_open else answer.opens
    minute = timedelta(minutes=1)
    assert turn > at
    assert answers_at(stretches, max(at, turn - minute), zone).is_open is answer.is_open
    assert answers_at(stretches, turn, zone).is_open is not answer.is_open
