"""Entries as an iCalendar file (RFC 5545): all-day events that another program shows, renews and does not answer."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from data_access.queries.calendar import Entry

MIME = "text/calendar; charset=utf-8"
REFRESHED_AFTER = timedelta(hours=6)


def as_ics(entries: Sequence[Entry], as_of: date) -> bytes:
    """The same bytes for the same entries and day: the stamp is the day itself, not the moment of asking."""
    calendar = Calendar()
    calendar.add("prodid", "-//Duewatch//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, "Duewatch")
    for name in ("refresh-interval", "x-published-ttl"):
        calendar.add(name, REFRESHED_AFTER, parameters={"VALUE": "DURATION"})
    stamp = datetime.combine(as_of, time(), UTC)
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.key}@duewatch")
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", _line(entry.title))
        event.add("description", "\n".join(map(_line, entry.details)))
        event.add("categories", [entry.kind])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def _line(text: str) -> str:
    """On one line, without marks that nobody sees: what ends a line for one program does not for another."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
