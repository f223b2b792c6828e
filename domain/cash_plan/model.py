"""The plan as a mixed-integer program: a yes or no for each payable and useful week, and what follows from them.

Whether a payable is unpaid after a week is linear in these; so are late fees but for minimum, flat part and cap, which take a
column each, and the days without service, which are the longest of those that any unpaid payable causes.
"""

from dataclasses import dataclass, field

from domain.cash_plan.effects import useful_weeks
from domain.cash_plan.problem import FeeMonth, Plan, PlanAccount, Problem
from domain.late_fees import fee_on

_WHOLE = 10_000  # basis points
UNIT = 100.0  # minor units to one of the program's, so that its numbers stay near 1
INFINITE = float("inf")


@dataclass(slots=True)
class Expression:
    """A constant and a coefficient for each column."""

    constant: float = 0.0
    of: dict[int, float] = field(default_factory=dict)

    def plus(self, other: "Expression", factor: float = 1.0) -> "Expression":
        """Their sum."""
        of = dict(self.of)
        for column, coefficient in other.of.items():
            of[column] = of.get(column, 0.0) + factor * coefficient
        return Expression(self.constant + factor * other.constant, of)


class Model:
    """Columns with their bounds and costs, and rows; built account by account."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.costs: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.constant = 0.0
        self.rows: list[tuple[float, float, dict[int, float]]] = []  # lower, upper, coefficients
        self.weeks: list[list[dict[int, int]]] = []  # by account and payable: column by week
        for account in problem.accounts:
            self._add(account)
        self._add_cash()

    def column(self, *, cost: float = 0.0, upper: float = INFINITE, whole: bool = False) -> Expression:
        """A new one, from 0 to `upper`."""
        self.costs.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return Expression(0.0, {len(self.costs) - 1: 1.0})

    def at_least(self, left: Expression, right: Expression) -> None:
        """left >= right."""
        over = left.plus(right, -1.0)
        if over.of:
            self.rows.append((-over.constant, INFINITE, over.of))

    def pay(self, expression: Expression, price: float) -> None:
        """Make it part of the cost."""
        self.constant += price * expression.constant
        for column, coefficient in expression.of.items():
            self.costs[column] += price * coefficient

    def plan(self, values: list[float]) -> Plan:
        """What the columns' values say."""
        never = self.problem.never
        return tuple(
            tuple(next((week for week, column in own.items() if values[column] > 0.5), never) for own in account)  # noqa: PLR2004
            for account in self.weeks
        )

    def chosen(self, plan: Plan) -> dict[int, float]:
        """The yes-or-no columns of a plan, each payable in the last week that has the same effect."""
        values = {}
        for account, schedule in zip(self.weeks, plan, strict=True):
            for own, week in zip(account, schedule, strict=True):
                same = next((w for w in own if w >= week), None)
                values |= {column: float(w == same) for w, column in own.items()}
        return values

    def _add(self, account: PlanAccount) -> None:
        own: list[dict[int, int]] = []
        for p, weeks in zip(account.payables, useful_weeks(account), strict=True):
            first = len(self.costs)
            for _ in weeks:
                self.column(upper=1.0, whole=True)
            columns = {week: first + n for n, week in enumerate(weeks)}
            own.append(columns)
            if columns:
                once = dict.fromkeys(columns.values(), 1.0)
                self.rows.append((0.0 if p.last_week is None else 1.0, 1.0, once))
        self.weeks.append(own)
        for i, p in enumerate(account.payables):
            if p.after is not None:
                for week in own[i]:
                    self.at_least(_unpaid(own[i], week), _unpaid(own[p.after], week))
        for month in account.fees:
            self._add_fee(month, own)
        if account.first_off < account.weeks and (account.lost_per_day or account.restoral):
            if len(own) == 1 and not account.suspended:
                self._add_outage_of_one(account, own[0])
            else:
                self._add_outage(account, own)

    def _add_fee(self, month: FeeMonth, own: list[dict[int, int]]) -> None:
        terms = month.terms
        late = [(_unpaid(own[i], week), part) for i, week, part, _ in month.parts]
        if len(late) == 1:
            unpaid, part = late[0]
            self.pay(unpaid, fee_on(part, terms) / UNIT)
            return
        rate = terms.basis_points / _WHOLE / UNIT
        share = Expression()
        for unpaid, part in late:
            share = share.plus(unpaid, part * rate)
        if not terms.flat and not terms.minimum and terms.cap is None:
            self.pay(share, 1.0)
            return
        some = self.column(upper=1.0)
        for unpaid, _ in late:
            self.at_least(some, unpaid)
        fee = self.column(cost=1.0)
        whole = share.plus(some, terms.flat / UNIT)
        if terms.cap is not None:
            capped = self.column(upper=1.0, whole=True)
            most = sum(part for _, part in late) * rate + terms.flat / UNIT
            whole = whole.plus(capped, -most)
            self.at_least(fee, Expression().plus(capped, terms.cap / UNIT))
        self.at_least(fee, whole)
        self.at_least(fee, Expression().plus(some, terms.minimum / UNIT))

    def _add_outage_of_one(self, account: PlanAccount, own: dict[int, int]) -> None:
        stops = account.payables[0].stops_on
        assert stops is not None  # noqa: S101 - it is what makes the first week off
        self.pay(_unpaid(own, account.first_off), account.restoral / UNIT)
        for week in range(account.first_off, account.weeks):
            start, end = account.edges[week + 1], account.edges[week + 2]
            days = max(0, end - max(start, stops))
            self.pay(_unpaid(own, week), days * account.lost_per_day / UNIT)

    def _add_outage(self, account: PlanAccount, own: list[dict[int, int]]) -> None:
        before = Expression(1.0 if account.suspended else 0.0)
        for week in range(account.first_off, account.weeks):
            start, end = account.edges[week + 1], account.edges[week + 2]
            if start >= end:
                continue
            off = self.column(upper=1.0)
            days = self.column(cost=account.lost_per_day / UNIT)
            began = self.column(cost=account.restoral / UNIT)
            causes = Expression()
            for p, columns in zip(account.payables, own, strict=True):
                unpaid = _unpaid(columns, week)
                if p.stops_on is not None and p.stops_on < end:
                    self.at_least(off, unpaid)
                    self.at_least(days, Expression().plus(unpaid, end - max(start, p.stops_on)))
                    causes = causes.plus(unpaid)
                if account.in_full and p.due_on < start:
                    stays = before.plus(unpaid).plus(Expression(1.0), -1.0)
                    self.at_least(off, stays)
                    self.at_least(days, Expression().plus(stays, end - start))
                    causes = causes.plus(unpaid)
            self.at_least(causes, off)  # else it could stay off, at no cost of days, to save a restoral
            self.at_least(began, off.plus(before, -1.0))
            before = off

    def _add_cash(self) -> None:
        paid: list[dict[int, float]] = [{} for _ in self.problem.cash]
        for account, own in zip(self.problem.accounts, self.weeks, strict=True):
            for p, columns in zip(account.payables, own, strict=True):
                for week, column in columns.items():
                    paid[week][column] = p.amount / UNIT
        before: dict[int, float] = {}
        for limit, row in zip(self.problem.limits, paid, strict=True):
            (total,) = self.column(upper=limit / UNIT).of
            self.rows.append((0.0, 0.0, {**row, **before, total: -1.0}))
            before = {total: 1.0}


def _unpaid(columns: dict[int, int], week: int) -> Expression:
    return Expression(1.0, {column: -1.0 for w, column in columns.items() if w <= week})
