"""Whether a line is open, in words: by its own clocks, and by those of the people who ring it."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.opening_hours import Answer, OpeningHoursError, answers_at, read_hours

UNKNOWN_HOURS = "Hours are not known"


def opening(
    hours: str, timezone: str, now: datetime, others: Sequence[tuple[str, tzinfo | None]]
) -> tuple[bool | None, str]:
    """(is it open; None where that cannot be said, the sentence). `others`: (whose clocks, zone), told after the line's."""
    if not hours.strip():
        return None, UNKNOWN_HOURS
    try:
        stretches, zone = read_hours(hours), ZoneInfo(timezone)
    except (OpeningHoursError, ZoneInfoNotFoundError, ValueError):
        return None, f"Hours as noted: {hours} {timezone}".rstrip()
    answer = answers_at(stretches, now, zone)
    return answer.is_open, _sentence(answer, now, zone, others)


def _sentence(answer: Answer, now: datetime, zone: tzinfo, others: Sequence[tuple[str, tzinfo | None]]) -> str:
    if answer.is_open and answer.until is None:
        return "Open now, day and night"
    moment = answer.until if answer.is_open else answer.opens
    if moment is None:
        return "Closed, and it never opens by the hours noted"
    told = [_clock(moment, now, zone)]
    seen = {told[0]}
    for whose, other in others:
        clock = _clock(moment, now, other)
        if other is not None and clock not in seen:
            told.append(f"{clock} {whose}")
            seen.add(clock)
    return f"{'Open now until' if answer.is_open else 'Closed now, opens'} {', '.join(told)}"


def _clock(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """20:00 MST, with the weekday when it is not today there."""
    local = moment.astimezone(zone)
    name = f"{local:%H:%M %Z}".rstrip()
    return name if local.date() == now.astimezone(zone).date() else f"{local:%a} {name}"
