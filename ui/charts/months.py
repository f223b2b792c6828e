"""Amounts by month: two side by side, or one split by kind."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import framed, month_axis, names_axis, plain, value_axis
from ui.formats import major, whole_money

HEIGHT = 262
MOST_KINDS = 5
FEW, MANY = 7, 26  # up to so many months each is named, or each quarter, else each year


@kept
def pairs(
    months: Sequence[str], first: tuple[str, Sequence[int]], second: tuple[str, Sequence[int]], currency: str
) -> go.Figure:
    """Two bars a month (YYYY-MM), the first in the subject's colour. customdata: the month."""
    figure = go.Figure()
    for (name, values), colour in ((first, colours.OTHER), (second, colours.SUBJECT)):
        figure.add_bar(
            name=name,
            x=[f"{month}-01" for month in months],
            y=[major(value, currency) for value in values],
            customdata=list(months),
            text=[whole_money(value, currency) for value in values],
            textposition="none",
            marker={"color": colour, "cornerradius": 2},
            hovertemplate=name + " %{text}<extra></extra>",
        )
    largest = max((major(v, currency) for _, values in (first, second) for v in values), default=0)
    figure.update_layout(barmode="group", bargroupgap=0.08, hovermode="x unified")
    _axes(figure, months, currency, largest)
    return framed(figure, HEIGHT, left=8, bargap=0.3)


@kept
def stacked(steps: Sequence[str], kinds: Mapping[str, Sequence[int]], currency: str) -> go.Figure:
    """One bar a month (YYYY-MM) or year (YYYY), split by kind in the order given (see `leading`).

    customdata: [step, kind]. Hover and click are of one part, so that a click says which.
    """
    figure = go.Figure()
    when = "%{x|%b %Y}" if _is_month(steps) else "%{x}"
    for (name, values), colour in zip(kinds.items(), kind_colours(list(kinds)), strict=True):
        figure.add_bar(
            name=plain(name),
            x=axis_places(steps),
            y=[major(value, currency) for value in values],
            customdata=[[step, name] for step in steps],
            text=[whole_money(value, currency) for value in values],
            textposition="none",
            marker={"color": colour, "line": {"width": 1, "color": colours.PAGE}},
            hovertemplate=f"{when}, {plain(name)}: %{{text}}<extra></extra>",
        )
    tops = [sum(max(0, values[i]) for values in kinds.values()) for i in range(len(steps))]
    figure.update_layout(barmode="relative")
    _axes(figure, steps, currency, max((major(top, currency) for top in tops), default=0))
    return framed(figure, HEIGHT, left=8, bargap=0.3)


def axis_places(steps: Sequence[str]) -> list[str]:
    """Where months (YYYY-MM) or years (YYYY) stand on their axis."""
    return [f"{step}-01" for step in steps] if _is_month(steps) else list(steps)


def step_axis(steps: Sequence[str]) -> dict[str, Any]:
    """The axis of months or years."""
    if not _is_month(steps):
        return names_axis(list(steps), autorange=True)
    every = "M1" if len(steps) <= FEW else "M3" if len(steps) <= MANY else "M12"
    return month_axis(hoverformat="%B %Y", dtick=every)


def _is_month(steps: Sequence[str]) -> bool:
    return any("-" in step for step in steps)


def leading(kinds: Mapping[str, Sequence[int]], most: int = MOST_KINDS) -> dict[str, list[int]]:
    """The `most` largest kinds in order of size, and the rest added up as Other."""
    order = sorted(kinds, key=lambda kind: (-sum(kinds[kind]), kind))
    kept = {kind: list(kinds[kind]) for kind in order[:most]}
    rest = [kinds[kind] for kind in order[most:]]
    if rest:
        kept["Other"] = [sum(values) for values in zip(*rest, strict=True)]
    return kept


def kind_colours(kinds: Sequence[str]) -> list[str]:
    """A colour a kind, in order; Other is grey."""
    return [colours.OTHER if kind == "Other" else colours.CATEGORIES[i % 8] for i, kind in enumerate(kinds)]


def _axes(figure: go.Figure, steps: Sequence[str], currency: str, largest: float) -> None:
    figure.update_xaxes(**step_axis(steps))
    figure.update_yaxes(**value_axis(currency, largest))
