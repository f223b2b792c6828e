"""Joined and split debits among what is left: candidates with scores, and which of them are certain."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from domain.matching.evidence import IDENTIFIED, NAMED, expected, same_book, window
from domain.matching.groups import CHANCE, LARGEST, MOST, chance, sums_to
from domain.matching.legs import Learned, LineLeg, PaymentLeg
from domain.matching.proposals import AUTO, Part, Proposal, Reason, Shape
from domain.matching.singles import MOST as TOP
from domain.matching.singles import Field
from domain.matching.words import holds, likeness, words_of

_SUM, _DAY, _NAME, _NUMBERS, _UNIQUE, _CHANCE, _APART = 300, 150, 200, 300, 200, -200, -400
_PIECES = 4  # a payment leaves in so many lines at most


class Named:
    """Which vendors the lines name, looked up once a line."""

    def __init__(self, payments: Mapping[int, PaymentLeg], learned: Learned) -> None:
        self._learned = learned
        self._names: dict[int, tuple[str, ...]] = {p.vendor_id: p.names for p in payments.values()}
        self.open: dict[int, list[PaymentLeg]] = defaultdict(list)
        for payment in sorted(payments.values(), key=lambda p: (p.paid_on, p.id)):
            self.open[payment.vendor_id].append(payment)

    def vendors(self, line: LineLeg) -> list[tuple[int, int]]:
        """(vendor, likeness) of those named."""
        known = self._learned.vendors.get((line.bank_account, words_of(line.text)))
        if known is not None:
            return [(known, 100)]
        text = line.text
        likenesses = ((v, max((likeness(n, text) for n in names), default=0)) for v, names in self._names.items())
        return sorted((v, like) for v, like in likenesses if like >= NAMED)


def joined(line: LineLeg, named: Named) -> list[Proposal]:
    """The sets of one vendor's payments that sum to the line: of one day where there are such, else of its window."""
    found: list[Proposal] = []
    for vendor, like in named.vendors(line):
        near = [
            p
            for p in named.open[vendor]
            if p.amount < -line.amount
            and not p.part_matched
            and same_book(p, line)
            and window(p)[0] <= line.booked_on <= window(p)[1]
        ]
        days: dict[object, list[PaymentLeg]] = defaultdict(list)
        for payment in near:
            days[payment.paid_on].append(payment)
        closest = sorted(near, key=lambda p: (abs((line.booked_on - expected(p)[1]).days), p.id))[:MOST]
        pools = [pool[:MOST] for _, pool in sorted(days.items(), key=lambda item: str(item[0]))]
        of_a_day = list(_sets(pools, line))
        some = of_a_day or list(_sets([closest], line))
        for chosen, odds in some:
            found.append(_proposal(Shape.JOINED, chosen, [line], like, odds=odds, sets=len(some)))
    return found


def split(payment: PaymentLeg, lines: Sequence[LineLeg], like: Mapping[int, int]) -> list[Proposal]:
    """The sets of `lines`, all of which name the vendor, that sum to the payment."""
    first, last = window(payment)
    near = [
        line
        for line in lines
        if -line.amount < payment.amount
        and same_book(payment, line)
        and first <= line.booked_on <= last
        and holds(line.text, payment.confirmation) != "another"
    ]
    near = sorted(near, key=lambda x: (abs((x.booked_on - expected(payment)[1]).days), x.id))[:MOST]
    amounts = [-line.amount for line in near]
    sets = [[near[place] for place in places] for places in sums_to(amounts, payment.amount, _PIECES)]
    odds = chance(amounts, _PIECES)
    return [
        _proposal(Shape.SPLIT, [payment], some, min(like[x.id] for x in some), odds=odds, sets=len(sets))
        for some in sets
        if len({line.bank_account for line in some}) == 1
    ]


def _sets(pools: Sequence[Sequence[PaymentLeg]], line: LineLeg) -> Iterator[tuple[list[PaymentLeg], float]]:
    for pool in pools:
        amounts = [payment.amount for payment in pool]
        for places in sums_to(amounts, -line.amount, LARGEST):
            yield [pool[place] for place in places], chance(amounts)


def _proposal(
    shape: Shape, payments: Sequence[PaymentLeg], lines: Sequence[LineLeg], like: int, *, odds: float, sets: int
) -> Proposal:
    numbers = Counter(_number(p, line) for p in payments for line in lines)
    told = numbers["exact"] + numbers["mangled"]
    reasons = [Reason("amounts", "sum is equal", _SUM)]
    reasons.append(Reason("vendor name", f"{like}%", max(0, min(_NAME, (like - 60) * _NAME // 35))))
    if told:
        reasons.append(Reason("numbers", f"of {told} of {len(payments)} payments", _NUMBERS))
    elif numbers["another"]:
        reasons.append(Reason("confirmation number", "another", _APART))
    if odds > CHANCE and not told:
        reasons.append(Reason("chance", "so many amounts meet a sum by chance", _CHANCE))
    apart = max(abs((line.booked_on - (p.posted_on or expected(p)[1])).days) for p in payments for line in lines)
    reasons.append(Reason("day", f"{apart} days from the expected one", max(0, _DAY - 10 * apart)))
    only = "none" if sets == 1 else f"{sets - 1} other sums are equal"
    reasons.append(Reason("next one", only, _UNIQUE if sets == 1 else 0))
    if shape is Shape.JOINED:
        parts = [Part(p.id, lines[0].id, p.amount) for p in payments]
    else:
        parts = [Part(payments[0].id, line.id, -line.amount) for line in lines]
    score = min(TOP, max(0, sum(reason.points for reason in reasons)))
    parts.sort(key=lambda part: (part.payment_id, part.line_id))
    return Proposal(shape, tuple(parts), score, tuple(reasons), automatic=score >= AUTO and sets == 1)


def _number(payment: PaymentLeg, line: LineLeg) -> str:
    found = {holds(line.text, number) for number in (payment.confirmation, payment.account_number, *payment.invoices)}
    return next((how for how in ("exact", "mangled", "another") if how in found), "")


def certain(proposals: Sequence[Proposal], field: Field) -> list[Proposal]:
    """Those at the bar that share nothing with another one there, and whose members are not likely alone."""
    uses = Counter(x for p in proposals if p.score >= AUTO for x in {*_members(p)})
    return [
        p
        for p in proposals
        if p.automatic
        and all(uses[x] == 1 for x in _members(p))
        and not field.contested(p.payment_ids, p.line_ids)
        and _identity(p) >= IDENTIFIED
    ]


def _members(proposal: Proposal) -> list[tuple[str, int]]:
    return [*(("payment", x) for x in proposal.payment_ids), *(("line", x) for x in proposal.line_ids)]


def _identity(proposal: Proposal) -> int:
    return sum(r.points for r in proposal.reasons if r.name in ("vendor name", "numbers", "confirmation number"))


def as_suggestion(proposal: Proposal) -> Proposal:
    """The same, not to be made without asking."""
    return replace(proposal, automatic=False)
