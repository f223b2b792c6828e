"""The iCalendar file, read back by the library: all-day, the same bytes every time, and text that stays text."""

from datetime import UTC, date, datetime

from icalendar import Calendar

from data_access.calendar_file import as_ics
from data_access.queries.calendar import Entry

AS_OF = date(2026, 11, 20)
HOSTILE = (
    "a,b;c\\d\\n",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged",
    "x\u2028BEGIN:VALARM\x0bATTACH:http://evil.example\x00\x1b[2J",
    "\u202egpj.exe",
    "ünï – ••••1234 " + "漢" * 90,
)


def read(*entries):
    written = as_ics(entries, AS_OF)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    return Calendar.from_ical(written)


def test_an_entry_is_an_all_day_event():
    entry = Entry("due-7", "due", date(2026, 12, 31), "Due: USD 1.00, HQ, Lumina", ("Bill B", "Lumina, account ••••00"))
    calendar = read(entry)
    (event,) = calendar.walk("VEVENT")
    assert event["UID"] == "due-7@duewatch"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 12, 31), date(2027, 1, 1))
    assert event.decoded("DTSTAMP") == datetime(2026, 11, 20, tzinfo=UTC)
    assert str(event["SUMMARY"]) == entry.title
    assert str(event["DESCRIPTION"]) == "Bill B\nLumina, account ••••00"
    assert event["CATEGORIES"].cats == ["due"]
    assert (calendar["VERSION"], calendar["METHOD"], str(calendar["X-WR-CALNAME"])) == ("2.0", "PUBLISH", "Duewatch")
    assert as_ics([entry], AS_OF) == as_ics([entry], AS_OF)


def test_text_stays_text():
    entries = [Entry(f"due-{n}", "due", AS_OF, text, (text, text)) for n, text in enumerate(HOSTILE)]
    calendar = read(*entries)
    assert [component.name for component in calendar.walk()] == ["VCALENDAR", *["VEVENT"] * len(HOSTILE)]
    for event, text in zip(calendar.walk("VEVENT"), HOSTILE, strict=True):
        said = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
        assert str(event["SUMMARY"]) == said
        assert str(event["DESCRIPTION"]) == f"{said}\n{said}"
        assert set(event) == {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "CATEGORIES", "DESCRIPTION", "TRANSP"}


def test_nothing_to_do_is_still_a_calendar():
    assert read().walk("VEVENT") == []
