"""Joined and split debits among what is left: candidates with scores, and which of them are certain."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, takewhile

from domain.matching.evidence import IDENTIFIED, NAMED, books_of, expected, window
from domain.matching.groups import CHANCE, LARGEST, MOST, chance, sums_to
from domain.matching.legs import Learned, LineLeg, PaymentLeg
from domain.matching.proposals import AUTO, Part, Proposal, Reason, Shape
from domain.matching.singles import MOST as TOP
from domain.matching.singles import Field
from domain.matching.words import holds, named_in, words_of

_SUM, _DAY, _NAME, _NUMBERS, _UNIQUE, _CHANCE, _APART = 300, 150, 200, 300, 200, -200, -400
_PIECES = 4  # a payment leaves in so many lines at most


Book = tuple[int, str, str]  # a vendor's payments of one currency that one kind of statement may show


class Named:
    """Which vendors the lines name, looked up once a line; and what is near: the payments of a line's vendor, the lines of a payment's."""

    def __init__(self, payments: Mapping[int, PaymentLeg], lines: Sequence[LineLeg], learned: Learned) -> None:
        self._payments: dict[Book, list[tuple[date, date, int, PaymentLeg]]] = defaultdict(list)
        self._lines: dict[Book, list[LineLeg]] = defaultdict(list)
        names = tuple(sorted({(p.vendor_id, name) for p in payments.values() for name in p.names}))
        self.vendors = {line.id: _vendors(line, names, learned) for line in lines}
        self.like = {(vendor, line): like for line, found in self.vendors.items() for vendor, like in found}
        for payment in sorted(payments.values(), key=lambda p: (p.paid_on, p.id)):
            if not payment.part_matched:
                for kind in books_of(payment.method):
                    book = self._payments[payment.vendor_id, payment.currency, kind]
                    book.append((*window(payment), payment.amount, payment))
        for line in sorted(lines, key=lambda line: line.booked_on):
            for vendor, _ in self.vendors[line.id]:
                self._lines[vendor, line.currency, line.kind].append(line)

    def payments(self, line: LineLeg, vendor: int) -> list[PaymentLeg]:
        """The vendor's payments of less than the line that it may show."""
        book, day = self._payments.get((vendor, line.currency, line.kind), ()), line.booked_on
        return [p for first, last, amount, p in book if first <= day <= last and amount < -line.amount]

    def lines(self, payment: PaymentLeg) -> list[LineLeg]:
        """Lines of less than the payment that name its vendor and may show it."""
        first, last = window(payment)
        found: list[LineLeg] = []
        for kind in books_of(payment.method):
            book = self._lines.get((payment.vendor_id, payment.currency, kind), [])
            start = bisect_left(book, first, key=lambda line: line.booked_on)
            near = takewhile(lambda line: line.booked_on <= last, islice(book, start, None))
            found += [line for line in near if -line.amount < payment.amount]
        return found


def _vendors(line: LineLeg, names: tuple[tuple[int, str], ...], learned: Learned) -> Sequence[tuple[int, int]]:
    """(vendor, likeness) of those named."""
    text = line.text
    known = learned.vendors.get((line.bank_account, words_of(text)))
    return [(known, 100)] if known is not None else named_in(text, names, NAMED)


@dataclass(frozen=True, slots=True)
class Sum:
    """Payments and lines that come to the same. like: of the vendor's name; odds: of meeting it by chance; sets: how many there are."""

    shape: Shape
    payments: tuple[PaymentLeg, ...]
    lines: tuple[LineLeg, ...]
    like: int
    odds: float
    sets: int


def joined(line: LineLeg, named: Named) -> list[Sum]:
    """The sets of one vendor's payments that sum to the line: of one day where there are such, else of its window."""
    found: list[Sum] = []
    for vendor, like in named.vendors[line.id]:
        near = named.payments(line, vendor)
        days: dict[date, list[PaymentLeg]] = defaultdict(list)
        for payment in near:
            days[payment.paid_on].append(payment)
        closest = sorted(near, key=lambda p: (abs((line.booked_on - expected(p)[1]).days), p.id))[:MOST]
        of_a_day = list(_sets([pool[:MOST] for _, pool in sorted(days.items())], line))
        some = of_a_day or list(_sets([closest], line))
        for chosen, odds in some:
            found.append(Sum(Shape.JOINED, chosen, (line,), like, odds, len(some)))
    return found


def split(payment: PaymentLeg, named: Named) -> list[Sum]:
    """The sets of lines that name the vendor and sum to the payment."""
    near = named.lines(payment)
    if sum(-line.amount for line in near) < payment.amount:
        return []
    near = [line for line in near if holds(line.text, payment.confirmation) != "another"]
    near = sorted(near, key=lambda x: (abs((x.booked_on - expected(payment)[1]).days), x.id))[:MOST]
    amounts = [-line.amount for line in near]
    sets = [tuple(near[place] for place in places) for places in sums_to(amounts, payment.amount, _PIECES)]
    odds = chance(amounts, _PIECES)
    return [
        Sum(Shape.SPLIT, (payment,), some, min(named.like[payment.vendor_id, x.id] for x in some), odds, len(sets))
        for some in sets
        if len({line.bank_account for line in some}) == 1
    ]


def _sets(pools: Sequence[Sequence[PaymentLeg]], line: LineLeg) -> Iterator[tuple[tuple[PaymentLeg, ...], float]]:
    for pool in pools:
        amounts = [payment.amount for payment in pool]
        for places in sums_to(amounts, -line.amount, LARGEST):
            yield tuple(pool[place] for place in places), chance(amounts)


def weighed(found: Sum, bills: Mapping[int, tuple[str, ...]]) -> Proposal:
    """The sum with its score and reasons. bills: by payment, the numbers of those that it paid."""
    payments, lines = found.payments, found.lines
    numbers = Counter(_number(p, line, bills.get(p.id, p.invoices)) for p in payments for line in lines)
    told = numbers["exact"] + numbers["mangled"]
    reasons = [Reason("amounts", "sum is equal", _SUM)]
    reasons.append(Reason("vendor name", f"{found.like}%", max(0, min(_NAME, (found.like - 60) * _NAME // 35))))
    if told:
        reasons.append(Reason("numbers", f"of {told} of {len(payments)} payments", _NUMBERS))
    elif numbers["another"]:
        reasons.append(Reason("confirmation number", "another", _APART))
    if found.odds > CHANCE and not told:
        reasons.append(Reason("chance", "so many amounts meet a sum by chance", _CHANCE))
    apart = max(abs((line.booked_on - (p.posted_on or expected(p)[1])).days) for p in payments for line in lines)
    reasons.append(Reason("day", f"{apart} days from the expected one", max(0, _DAY - 10 * apart)))
    only = "none" if found.sets == 1 else f"{found.sets - 1} other sums are equal"
    reasons.append(Reason("next one", only, _UNIQUE if found.sets == 1 else 0))
    if found.shape is Shape.JOINED:
        parts = [Part(p.id, lines[0].id, p.amount) for p in payments]
    else:
        parts = [Part(payments[0].id, line.id, -line.amount) for line in lines]
    score = min(TOP, max(0, sum(reason.points for reason in reasons)))
    parts.sort(key=lambda part: (part.payment_id, part.line_id))
    return Proposal(found.shape, tuple(parts), score, tuple(reasons), automatic=score >= AUTO and found.sets == 1)


def _number(payment: PaymentLeg, line: LineLeg, bills: Sequence[str]) -> str:
    found = {holds(line.text, number) for number in (payment.confirmation, payment.account_number, *bills)}
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
