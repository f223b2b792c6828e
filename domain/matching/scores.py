"""How good the matcher is on sets whose partners are known."""

from dataclasses import dataclass

from domain.matching.legs import LineLeg, PaymentLeg
from domain.matching.proposals import Proposals

PRECISION, RECALL, FIRST = 1.0, 0.97, 0.99  # what is asked of it


@dataclass(frozen=True, slots=True)
class Labelled:
    """Payments and lines with the true (payment, line) pairs."""

    payments: tuple[PaymentLeg, ...]
    lines: tuple[LineLeg, ...]
    pairs: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class MatchScore:
    """What was made at the bar against what is true, and where suggestions put the true partner.

    suggested: lines with a true partner that were not matched and got suggestions; first: whose best one is true.
    """

    pairs: int
    made: int
    right: int
    suggested: int
    first: int

    @property
    def precision(self) -> float:
        """Of the pairs made, the share that is true."""
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        """Of the true pairs, the share that was made."""
        return self.right / self.pairs if self.pairs else 1.0

    @property
    def ranked(self) -> float:
        """Of the suggested, the share whose best one is true."""
        return self.first / self.suggested if self.suggested else 1.0

    @property
    def good(self) -> bool:
        """All that is asked."""
        return self.precision >= PRECISION and self.recall >= RECALL and self.ranked >= FIRST


def score(labelled: Labelled, found: Proposals) -> MatchScore:
    """Count pairs, not proposals: a joined debit is as many as it has payments."""
    made = {(part.payment_id, part.line_id) for p in found.matches if p.automatic for part in p.parts}
    done = {line for _, line in made}
    truth = {line for _, line in labelled.pairs}
    suggested: dict[int, bool] = {}
    for proposal in sorted(found.matches, key=lambda p: (-p.score, p.rank)):
        if proposal.automatic or proposal.rank > 1:
            continue
        true = all((part.payment_id, part.line_id) in labelled.pairs for part in proposal.parts)
        for line in set(proposal.line_ids) & truth - done:
            suggested.setdefault(line, true)
    return MatchScore(
        pairs=len(labelled.pairs),
        made=len(made),
        right=len(made & labelled.pairs),
        suggested=len(suggested),
        first=sum(suggested.values()),
    )
