"""Which open payments any of the open lines could be a part of: the others need not be read for them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from domain.matching.evidence import LATE_WITH_NUMBER, NAMED, expected, window
from domain.matching.legs import Learned, LineLeg, PaymentLeg
from domain.matching.words import likeness, squeezed, tokens, words_of


class Reach:
    """What the lines say, looked up once for all payments. names: of every vendor, by id."""

    def __init__(self, lines: Iterable[LineLeg], names: Mapping[int, str], learned: Learned) -> None:
        out = [line for line in lines if line.amount < 0]
        self.any = bool(out)
        self.first = min((line.booked_on for line in out), default=date.min)
        self._amounts: dict[tuple[str, int], list[date]] = defaultdict(list)
        self._numbers: dict[str, list[date]] = defaultdict(list)
        self._vendors: dict[int, list[date]] = defaultdict(list)
        for line in sorted(out, key=lambda line: line.booked_on):
            self._amounts[line.currency, -line.amount].append(line.booked_on)
            for token in tokens(line.text):
                self._numbers[token].append(line.booked_on)
            for vendor in _named(line, names, learned):
                self._vendors[vendor].append(line.booked_on)

    def holds(self, payment: PaymentLeg) -> bool:
        """Is it equal in amount and near in time to a line, or its number in one, or its vendor named by one?"""
        near = window(payment)
        if _any_in(self._vendors.get(payment.vendor_id), *near):
            return True
        if _any_in(self._amounts.get((payment.currency, payment.amount)), *near):
            return True
        if _any_in(self._numbers.get(squeezed(payment.account_number)), *near):
            return True
        first, last = expected(payment)
        believed = timedelta(days=LATE_WITH_NUMBER)
        return _any_in(self._numbers.get(squeezed(payment.confirmation)), first - believed, last + believed)


def _named(line: LineLeg, names: Mapping[int, str], learned: Learned) -> list[int]:
    known = learned.vendors.get((line.bank_account, words_of(line.text)))
    return [known] if known is not None else [v for v, name in names.items() if likeness(name, line.text) >= NAMED]


def _any_in(days: list[date] | None, first: date, last: date) -> bool:
    if not days:
        return False
    at = bisect_left(days, first)
    return at < len(days) and days[at] <= last
