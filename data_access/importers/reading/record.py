"""One row of a file as read, before anything is known about it."""

from dataclasses import dataclass

# A cell is text; a workbook's typed number is a float, so that nobody asks what its comma means.
Cell = str | float
# What stands for a value that a workbook could not compute.
ERROR_CELL = "#ERROR"

# What surrounds a value without being part of it: spaces of every kind, byte-order marks, an old end-of-file mark.
PADDING = " \t\r\n\f\v\x1a\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_DROPPED = dict.fromkeys(map(ord, PADDING + "_-"))


@dataclass(frozen=True, slots=True)
class Record:
    """`line` is the physical line (or sheet row) on which the row starts, from 1; `fault` says why it cannot be a row."""

    line: int
    cells: list[Cell]
    fault: str = ""

    def is_blank(self) -> bool:
        """Nothing in it but padding."""
        return not self.fault and all(isinstance(cell, str) and not cell.strip(PADDING) for cell in self.cells)


def fold(name: Cell) -> str:
    """A header name as it is compared: no case, spaces, underscores, hyphens; a template's star does not count."""
    text = str(name).strip(PADDING).casefold().removesuffix("*").removesuffix(":")
    return text.translate(_DROPPED)
