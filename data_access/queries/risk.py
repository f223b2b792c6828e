"""The risk of every account with something unsettled, as of a day, from what was known on that day.

A few aggregated reads for all accounts together; the judgement is domain.risk's. It is kept by all that it follows from, every
value of which the asker has just read: after a change the accounts that it touched are judged again, and no others.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.queries.policies import policies
from data_access.queries.risk_evidence import (
    BillRow,
    bill_of,
    lines_on,
    money_on_account,
    notices_about,
    open_promises,
    unsettled_rows,
)
from data_access.queries.unsettled import ONLY, only
from data_access.schema import accounts, sites
from data_access.scope import Scope
from domain.filters import Filters
from domain.notices import Notice
from domain.policies import Policy, in_force
from domain.risk import Risk, Stage, assess
from domain.risk_facts import AccountFacts, Promise, RiskService
from domain.risk_reasons import Reason, reasons_of
from domain.risk_severity import Severity

FEW = 500  # accounts that are looked for one by one
KEPT = 65_536  # judgements
_NAMED = ("account_id", "account_number", "vendor", "site", "site_name", "region", "service_type", "currency")


@dataclass(frozen=True, slots=True)
class AccountRisk:
    """One account's risk with the facts behind it; amounts in minor units of `currency`. rank: see worst_first."""

    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    region: str
    service_type: str
    currency: str
    risk: Risk
    rank: tuple[Any, ...] = field(init=False, compare=False, repr=False)
    _reasons: list[Reason] | None = field(init=False, compare=False, repr=False, default=None)

    def __post_init__(self) -> None:
        effect = tuple(-n for n in self.risk.effect.rank)
        object.__setattr__(
            self, "rank", (-self.risk.firm.stage, self.stops_on, effect, self.site_name, self.account_id)
        )

    @property
    def facts(self) -> AccountFacts:
        """What it is judged from."""
        return self.risk.account

    @property
    def policy(self) -> Policy | None:
        """The vendor's terms in force."""
        return self.facts.policy

    @property
    def open_amount(self) -> int:
        """Open on bills, with what is on its way."""
        return sum(bill.open_amount for bill in self.facts.bills)

    @property
    def reasons(self) -> list[Reason]:
        """Why, written when somebody asks, and once: the same entry is shown at each run. Nobody changes it."""
        if self._reasons is None:
            object.__setattr__(self, "_reasons", reasons_of(self.facts, self.risk, self.risk.as_of))
        return self._reasons or []

    @property
    def severity(self) -> Severity:
        """How much somebody has to act."""
        return Severity.of(self.risk.firm)

    @property
    def stops_on(self) -> date:
        """The likely day; the end of the calendar where there is none."""
        return self.risk.firm.window.likely if self.risk.firm.window else date.max

    @property
    def days_left(self) -> int | None:
        """To the likely day, never below 0."""
        return self.risk.firm.days_left

    @property
    def keeps_on(self) -> int:
        """What keeps the service on, or switches it on again."""
        return self.risk.firm.keep_on + self.risk.firm.restoral


def account_risks(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    among: Collection[int] | None = None,
    also: Collection[int] = (),
    to_fear: bool = False,
) -> list[AccountRisk]:
    """One entry an account, the worst first: by stage, then by the day on which it stops, then by what stops.

    account_id, among: of these accounts alone. also: accounts to judge even if nothing is unsettled on them. to_fear: only
    those above Stage.CURRENT.
    """
    among = [account_id] if account_id is not None else among
    known = known_accounts(connection, scope, filters, among, also=also, to_fear=to_fear)
    found = [_judged(each, filters.as_of) for each in known]
    if to_fear:
        found = [entry for entry in found if entry.risk.firm.stage is not Stage.CURRENT]
    return sorted(found, key=worst_first)


def known_accounts(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    among: Collection[int] | None = None,
    *,
    also: Collection[int] = (),
    to_fear: bool = False,
    firm: bool = False,
) -> "list[Known]":
    """What accounts are judged from; see account_risks. firm: without what the provisional outlook alone follows from."""
    as_of = filters.as_of
    places = _accounts(connection, scope, filters, among)
    few = among is not None or (len(places) <= FEW and (narrowed(filters) or not scope.everything))
    among = list(places) if few else None
    bills = unsettled_rows(connection, scope, filters, among, to_fear=to_fear)
    money = {} if firm else money_on_account(connection, scope, filters, among)
    notices = notices_about(
        connection, scope, filters, {key: [row[:2] for row in own] for key, own in bills.items()}, among
    )
    promises = {} if firm else open_promises(connection, scope, filters, among)
    lines = lines_on(connection, scope, filters, among)
    terms = _Terms(policies(connection, scope), as_of)
    found = []
    for key in {*bills, *also}.intersection(places):
        place, country, opened_on = places[key]
        found.append(
            Known(
                place,
                country,
                opened_on,
                terms.of(place[2], place[6], place[7]),
                tuple(bills.get(key, ())),
                tuple(notices.get(key, ())),
                tuple(promises.get(key, ())),
                max(0, -money.get(key, 0)),
                tuple(lines.get(key, ())),
            )
        )
    return found


def worst_first(entry: AccountRisk) -> tuple[Any, ...]:
    """The order of a list of risks."""
    return entry.rank


def by_effect(entry: AccountRisk) -> tuple[Any, ...]:
    """What is at risk first, and of that what hurts most."""
    threatened = entry.risk.firm.stage >= Stage.LATE
    return not threatened, tuple(-n for n in entry.risk.effect.rank), *worst_first(entry)


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """Terms that are told apart by their place in memory, since comparing them costs more than a judgement saves."""

    policy: Policy | None


@lru_cache(maxsize=1024)
def _shared(policy: Policy | None) -> _Shared:
    return _Shared(policy)


class _Terms:
    """The terms in force on a day, looked up once for all accounts of a kind."""

    def __init__(self, known: Mapping[str, Collection[Policy]], as_of: date) -> None:
        self._known, self._as_of = known, as_of
        self._found: dict[tuple[str, str, str], _Shared] = {}

    def of(self, vendor: str, service_type: str, currency: str) -> _Shared:
        kind = vendor, service_type, currency
        if kind not in self._found:
            policy = in_force(self._known.get(vendor, ()), service_type, currency, self._as_of)
            self._found[kind] = _shared(policy)
        return self._found[kind]


class Known(NamedTuple):
    """All that a judgement follows from, but for the day. place: the fields that name the account."""

    place: tuple[Any, ...]
    country: str
    opened_on: date | None
    terms: _Shared
    bills: tuple[BillRow, ...]
    notices: tuple[Notice, ...]
    promises: tuple[Promise, ...]
    on_account: int
    lines: tuple[tuple[Any, ...], ...]

    @property
    def facts(self) -> AccountFacts:
        """What it is judged from."""
        return AccountFacts(
            bills=tuple(map(bill_of, self.bills)),
            country=self.country,
            opened_on=self.opened_on,
            policy=self.terms.policy,
            notices=self.notices,
            promises=self.promises,
            on_account=self.on_account,
            services=tuple(RiskService(*line) for line in self.lines),
        )


@lru_cache(maxsize=KEPT)
def _judged(known: Known, as_of: date) -> AccountRisk:
    return AccountRisk(*known.place, assess(known.facts, as_of))


def _accounts(
    connection: Connection, scope: Scope, filters: Filters, among: Collection[int] | None
) -> dict[int, tuple[tuple[Any, ...], str, date | None]]:
    """By id: the fields that name an account, its country, and since when it is open."""
    statement = _named(scope, filters, few=among is not None)
    named = len(_NAMED)
    rows = connection.execute(statement, {} if among is None else {ONLY: list(among)})
    return {row[0]: (row[:named], row[named], row[named + 1]) for row in rows}


@lru_cache(maxsize=64)
def _named(scope: Scope, filters: Filters, *, few: bool) -> Select[*tuple[Any, ...]]:
    a = ledger_accounts(scope, filters)
    return (
        select(*(a.c[name] for name in _NAMED), sites.c.country, accounts.c.opened_on)
        .join(accounts, accounts.c.id == a.c.account_id)
        .join(sites, sites.c.id == a.c.site_id)
        .where(only(a.c.account_id, few=few))
    )
