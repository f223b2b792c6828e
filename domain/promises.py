"""What became of a promise to pay and of a follow-up that was agreed on a call."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """Where a promise or a follow-up stands on a day."""

    DONE = "done"  # kept, or followed up
    LATE = "late"  # done, but after its day
    AHEAD = "ahead"
    TODAY = "today"
    OVERDUE = "overdue"

    @property
    def is_open(self) -> bool:
        """Somebody still has to act."""
        return self in (Standing.AHEAD, Standing.TODAY, Standing.OVERDUE)


def promise_standing(promised_on: date, called_on: date, paid_on: Sequence[date], as_of: date) -> Standing:
    """A promise is kept by a payment on the account from the day of the call to the promised day.

    paid_on: the days of the account's live payments, in any order; those after `as_of` do not count.
    """
    since = [day for day in paid_on if called_on <= day <= as_of]
    if since:
        return Standing.DONE if min(since) <= promised_on else Standing.LATE
    return _still_open(promised_on, as_of)


def follow_up_standing(follow_up_on: date, next_call_on: date | None, as_of: date) -> Standing:
    """A follow-up is done by the next call on the account; `next_call_on` is its day, None where there is none yet."""
    if next_call_on is not None:
        return Standing.DONE if next_call_on <= follow_up_on else Standing.LATE
    return _still_open(follow_up_on, as_of)


def _still_open(due_on: date, as_of: date) -> Standing:
    if due_on == as_of:
        return Standing.TODAY
    return Standing.OVERDUE if due_on < as_of else Standing.AHEAD
