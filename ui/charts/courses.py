"""Scenarios over the days to come: what is owed, sites at risk, and from today's balance to the horizon's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import LABEL, framed, month_axis, names_axis, plain, value_axis
from ui.formats import major, short_money, whole_money

HEIGHT, LABEL_PX, APART_PX = 262, 112, 32
SHORT = 8  # letters under a bar


@dataclass(frozen=True, slots=True)
class Course:
    """One line: a value a day. colour: an index into the categorical colours, None for what is only compared with."""

    name: str
    values: Sequence[int]
    colour: int | None = None

    @property
    def paint(self) -> str:
        """Its colour on the page."""
        return colours.CONTEXT if self.colour is None else colours.CATEGORIES[self.colour]


@kept
def owed(
    days: Sequence[date], courses: Sequence[Course], currency: str, span: tuple[Any, Any] | None = None
) -> go.Figure:
    """What is owed on each day, minor units. `span`: lowest and highest of the first course, shaded."""
    figure = go.Figure()
    largest = max((major(int(v), currency) for course in courses for v in course.values), default=0)
    if span is not None:
        low, high = ([major(int(value), currency) for value in side] for side in span)
        axis = [day.isoformat() for day in days]
        shape: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_scatter(x=axis, y=high, **shape)
        figure.add_scatter(x=axis, y=low, fill="tonexty", fillcolor=colours.GRID, opacity=0.5, **shape)
        largest = max([largest, *high])
    _lines(figure, days, courses, [[major(int(v), currency) for v in c.values] for c in courses], "linear")
    for trace, course in zip(figure.data[-len(courses) :], courses, strict=True):
        trace.text = [whole_money(int(value), currency) for value in course.values]
    _names(figure, days, courses, largest, [short_money(int(c.values[-1]), currency) for c in courses])
    figure.update_yaxes(**value_axis(currency, largest))
    return framed(figure, HEIGHT, right=LABEL_PX, left=8)


@kept
def at_risk(days: Sequence[date], courses: Sequence[Course]) -> go.Figure:
    """How many sites are at risk on each day, as steps."""
    figure = go.Figure()
    largest = max((int(v) for course in courses for v in course.values), default=0)
    _lines(figure, days, courses, [[int(v) for v in course.values] for course in courses], "hv")
    for trace, course in zip(figure.data, courses, strict=True):
        trace.text = [f"{int(value):,}" for value in course.values]
    _names(figure, days, courses, largest, [f"{int(c.values[-1]):,}" for c in courses])
    figure.update_yaxes(
        **value_axis("", largest, tickprefix="", tickformat=",d", range=[0, max(largest, 1) * 1.08], nticks=5)
    )
    return framed(figure, HEIGHT, right=LABEL_PX, left=8)


@kept
def bridge(steps: Sequence[tuple[str, int]], last: str, currency: str) -> go.Figure:
    """A waterfall: the first step is where it begins, the others move it, `last` names where it ends. Minor units."""
    amounts = [amount for _, amount in steps]
    end = sum(amounts)
    names = [_wrapped(name) for name in (*(name for name, _ in steps), last)]
    values = [*(major(amount, currency) for amount in amounts), major(end, currency)]
    figure = go.Figure(
        go.Waterfall(
            x=names,
            y=values,
            measure=["absolute", *(["relative"] * (len(steps) - 1)), "total"],
            text=[short_money(amount, currency) for amount in (*amounts, end)],
            textposition="outside",
            textfont=LABEL,
            cliponaxis=False,
            customdata=[whole_money(amount, currency) for amount in (*amounts, end)],
            hovertemplate="%{x}: %{customdata}<extra></extra>",
            connector={"line": {"color": colours.CONTEXT, "width": 1}},
            totals={"marker": {"color": colours.SUBJECT}},
            increasing={"marker": {"color": colours.OTHER}},
            decreasing={"marker": {"color": colours.SEQUENTIAL[2]}},
        )
    )
    tops, so_far = [], 0
    for amount in amounts:
        so_far += amount
        tops.append(so_far)
    largest = max((major(top, currency) for top in tops), default=0)
    figure.update_xaxes(**names_axis(names, autorange=True))
    figure.update_yaxes(**value_axis(currency, largest, range=[min(0, *values), largest * 1.14 or 1]))
    return framed(figure, HEIGHT, left=8, bargap=0.35)


def _wrapped(name: str) -> str:
    """In two lines where it is long, so that names under narrow bars need not be turned."""
    first, _, rest = name.partition(" ")
    return f"{first}<br>{rest}" if rest and len(name) > SHORT else name


def _lines(
    figure: go.Figure, days: Sequence[date], courses: Sequence[Course], values: Sequence[Sequence[float]], shape: str
) -> None:
    axis = [day.isoformat() for day in days]
    for course, heights in zip(courses, values, strict=True):
        figure.add_scatter(
            name=plain(course.name),
            x=axis,
            y=list(heights),
            mode="lines+markers",
            cliponaxis=False,
            line={"color": course.paint, "width": 2 if course.colour is None else 2.5, "shape": shape},
            marker={"color": course.paint, "size": [0] * (len(axis) - 1) + [7]},
            hovertemplate=plain(course.name) + " %{text}<extra></extra>",
        )
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(
        **month_axis(hoverformat="%-d %b %Y", range=[axis[0], axis[-1]], tickformat="%-d %b", nticks=5, tickangle=0)
    )


def _names(
    figure: go.Figure, days: Sequence[date], courses: Sequence[Course], largest: float, ends: Sequence[str]
) -> None:
    """Each line's name and value at its end, moved apart where lines end close together."""
    heights = [figure.data[i - len(courses)].y[-1] for i in range(len(courses))]
    shifts = _apart([height * (HEIGHT - 50) / largest if largest else 0 for height in heights])
    for course, height, shift, end in zip(courses, heights, shifts, ends, strict=True):
        name = course.name if len(course.name) <= 16 else f"{course.name[:15]}…"  # noqa: PLR2004 - what fits beside it
        figure.add_annotation(
            x=days[-1].isoformat(),
            y=height,
            text=f"<b>{plain(name)}</b><br>{end}",
            align="left",
            xanchor="left",
            xshift=8,
            yshift=shift,
            showarrow=False,
            font={"size": 12, "color": course.paint},
        )


def _apart(natural: Sequence[float]) -> list[int]:
    """Pixels by which each label moves so that none covers another, and the highest stays within the chart."""
    order = sorted(range(len(natural)), key=lambda i: (natural[i], -i))
    placed = dict.fromkeys(order, 0.0)
    below = -float(APART_PX)
    for index in order:
        below = placed[index] = max(natural[index], below + APART_PX)
    above = float(HEIGHT - 50)
    for index in reversed(order):
        placed[index] = min(placed[index], above)
        above = placed[index] - APART_PX
    return [round(placed[i] - natural[i]) for i in range(len(natural))]
