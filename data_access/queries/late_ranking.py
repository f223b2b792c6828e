"""Who was late most often: the first groups with all that punctuality counts, and how often each of the others was."""

from dataclasses import dataclass, replace
from itertools import takewhile

from sqlalchemy import Connection, select

from data_access.queries import due_months
from data_access.queries.expressions import total
from data_access.queries.punctuality import Punctuality, punctuality
from data_access.queries.rankings import names_of_sites
from data_access.scope import Scope
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class LateRanking:
    """The first groups by late bills, and the number of late bills of every group in which a bill fell due, the most first."""

    first: tuple[Punctuality, ...]
    late: tuple[int, ...]


def late_ranking(connection: Connection, scope: Scope, filters: Filters, *, by: str, limit: int = 8) -> LateRanking:
    """Groups by late bills, then by bills; by site from the sums of sites and the rows of the first sites alone."""
    if by != "site" or not due_months.kept_by_due_month(scope, filters, by):
        rows = punctuality(connection, scope, filters, by)
        return LateRanking(tuple(rows[:limit]), tuple(row.late for row in rows))
    due = due_months.fell_due(connection, scope, filters, by).c
    sums = select(due.site, total(due.bills).label("bills"), total(due.in_time).label("in_time")).group_by(due.site)
    found = [(bills - in_time, bills, site_id) for site_id, bills, in_time in connection.execute(sums).all() if bills]
    found.sort(reverse=True)
    edge = found[min(limit, len(found)) - 1][:2] if found else (0, 0)
    may_be = list(takewhile(lambda row: row[:2] >= edge, found))
    names = names_of_sites(connection, scope, [site_id for *_, site_id in may_be])
    may_be.sort(key=lambda row: (-row[0], -row[1], *reversed(names[row[2]])))
    codes = tuple(names[site_id][0] for *_, site_id in may_be[:limit])
    first = punctuality(connection, scope, replace(filters, sites=codes), by) if codes else []
    return LateRanking(tuple(first), tuple(late for late, *_ in found))
