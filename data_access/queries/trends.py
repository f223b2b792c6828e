"""How the balance came about: the position of each group on a row of days.

The last day is read as `aging` reads it; the days before are rolled back from it by what moved since. So the cost follows
the window that is shown, not the history before it.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection, case, literal, select, union_all

from data_access.queries import month_totals, open_totals, site_totals
from data_access.queries.balances import AGING_GROUPS, aging
from data_access.queries.dimensions import AMONG, few_accounts, group_named, ids_of, ledger_accounts, of_some
from data_access.queries.expressions import total
from data_access.queries.issue_history import overdue_by_issue
from data_access.queries.position_moves import late_moves, owed_moves
from data_access.queries.positions import nothing_since, once
from data_access.queries.rankings import names_of_sites
from data_access.scope import Scope
from domain.filters import Basis, Filters


@dataclass(frozen=True, slots=True)
class Position:
    """Outstanding and overdue of one group on one day, minor units of `currency`."""

    day: date
    key: str
    currency: str
    outstanding: int
    overdue: int


def history(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    days: Sequence[date],
    by: str = "currency",
    *,
    among: tuple[int, ...] | None = None,
) -> list[Position]:
    """The position of each group on each of `days` (rising), by the same rules as `aging`; of the accounts `among` alone.

    A group that owes nothing on a day has no position on it. The filters' own as-of day is not looked at.
    An account's key is its id, since two vendors may use one account number.
    """
    group = group_named(by, AGING_GROUPS)
    key_column = "account_id" if by == "account" else group.key
    last, alone = days[-1], few_accounts(scope, filters, by, named=among is not None)
    named = among
    if alone is None and of_some(scope, filters) and not of_sites(scope, filters, days, by):
        named = ids_of(connection, scope, filters)
        if named is None:  # a day reads what stood open on it, and moves are most of a year's rows
            return _each_by_itself(connection, scope, filters, days, by)
        alone = few_accounts(scope, filters, "account", named=True)
    by_issue = filters.basis is Basis.INVOICE and alone is None
    due = replace(filters, basis=Basis.DUE) if by_issue else filters
    ends = at_month_ends(scope, due, days, by)
    if by_issue and not (
        ends and open_totals.kept_by_due_day(scope, _as_of(due, last), by)
    ):  # each bill becomes late here: a day by itself looks at fewer rows
        return _each_by_itself(connection, scope, filters, days, by)
    standing: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    opened: Counter[tuple[str, str]] = Counter()
    for row in aging(connection, scope, _as_of(due, last), by, among=among, disputes=False):
        key = row.labels.get(key_column, row.key)
        standing[key, row.currency][0] += row.outstanding
        standing[key, row.currency][1] += row.overdue
        opened[key, row.currency] += sum(row.buckets)
    if ends:
        now = nothing_since(connection, scope, last)
        found = _standings(connection, due, days, group.key, standing, opened=opened if now else None)
        if not by_issue:
            return found
        return _late_by_issue(found, overdue_by_issue(connection, scope, filters, days, by=by, opened=opened))
    if of_sites(scope, filters, days, by) and named is None:
        return _of_sites(connection, scope, filters, days, standing)
    moved: defaultdict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0])
    a = ledger_accounts(scope, filters)
    keys = [a.c[name] for name in dict.fromkeys((key_column, "currency"))]
    moves = union_all(*owed_moves(days[0], last, alone), *late_moves(days[0], last, filters.basis, alone)).subquery(
        "moves"
    )
    step = case(*((moves.c.day <= day, literal(index)) for index, day in enumerate(days)), else_=literal(len(days)))
    steps = select(moves.c.account_id, step.label("step"), moves.c.owed, moves.c.late)
    # Of few accounts PostgreSQL expects so little that it would look for all moves once for each of them.
    per_step = steps.subquery("steps") if alone is None else once(steps, "steps")
    statement = (
        select(*keys, per_step.c.step, total(per_step.c.owed).label("owed"), total(per_step.c.late).label("late"))
        .join(per_step, per_step.c.account_id == a.c.account_id)
        .group_by(*keys, per_step.c.step)
    )
    for row in connection.execute(statement, {} if named is None else {AMONG: named}):
        key = str(getattr(row, key_column))
        entry = moved[row.step, key, row.currency]
        entry[0] += row.owed
        entry[1] += row.late
        standing[key, row.currency]  # a group that owes nothing now may have owed then
    positions = []
    for (key, currency), (owed, late) in standing.items():
        now = [owed, late]
        for index in range(len(days) - 1, -1, -1):
            if any(now):
                positions.append(Position(days[index], key, currency, *now))
            owed_then, late_then = moved[index, key, currency]
            now = [now[0] - owed_then, now[1] - late_then]
    return sorted(positions, key=lambda p: (p.day, p.key, p.currency))


def _late_by_issue(found: Sequence[Position], late: Mapping[tuple[date, str, str], int]) -> list[Position]:
    """The same positions, with what is late by invoice date."""
    owed = {(p.day, p.key, p.currency): p.outstanding for p in found if p.outstanding}
    places = sorted(owed.keys() | late.keys())
    return [Position(*place, owed.get(place, 0), late.get(place, 0)) for place in places]


def _each_by_itself(
    connection: Connection, scope: Scope, filters: Filters, days: Sequence[date], by: str
) -> list[Position]:
    key = "account_id" if by == "account" else group_named(by, AGING_GROUPS).key
    found = []
    for day in days:
        for row in aging(connection, scope, _as_of(filters, day), by, disputes=False):
            if row.outstanding or row.overdue:
                found.append(Position(day, row.labels.get(key, row.key), row.currency, row.outstanding, row.overdue))
    return sorted(found, key=lambda p: (p.day, p.key, p.currency))


def at_month_ends(scope: Scope, filters: Filters, days: Sequence[date], by: str) -> bool:
    """Do the totals of months know these days: month ends and one more, late by the due day?"""
    known = by in month_totals.BY and month_totals.kept_by_month(scope, _as_of(filters, days[-1]))
    return known and _ends_of_months(filters, days)


def of_sites(scope: Scope, filters: Filters, days: Sequence[date], by: str) -> bool:
    """Do the totals of sites?"""
    known = by == "site" and len(days) > 1 and site_totals.kept_by_site(scope, _as_of(filters, days[-1]))
    return known and _ends_of_months(filters, days)


def _ends_of_months(filters: Filters, days: Sequence[date]) -> bool:
    return filters.basis is Basis.DUE and all((day + timedelta(days=1)).day == 1 for day in days[:-1])


def _standings(
    connection: Connection,
    filters: Filters,
    days: Sequence[date],
    key: str,
    last: Mapping[tuple[str, str], list[int]],
    *,
    opened: Mapping[tuple[str, str], int] | None,
) -> list[Position]:
    """`last` is the last day's. What stood at the ends of months before is the sum of all months up to each; where all that is
    `opened` on the last day is all that there is, it is that less the months since, of which there are few.
    """
    if not days[:-1]:
        return _risen(days, last, {})
    ends = [f"{day:%Y-%m}" for day in days[:-1]]
    bounds = {"last": ends[-1]} if opened is None else {"after": ends[0]}
    moves = month_totals.standing_moves(filters, key, **bounds)
    steps = ((moves.c.month <= end, literal(index)) for index, end in enumerate(ends))
    names = [moves.c[name] for name in dict.fromkeys((key, "currency"))]
    step = case(*steps, else_=literal(len(ends))).label("step")
    rows = select(*names, step, moves.c.owed, moves.c.late).subquery("steps")
    names = [rows.c[column.name] for column in names]
    statement = select(*names, rows.c.step, total(rows.c.owed).label("owed"), total(rows.c.late).label("late"))
    moved: defaultdict[tuple[str, str], dict[int, tuple[int, int]]] = defaultdict(dict)
    for row in connection.execute(statement.group_by(*names, rows.c.step)):
        moved[str(getattr(row, key)), row.currency][row.step] = (row.owed, row.late)
    if opened is not None:
        for group in last.keys() | moved.keys():
            owed, late = (sum(sums) for sums in zip((0, 0), *moved[group].values(), strict=True))
            moved[group][0] = (last[group][0] - owed if group in last else -owed, opened.get(group, 0) - late)
    return _risen(days, last, moved)


def _of_sites(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    days: Sequence[date],
    last: Mapping[tuple[str, str], list[int]],
) -> list[Position]:
    """The same of sites: what stood at the first of the ends is kept nearly as it is, and few months come after it."""
    ends = [f"{day:%Y-%m}" for day in days[:-1]]
    moves = site_totals.standing_moves(connection, scope, filters, ends).c
    sums = (total(moves.owed).label("owed"), total(moves.late).label("late"))
    rows = connection.execute(
        select(moves.site_id, moves.currency, moves.month, *sums).group_by(moves.site_id, moves.currency, moves.month)
    ).all()
    names = names_of_sites(connection, scope, {row.site_id for row in rows})
    moved: defaultdict[tuple[str, str], dict[int, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        of_steps, step = moved[names[row.site_id][0], row.currency], bisect_left(ends, row.month)
        owed, late = of_steps.get(step, (0, 0))
        of_steps[step] = (owed + row.owed, late + row.late)
    return _risen(days, last, moved)


def _risen(
    days: Sequence[date],
    last: Mapping[tuple[str, str], list[int]],
    moved: Mapping[tuple[str, str], Mapping[int, tuple[int, int]]],
) -> list[Position]:
    """The positions of the last day, and of each day before what had moved by then, by the day's place in `days`."""
    positions = [Position(days[-1], *names, *now) for names, now in sorted(last.items()) if any(now)]
    for (name, currency), of_steps in moved.items():
        owed = late = 0
        for index, day in enumerate(days[:-1]):
            more, later_on = of_steps.get(index, (0, 0))
            owed, late = owed + more, late + later_on
            if owed or late:
                positions.append(Position(day, name, currency, owed, late))
    return sorted(positions, key=lambda p: (p.day, p.key, p.currency))


def _as_of(filters: Filters, day: date) -> Filters:
    return replace(filters, as_of=day)
