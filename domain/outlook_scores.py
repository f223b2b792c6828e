"""How good the outlook is: what was said on earlier days against what came of it, beside a plain yardstick.

The yardstick is the account's mean lateness so far: of its bills that have fallen due, the share that was late (of an
account without any, the share of all).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.outlook import Outlook
from domain.payment_habits import KnownBill

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Forecast:
    """One bill on one day: what the outlook and the yardstick said, and what came of it."""

    day: date
    bill_id: int
    said: float
    yardstick: float
    late: bool
    expected_paid_on: date | None
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Tenth:
    """Some of the forecasts, from the lowest chances to the highest: the mean said, and the share that was late."""

    said: float
    late: float
    bills: int


def forecasts(
    known: Sequence[KnownBill],
    day: date,
    outlooks: Mapping[int, Outlook],
    outcomes: Mapping[int, KnownBill],
    until: date,
) -> list[Forecast]:
    """Of the bills open on `day` and due after it, those whose due day has passed by `until`; past due ones are no riddle."""
    plain = _yardstick(known, day)
    found = []
    for bill in known:
        if bill.id in outlooks and day < bill.due_on < until and bill.id in outcomes:
            outlook, outcome = outlooks[bill.id], outcomes[bill.id]
            found.append(
                Forecast(
                    day,
                    bill.id,
                    outlook.late_probability,
                    plain.get(bill.account_id, plain[None]),
                    outcome.late,
                    outlook.expected_paid_on,
                    outcome.settled_on,
                )
            )
    return found


def _yardstick(known: Sequence[KnownBill], day: date) -> dict[int | None, float]:
    late: dict[int | None, list[bool]] = defaultdict(list)
    for bill in known:
        if bill.due_on < day:
            for key in (None, bill.account_id):
                late[key].append(bill.late)
    return {None: 0.5} | {key: sum(values) / len(values) for key, values in late.items()}


def area_under_curve(said: Sequence[float], late: Sequence[bool]) -> float | None:
    """The chance that a late bill was given a higher figure than a punctual one, ties half; None without both."""
    order = sorted(zip(said, late, strict=True))
    lates = sum(late)
    pairs = lates * (len(late) - lates)
    if not pairs:
        return None
    won, punctual, start = 0.0, 0, 0
    while start < len(order):
        end = start
        while end < len(order) and order[end][0] == order[start][0]:
            end += 1
        tied = sum(was_late for _, was_late in order[start:end])
        won += tied * (punctual + (end - start - tied) / 2)
        punctual += end - start - tied
        start = end
    return won / pairs


def brier_score(said: Sequence[float], late: Sequence[bool]) -> float | None:
    """The mean squared distance between chance and outcome, smaller is better; None of nothing."""
    return sum((s - was_late) ** 2 for s, was_late in zip(said, late, strict=True)) / len(said) if said else None


def tenths(said: Sequence[float], late: Sequence[bool]) -> list[Tenth]:
    """The forecasts in ten equal parts by the chance said."""
    order = sorted(zip(said, late, strict=True))
    edges = [len(order) * i // TENTHS for i in range(TENTHS + 1)]
    parts = [order[start:end] for start, end in pairwise(edges) if end > start]
    return [Tenth(sum(s for s, _ in p) / len(p), sum(was_late for _, was_late in p) / len(p), len(p)) for p in parts]


def paid_by_expected(made: Sequence[Forecast], until: date) -> float | None:
    """Of the forecasts whose day to expect has come by `until`, the share paid by it: about half, as it is a median."""
    met = [
        f.settled_on is not None and f.settled_on <= f.expected_paid_on
        for f in made
        if f.expected_paid_on is not None and f.expected_paid_on <= until
    ]
    return sum(met) / len(met) if met else None
