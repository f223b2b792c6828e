"""What the rows of some accounts come to, on the way to the sums that they belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np
from sqlalchemy import Row

from data_access.migrations.triggers import months_0014, months_0020, open_0016, sites_0033
from data_access.sums import NEVER, Numbers, Sums, months_of, put_together

_AT = {name: number for number, name in enumerate(months_0020.MEASURES)}
BILLED, CREDITED, PAID, REFUNDED, RETURNED, BOUNCED, PAYMENTS, LATE, LATE_BILLS, FELL_DUE, IN_TIME = _AT.values()
OPEN, BILLS, FLAGGED, OWED = range(len(open_0016.MEASURES))
_PLACE = ("region", "vendor_id", "service_type", "currency")
_MONTH_BITS = 22
Measures = Mapping[int, Numbers | int]


@dataclass(slots=True)
class Recount:
    """What each sum should be, by the name of its table."""

    month_totals: Sums = field(default_factory=lambda: Sums(("month", *_PLACE), len(months_0020.MEASURES)))
    month_payments: Sums = field(
        default_factory=lambda: Sums(
            ("month", "region", "currency", "method", "channel"), len(months_0014.PAYMENT_MEASURES)
        )
    )
    open_totals: Sums = field(default_factory=lambda: Sums(open_0016.KEYS, len(open_0016.MEASURES)))


def of_sites() -> Sums:
    """Nothing yet of any site."""
    return Sums(sites_0033.KEYS, len(sites_0033.MEASURES))


class Accounts:
    """Some accounts, in the order of their ids. Days are ordinals."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self.rows = sorted(rows, key=attrgetter("id"))
        self.ids = np.array([row.id for row in self.rows], np.int64)
        self.terms = np.array([row.terms_days for row in self.rows], np.int64)
        self._moves: list[tuple[Numbers, Numbers, Numbers, Numbers]] = []
        self._months: list[tuple[Numbers, Numbers]] = []

    def numbers(self, ids: Sequence[int]) -> Numbers:
        """Where accounts with these ids are among them."""
        return np.searchsorted(self.ids, np.array(ids, np.int64))

    def move(self, who: Numbers, day: Numbers, due: Numbers, measures: Measures) -> None:
        """Of a day on, so much more is open of bills of a due day, and so many more of them; or more is owed."""
        self._moves.append((who, day, due, _values(OWED + 1, len(who), measures)))

    def count(self, who: Numbers, day: Numbers, measures: Measures) -> None:
        """So much more in the month of a day."""
        self._months.append(((who << _MONTH_BITS) | months_of(day), _values(IN_TIME + 1, len(who), measures)))

    def put_together(self, found: Recount, sites: Sums) -> None:
        """Add all of it to the sums, and the months to those of the accounts' sites."""
        if self._moves:
            who, day, due, values = (np.concatenate(parts) for parts in zip(*self._moves, strict=True))
            regions = [found.open_totals.code(row.region, None, None, row.currency) for row in self.rows]
            vendors = [found.open_totals.code(None, row.vendor_id, row.service_type, row.currency) for row in self.rows]
            days = [found.open_totals.code(None, None, None, row.currency, daily=True) for row in self.rows]
            for codes, when in ((days, day), (regions, month := months_of(day)), (vendors, month)):
                found.open_totals.add(np.array(codes, np.int64)[who], when, due, values)
        if self._months:
            keys, values = put_together(*(np.concatenate(parts) for parts in zip(*self._months, strict=True)))
            who, month = keys >> _MONTH_BITS, keys & ((1 << _MONTH_BITS) - 1)
            places = [found.month_totals.code(*(getattr(row, name) for name in _PLACE)) for row in self.rows]
            homes = [sites.code(row.site_id, row.currency) for row in self.rows]
            for sums, codes in ((found.month_totals, places), (sites, homes)):
                sums.add(np.array(codes, np.int64)[who], month, NEVER, values)


def _values(width: int, rows: int, measures: Measures) -> Numbers:
    values = np.zeros((rows, width), np.int64)
    for measure, numbers in measures.items():
        values[:, measure] = numbers
    return values
