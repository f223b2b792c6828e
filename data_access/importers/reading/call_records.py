"""Call detail records of an Asterisk exchange: 18 columns without a header line, known by their shape."""

import re
from collections.abc import Sequence

from data_access.importers.reading.record import Record

# The names that usage takes; what it has no use for keeps Asterisk's.
COLUMNS = (
    "accountcode",
    "from_number",
    "to_number",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "started_at",
    "answer",
    "end",
    "quantity",
    "billed_s",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
)
_START, _DURATION, _BILLED = 9, 12, 13
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def is_asterisk(head: Sequence[Record]) -> bool:
    """Its first row is a call already."""
    cells = [str(cell).strip() for cell in head[0].cells]
    return (
        len(cells) == len(COLUMNS)
        and _INSTANT.fullmatch(cells[_START]) is not None
        and cells[_DURATION].isdigit()
        and cells[_BILLED].isdigit()
    )
