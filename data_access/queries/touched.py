"""Accounts whose kept risk is not to be relied on: something was written since it was judged, or the day is not among its days."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select, true, union

from data_access.schema import account_risks, accounts, open_totals, risk_marks, services
from data_access.scope import Scope, within

_DAY = "day"


def touched(connection: Connection, scope: Scope, as_of: date, most: int) -> Sequence[int] | None:
    """The ids of those in scope, in their order; None where they are more than `most`."""
    found = connection.scalars(_touched(scope, most + 1), {_DAY: as_of}).all()
    return None if len(found) > most else found


@lru_cache(maxsize=64)
def _touched(scope: Scope, most: int) -> Select[*tuple[Any, ...]]:
    m, kept = risk_marks.c, account_risks.c
    of_vendor = and_(m.vendor_id == accounts.c.vendor_id, m.account_id.is_(None))
    at_site = and_(m.site_id == accounts.c.site_id, m.account_id.is_(None))
    of_line = and_(m.site_id == services.c.site_id, m.account_id.is_(None))
    branches: list[Any] = [
        select(m.account_id).where(m.account_id.is_not(None), within(scope, m.site_id)),
        select(accounts.c.id).join(risk_marks, of_vendor).where(within(scope, accounts.c.site_id)),
        select(accounts.c.id).join(risk_marks, at_site).where(within(scope, accounts.c.site_id)),
        select(services.c.account_id)
        .join(risk_marks, of_line)
        .join(accounts, accounts.c.id == services.c.account_id)
        .where(within(scope, accounts.c.site_id)),
        select(open_totals.c.account_id).where(
            open_totals.c.account_id.is_not(None), within(scope, open_totals.c.site_id)
        ),
        *(
            select(kept.account_id).where(condition, within(scope, kept.site_id))
            for condition in (kept.known_until <= bindparam(_DAY), kept.known_since > bindparam(_DAY))
        ),
    ]
    # A line at a site that the scope hides counts for who sees everything alone.
    if not scope.everything:
        branches.append(select(kept.account_id).where(kept.elsewhere == true(), within(scope, kept.site_id)))
    every = union(*branches).subquery()
    return select(every.c.account_id).order_by(every.c.account_id).limit(most)
