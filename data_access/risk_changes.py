"""On which later day other facts will hold for an account, as far as they are written already: bills to come, ends of lines."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, Select, bindparam, func, select, union_all

from data_access.queries.expressions import unindexed
from data_access.queries.policies import policies
from data_access.queries.unsettled import ONLY
from data_access.schema import accounts, allocations, dispute_events, disputes, invoices, notices, payments, services
from data_access.scope import Scope
from domain.periods import shifted

_DAY, _TOMORROW = "day", "tomorrow"
_ALL = Scope.all_sites()


@dataclass(frozen=True, slots=True)
class Changes:
    """The first later day by account id, and by vendor's name that of its terms."""

    of_accounts: dict[int, date]
    of_vendors: dict[str, date]


def facts_change(connection: Connection, ids: Collection[int], as_of: date) -> Changes:
    """Of these accounts, and of every vendor, for who sees every site."""
    rows = connection.execute(_later(), {ONLY: list(ids), _DAY: as_of, _TOMORROW: shifted(as_of, 1)})
    of_vendors: dict[str, date] = {}
    for vendor, known in policies(connection, _ALL).items():
        days = [day for terms in known for day in (terms.effective_from, terms.effective_until) if day and day > as_of]
        if days:
            of_vendors[vendor] = min(days)
    return Changes({row.account_id: row.day for row in rows}, of_vendors)


def elsewhere_of(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Those of these accounts that have, or had, a line at another site than their own."""
    statement = (
        select(services.c.account_id)
        .distinct()
        .join(accounts, accounts.c.id == services.c.account_id)
        .where(services.c.account_id.in_(ids), services.c.site_id != accounts.c.site_id)
    )
    return frozenset(connection.scalars(statement))


@cache
def _later() -> Select[*tuple[Any, ...]]:
    day = bindparam(_DAY, type_=Date)

    def after(column: Any, told: Any = None) -> Any:
        # By the index of days where there is one: little is dated later.
        of_these = unindexed(column.table.c.account_id).in_(bindparam(ONLY, expanding=True))
        return select(column.table.c.account_id, (column if told is None else told).label("day")).where(
            column > day, of_these
        )

    dated = (
        *(invoices.c.issued_on, allocations.c.applied_on, payments.c.paid_on),
        *(disputes.c.opened_on, disputes.c.closed_on, dispute_events.c.dated),
        *(notices.c.dated, notices.c.withdrawn_on, services.c.started_on, services.c.ended_on),
    )
    # Of payments that post or come back later the queries look back some days only: they are judged from day to day.
    tomorrow = bindparam(_TOMORROW, type_=Date)
    moving = (after(payments.c.posted_on, tomorrow), after(payments.c.reversed_on, tomorrow))
    every = union_all(*map(after, dated), *moving).subquery()
    return select(every.c.account_id, func.min(every.c.day, type_=Date).label("day")).group_by(every.c.account_id)
