"""One schedule for each account from a list of them, within the cash: a small integer program with a strong bound."""

from collections.abc import Callable, Sequence

import highspy
import numpy as np

from domain.cash_plan.cost import account_cost
from domain.cash_plan.problem import Plan, Problem, Schedule

_CLOCK = 2.0
_UNIT = 100.0  # minor units to one of the program's, so that its numbers stay near 1


def choose(
    problem: Problem,
    schedules: Sequence[Sequence[Schedule]],
    start: Plan,
    *,
    gap: float,
    seconds: float,
    go_on: Callable[[], bool],
) -> tuple[Plan, float]:
    """(the best plan of these schedules, which hold those of `start`; no plan of these schedules costs less than this)."""
    offered = [(a, schedule) for a, own in enumerate(schedules) for schedule in own]
    solver = highspy.Highs()
    solver.silent()
    # The solver's own limit is by the clock, and ends what it does not ask about; `go_on` may be by the processor.
    options = {"threads": 1, "mip_rel_gap": gap, "mip_abs_gap": 0.5 / _UNIT, "time_limit": seconds * _CLOCK}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_program(problem, offered))
    taken = np.array([float(start[a] == schedule) for a, schedule in offered])
    solver.setSolution(len(offered), np.arange(len(offered), dtype=np.int32), taken)

    def ask(event: highspy.HighsCallbackEvent) -> None:
        if not go_on():
            event.interrupt()

    solver.cbMipInterrupt += ask
    solver.run()
    chosen: dict[int, Schedule] = {}
    for (a, schedule), value in zip(offered, solver.getSolution().col_value, strict=False):  # empty without a plan
        if value > 0.5:  # noqa: PLR2004
            chosen[a] = schedule
    plan = tuple(chosen.get(a, start[a]) for a in range(len(start)))
    info = solver.getInfo()
    solved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    bound = (
        info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else info.objective_function_value if solved else 0.0
    )
    return plan, bound * _UNIT


def _program(problem: Problem, offered: Sequence[tuple[int, Schedule]]) -> highspy.HighsLp:
    """Columns are the schedules, and what is paid by the end of each week; the rows add up the weeks, and pick one each."""
    weeks, accounts = problem.never, len(problem.accounts)
    rows: list[dict[int, float]] = [{} for _ in range(weeks + accounts)]
    for column, (a, schedule) in enumerate(offered):
        rows[weeks + a][column] = 1.0
        for p, week in zip(problem.accounts[a].payables, schedule, strict=True):
            if week < weeks:
                rows[week][column] = rows[week].get(column, 0.0) + p.amount / _UNIT
    for week in range(weeks):
        rows[week][len(offered) + week] = -1.0
        if week:
            rows[week][len(offered) + week - 1] = 1.0
    costs = [account_cost(problem.accounts[a], schedule).total / _UNIT for a, schedule in offered]
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(offered) + weeks, len(rows)
    program.col_cost_ = np.array([*costs, *([0.0] * weeks)])
    program.col_lower_ = np.zeros(len(offered) + weeks)
    program.col_upper_ = np.array([*([1.0] * len(offered)), *(limit / _UNIT for limit in problem.limits)])
    whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    program.integrality_ = [whole] * len(offered) + [part] * weeks
    program.row_lower_ = program.row_upper_ = np.array([0.0] * weeks + [1.0] * accounts)
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    matrix.index_ = np.array([column for row in rows for column in row], dtype=np.int32)
    matrix.value_ = np.array([value for row in rows for value in row.values()])
    return program
