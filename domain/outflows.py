"""What is to be paid, and when: open bills, draws of autopay, promises, and the bills to come.

When a bill is paid comes from how its account has paid (outlook.Learned); what autopay draws leaves on the day on which it
has drawn, what was promised on the promised day, each as often as that came true before, and otherwise as any other bill.
What is in dispute is not paid, and what is on account pays the bills that fall due first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, takewhile
from statistics import median

from domain.cash_forecast import Outflow, Source, chances_by_week
from domain.expected_bills import ExpectedBill
from domain.outlook import Learned
from domain.payment_delays import ENOUGH
from domain.payment_habits import KnownBill
from domain.periods import shifted

_LATELY = 6  # last bills that autopay paid
_FURTHEST = 10  # days from the due day at which something that was paid can be a draw
_CLOSE = 1  # days around its usual day
_KEPT_BEFORE = (4.0, 5.0)  # before anything is known, four promises of five are kept
_MARGIN = 31  # days
_DRAWN_BEFORE = (9.0, 10.0)  # and nine draws of ten are on their day


@dataclass(frozen=True, slots=True)
class Payer:
    """An account as it pays. on_account: money and credits that no bill has used; promised_on: an open promise's day."""

    account_id: int
    kind: str
    site: str
    vendor: str
    autopay: bool
    autopay_until: date | None
    on_account: int = 0
    promised_on: date | None = None

    def draws(self, day: date) -> bool:
        """Would autopay draw on `day`?"""
        return self.autopay and (self.autopay_until is None or day <= self.autopay_until)


@dataclass(frozen=True, slots=True)
class OpenBill:
    """What is open of a bill and not in dispute, more than nothing."""

    id: int
    account_id: int
    number: str
    issued_on: date
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class _Curves:
    """Days on which a bill may be paid, up to `until`; once for bills to come of an account that look the same.

    They are asked for in the order of their due days, give or take _MARGIN.
    """

    learned: Learned
    until: date
    _known: dict[tuple[int, int, int], list[tuple[int, float]]] = field(default_factory=dict)

    def of(self, bill: KnownBill) -> list[tuple[int, float]]:
        """(days after the day, chance), the next first."""
        due_in = (bill.due_on - self.learned.day).days
        if bill.issued_on < self.learned.day:
            return [(due_in + after, chance) for after, chance in self._after_due(bill, self.until)]
        alike = bill.account_id, bill.due_on.weekday(), (bill.due_on - bill.issued_on).days
        if alike not in self._known:
            self._known[alike] = self._after_due(bill, shifted(self.until, _MARGIN))
        return [(due_in + after, chance) for after, chance in self._known[alike]]

    def _after_due(self, bill: KnownBill, until: date) -> list[tuple[int, float]]:
        days = takewhile(lambda pair: pair[0] <= until, self.learned.paying_days(bill))
        due = bill.due_on.toordinal()
        return [(day.toordinal() - due, chance) for day, chance in days]


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is known on `as_of` of how things are paid. kept: of promises made before, and how many there were."""

    as_of: date
    weeks: int
    learned: Learned
    payers: Mapping[int, Payer]
    kept: tuple[int, int] = (0, 0)

    def outflows(self, bills: Iterable[OpenBill], expected: Iterable[ExpectedBill]) -> list[Outflow]:
        """One for each bill that may be paid within the weeks, by account and due day."""
        left = {payer.account_id: payer.on_account for payer in self.payers.values()}
        drawn, curves = self._draws(), _Curves(self.learned, shifted(self.as_of, 7 * self.weeks))
        both = chain(map(self._of_open, bills), map(self._of_expected, expected))
        found = []
        for flow, days_off in sorted(both, key=lambda pair: (pair[0].account_id, pair[0].due_on, pair[0].issued_on)):
            used = min(left[flow.account_id], flow.amount)
            left[flow.account_id] -= used
            if used == flow.amount:
                continue
            amounts = (max(0, amount - used) for amount in (flow.amount, flow.low, flow.high))
            chances = [0.0] * self.weeks
            for off, times in Counter(days_off).items():
                days = self._days(flow, off, drawn, curves)
                for week, chance in enumerate(chances_by_week(days, self.weeks)):
                    chances[week] += chance * times / len(days_off)
            found.append(_with(flow, *amounts, tuple(chances)))
        return found

    def _of_open(self, bill: OpenBill) -> tuple[Outflow, Sequence[int]]:
        payer = self.payers[bill.account_id]
        source = Source.OPEN
        if payer.promised_on is not None and bill.due_on < self.as_of:
            source = Source.PROMISED
        elif bill.due_on > shifted(self.as_of, -_CLOSE) and payer.draws(bill.due_on):
            source = Source.AUTOPAY
        names = (bill.account_id, payer.kind, payer.site, source, bill.id, bill.number, bill.issued_on, bill.due_on)
        return Outflow(*names, bill.amount, bill.amount, bill.amount, ()), (0,)

    def _of_expected(self, bill: ExpectedBill) -> tuple[Outflow, Sequence[int]]:
        payer = self.payers[bill.account_id]
        names = (bill.account_id, payer.kind, payer.site, Source.EXPECTED, None, "", bill.issued_on, bill.due_on)
        return Outflow(*names, bill.amount, bill.low, bill.high, ()), bill.days_off

    def _days(
        self, flow: Outflow, off: int, drawn: Mapping[int, tuple[int, float]], curves: _Curves
    ) -> list[tuple[int, float]]:
        """(days after as_of, chance), the next first; `off`: days by which the bill comes and falls due later than it says."""
        payer, day, share = self.payers[flow.account_id], None, 0.0
        due_on = shifted(flow.due_on, off)
        if flow.source is Source.PROMISED:
            kept, all_of_them = self.kept
            day = payer.promised_on
            share = (kept + _KEPT_BEFORE[0]) / (all_of_them + _KEPT_BEFORE[1])
        elif flow.source is Source.AUTOPAY or (flow.source is Source.EXPECTED and payer.draws(due_on)):
            after, share = drawn.get(flow.account_id, (0, _DRAWN_BEFORE[0] / _DRAWN_BEFORE[1]))
            day = shifted(due_on, after)
        issued_on = flow.issued_on if flow.bill_id is not None else max(shifted(flow.issued_on, off), self.as_of)
        known = KnownBill(
            flow.bill_id or 0, payer.account_id, payer.site, payer.vendor, issued_on, max(issued_on, due_on), None
        )
        usual = [(on, chance * (1 - share)) for on, chance in curves.of(known)]
        if self.learned.record.paid < ENOUGH:  # too little was ever paid to say more: what is due is paid
            usual = sorted(
                [*usual, (max(1, (due_on - self.as_of).days), 1 - share - sum(chance for _, chance in usual))]
            )
        return usual if day is None else sorted([*usual, (max(1, (day - self.as_of).days), share)])

    def _draws(self) -> dict[int, tuple[int, float]]:
        """By account on autopay: days from the due day to the draw, and the share of bills drawn around it."""
        paid: dict[int, list[int]] = {}
        for bill in self.learned.bills:
            payer = self.payers.get(bill.account_id)
            if payer is not None and payer.autopay and bill.due_on < self.as_of:
                days = (bill.settled_on - bill.due_on).days if bill.settled_on else _FURTHEST + 1
                paid.setdefault(bill.account_id, []).append(days)
        found = {}
        for account_id, every in paid.items():
            lately = every[-2 * _LATELY :]
            usual = [days for days in lately if abs(days) <= _FURTHEST]
            after = round(median(usual)) if usual else 0
            on_it = sum(abs(days - after) <= _CLOSE for days in lately)
            found[account_id] = (after, (on_it + _DRAWN_BEFORE[0]) / (len(lately) + _DRAWN_BEFORE[1]))
        return found


def _with(flow: Outflow, amount: int, low: int, high: int, chances: Sequence[float]) -> Outflow:
    names = ("account_id", "kind", "site", "source", "bill_id", "number", "issued_on", "due_on")
    return Outflow(*(getattr(flow, name) for name in names), amount, low, high, chances)
