"""In which weeks paying makes a difference: of the weeks between two of them, the last one keeps the cash the longest."""

from domain.cash_plan.problem import PlanAccount


def useful_weeks(account: PlanAccount) -> list[list[int]]:
    """By payable, the weeks after which the cost would be another if it were still unpaid, in order; nothing for held ones."""
    weeks = account.weeks
    found: list[set[int]] = [set() for _ in account.payables]
    for fee in account.fees:
        for i, _ in fee.parts:
            found[i].add(fee.week)
    for week in range(account.first_off, weeks):
        start, end = account.edges[week + 1], account.edges[week + 2]
        if start < end:
            for i, p in enumerate(account.payables):
                stops = p.stops_on is not None and p.stops_on < end
                if stops or (account.in_full and p.due_on < start):
                    found[i].add(week)
    for i, p in enumerate(account.payables):
        if p.last_week is not None:
            found[i].add(p.last_week)
        if p.after is not None:
            found[p.after] |= found[i]
    return [
        [] if p.held else sorted(w for w in own if p.first_week <= w <= (weeks if p.last_week is None else p.last_week))
        for p, own in zip(account.payables, found, strict=True)
    ]
