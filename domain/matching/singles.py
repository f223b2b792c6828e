"""One payment, one line: scored, paired by assignment, and made where nothing else comes near."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from domain.matching.assignment import Pair, assigned
from domain.matching.evidence import DECISIVE, IDENTIFIED, Evidence, uniqueness
from domain.matching.proposals import AUTO, Part, Proposal, Reason, Shape

MOST = 1000


class Field:
    """The candidates that are still open: what is made is taken out, and the rest weighed anew."""

    def __init__(self, evidence: Mapping[Pair, Evidence], equal: Iterable[Pair]) -> None:
        self.evidence = dict(evidence)
        self.equal = set(equal)
        self._of_payment: dict[int, set[Pair]] = defaultdict(set)
        self._of_line: dict[int, set[Pair]] = defaultdict(set)
        for pair in self.evidence:
            self._of_payment[pair[0]].add(pair)
            self._of_line[pair[1]].add(pair)

    def drop(self, payments: Iterable[int], lines: Iterable[int]) -> None:
        """Take out every candidate of these."""
        gone = {pair for payment in payments for pair in self._of_payment.pop(payment, ())}
        gone |= {pair for line in lines for pair in self._of_line.pop(line, ())}
        for pair in gone:
            self.evidence.pop(pair, None)
            self.equal.discard(pair)
            self._of_payment[pair[0]].discard(pair)
            self._of_line[pair[1]].discard(pair)

    def rivals(self, pair: Pair) -> set[Pair]:
        """The other candidates of its payment and of its line."""
        return (self._of_payment[pair[0]] | self._of_line[pair[1]]) - {pair}

    def contested(self, payments: Iterable[int], lines: Iterable[int]) -> bool:
        """Is one of these likely to be one to one with something?"""
        pairs = [pair for payment in payments for pair in self._of_payment.get(payment, ())]
        pairs += [pair for line in lines for pair in self._of_line.get(line, ())]
        return any(pair in self.equal and self.evidence[pair].identity >= IDENTIFIED for pair in pairs)

    def reasons(self, pair: Pair) -> tuple[Reason, ...]:
        """All reasons, with how far the next one is."""
        own = self.evidence[pair]
        others = [self.evidence[rival].identity for rival in self.rivals(pair)]
        return (*own.reasons, uniqueness(own.identity, max(others, default=None)))

    def score(self, pair: Pair) -> int:
        """0 to 1000."""
        return min(MOST, max(0, sum(reason.points for reason in self.reasons(pair))))

    def certain(self, pair: Pair) -> bool:
        """It is told whose payment it is, and of nothing else nearly as well."""
        own = self.evidence[pair].identity
        ahead = all(own - self.evidence[rival].identity >= DECISIVE for rival in self.rivals(pair))
        return own >= IDENTIFIED and ahead and self.score(pair) >= AUTO

    def proposal(self, pair: Pair, amount: int, *, automatic: bool, shape: Shape = Shape.ONE) -> Proposal:
        """The candidate as it is told."""
        part = Part(pair[0], pair[1], amount)
        return Proposal(shape, (part,), self.score(pair), self.reasons(pair), automatic)


def make_certain(field: Field, amounts: Mapping[int, int]) -> list[Proposal]:
    """Match what is certain, in rounds: what is made makes its rivals' rest unique. The field keeps what is open."""
    made: list[Proposal] = []
    while True:
        chosen = assigned({pair: field.score(pair) for pair in field.equal})
        sure = [pair for pair in chosen if field.certain(pair)]
        if not sure:
            return made
        made += [field.proposal(pair, amounts[pair[0]], automatic=True) for pair in sure]
        field.drop([payment for payment, _ in sure], [line for _, line in sure])
