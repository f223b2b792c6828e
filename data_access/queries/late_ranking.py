"""Who was late most often: the first groups with all that punctuality counts, and how often each of the others was."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from data_access.queries import due_months
from data_access.queries.expressions import every, told_by, total
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
    bills = total(due.bills)
    sums = select(due.site, bills.label("bills"), (bills - total(due.in_time)).label("late"))
    s = sums.group_by(due.site).having(bills != 0).cte("s").c
    place = func.rank().over(order_by=(s.late.desc(), s.bills.desc())).label("place")
    ranked = select(s.site, s.late, s.bills, place).subquery("ranked").c
    often = select(s.late, func.count().label("sites")).group_by(s.late).cte("often").c
    each = [
        select(every(column).aggregate_order_by(often.late.desc())).scalar_subquery().label(name)
        for name, column in (("counts", often.late), ("sites", often.sites))
    ]
    statement = select(ranked.site, ranked.late, ranked.bills, *each).where(ranked.place <= limit)
    may_be = list(connection.execute(statement))
    names = names_of_sites(connection, scope, [row.site for row in may_be])
    may_be.sort(key=lambda row: (-row.late, -row.bills, *reversed(names[row.site])))
    codes = tuple(names[row.site][0] for row in may_be[:limit])
    first = punctuality(connection, scope, replace(filters, sites=codes), by) if codes else []
    late = zip(told_by(may_be[0].counts), told_by(may_be[0].sites), strict=True) if may_be else ()
    return LateRanking(tuple(first), tuple(count for count, sites in late for _ in range(sites)))
