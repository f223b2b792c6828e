"""The start of all scenarios, from one row an account and a bill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np

from domain.expected_bills import ExpectedBill
from domain.filters import Basis
from domain.notices import Notice, newest
from domain.periods import add_months
from domain.policies import USUAL_POSTING, Policy
from domain.suspension import window_by_notice
from domain.what_if.bill_terms import bill_terms
from domain.what_if.start import NEVER, Accounts, Arrivals, Bills, Coded, Notices, Site, Start, Whole
from domain.working_days import add_working_days


@dataclass(frozen=True, slots=True)
class OpeningAccount:
    """An account on the as-of day. policy: the one in force; unapplied: as on Balances, negative.

    autopay_until: the last day on which it draws, None where it is off.
    """

    account_id: int
    account_number: str
    vendor: str
    site: Site
    service_type: str
    country: str
    terms_days: int = 30
    opened_on: date | None = None
    policy: Policy | None = None
    notices: tuple[Notice, ...] = ()
    unapplied: int = 0
    autopay_until: date | None = None

    @property
    def calendar(self) -> str:
        """Whose working days count."""
        return (self.policy.calendar if self.policy else "") or self.country


@dataclass(frozen=True, slots=True)
class Sent:
    """Part of a payment that is under way to one bill."""

    paid_on: date
    method: str
    amount: int


@dataclass(frozen=True, slots=True)
class OpeningBill:
    """A bill on the as-of day: open as on Balances, where what was `sent` counts as paid."""

    account_id: int
    bill_id: int
    number: str
    issued_on: date
    due_on: date
    open_amount: int
    disputed: int = 0
    recurring: int = 0
    billed: int = 0  # 0: not known, then what is open and sent
    sent: tuple[Sent, ...] = ()


def opening(
    as_of: date,
    currency: str,
    accounts: Iterable[OpeningAccount],
    bills: Iterable[OpeningBill],
    expected: Iterable[ExpectedBill] = (),
    *,
    until: date,
    basis: Basis = Basis.DUE,
    edges: tuple[int, ...] = (30, 60, 90),
) -> Start:
    """The start; every bill is one of `accounts`. All recurring where nothing else is known: a fee is not told too low."""
    known = sorted(accounts, key=lambda account: account.account_id)
    place = {account.account_id: index for index, account in enumerate(known)}
    # Each vendor's policy is one object; hashing its fields for every account would take longer than all the rest.
    policies = tuple({id(a.policy): a.policy for a in known if a.policy is not None}.values())
    sites = tuple(sorted({account.site for account in known}))
    columns = _accounts(as_of, known, sites, policies)
    rows = sorted(bills, key=lambda bill: (place[bill.account_id], bill.due_on, bill.issued_on, bill.bill_id))
    coming = sorted(expected, key=lambda bill: (place[bill.account_id], bill.due_on, bill.issued_on))
    owners = _whole(place[bill.account_id] for bill in chain(rows, coming))
    issued = _days(as_of, (bill.issued_on for bill in chain(rows, coming)))
    due = _days(as_of, (bill.due_on for bill in chain(rows, coming)))
    amount = _whole(chain((bill.open_amount for bill in rows), (bill.amount for bill in coming)))
    none = [0] * len(coming)
    start_bills = Bills(
        account=owners,
        ids=_whole(chain((bill.bill_id for bill in rows), none)),
        numbers=tuple(bill.number for bill in rows),
        issued=issued,
        due=due,
        base=issued if basis is Basis.INVOICE else due,
        amount=amount,
        low=_whole(chain((bill.open_amount for bill in rows), (bill.low for bill in coming))),
        high=_whole(chain((bill.open_amount for bill in rows), (bill.high for bill in coming))),
        pending=_whole(chain((sum(part.amount for part in bill.sent) for bill in rows), none)),
        disputed=_whole(chain((min(bill.disputed, bill.open_amount) for bill in rows), none)),
        recurring=_whole(chain((bill.recurring for bill in rows), (bill.amount for bill in coming))),
        billed=_whole(chain((_billed(bill) for bill in rows), (bill.amount for bill in coming))),
        **bill_terms(
            as_of,
            policies,
            columns.country.names,
            policy=columns.policy[owners],
            country=columns.country.index[owners],
            young_until=columns.young_until[owners],
            issued=issued,
            due=due,
        )._asdict(),
    )
    arrivals = _arrivals(as_of, rows, known, place)
    notices = _notices(as_of, known, rows)
    return Start(as_of, until, currency, basis, tuple(edges), sites, policies, columns, start_bills, arrivals, notices)


def _billed(bill: OpeningBill) -> int:
    return max(bill.billed, bill.open_amount + sum(part.amount for part in bill.sent))


def _accounts(
    as_of: date, known: Sequence[OpeningAccount], sites: tuple[Site, ...], policies: tuple[Policy, ...]
) -> Accounts:
    of_site = {site: index for index, site in enumerate(sites)}
    of_policy = {id(policy): index for index, policy in enumerate(policies)} | {id(None): -1}
    unapplied = _whole(account.unapplied for account in known)
    return Accounts(
        ids=_whole(account.account_id for account in known),
        numbers=tuple(account.account_number for account in known),
        site=_whole(of_site[account.site] for account in known),
        vendor=_coded(account.vendor for account in known),
        service_type=_coded(account.service_type for account in known),
        country=_coded(account.country for account in known),
        policy=_whole(of_policy[id(account.policy)] for account in known),
        terms_days=_whole(account.terms_days for account in known),
        young_until=_whole(_young_until(as_of, account) for account in known),
        unapplied=unapplied,
        on_account=np.maximum(0, -unapplied),
        autopay_until=_whole(
            -1 if account.autopay_until is None else (account.autopay_until - as_of).days for account in known
        ),
    )


def _young_until(as_of: date, account: OpeningAccount) -> int:
    if account.policy is None or account.policy.young is None or account.opened_on is None:
        return -NEVER
    return (add_months(account.opened_on, account.policy.young_months) - as_of).days


def _arrivals(
    as_of: date, rows: Sequence[OpeningBill], known: Sequence[OpeningAccount], place: dict[int, int]
) -> Arrivals:
    """What should have arrived by now arrives tomorrow."""
    found = []
    for index, bill in enumerate(rows):
        account = known[place[bill.account_id]]
        for part in bill.sent:
            posting = account.policy.posting() if account.policy else USUAL_POSTING
            shown = add_working_days(part.paid_on, posting.get(part.method, posting["ach"]), account.calendar)
            found.append((index, max(1, (shown - as_of).days), part.amount))
    return Arrivals(*np.array(found, np.int64).reshape(-1, 3).T)


def _notices(as_of: date, known: Sequence[OpeningAccount], rows: Sequence[OpeningBill]) -> Notices:
    of_account: dict[int, list[int]] = {}
    noticed = {account.account_id for account in known if account.notices}
    for index, bill in enumerate(rows):
        if bill.account_id in noticed:
            of_account.setdefault(bill.account_id, []).append(index)
    found: list[tuple[Any, ...]] = []
    pairs: list[tuple[int, int]] = []
    for owner, account in enumerate(known):
        for notice in newest(account.notices, as_of):
            days: list[int] = []
            for put_off in (0, account.policy.part.days if account.policy and account.policy.part else 0):
                window = window_by_notice(notice, account.calendar, put_off)
                steps = (window.earliest, window.likely, window.latest) if window else ()
                days += [(day - as_of).days for day in steps] or [NEVER] * 3
            asked = -1 if notice.amount is None else notice.amount
            about = [
                index
                for index in of_account.get(account.account_id, ())
                if notice.covers(rows[index].bill_id, rows[index].due_on)
            ]
            pairs += [(len(found), index) for index in about]
            found.append((notice.id, owner, *days, asked, notice.paid_since, notice.happened))
    columns = np.array(found, np.int64).reshape(-1, 11).T
    return Notices(*columns[:-1], columns[-1].astype(bool), *np.array(pairs, np.int64).reshape(-1, 2).T)


def _coded(texts: Iterable[str]) -> Coded:
    entries = list(texts)
    names = tuple(sorted(set(entries)))
    index = {name: place for place, name in enumerate(names)}
    return Coded(names, _whole(index[entry] for entry in entries))


def _days(as_of: date, days: Iterable[date]) -> Whole:
    zero = as_of.toordinal()
    return _whole(day.toordinal() - zero for day in days)


def _whole(values: Iterable[int]) -> Whole:
    return np.fromiter(values, np.int64)
