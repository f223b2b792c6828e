"""Moments: local time of a place, or with an offset."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.parsing.dates import Order
from domain.parsing.instants import InstantError, read_instant

LONDON, DENVER = ZoneInfo("Europe/London"), ZoneInfo("America/Denver")


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2024-06-01 12:00", LONDON, datetime(2024, 6, 1, 11, 0, tzinfo=UTC)),
        ("2024-12-01T12:00:30", LONDON, datetime(2024, 12, 1, 12, 0, 30, tzinfo=UTC)),
        ("2024-06-01 12:00", DENVER, datetime(2024, 6, 1, 18, 0, tzinfo=UTC)),
        ("2024-06-01T12:00:00Z", DENVER, datetime(2024, 6, 1, 12, 0, tzinfo=UTC)),
        ("2024-06-01 12:00 +02:00", DENVER, datetime(2024, 6, 1, 10, 0, tzinfo=UTC)),
        ("1 Jun 2024 1:05 PM", LONDON, datetime(2024, 6, 1, 12, 5, tzinfo=UTC)),
        ("2024-06-01 12:05 am", LONDON, datetime(2024, 5, 31, 23, 5, tzinfo=UTC)),
        ("2024-10-27 01:30+01:00", LONDON, datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("2024-06-01 12:00:00.25", LONDON, datetime(2024, 6, 1, 11, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_reads(text: str, zone: ZoneInfo, moment: datetime) -> None:
    assert read_instant(text, None, zone) == moment


def test_takes_the_order_of_its_column() -> None:
    assert read_instant("03/04/2024 10:00", Order.MDY, LONDON).date() == datetime(2024, 3, 4, tzinfo=UTC).date()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-03-31 01:30", "happened never in Europe/London"),
        ("2024-10-27 01:30", "happened twice in Europe/London"),
        ("2024-06-01", "no time of day"),
        ("2024-06-01 25:00", "no such time"),
        ("2024-06-01 13:00 pm", "no such hour"),
        ("2024-06-31 10:00", "not a date"),
        ("03/04/2024 10:00", "--date-order"),
        ("2024-06-01 12:00 +25:00", "no such time"),
        ("1969-12-31 23:00", "not between"),
    ],
)
def test_refuses(text: str, reason: str) -> None:
    with pytest.raises(InstantError, match=reason):
        read_instant(text, None, LONDON)
