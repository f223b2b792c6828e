"""Accounts whose kept risk is not to be relied on: something was written since it was judged, or the day is not among its days.

Some days of the past are kept apart (decision 0043): of these it stands but for accounts that something was written about since.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select, true, union_all

from data_access.schema import account_risks, accounts, open_totals, past_days, past_risks, risk_marks, services
from data_access.scope import Scope, within

_DAY = "day"


def touched(connection: Connection, scope: Scope, as_of: date, most: int) -> list[int] | None:
    """The ids of those in scope; None where they are more than `most`."""
    return _found(connection, scope, account_risks, as_of, most)


def relied_on(connection: Connection, scope: Scope, as_of: date, most: int) -> tuple[list[int] | None, Table]:
    """The same, and the table whose rows of the other accounts stand on the day: account_risks, or past_risks."""
    found = touched(connection, scope, as_of, most)
    kept = select(past_days.c.id).where(past_days.c.day == as_of, past_days.c.done == true())
    if found is None and connection.scalar(kept):
        return _found(connection, scope, past_risks, as_of, most), past_risks
    return found, account_risks


def _found(connection: Connection, scope: Scope, table: Table, as_of: date, most: int) -> list[int] | None:
    found = connection.scalars(_touched(scope, table, most + 1), {_DAY: as_of}).all()
    return None if len(found) > most else sorted(found)


@lru_cache(maxsize=64)
def _touched(scope: Scope, table: Table, most: int) -> Select[*tuple[Any, ...]]:
    m, kept = risk_marks.c, table.c
    of_many = m.account_id.is_(None)  # accounts: of a vendor, or of a site
    vendors = select(m.vendor_id).where(of_many, m.vendor_id.is_not(None))
    places = select(m.site_id).where(of_many, m.site_id.is_not(None))
    lines = select(services.c.account_id).where(services.c.site_id.in_(places))
    own = within(scope, accounts.c.site_id)
    branches: list[Any] = [
        select(m.account_id).where(m.account_id.is_not(None), within(scope, m.site_id)),
        *(
            select(accounts.c.id).where(condition, own)
            for condition in (
                accounts.c.vendor_id.in_(vendors),
                accounts.c.site_id.in_(places),
                accounts.c.id.in_(lines),
            )
        ),
        select(open_totals.c.account_id).where(
            open_totals.c.account_id.is_not(None), within(scope, open_totals.c.site_id)
        ),
    ]
    day = bindparam(_DAY)
    if table is account_risks:
        branches += (
            select(kept.account_id).where(condition, within(scope, kept.site_id))
            for condition in (kept.known_until <= day, kept.known_since > day)
        )
    # A line at a site that the scope hides counts for who sees everything alone.
    if not scope.everything:
        away = select(kept.account_id).where(kept.elsewhere == true(), within(scope, kept.site_id))
        branches.append(away if table is account_risks else away.where(kept.day == day))
    every = union_all(*branches).subquery()  # put in order, SQLite would walk through all accounts for each
    return select(every.c.account_id).distinct().limit(most)
