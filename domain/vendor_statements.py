"""What a vendor says is open on an account against what we say, on the day of its statement.

Amounts are signed as what is owed: a credit note or money on account is negative. Every line of the vendor and every open
document of ours stands in exactly one row, so that ours - theirs is the sum of the rows' differences.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

IN_TRANSIT = 30  # days before the statement in which a payment may not have reached it
_FEW = 3  # accounts whose differences together may make up another's


class State(StrEnum):
    """How a document stands."""

    AGREED = "agreed"
    DIFFERENT = "different amount"
    MISSING_HERE = "missing at us"
    MISSING_THERE = "missing at them"


@dataclass(frozen=True, slots=True)
class Stated:
    """A line of the statement."""

    kind: str
    number: str
    open_amount: int


@dataclass(frozen=True, slots=True)
class Held:
    """A document of ours: what is open of it on the day (0 of a settled bill that the vendor may still show).

    paid: (day, amount) of the money that stayed applied to it by then. disputed: what is withheld of what is open.
    """

    kind: str
    number: str
    open_amount: int
    id: int = 0
    disputed: int = 0
    paid: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One document: its id is ours, None where we have none; theirs or ours is None where that side does not know it."""

    kind: str
    number: str
    state: State
    theirs: int | None
    ours: int | None
    reason: str = ""
    id: int | None = None

    @property
    def difference(self) -> int:
        """Ours less theirs."""
        return (self.ours or 0) - (self.theirs or 0)


def plain_number(number: str) -> str:
    """A document's number without case, separators and leading zeros of its figures."""
    return re.sub(r"[\W_]", "", re.sub(r"(?<!\d)0+(?=\d)", "", number.casefold()))


def compare(stated: Iterable[Stated], held: Iterable[Held], stated_on: date) -> list[Row]:
    """One row a document: what differs first, the largest difference first."""
    theirs = _summed(stated)
    ours: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for document in held:
        ours[document.kind, document.number].append(document)
    named = _pairs(theirs, ours)
    rows = []
    for key, left in theirs.items():
        if key not in named:
            rows.append(Row(*key, State.MISSING_HERE, left, None, "we have no such document"))
            continue
        parts = ours.pop(named[key])
        total = sum(part.open_amount for part in parts)
        state = State.AGREED if total == left else State.DIFFERENT
        rows.append(Row(*key, state, left, total, _reason(parts, total - left, stated_on), parts[0].id))
    for (kind, number), parts in ours.items():
        total = sum(part.open_amount for part in parts)
        if total:
            reason = _reason(parts, total, stated_on)
            rows.append(Row(kind, number, State.MISSING_THERE, None, total, reason, parts[0].id))
    return sorted(_applied_elsewhere(rows), key=lambda r: (-abs(r.difference), r.kind, r.number))


def _summed(stated: Iterable[Stated]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for line in stated:
        found[line.kind, line.number] += line.open_amount
    return found


def _pairs(
    theirs: Iterable[tuple[str, str]], ours: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Theirs to ours: by the number as it is, then as it is without its dress where that names one on each side."""
    there, here = set(theirs), set(ours)
    pairs = {key: key for key in there & here}
    plain: tuple[dict[tuple[str, str], list[tuple[str, str]]], ...] = (defaultdict(list), defaultdict(list))
    for side, keys in zip(plain, (there - here, here - there), strict=True):
        for kind, number in keys:
            side[kind, plain_number(number)].append((kind, number))
    for key, found in plain[0].items():
        if key[1] and len(found) == len(plain[1].get(key, ())) == 1:
            pairs[found[0]] = plain[1][key][0]
    return pairs


def _reason(parts: Sequence[Held], difference: int, stated_on: date) -> str:
    """A plausible one, '' where nothing of ours explains it."""
    if difference < 0:  # they show more open than we do
        paid = sorted(money for part in parts for money in part.paid)
        for day, amount in reversed(paid):
            if amount == -difference:
                since = (stated_on - day).days
                told = "payment in transit since" if since <= IN_TRANSIT else "the vendor does not show the payment of"
                return f"{told} {day.isoformat()}"
        recent = [money for money in paid if (stated_on - money[0]).days <= IN_TRANSIT]
        if recent and sum(amount for _, amount in recent) == -difference:
            return f"payments in transit since {recent[0][0].isoformat()}"
    elif difference > 0 and sum(part.disputed for part in parts) == difference:
        return "the part in dispute"
    return ""


def _applied_elsewhere(rows: list[Row]) -> list[Row]:
    """Two bills that differ by the same amount, one each way: the vendor may have applied a payment to the other."""
    open_ones = [
        r for r in rows if r.kind == "invoice" and r.ours is not None and r.theirs is not None and r.difference
    ]
    by_amount: dict[int, list[Row]] = defaultdict(list)
    for row in open_ones:
        by_amount[row.difference].append(row)
    told = {}
    for row in open_ones:
        others = by_amount.get(-row.difference, [])
        if len(others) == len(by_amount[row.difference]) == 1:
            where = "to" if row.difference < 0 else "here instead of"
            told[row.number] = f"payment applied elsewhere: {where} {others[0].number}"
    return [
        Row(r.kind, r.number, r.state, r.theirs, r.ours, told[r.number], r.id)
        if r.kind == "invoice" and r.number in told
        else r
        for r in rows
    ]


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much ours is more than theirs on an account; payments: (id, day, amount) of ours on it that may explain it."""

    account_id: int
    vendor_id: int
    currency: str
    difference: int
    payments: tuple[tuple[int, date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Misapplied:
    """Money that we paid on `short` and that the vendor counts on `long`; (account id, amount) of each, payment None
    where no one payment is of the amount.
    """

    short: int
    amount: int
    long: tuple[tuple[int, int], ...]
    payment: tuple[int, date, int] | None


def find_misapplied(gaps: Iterable[Gap]) -> list[Misapplied]:
    """Accounts of one vendor and currency whose differences cancel: exact pairs first, then one against a few.

    An account is named once, and only where one choice fits.
    """
    groups: dict[tuple[int, str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        groups[gap.vendor_id, gap.currency].append(gap)
    found: list[Misapplied] = []
    for members in groups.values():
        short = sorted((g for g in members if g.difference < 0), key=lambda g: (g.difference, g.account_id))
        left = {g.account_id: g for g in members if g.difference > 0}
        for size in range(1, _FEW + 1):
            for gap in list(short):
                amount = -gap.difference
                small = [g for g in left.values() if g.difference <= amount]
                fits = [c for c in combinations(small, size) if sum(g.difference for g in c) == amount]
                rivals = [g for g in short if g.difference == gap.difference]
                if len(fits) != 1 or len(rivals) != 1:
                    continue
                payment = next(
                    (p for p in sorted(gap.payments, key=lambda p: p[1], reverse=True) if p[2] == amount), None
                )
                found.append(
                    Misapplied(gap.account_id, amount, tuple((g.account_id, g.difference) for g in fits[0]), payment)
                )
                short.remove(gap)
                for used in fits[0]:
                    del left[used.account_id]
    return found
