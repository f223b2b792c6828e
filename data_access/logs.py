"""What goes to the logs, whoever logs it: no payment card number, no row that the database quotes in an error, no token."""

import logging
import re
from collections.abc import Callable
from typing import Any

from domain.card_numbers import without_card_numbers

# PostgreSQL repeats the whole row that it refused; what follows is again about the statement.
_QUOTED_ROW = re.compile(
    r"^DETAIL:.*?(?=^\[SQL:|^HINT:|^CONTEXT:|\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL | re.MULTILINE
)
# Whoever reads the address of a calendar reads the calendar.
_CALENDAR = re.compile(r"(?<=/calendar/)[^/?#\s\"']+")
_traceback_of = logging.Formatter().formatException


def guard_logs() -> None:
    """Redact every record that this process makes from now on, tracebacks included. Calling it again changes nothing."""
    made_so_far = logging.getLogRecordFactory()
    if not isinstance(made_so_far, _Guarded):
        logging.setLogRecordFactory(_Guarded(made_so_far))


class _Guarded:
    """Makes log records: a handler of any library gets them redacted, where a filter would have to be on each one."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        # Each argument by itself first: quoted by %r, what nobody sees becomes letters between the digits.
        if isinstance(record.args, tuple):
            record.args = tuple(redacted(arg) if isinstance(arg, str) else arg for arg in record.args)
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):  # arguments that do not fit the message: the handler would quote both
            said = f"{record.msg} {record.args}"
            record.args = None
        if (kept := redacted(said)) != said or record.args is None:
            record.msg, record.args = kept, None
        if record.exc_info and record.exc_info[0] is not None:
            told = _traceback_of(record.exc_info)
            if (kept := redacted(told)) != told:
                record.exc_text, record.exc_info = kept, None
        if record.stack_info:
            record.stack_info = redacted(record.stack_info)
        return record


def redacted(text: str) -> str:
    """`text` as a log may keep it."""
    return without_card_numbers(_CALENDAR.sub("•••", _QUOTED_ROW.sub("DETAIL: not logged\n", text)))
