"""Until when each threatened account can be paid so that its service stays on, in brief: from what is kept of its judgement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select

from data_access.queries.kept_risks import Apart, Asked, judged_apart, kept, parameters, stands
from data_access.queries.policies import policies
from data_access.schema import accounts, sites, vendors
from data_access.scope import Scope
from domain.filters import Filters
from domain.policies import USUAL_POSTING, in_force
from domain.risk import Stage, last_safe_day


@dataclass(frozen=True, slots=True)
class SafeDay:
    """One account that is late or warned, the last day for the quickest method, and what is to be paid by then, minor units."""

    day: date
    account_id: int
    currency: str
    keep_on: int


def safe_days(connection: Connection, scope: Scope, filters: Filters) -> list[SafeDay]:
    """Of the accounts of which the day is not over; in no order."""
    apart = judged_apart(connection, scope, filters)
    return [*_judged(apart), *_kept(connection, scope, filters, apart)]


def _judged(apart: Apart) -> Iterator[SafeDay]:
    for entry in apart.entries:
        days = [day for _, day in entry.risk.pay_by if day is not None]
        if days:
            yield SafeDay(max(days), entry.account_id, entry.currency, entry.risk.firm.keep_on)


def _kept(connection: Connection, scope: Scope, filters: Filters, apart: Apart) -> Iterator[SafeDay]:
    if apart.ids is None:
        return
    terms = policies(connection, scope)
    known: dict[tuple[Any, ...], date] = {}
    rows = connection.execute(_threatened(apart.asked(scope, filters)), parameters(filters, apart))
    for account_id, keep_on, *alike in rows:
        earliest, vendor, service_type, currency, country = alike
        if (key := tuple(alike)) not in known:
            policy = in_force(terms.get(vendor, ()), service_type, currency, filters.as_of)
            posting = policy.posting() if policy else USUAL_POSTING
            calendar = (policy.calendar if policy else "") or country
            known[key] = last_safe_day(earliest, min(posting.values()), calendar)
        if known[key] >= filters.as_of:
            yield SafeDay(known[key], account_id, currency, keep_on)


@lru_cache(maxsize=64)
def _threatened(asked: Asked) -> Select[*tuple[Any, ...]]:
    # Nothing comes on top of what keeps these on: they are not off.
    stages = [int(stage) for stage in (Stage.LATE, Stage.NOTICE, Stage.NEAR)]
    return (
        stands(asked, kept.stage.in_(stages), kept.earliest > asked.filters.as_of)
        .join(accounts, accounts.c.id == kept.account_id)
        .join(vendors, vendors.c.id == accounts.c.vendor_id)
        .join(sites, sites.c.id == accounts.c.site_id)
        .add_columns(
            kept.account_id,
            kept.keeps_on,
            kept.earliest,
            vendors.c.name,
            accounts.c.service_type,
            kept.currency,
            sites.c.country,
        )
    )
