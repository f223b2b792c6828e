"""One payment, one line: scored, paired by assignment, and made where nothing else comes near."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from domain.matching.assignment import Pair, assigned
from domain.matching.candidates import is_with_fee
from domain.matching.evidence import DECISIVE, IDENTIFIED, Evidence, uniqueness
from domain.matching.groups import completes
from domain.matching.legs import LineLeg, PaymentLeg
from domain.matching.proposals import AUTO, Part, Proposal, Reason, Shape
from domain.matching.words import tells_of_fee

MOST = 1000
_TRIFLE = 10_000


class Field:
    """The candidates that are still open: what is made is taken out, and the rest weighed anew."""

    def __init__(
        self, evidence: Mapping[Pair, Evidence], payments: Mapping[int, PaymentLeg], lines: Mapping[int, LineLeg]
    ) -> None:
        self.evidence = dict(evidence)
        self._paid = {payment: payments[payment].amount for payment, _ in evidence}
        self._debited = {line: -lines[line].amount for _, line in evidence}
        self._with_fee = {line for _, line in evidence if tells_of_fee(lines[line].text)}
        self.equal = {pair for pair in evidence if self._paid[pair[0]] == self._debited[pair[1]]}
        self._know()
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
        self._know()

    def _know(self) -> None:
        """The exact pairs (equal amounts, the number as it is), who is in them, and what is asked of unequal ones again."""
        self._exact = {pair for pair in self.equal if self.evidence[pair].numbered}
        self._partnered = {payment for payment, _ in self._exact}, {line for _, line in self._exact}
        self._possible: dict[Pair, bool] = {}

    def rivals(self, pair: Pair) -> set[Pair]:
        """The other candidates of its payment and of its line.

        To a pair of equal amounts with the number as it is, those count only that their amounts allow: payments of one run
        share a number, and each of its debits is one of them.
        """
        others = (self._of_payment[pair[0]] | self._of_line[pair[1]]) - {pair}
        if pair not in self._exact:
            return others
        return {rival for rival in others if rival in self.equal or self._allowed(pair, rival)}

    def _allowed(self, pair: Pair, rival: Pair) -> bool:
        """May the unequal `rival` be a part of a sum, or with a fee that is told of? Not what has an exact partner of its own."""
        payment, line = rival
        if (payment in self._partnered[0]) if line == pair[1] else (line in self._partnered[1]):
            return False
        if rival not in self._possible:
            fee = line in self._with_fee and is_with_fee(self._paid[payment], self._debited[line])
            self._possible[rival] = fee or self._part_of_sum(rival)
        return self._possible[rival]

    def _part_of_sum(self, pair: Pair) -> bool:
        payment, line = pair
        rest = self._debited[line] - self._paid[payment]
        if rest > 0:
            free = {other for other, _ in self._of_line[line]} - self._partnered[0] - {payment}
            return completes([self._paid[other] for other in free], rest)
        free = {other for _, other in self._of_payment[payment]} - self._partnered[1] - {line}
        return completes([self._debited[other] for other in free], -rest)

    def contested(self, payments: Iterable[int], lines: Iterable[int], identity: int = IDENTIFIED) -> bool:
        """Is one of these likely, by so many points, to be one to one with something?"""
        pairs = [pair for payment in payments for pair in self._of_payment.get(payment, ())]
        pairs += [pair for line in lines for pair in self._of_line.get(line, ())]
        return any(pair in self.equal and self.evidence[pair].identity >= identity for pair in pairs)

    def reasons(self, pair: Pair) -> tuple[Reason, ...]:
        """All reasons, with how far the next one is."""
        own = self.evidence[pair]
        others = [self.evidence[rival].identity for rival in self.rivals(pair)]
        return (*own.reasons, uniqueness(own.identity, max(others, default=None)))

    def score(self, pair: Pair) -> int:
        """0 to 1000."""
        return min(MOST, max(0, self._points(pair)))

    def _points(self, pair: Pair) -> int:
        return sum(reason.points for reason in self.reasons(pair))

    def gain(self, pair: Pair) -> float:
        """All points, less a trifle that keeps the order of days: of twins the earlier line is the earlier payment's."""
        return self._points(pair) - self.evidence[pair].slip ** 2 / _TRIFLE

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
        chosen = assigned({pair: field.gain(pair) for pair in field.equal})
        sure = [pair for pair in chosen if field.certain(pair)]
        if not sure:
            return made
        made += [field.proposal(pair, amounts[pair[0]], automatic=True) for pair in sure]
        field.drop([payment for payment, _ in sure], [line for _, line in sure])
