"""When a payment line answers. Hours are written as in the directory, by the clocks of the line's own time zone:

Mo-Fr 08:00-20:00; Sa 09:00-13:00. Several stretches of a day are parted by commas, and one that ends before it begins
goes on past midnight. Holidays of the line are not known.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_RULE = re.compile(r"(?P<days>[A-Za-z]{2}(?:\s*[-,]\s*[A-Za-z]{2})*)\s+(?P<times>\d.*)")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_DAY, _HOUR = 24 * 60, 60
_WEEK = 7


class OpeningHoursError(ValueError):
    """Hours that cannot be read; the text says what is wrong and how they are written."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """On one weekday (0 is Monday), from and to in minutes of that day; `to` is larger than a day's past midnight."""

    weekday: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Is it open, and until when (None: it never closes); if not, when it opens next (None: never). Moments in UTC."""

    is_open: bool
    until: datetime | None = None
    opens: datetime | None = None


def read_hours(text: str) -> tuple[Stretch, ...]:
    """The stretches of a week; none for an empty text. Raises OpeningHoursError."""
    return tuple(stretch for rule in text.split(";") if rule.strip() for stretch in _rule(rule.strip()))


def answers_at(stretches: Sequence[Stretch], moment: datetime, zone: tzinfo) -> Answer:
    """What a line with these hours in `zone` says at `moment`, which is aware."""
    now = moment.astimezone(UTC)
    windows = list(_windows(stretches, now.astimezone(zone).date(), zone))
    current = next((window for window in windows if window[0] <= now < window[1]), None)
    if current is None:
        return Answer(is_open=False, opens=min((begins for begins, _ in windows if begins > now), default=None))
    last = windows[-1][1]
    return Answer(is_open=True, until=current[1] if current[1] < last else None)


def _windows(stretches: Sequence[Stretch], today: date, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """From yesterday (it may still be open) to a week ahead, in order, those that touch joined."""
    found = sorted(
        (_at(day, stretch.begins, zone), _at(day, stretch.ends, zone))
        for day in (today + timedelta(days=ahead) for ahead in range(-1, _WEEK + 2))
        for stretch in stretches
        if stretch.weekday == day.weekday()
    )
    joined: list[tuple[datetime, datetime]] = []
    for begins, ends in found:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        elif ends > begins:
            joined.append((begins, ends))
    yield from joined


def _at(day: date, minutes: int, zone: tzinfo) -> datetime:
    """When the clocks of `zone` show that time: an hour that they skip counts from its end, of one run twice the first."""
    more, rest = divmod(minutes, _DAY)
    shown = datetime.combine(day + timedelta(days=more), datetime.min.time()) + timedelta(minutes=rest)
    return shown.replace(tzinfo=zone).astimezone(UTC)


def _rule(rule: str) -> Iterator[Stretch]:
    read = _RULE.fullmatch(rule)
    if read is None:
        raise OpeningHoursError(_advice(rule))
    times = [_stretch(part, rule) for part in read["times"].split(",")]
    for weekday in _weekdays(read["days"], rule):
        for begins, ends in times:
            yield Stretch(weekday, begins, ends)


def _stretch(text: str, rule: str) -> tuple[int, int]:
    read = _TIMES.fullmatch(text.strip())
    if read is None:
        raise OpeningHoursError(_advice(rule))
    hour, minute, last_hour, last_minute = map(int, read.groups())
    begins, ends = hour * _HOUR + minute, last_hour * _HOUR + last_minute
    if max(minute, last_minute) >= _HOUR or begins >= _DAY or ends > _DAY:
        raise OpeningHoursError(f"{text.strip()!r} is no time of a day. {_advice(rule)}")
    return begins, ends if ends > begins else ends + _DAY


def _weekdays(text: str, rule: str) -> Iterator[int]:
    for part in text.split(","):
        ends = [name.strip().capitalize() for name in part.split("-")]
        if not all(name in _DAYS for name in ends) or len(ends) > 2:  # noqa: PLR2004 - from and to
            raise OpeningHoursError(f"{part.strip()!r} is no day of the week. {_advice(rule)}")
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        yield from ((first + step) % _WEEK for step in range((last - first) % _WEEK + 1))


def _advice(rule: str) -> str:
    return f"{rule!r} cannot be read as hours; write them like Mo-Fr 08:00-20:00; Sa 09:00-13:00"
