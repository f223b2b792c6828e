"""What accounts have in common, of paying and of billing: learned from the sites that stand for all in scope, and kept.

What all have in common takes hundreds of accounts to tell, not every one. Which sites stand for all depends on nothing that is
asked, so that a bill is foreseen the same on every page.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Select, func, select

from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.schema import accounts, allocations, invoices, sites
from data_access.scope import Scope, within
from domain.filters import Filters

ENOUGH = 600  # accounts that stand for all; a scope with fewer is learned from whole
_TURN, _OF = 40_503, 65_536  # sites in an order that has nothing to do with when or where they were entered
_MOST = 32  # that are kept: two for each scope and day
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Common:
    """The sites that stand for all; `follows`: all that what is learned from them follows from."""

    sites: frozenset[int]
    follows: Hashable

    @property
    def chosen(self) -> Select[tuple[int]]:
        """Their ids."""
        return select(sites.c.id).where(sites.c.id.in_(self.sites))


def common_to(connection: Connection, scope: Scope, as_of: date) -> Common:
    """Bills and what was applied to them are never edited or deleted: the same number of them is the same rows."""
    chosen = _standing_for_all(connection, scope)
    a = ledger_accounts(scope, Filters(as_of=as_of))
    named = ("account_id", "site", "region", "vendor", "service_type", "terms_days")
    of_account = (
        select(*(a.c[name] for name in named), accounts.c.closed_on)
        .join(accounts, accounts.c.id == a.c.account_id)
        .where(a.c.site_id.in_(chosen))
        .order_by(a.c.account_id)
    )
    rows = tuple(map(tuple, connection.execute(of_account)))
    counted = [
        connection.scalar(select(func.count()).select_from(table).where(condition))
        for table, condition in (
            (invoices, invoices.c.site_id.in_(chosen)),
            (allocations, allocations.c.account_id.in_(accounts_of(select(sites.c.id).where(sites.c.id.in_(chosen))))),
        )
    ]
    return Common(chosen, (str(connection.engine.url), as_of, chosen, rows, tuple(counted)))


def kept(what: str, common: Common, learn: Callable[[], Any]) -> Any:
    """What `learn` brings, or brought of the same rows before. Who asks meanwhile waits: it takes a part of a second."""
    key = (what, common.follows)
    with _lock:
        if key not in _kept:
            _kept[key] = learn()
            while len(_kept) > _MOST:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


def forget() -> None:
    """Forget all of it: for a ledger that was emptied in place, which only a test does."""
    with _lock:
        _kept.clear()


def others(
    scope: Scope, filters: Filters, common: Common, account_ids: Collection[int] | None = None
) -> Select[tuple[int]]:
    """The ids of the other sites of the accounts in filters, or of `account_ids`."""
    if account_ids is None and not narrowed(filters):
        return select(sites.c.id).where(within(scope, sites.c.id), sites.c.id.not_in(common.sites))
    a = ledger_accounts(scope, filters)
    asked = select(a.c.site_id).where(a.c.site_id.not_in(common.sites))
    return asked if account_ids is None else asked.where(a.c.account_id.in_(account_ids))


def accounts_of(chosen: Select[tuple[int]]) -> Select[tuple[int]]:
    """The ids of the accounts of these sites."""
    return select(accounts.c.id).where(accounts.c.site_id.in_(chosen))


def _standing_for_all(connection: Connection, scope: Scope) -> frozenset[int]:
    billed = select(accounts.c.id).where(accounts.c.site_id == sites.c.id).exists()
    first = (
        select(sites.c.id)
        .where(within(scope, sites.c.id), billed)
        .order_by(sites.c.id % _OF * _TURN % _OF, sites.c.id)
        .limit(ENOUGH)
    )
    in_order = connection.scalars(first).all()
    here = accounts.c.site_id
    counted = select(here, func.count()).where(here.in_(in_order)).group_by(here)
    counts: dict[int, int] = dict(map(tuple, connection.execute(counted)))
    before = accumulate((counts[site_id] for site_id in in_order), initial=0)
    return frozenset(site_id for site_id, told in zip(in_order, before, strict=False) if told < ENOUGH)
