"""What a bill was paid with, and whether in time: for the fees and notices of vendors that say otherwise."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PaidBill:
    """A bill with the money that stayed applied to it: (day on which it was paid, amount).

    disputed: what was withheld on its due day. due_on: the last day on which it is paid in time.
    """

    id: int
    number: str
    issued_on: date
    due_on: date
    amount: int
    paid: tuple[tuple[date, int], ...] = ()
    disputed: int = 0

    @property
    def in_time(self) -> bool:
        """Nothing undisputed was open after the due day."""
        return sum(amount for day, amount in self.paid if day <= self.due_on) >= self.amount - self.disputed

    def owed_on(self, day: date) -> int:
        """Open and undisputed at the end of `day`."""
        return max(0, self.amount - self.disputed - sum(amount for paid_on, amount in self.paid if paid_on <= day))
