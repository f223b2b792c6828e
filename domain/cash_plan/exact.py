"""The best plan with the proof of how near it is: HiGHS on the model, from the best plan that is known already."""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from domain.cash_plan.cost import plan_cost
from domain.cash_plan.model import INFINITE, UNIT, Model
from domain.cash_plan.problem import Plan, Problem

GAP = 1e-3
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Proof:
    """The plan, and `bound`: no plan on this cash costs less."""

    plan: Plan
    bound: int
    finished: bool  # within the gap that was asked for


def prove(
    problem: Problem,
    start: Plan,
    *,
    gap: float = GAP,
    seconds: float = SECONDS,
    go_on: Callable[[], bool] = lambda: True,
) -> Proof:
    """The best plan found within `seconds`, never worse than `start`; `go_on` is asked now and then."""
    model = Model(problem)
    costs = plan_cost(problem, start).total
    if not any(model.whole):  # nothing that could be paid makes a difference
        return Proof(start, costs, finished=True)
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("mip_abs_gap", 0.0 if gap else 0.5 / UNIT)
    solver.setOptionValue("time_limit", seconds)
    solver.passModel(_program(model))
    chosen = model.chosen(start)
    columns = np.array(list(chosen), dtype=np.int32)
    solver.setSolution(len(chosen), columns, np.array(list(chosen.values()), dtype=np.float64))

    def ask(event: highspy.HighsCallbackEvent) -> None:
        if not go_on():
            event.interrupt()

    solver.cbMipInterrupt += ask
    solver.run()
    info = solver.getInfo()
    values = list(solver.getSolution().col_value)
    best = start
    found = model.plan(values) if len(values) == len(model.costs) else start
    if problem.affords(found) and (cost := plan_cost(problem, found).total) < costs:
        best, costs = found, cost
    bound = min(costs, max(0, round(info.mip_dual_bound * UNIT))) if np.isfinite(info.mip_dual_bound) else 0
    return Proof(best, bound, solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _program(model: Model) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(model.costs), len(model.rows)
    program.offset_ = model.constant
    program.col_cost_ = np.array(model.costs)
    program.col_lower_ = np.zeros(len(model.costs))
    program.col_upper_ = np.array([highspy.kHighsInf if u == INFINITE else u for u in model.upper])
    kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    program.integrality_ = [kinds[whole] for whole in model.whole]
    program.row_lower_ = np.array([lower for lower, _, _ in model.rows])
    program.row_upper_ = np.array([highspy.kHighsInf if upper == INFINITE else upper for _, upper, _ in model.rows])
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(of) for _, _, of in model.rows)]).astype(np.int32)
    matrix.index_ = np.array([column for _, _, of in model.rows for column in of], dtype=np.int32)
    matrix.value_ = np.array([value for _, _, of in model.rows for value in of.values()])
    return program
