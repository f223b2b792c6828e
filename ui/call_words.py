"""How calls are told: words to choose from, badges, local times, numbers."""

from datetime import date, datetime

from data_access.queries.calls import CallRow
from data_access.queries.follow_ups import FollowUp
from data_access.queries.local_days import zone_named
from domain.masking import masked
from domain.parsing.phones import spaced_phone
from domain.promises import Standing
from ui.formats import DASH, day, escape, short_day

NO_BREAK = "\N{NO-BREAK SPACE}"
# Offered beside the words in use; the log takes any other.
PURPOSES = ("payment", "extension", "dispute", "question", "outage", "reminder")
OUTCOMES = ("paid", "promised", "extension granted", "credit promised", "dispute opened", "answered", "no answer")
VERIFIED = {"yes": "Verified", "no": "Not verified", "unknown": "Not known"}
ASKED = {"yes": "Yes", "no": "No", "unknown": "Not known"}  # the same, as the form asks
DIRECTIONS = {"outbound": "We called", "inbound": "They called"}
METHODS = {"card": "Card", "e-check": "E-check"}
STATUSES = {
    "pending": ":orange-badge[:material/schedule: Pending]",
    "posted": ":green-badge[:material/check_circle: Posted]",
    "returned": ":red-badge[:material/error: Returned]",
    "void": ":gray-badge[:material/block: Void]",
}


def clock(moment: datetime, zone: str) -> str:
    """17:30 PST: by the clocks of `zone`, on one line."""
    return f"{moment.astimezone(zone_named(zone)):%H:%M{NO_BREAK}%Z}"


def local_date(moment: datetime, zone: str) -> date:
    """The day at the site."""
    return moment.astimezone(zone_named(zone)).date()


def started(call: CallRow) -> str:
    """20 Nov 2026, 17:30 PST."""
    return f"{day(local_date(call.started_at, call.timezone))}, {clock(call.started_at, call.timezone)}"


def account_lines(site_name: str, service_type: str, vendor: str, account_number: str) -> str:
    """**Site** · service, and vendor and masked account below it: a table cell."""
    head = f"**{escape(site_name)}** · {escape(service_type or 'service')}"
    return f"{head}  \n:small[{escape(vendor)}, account {masked(account_number)}]"


def outcome_badge(outcome: str) -> str:
    """Money is blue; all else is grey."""
    if not outcome:
        return DASH
    return f":{'blue' if outcome == 'paid' else 'gray'}-badge[{escape(outcome)}]"


def verified_words(verified: str) -> str:
    """Icon, colour and word; red and orange only where somebody should wonder."""
    if verified == "yes":
        return ":green[:material/check_circle:] Verified"
    return ":orange[:material/warning:] Not verified" if verified == "no" else "Not known"


def direction_icon(direction: str) -> str:
    """An arrow towards the vendor or towards us, said in words to those who do not see it."""
    return ":material/call_made:" if direction == "outbound" else ":material/call_received:"


def phone(number: str) -> str:
    """The number as it is read out, on one line, or a dash."""
    return escape(spaced_phone(number).replace("-", " ")).replace(" ", NO_BREAK) if number else DASH


def length(seconds: int | None) -> str:
    """12 min, 45 s; a dash when nobody noted it."""
    if seconds is None:
        return DASH
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def standing_badge(standing: Standing, due_on: date, as_of: date) -> str:
    """How a promise or a follow-up stands: 12 days late, today, in 3 days, done."""
    days = abs((due_on - as_of).days)
    unit = "day" if days == 1 else "days"
    match standing:
        case Standing.OVERDUE:
            return f":red-badge[:material/error: {days} {unit} late]"
        case Standing.TODAY:
            return ":orange-badge[:material/warning: today]"
        case Standing.AHEAD:
            return f":gray-badge[:material/schedule: in {days} {unit}]"
        case Standing.LATE:
            return ":gray-badge[done late]"
        case Standing.DONE:
            return ":green-badge[:material/check_circle: done]"


def left_to_do(end: FollowUp, today: date) -> str:
    """Promised for 10 Nov, or Follow up on 12 Nov: the promise comes first, for its follow-up asks after it."""
    if end.promise and end.promise.is_open and end.call.promised_on:
        return f"Promised for {short_day(end.call.promised_on, today)}"
    return f"Follow up on {short_day(end.call.follow_up_on or end.due_on, today)}"
