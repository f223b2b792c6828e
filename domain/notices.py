"""Notices that a vendor sent, and which of them still stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice says; in rising order of trouble."""

    LATE = "late"
    SUSPENSION = "suspension"
    DISCONNECTION = "disconnection"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as received. `acts_on`: the day that a suspension or disconnection is announced for, or happened on.

    amount: what the vendor asks, None where it does not say; paid_since: what was paid on the account after `dated`.
    bill_id: the one bill that it is about; None: all that was due before it.
    """

    id: int
    kind: NoticeKind
    dated: date
    acts_on: date | None = None
    amount: int | None = None
    paid_since: int = 0
    bill_id: int | None = None

    @property
    def happened(self) -> bool:
        """It tells of what was done, not of what will be."""
        return self.acts_on is not None and self.acts_on <= self.dated

    def covers(self, bill_id: int, due_on: date) -> bool:
        """Is it about this bill?"""
        return bill_id == self.bill_id if self.bill_id is not None else due_on < self.dated

    def asks(self, owed: int) -> int:
        """What must still be paid to meet it, of `owed` undisputed on the bills that it covers."""
        return owed if self.amount is None else max(0, min(owed, self.amount - self.paid_since))


def newest(notices: Iterable[Notice], as_of: date) -> list[Notice]:
    """Of the notices known on `as_of`, the last one of each bill and of the account: it replaces those before it.

    A late notice does not take back a suspension that was announced.
    """
    last: dict[tuple[int | None, bool], Notice] = {}
    for notice in sorted(notices, key=lambda n: (n.dated, n.id)):
        if notice.dated <= as_of:
            last[notice.bill_id, notice.kind is NoticeKind.LATE] = notice
    return list(last.values())
