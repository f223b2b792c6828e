"""The risk of every account with something unsettled, in full, for a file: the order is read from what is kept (decision 0037).

So the accounts can be judged some at a time, and memory does not follow their number.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select

from data_access.queries.kept_risks import MOST, Apart, Asked, parameters, stands
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.touched import relied_on
from data_access.schema import sites
from data_access.scope import Scope
from domain.filters import Filters
from domain.risk import Effect

_AT_ONCE = 1_000


def every_risk(connection: Connection, scope: Scope, filters: Filters) -> Iterator[AccountRisk]:
    """What account_risks gives, in its order: the worst first."""
    ids, table = relied_on(connection, scope, filters.as_of, MOST)
    if ids is None:
        yield from account_risks(connection, scope, filters)
        return
    apart = Apart(ids, table, (), (), 0)
    ranks = [
        _rank(row) for row in connection.execute(_ranking(apart.asked(scope, filters)), parameters(filters, apart))
    ]
    if ids:
        ranks += [entry.rank for entry in account_risks(connection, scope, filters, among=ids)]
    order = [account_id for *_, account_id in sorted(ranks)]
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        found = account_risks(connection, scope, Filters(filters.as_of), among=some)
        judged = {entry.account_id: entry for entry in found}
        yield from (judged[account_id] for account_id in some)


@lru_cache(maxsize=64)
def _ranking(asked: Asked) -> Select[*tuple[Any, ...]]:
    kept = asked.kept
    columns = (
        kept.stage,
        kept.stops_on,
        kept.services,
        kept.criticality,
        kept.headcount,
        sites.c.name,
        kept.account_id,
    )
    return stands(asked, kept.bills > 0).join(sites, sites.c.id == kept.site_id).add_columns(*columns)


def _rank(row: Any) -> tuple[int, date, tuple[int, ...], str, int]:
    effect = Effect(row.services, row.criticality, row.headcount).rank
    return -row.stage, row.stops_on, tuple(-n for n in effect), row.name, row.account_id
