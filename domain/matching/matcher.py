"""Everything together: pairs that are certain, then sums that are certain, then what is left as ranked suggestions."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from domain.matching.assignment import assigned
from domain.matching.call_legs import call_proposals
from domain.matching.candidates import is_with_fee, pairs_of
from domain.matching.evidence import IDENTIFIED, weigh
from domain.matching.legs import NOTHING_LEARNED, CallLeg, Learned, LineLeg, PaymentLeg
from domain.matching.proposals import FLOOR, Explained, Explanation, Proposal, Proposals, Shape
from domain.matching.runs import whole_runs
from domain.matching.singles import Field, make_certain
from domain.matching.sums import Named, Sum, as_suggestion, certain, joined, split
from domain.matching.sums import weighed as weigh_sum
from domain.matching.words import explained_by, tells_of_fee, words_of

Bills = Mapping[int, tuple[str, ...]]
PART = 300  # points that a pair of unequal amounts is worse
SUGGESTED = 5  # for one line, or one payment


def propose(
    payments: Iterable[PaymentLeg],
    lines: Iterable[LineLeg],
    calls: Iterable[CallLeg] = (),
    learned: Learned = NOTHING_LEARNED,
    bills_of: Callable[[Collection[int]], Bills] = lambda _: {},
) -> Proposals:
    """What matches what. The order of the rows does not matter.

    bills_of: the numbers of the bills that payments paid, by payment, where a leg does not name them: asked for where they matter.
    """
    payments, calls = list(payments), list(calls)
    open_payments = {p.id: p for p in payments if p.amount > 0}
    open_lines = {line.id: line for line in lines if line.amount}
    pairs = pairs_of(open_payments, open_lines)
    for payment_id, numbers in bills_of({payment_id for payment_id, _ in pairs}).items():
        open_payments[payment_id] = replace(open_payments[payment_id], invoices=numbers)
    weighed = {pair: weigh(open_payments[pair[0]], open_lines[pair[1]], learned) for pair in pairs}
    told = {line for (_, line), evidence in weighed.items() if evidence.identity >= IDENTIFIED}
    explained = tuple(_explained(open_lines, told, learned))
    field = Field(weighed, open_payments, open_lines)
    field.drop([], [item.line_id for item in explained])
    for item in explained:
        del open_lines[item.line_id]
    amounts = {p.id: p.amount for p in open_payments.values()}
    made = make_certain(field, amounts)
    _without(open_payments, open_lines, made)
    together = whole_runs(open_payments, open_lines, field)
    _take_out(open_payments, open_lines, field, together)
    fees = list(_with_fees(open_payments, open_lines, field))
    _take_out(open_payments, open_lines, field, fees)
    tried = _tried(open_payments, open_lines, learned)
    bills = bills_of({payment.id for each in tried for payment in each.payments})
    sums, more = _sums(open_payments, open_lines, field, [weigh_sum(each, bills) for each in tried])
    made += together + fees + more
    suggestions = _singles(open_payments, open_lines, field) + sums
    return Proposals((*made, *_ranked(suggestions, field)), explained, tuple(call_proposals(payments, calls)))


def _explained(lines: dict[int, LineLeg], told: set[int], learned: Learned) -> Iterable[Explained]:
    """Fees and the like, unless the line tells whose payment it is."""
    for line in sorted(lines.values(), key=lambda line: line.id):
        known = learned.explanations.get((line.bank_account, words_of(line.text)))
        says = Explanation(known) if known else explained_by(line.text)
        if says is not None and line.id not in told:
            yield Explained(line.id, says, learned=known is not None)


def _without(payments: dict[int, PaymentLeg], lines: dict[int, LineLeg], made: Sequence[Proposal]) -> None:
    for proposal in made:
        for payment_id in proposal.payment_ids:
            payments.pop(payment_id, None)
        for line_id in proposal.line_ids:
            lines.pop(line_id, None)


def _take_out(
    payments: dict[int, PaymentLeg], lines: dict[int, LineLeg], field: Field, made: Sequence[Proposal]
) -> None:
    for proposal in made:
        field.drop(proposal.payment_ids, proposal.line_ids)
    _without(payments, lines, made)


def _tried(payments: Mapping[int, PaymentLeg], lines: Mapping[int, LineLeg], learned: Learned) -> list[Sum]:
    """Joined and split debits."""
    out = [line for line in sorted(lines.values(), key=lambda line: line.id) if line.amount < 0]
    named = Named(payments, out, learned)
    found = [each for line in out for each in joined(line, named)]
    for payment in sorted(payments.values(), key=lambda p: p.id):
        if not payment.part_matched:
            found += split(payment, named)
    return found


def _sums(
    payments: dict[int, PaymentLeg], lines: dict[int, LineLeg], field: Field, found: Sequence[Proposal]
) -> tuple[list[Proposal], list[Proposal]]:
    """(what is left as suggestions, what is certain) of joined and split debits."""
    sure = certain(found, field)
    _take_out(payments, lines, field, sure)
    rest = [
        as_suggestion(p)
        for p in found
        if all(x in payments for x in p.payment_ids) and all(x in lines for x in p.line_ids)
    ]
    return rest, sure


def _with_fees(payments: dict[int, PaymentLeg], lines: dict[int, LineLeg], field: Field) -> Iterable[Proposal]:
    """Payments with a number of their own whose line says that a fee is in it, and is more by no more than a fee.

    The fee stays open on the line, and is explained as any other.
    """
    for pair in sorted(field.evidence):
        payment, line = payments[pair[0]], lines[pair[1]]
        more = is_with_fee(payment.amount, -line.amount) and tells_of_fee(line.text)
        if more and field.evidence[pair].numbered and field.certain(pair):
            yield field.proposal(pair, payment.amount, automatic=True, shape=Shape.WITH_FEE)


def _singles(payments: dict[int, PaymentLeg], lines: dict[int, LineLeg], field: Field) -> list[Proposal]:
    found = []
    for pair in sorted(field.evidence):
        amount, whole = payments[pair[0]].amount, -lines[pair[1]].amount
        if pair in field.equal:
            found.append(field.proposal(pair, amount, automatic=False))
        elif is_with_fee(amount, whole):
            found.append(field.proposal(pair, amount, automatic=False, shape=Shape.WITH_FEE))
        else:
            part = field.proposal(pair, min(amount, whole), automatic=False)
            found.append(replace(part, score=max(0, part.score - PART)))
    return found


def _ranked(suggestions: Sequence[Proposal], field: Field) -> list[Proposal]:
    """The best few of each line, and of each payment that is in several; what the assignment chose goes first."""
    chosen = set(assigned({pair: field.gain(pair) for pair in field.equal}))
    of_item: dict[tuple[str, int], list[Proposal]] = defaultdict(list)
    for proposal in suggestions:
        if proposal.score >= FLOOR:
            key = (
                ("payment", proposal.payment_ids[0])
                if proposal.shape is Shape.SPLIT
                else ("line", proposal.line_ids[0])
            )
            of_item[key].append(proposal)
    ranked = []
    for some in of_item.values():
        some.sort(
            key=lambda p: (-p.score - _preferred(p, chosen), p.parts[0].payment_id, p.parts[0].line_id, len(p.parts))
        )
        ranked += [replace(p, rank=rank) for rank, p in enumerate(some[:SUGGESTED], start=1)]
    return sorted(ranked, key=lambda p: (p.rank, -p.score, p.line_ids, p.payment_ids))


def _preferred(proposal: Proposal, chosen: set[tuple[int, int]]) -> int:
    """Among near equals the pairing of all of them together decides."""
    part = proposal.parts[0]
    return 100 if proposal.shape is Shape.ONE and (part.payment_id, part.line_id) in chosen else 0
