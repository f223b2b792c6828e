"""Moments as written: a date and a time, with its offset or in the local time of a place."""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from domain.parsing.dates import EARLIEST, LATEST, DateError, Order, read_date

_CLOCK = re.compile(
    r"(?P<date>.*?)(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_NOON = 12


class InstantError(ValueError):
    """Text that is not one moment; says why."""


def split_clock(text: str) -> tuple[str, time | None, timezone | None]:
    """(the date's text, the time of day, its offset); a text without a time is all date. Raises InstantError."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return text, None, None
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= _NOON:
            raise InstantError(f"{text!r} has no such hour")
        hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
    micro = int((match["fraction"] or "0").ljust(6, "0")[:6])
    try:
        clock = time(hour, int(match["minute"]), int(match["second"] or 0), micro)
        return match["date"].strip(), clock, _offset(match["zone"])
    except ValueError:
        raise InstantError(f"{text!r} has no such time of day") from None


def read_instant(text: str, order: Order | None, zone: ZoneInfo) -> datetime:
    """The moment in UTC; local time of `zone` unless the text gives an offset. Raises InstantError.

    An hour that the clocks left out or ran through twice is refused: only an offset can tell.
    """
    date_text, clock, offset = split_clock(text)
    if clock is None:
        raise InstantError(f"{text!r} has no time of day")
    try:
        local = datetime.combine(read_date(date_text, order), clock)
    except DateError as error:
        raise InstantError(str(error)) from None
    if offset is None:
        first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
        if first.utcoffset() != second.utcoffset():
            happened = "never" if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local else "twice"
            raise InstantError(
                f"{text!r} happened {happened} in {zone.key}, where the clocks change: add its offset, as in +01:00"
            )
        found = first.astimezone(UTC)
    else:
        found = local.replace(tzinfo=offset).astimezone(UTC)
    if not EARLIEST <= found.date() <= LATEST:
        raise InstantError(f"{text!r} is not between {EARLIEST.year} and {LATEST.year}")
    return found


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in ("Z", "UTC", "GMT"):
        return timezone(timedelta())
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if int(text[-2:]) >= 60 or minutes > 14 * 60:  # noqa: PLR2004 - minutes of an hour, the widest offset in use
        raise ValueError(text)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
