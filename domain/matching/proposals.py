"""What matching proposes: pairs with amounts, a score from 0 to 1000, and the reasons as data."""

from dataclasses import dataclass
from enum import StrEnum

AUTO = 700  # at or above it a match is made without asking
FLOOR = 350  # below it nothing is said


class Shape(StrEnum):
    """How payments and lines meet."""

    ONE = "one to one"
    JOINED = "one line for several payments"
    SPLIT = "one payment in several lines"
    WITH_FEE = "a payment and a fee in one line"


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that speaks for (points above 0) or against a match. `name` is one of the words in evidence.py."""

    name: str
    value: str
    points: int


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a payment is so much of a line; minor units, positive."""

    payment_id: int
    line_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A match to be made. rank: 1 for the best of its line (or of its payment), 2 for the next one.

    automatic: at or above the bar, and nothing else comes near.
    """

    shape: Shape
    parts: tuple[Part, ...]
    score: int
    reasons: tuple[Reason, ...]
    automatic: bool
    rank: int = 1

    @property
    def payment_ids(self) -> tuple[int, ...]:
        """The payments, each once, in order."""
        return tuple(dict.fromkeys(part.payment_id for part in self.parts))

    @property
    def line_ids(self) -> tuple[int, ...]:
        """The lines, each once, in order."""
        return tuple(dict.fromkeys(part.line_id for part in self.parts))


class Explanation(StrEnum):
    """Why a line is no payment of the ledger."""

    FEE = "bank fee"
    INTEREST = "interest"
    TRANSFER = "transfer"
    NOT_A_VENDOR = "not a vendor payment"
    RETURN = "refund or return"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Explained:
    """A line that looks like something other than a payment; learned: people said so of such lines before."""

    line_id: int
    reason: Explanation
    learned: bool


@dataclass(frozen=True, slots=True)
class CallProposal:
    """A payment that was made on a call, and does not name it yet."""

    payment_id: int
    call_id: int
    score: int
    reasons: tuple[Reason, ...]
    automatic: bool
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that is proposed: matches (the automatic first, then by rank and score), explanations, and calls."""

    matches: tuple[Proposal, ...]
    explained: tuple[Explained, ...]
    calls: tuple[CallProposal, ...] = ()
