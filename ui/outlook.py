"""The late-payment outlook in words: a bill's chance to be paid late, the day to expect, the facts behind both."""

from collections.abc import Iterable
from datetime import date

from data_access.queries.open_bills import OpenBill
from domain.filters import Filters
from domain.outlook import Outlook
from ui import reads
from ui.formats import DASH, day, escape
from ui.viewer import Viewer

LIKELY = 0.5


def of_open_bills(viewer: Viewer, as_of: date, account_ids: Iterable[int]) -> dict[int, Outlook]:
    """By bill, of these accounts; the same on every page, whatever is filtered there."""
    return reads.filtered("outlooks", viewer, Filters(as_of=as_of), account_ids=tuple(sorted(set(account_ids))))


def chance(bill: OpenBill, outlook: Outlook | None, as_of: date) -> str:
    """62%, marked where late is likelier than not; a dash for a bill that is past due."""
    if outlook is None or bill.due_on < as_of:
        return DASH
    if bill.due_on == as_of:
        return ":yellow-badge[unless paid today]"
    said = f"{outlook.late_probability:.0%}"
    return f":yellow-badge[{said}]" if outlook.late_probability >= LIKELY else said


def expected(outlook: Outlook | None) -> str:
    """The day to expect the payment."""
    return f"{outlook.expected_paid_on:%Y-%m-%d}" if outlook and outlook.expected_paid_on else DASH


def in_words(outlook: Outlook, due_on: date, as_of: date) -> str:
    """The outlook of a bill and what it rests on, a sentence each."""
    lead = "Late" if due_on < as_of else "Late unless it is paid today" if due_on == as_of else ""
    lead = lead or f"{outlook.late_probability:.0%} likely to be paid late"
    when = f", payment to expect on {day(outlook.expected_paid_on)}" if outlook.expected_paid_on else ""
    facts = "; ".join(outlook.reasons)
    return f"**{lead}{when}.** {escape(facts[:1].upper() + facts[1:])}."
