"""Which payment may be which line: by amount and day, or by the confirmation number. Near linear in their number."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.matching.assignment import Pair
from domain.matching.evidence import near_enough, same_book, window
from domain.matching.legs import LineLeg, PaymentLeg
from domain.matching.words import squeezed, tokens

_FEE_PART = 20  # a fee in the same line is at most one twentieth of the payment


def pairs_of(payments: Mapping[int, PaymentLeg], lines: Mapping[int, LineLeg]) -> list[Pair]:
    """Pairs of equal amounts within the payment's window, and those whose line holds the confirmation number."""
    found = set(_by_amount(payments.values(), lines.values()))
    found.update(_by_number(payments.values(), lines.values()))
    return sorted(found)


def _by_amount(payments: Iterable[PaymentLeg], lines: Iterable[LineLeg]) -> Iterator[Pair]:
    blocks: dict[tuple[str, int], list[LineLeg]] = defaultdict(list)
    for line in lines:
        blocks[line.currency, -line.amount].append(line)
    for block in blocks.values():
        block.sort(key=lambda line: (line.booked_on, line.id))
    for payment in payments:
        block = blocks.get((payment.currency, payment.amount), [])
        first, last = window(payment)
        for line in block[bisect_left(block, first, key=lambda line: line.booked_on) :]:
            if line.booked_on > last:
                break
            if same_book(payment, line):
                yield payment.id, line.id


def _by_number(payments: Iterable[PaymentLeg], lines: Iterable[LineLeg]) -> Iterator[Pair]:
    """By confirmation number for long; by account number where the line is the payment and a fee."""
    confirmed: dict[str, list[PaymentLeg]] = defaultdict(list)
    of_account: dict[str, list[PaymentLeg]] = defaultdict(list)
    for payment in payments:
        confirmed[squeezed(payment.confirmation)].append(payment)
        of_account[squeezed(payment.account_number)].append(payment)
    for line in lines:
        for payment in named_by(line, confirmed):
            if near_enough(payment, line) and same_book(payment, line):
                yield payment.id, line.id
        for payment in named_by(line, of_account):
            first, last = window(payment)
            if (
                is_with_fee(payment.amount, -line.amount)
                and first <= line.booked_on <= last
                and same_book(payment, line)
            ):
                yield payment.id, line.id


def is_with_fee(paid: int, debited: int) -> bool:
    """The debit is a little more than the payment."""
    return paid < debited <= paid + paid // _FEE_PART


def named_by(line: LineLeg, numbered: Mapping[str, Sequence[PaymentLeg]]) -> Iterator[PaymentLeg]:
    """The payments whose number the line holds as it is."""
    for token in tokens(line.text):
        yield from numbered.get(token, ())
