"""Whether a line is open, by its clocks, the site's and the caller's."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.line_words import UNKNOWN_HOURS, opening

DENVER, NEW_YORK = ZoneInfo("America/Denver"), ZoneInfo("America/New_York")
OTHERS = (("at the site", DENVER), ("here", NEW_YORK))
FRIDAY = datetime(2026, 11, 27, 16, tzinfo=UTC)


def said(hours, zone="America/New_York", now=FRIDAY):
    return opening(hours, zone, now, OTHERS)


def test_the_moment_is_told_by_every_clock_once():
    assert said("Mo-Fr 08:00-20:00") == (True, "Open now until 20:00 EST, 18:00 MST at the site")
    assert said("Mo-Fr 08:00-20:00", "America/Chicago") == (
        True, "Open now until 20:00 CST, 19:00 MST at the site, 21:00 EST here"
    )  # fmt: skip


def test_another_day_is_named():
    assert said("Mo-Th 08:00-20:00") == (False, "Closed now, opens Mon 08:00 EST, Mon 06:00 MST at the site")


def test_what_is_not_known_is_said():
    assert said("") == (None, UNKNOWN_HOURS)
    assert said("whenever") == (None, "Hours as noted: whenever America/New_York")
    assert said("Mo-Fr 08:00-20:00", "Nowhere/Town")[0] is None
    assert said("Mo-Su 00:00-24:00") == (True, "Open now, day and night")
