"""The envelope of an X12 file: transactions out of it, and every count and control number that is wrong.

ansi-x12 cuts the file into segments. Its own parser stops at the first wrong count, so the envelope is walked here.
"""

from dataclasses import dataclass, field

from x12 import X12Error, tokenize_x12

from data_access.importers.errors import ImportRefusedError

_ENVELOPE = {"ISA", "TA1", "GS", "ST", "SE", "GE", "IEA"}


@dataclass(frozen=True, slots=True)
class Segment:
    """`line` counts segments from 1. An element that is not there is ''."""

    line: int
    tag: str
    elements: tuple[str, ...]

    def get(self, position: int) -> str:
        """The element at an X12 position, from 1."""
        return self.elements[position - 1].strip() if position <= len(self.elements) else ""


@dataclass(slots=True)
class Transaction:
    """One ST to SE; `segments` are those between."""

    code: str
    control: str
    line: int
    sender: str
    segments: list[Segment] = field(default_factory=list)


def read_envelope(payload: bytes) -> tuple[list[Transaction], list[str]]:
    """(transactions, what is wrong with the envelope). Raises ImportRefusedError where there is none to read."""
    try:
        found = tokenize_x12(payload)
    except (X12Error, ValueError) as error:
        raise ImportRefusedError(f"the X12 file is damaged ({error}): ask for it again") from error
    segments = [
        Segment(each.index + 1, each.tag, tuple(_decoded(element) for element in each.elements)) for each in found
    ]
    walk = _Walk()
    for segment in segments:
        walk.take(segment)
    walk.end()
    return walk.transactions, walk.faults


def _decoded(element: bytes) -> str:
    try:
        return element.decode("utf-8")
    except UnicodeDecodeError:
        return element.decode("latin-1")


class _Walk:
    """Opens and closes interchange, group and transaction, and notes whatever does not close as it opened."""

    def __init__(self) -> None:
        self.transactions: list[Transaction] = []
        self.faults: list[str] = []
        self._interchange: Segment | None = None
        self._group: Segment | None = None
        self._open: Transaction | None = None
        self._groups = self._sets = 0

    def take(self, segment: Segment) -> None:
        if segment.tag not in _ENVELOPE:
            if self._open is not None:
                self._open.segments.append(segment)
            else:
                self.faults.append(f"segment {segment.line} ({segment.tag}) stands outside of any transaction")
            return
        getattr(self, f"_{segment.tag.lower()}")(segment)

    def end(self) -> None:
        self._close_transaction()
        self._close_group()
        if self._interchange is not None:
            self.faults.append(f"the interchange {self._interchange.get(13)} has no IEA: the file may be cut short")

    def _isa(self, segment: Segment) -> None:
        self.end()
        self._interchange, self._groups = segment, 0

    def _ta1(self, segment: Segment) -> None:
        """An acknowledgement says nothing that is owed."""

    def _gs(self, segment: Segment) -> None:
        self._close_transaction()
        self._close_group()
        self._group, self._sets = segment, 0
        self._groups += 1

    def _st(self, segment: Segment) -> None:
        self._close_transaction()
        sender = self._interchange.get(6) if self._interchange else ""
        if self._group is None:
            self.faults.append(f"transaction {segment.get(2)} stands outside of any group (GS)")
        self._sets += 1
        self._open = Transaction(segment.get(1), segment.get(2), segment.line, sender)
        self.transactions.append(self._open)

    def _se(self, segment: Segment) -> None:
        if self._open is None:
            self.faults.append(f"segment {segment.line} (SE) closes no transaction")
            return
        name = f"transaction {self._open.control} ({self._open.code})"
        self._compare(segment.get(1), len(self._open.segments) + 2, f"SE01 of {name}", "segments")
        self._same(self._open.control, segment.get(2), "ST02", "SE02")
        for totals in (each for each in self._open.segments if each.tag == "CTT" and self._open.code == "810"):
            items = sum(each.tag == "IT1" for each in self._open.segments)
            self._compare(totals.get(1), items, f"CTT01 of {name}", "items")
        self._open = None

    def _ge(self, segment: Segment) -> None:
        self._close_transaction()
        if self._group is None:
            self.faults.append(f"segment {segment.line} (GE) closes no group")
            return
        self._compare(segment.get(1), self._sets, f"GE01 of group {self._group.get(6)}", "transactions")
        self._same(self._group.get(6), segment.get(2), "GS06", "GE02")
        self._group = None

    def _iea(self, segment: Segment) -> None:
        self._close_transaction()
        self._close_group()
        if self._interchange is None:
            self.faults.append(f"segment {segment.line} (IEA) closes no interchange")
            return
        self._compare(segment.get(1), self._groups, f"IEA01 of interchange {self._interchange.get(13)}", "groups")
        self._same(self._interchange.get(13), segment.get(2), "ISA13", "IEA02")
        self._interchange = None

    def _close_transaction(self) -> None:
        if self._open is not None:
            self.faults.append(f"transaction {self._open.control} ({self._open.code}) has no SE: it may be cut short")
            self._open = None

    def _close_group(self) -> None:
        if self._group is not None:
            self.faults.append(f"the group {self._group.get(6)} has no GE: it may be cut short")
            self._group = None

    def _compare(self, said: str, counted: int, name: str, what: str) -> None:
        if not (said.isascii() and said.isdigit() and len(said) < 10 and int(said) == counted):  # noqa: PLR2004 - digits of an X12 count
            self.faults.append(f"{name} says {said or 'nothing'}, there are {counted} {what}")

    def _same(self, opened: str, closed: str, opener: str, closer: str) -> None:
        if opened != closed:
            self.faults.append(f"{opener} is {opened!r} and {closer} is {closed!r}: they should be equal")
