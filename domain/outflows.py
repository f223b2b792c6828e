"""What is to be paid, and when: open bills, draws of autopay, promises, and the bills to come.

When a bill is paid comes from how its account has paid (outlook.Learned); what autopay draws leaves on the day on which it
has drawn, what was promised on the promised day, each as often as that came true before, and otherwise as any other bill.
What is in dispute is not paid, and what is on account pays the bills that fall due first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from statistics import median

import numpy as np

from domain.cash_forecast import Outflow, Source
from domain.expected_bills import ExpectedBill
from domain.outlook import Learned
from domain.payment_delays import ENOUGH
from domain.payment_habits import KnownBill, Shares
from domain.periods import shifted

_LATELY = 6  # last bills that autopay paid
_FURTHEST = 10  # days from the due day at which something that was paid can be a draw
_CLOSE = 1  # days around its usual day
_KEPT_BEFORE = (4.0, 5.0)  # before anything is known, four promises of five are kept
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
    """The chance of each day to be the one on which a bill is paid; once for bills to come of an account that look the same."""

    learned: Learned
    days: int  # that are looked ahead
    _known: dict[tuple[int, int, int], Shares] = field(default_factory=dict)

    def of(self, bill: KnownBill) -> Shares:
        """By day from the one after the as-of day on, `days` of them."""
        since = max(0, (bill.issued_on - self.learned.day).days)
        if bill.issued_on < self.learned.day:
            found = self.learned.paying_days(bill)
        else:
            alike = bill.account_id, bill.due_on.weekday(), (bill.due_on - bill.issued_on).days
            if alike not in self._known:
                self._known[alike] = self.learned.paying_days(bill)[: self.days]
            found = self._known[alike]
        by_day = np.zeros(self.days)
        within = found[: max(0, self.days - since)]
        by_day[since : since + len(within)] = within
        return by_day


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
        drawn, curves = self._draws(), _Curves(self.learned, 7 * self.weeks)
        both = chain(map(self._of_open, bills), map(self._of_expected, expected))
        found = []
        for flow, days_off in sorted(both, key=lambda pair: (pair[0].account_id, pair[0].due_on, pair[0].issued_on)):
            used = min(left[flow.account_id], flow.amount)
            left[flow.account_id] -= used
            if used == flow.amount:
                continue
            amounts = (max(0, amount - used) for amount in (flow.amount, flow.low, flow.high))
            by_day = np.zeros(7 * self.weeks)
            for off, times in Counter(days_off).items():
                by_day += self._by_day(flow, off, drawn, curves) * (times / len(days_off))
            found.append(_with(flow, *amounts, tuple(by_day.reshape(self.weeks, 7).sum(axis=1).tolist())))
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

    def _by_day(self, flow: Outflow, off: int, drawn: Mapping[int, tuple[int, float]], curves: _Curves) -> Shares:
        """The chance of each day ahead; `off`: days by which the bill comes and falls due later than it says."""
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
        by_day = (1 - share) * curves.of(known)
        if self.learned.record.paid < ENOUGH:  # too little was ever paid to say more: what is due is paid
            _add(by_day, self._ahead(due_on), 1 - share - by_day.sum())
        if day is not None:
            _add(by_day, self._ahead(day), share)
        return by_day

    def _ahead(self, day: date) -> int:
        return max(1, (day - self.as_of).days)

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


def _add(by_day: Shares, day: int, chance: float) -> None:
    if day <= len(by_day):
        by_day[day - 1] += chance


def _with(flow: Outflow, amount: int, low: int, high: int, chances: Sequence[float]) -> Outflow:
    names = ("account_id", "kind", "site", "source", "bill_id", "number", "issued_on", "due_on")
    return Outflow(*(getattr(flow, name) for name in names), amount, low, high, chances)
