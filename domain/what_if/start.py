"""The state on the as-of day that scenarios start from, in columns: one currency, amounts in minor units.

Days are counted from the as-of day, which is 0; NEVER is a day that does not come. Bills are those open or paid only by money
under way, and then the bills that are expected; both know their account by its index.
"""

from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.filters import Basis
from domain.policies import Policy

NEVER = 10_000_000
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Site(NamedTuple):
    """A place; `region` '' where it has none."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of few texts: each entry is an index into `names`."""

    names: tuple[str, ...]
    index: Whole

    def __getitem__(self, row: int) -> str:
        return self.names[self.index[row]]

    def among(self, wanted: tuple[str, ...]) -> Flags:
        """Which entries are one of `wanted`."""
        return np.isin(self.index, [i for i, name in enumerate(self.names) if name in wanted])


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """policy: index into Start.policies, -1 none. unapplied: as on Balances, negative; on_account: what of it lowers a fee's base.

    autopay_until: the last day on which autopay draws, -1 where there is none.
    """

    ids: Whole
    numbers: tuple[str, ...]
    site: Whole  # index into Start.sites
    vendor: Coded
    service_type: Coded
    country: Coded
    policy: Whole
    terms_days: Whole
    young_until: Whole  # the policy's other days hold for bills that count from before
    unapplied: Whole
    on_account: Whole
    autopay_until: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Bills:
    """base: the day its age is counted from. open: as on Balances; pending: what only money under way has paid, on top of it.

    disputed is part of open. low, high: the range of an expected bill; of the others, the amount. open of an expected bill is 0
    until it is issued. due_day: the last day on which it is paid in time; free_day: the last without a late fee.
    may_rest: basis points of the bill that may stay unpaid for the window to be put off; 0 where no part payment counts.
    """

    account: Whole
    ids: Whole  # 0 for an expected bill
    numbers: tuple[str, ...]  # of those with an id, in their order
    issued: Whole
    due: Whole
    base: Whole
    amount: Whole  # what is open on the as-of day or, expected, on the day of issue
    low: Whole
    high: Whole
    pending: Whole
    disputed: Whole
    recurring: Whole
    billed: Whole  # all of it, with what was paid before
    due_day: Whole
    free_day: Whole
    earliest: Whole  # of the suspension window by policy alone
    likely: Whole
    latest: Whole
    may_rest: Whole
    put_off_earliest: Whole  # of the window once a part is paid
    put_off_likely: Whole
    put_off_latest: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Money under way on the as-of day: when the vendor shows it, for which bill."""

    bill: Whole
    day: Whole
    amount: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Notices:
    """Notices that replace all before them. amount: what is asked, -1 where it names none.

    earliest, likely, latest, and put off by a part payment: NEVER for a late notice. covering, covered: pairs of a notice and a bill that it is about.
    """

    ids: Whole
    account: Whole
    earliest: Whole
    likely: Whole
    latest: Whole
    put_off_earliest: Whole
    put_off_likely: Whole
    put_off_latest: Whole
    amount: Whole
    paid_since: Whole
    happened: Flags
    covering: Whole
    covered: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Everything that a projection needs; nothing else is read. until: the last day for which bills were expected."""

    as_of: date
    until: date
    currency: str
    basis: Basis
    edges: tuple[int, ...]
    sites: tuple[Site, ...]
    policies: tuple[Policy, ...]
    accounts: Accounts
    bills: Bills
    arrivals: Arrivals
    notices: Notices

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all of it: another one means that what a scenario started from has moved."""
        digest = sha256(repr((self.as_of, self.currency, self.basis, self.edges, self.sites, self.policies)).encode())
        for part in (self.accounts, self.bills, self.arrivals, self.notices):
            for field in fields(part):
                _feed(digest, getattr(part, field.name))
        return digest.hexdigest()


def _feed(digest: Any, column: Any) -> None:
    if isinstance(column, Coded):
        digest.update(repr(column.names).encode())
        column = column.index
    digest.update(column.tobytes() if isinstance(column, np.ndarray) else repr(column).encode())
