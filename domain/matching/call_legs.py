"""Calls and the payments made on them: by confirmation number, else by account and day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from domain.matching.legs import CallLeg, PaymentLeg
from domain.matching.proposals import CallProposal, Reason
from domain.matching.words import squeezed

_NUMBER, _DAY, _PROMISED, _ONLY = 600, 300, 200, 100
_DAYS = 3  # a payment is entered that long after the call at most


def call_proposals(payments: Sequence[PaymentLeg], calls: Iterable[CallLeg]) -> Iterator[CallProposal]:
    """For payments that name no call, the best call first. Automatic only where both hold the same number, once each."""
    named = {payment.call_id for payment in payments}
    calls = [call for call in calls if call.id not in named]
    if not calls:
        return
    of_account: dict[int, list[CallLeg]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: call.id):
        of_account[call.account_id].append(call)
    open_payments = sorted((p for p in payments if p.call_id is None), key=lambda p: p.id)
    uses: dict[tuple[int, str], int] = defaultdict(int)
    for leg in (*open_payments, *calls):
        uses[leg.account_id, squeezed(leg.confirmation)] += 1
    for payment in open_payments:
        found = [p for call in of_account[payment.account_id] if (p := _weighed(payment, call)) is not None]
        found.sort(key=lambda p: (-p.score, p.call_id))
        both = uses[payment.account_id, squeezed(payment.confirmation)] == len((payment, "its call"))
        for rank, proposal in enumerate(found, start=1):
            exact = proposal.reasons[0].name == "confirmation number"
            yield replace(proposal, rank=rank, automatic=exact and both and rank == 1)


def _weighed(payment: PaymentLeg, call: CallLeg) -> CallProposal | None:
    number, other = squeezed(payment.confirmation), squeezed(call.confirmation)
    reasons = []
    if number and number == other:
        reasons.append(Reason("confirmation number", "exact", _NUMBER))
    elif number and other:
        return None  # each names another
    if 0 <= (payment.paid_on - call.called_on).days <= _DAYS:
        reasons.append(Reason("day", "of the call", _DAY - 50 * (payment.paid_on - call.called_on).days))
    elif call.promised_on == payment.paid_on:
        reasons.append(Reason("day", "promised on the call", _PROMISED))
    if not reasons:
        return None
    if call.purpose == "pay":
        reasons.append(Reason("purpose", "to pay", _ONLY))
    return CallProposal(payment.id, call.id, sum(r.points for r in reasons), tuple(reasons), automatic=False)
