"""In which weeks paying makes a difference: of the weeks between two of them, the last one keeps the cash the longest."""

from bisect import bisect_right

from domain.cash_plan.problem import PlanAccount


def useful_weeks(account: PlanAccount) -> list[list[int]]:
    """By payable, the weeks after which the cost would be another if it were still unpaid, in order; nothing for held ones."""
    weeks, edges = account.weeks, account.edges
    found: list[set[int]] = [set() for _ in account.payables]
    for fee in account.fees:
        for i, _ in fee.parts:
            found[i].add(fee.week)
    for i, p in enumerate(account.payables):
        # From the week in which it stops the service, or is past due where that keeps it off, every one.
        first = weeks if p.stops_on is None else bisect_right(edges, p.stops_on) - 2
        if account.in_full:
            first = min(first, bisect_right(edges, p.due_on) - 1)
        found[i].update(w for w in range(max(first, account.first_off), weeks) if edges[w + 1] < edges[w + 2])
        if p.last_week is not None:
            found[i].add(p.last_week)
        if p.after is not None:
            found[p.after] |= found[i]
    return [
        [] if p.held else sorted(w for w in own if p.first_week <= w <= (weeks if p.last_week is None else p.last_week))
        for p, own in zip(account.payables, found, strict=True)
    ]
