"""Payments that share one confirmation number, and the one debit that is all of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from domain.matching.candidates import named_by
from domain.matching.evidence import DECISIVE, expected, near_enough, same_book
from domain.matching.legs import LineLeg, PaymentLeg
from domain.matching.proposals import Part, Proposal, Reason, Shape
from domain.matching.singles import MOST, Field
from domain.matching.words import squeezed

_SUM, _NUMBER, _DAY, _UNIQUE = 300, 600, 150, 200


def whole_runs(payments: Mapping[int, PaymentLeg], lines: Mapping[int, LineLeg], field: Field) -> list[Proposal]:
    """The debits that name a number and are the sum of all open payments with it, where nothing else is told as well."""
    numbered: dict[str, list[PaymentLeg]] = defaultdict(list)
    for payment in sorted(payments.values(), key=lambda p: p.id):
        if payment.confirmation and not payment.part_matched:
            numbered[squeezed(payment.confirmation)].append(payment)
    found = []
    for line in sorted(lines.values(), key=lambda line: line.id):
        run = [p for p in named_by(line, numbered) if same_book(p, line) and near_enough(p, line)]
        if len(run) > 1 and sum(payment.amount for payment in run) == -line.amount:
            found.append(_proposal(run, line))
    uses = Counter(payment for proposal in found for payment in proposal.payment_ids)
    return [
        proposal
        for proposal in found
        if all(uses[payment] == 1 for payment in proposal.payment_ids)
        and not field.contested(proposal.payment_ids, proposal.line_ids, _NUMBER - DECISIVE + 1)
    ]


def _proposal(run: Sequence[PaymentLeg], line: LineLeg) -> Proposal:
    apart = max(abs((line.booked_on - (p.posted_on or expected(p)[1])).days) for p in run)
    reasons = (
        Reason("amounts", "sum is equal", _SUM),
        Reason("confirmation number", "exact", _NUMBER),
        Reason("numbers", f"of all {len(run)} payments with it", 0),
        Reason("day", f"{apart} days from the expected one", max(0, _DAY - 10 * apart)),
        Reason("next one", "none", _UNIQUE),
    )
    score = min(MOST, sum(reason.points for reason in reasons))
    parts = tuple(Part(payment.id, line.id, payment.amount) for payment in sorted(run, key=lambda p: p.id))
    return Proposal(Shape.JOINED, parts, score, reasons, automatic=True)
