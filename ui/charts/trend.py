"""Amounts over time as lines, each named at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import framed, month_axis, value_axis
from ui.formats import major, short_money, whole_money

HEIGHT = 262
EVERY_MONTH = 7  # more months than this are labelled by quarter


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a value in minor units for each day; the subject is drawn stronger than the context."""

    name: str
    values: tuple[int, ...]
    subject: bool = True


@kept
def lines(days: Sequence[date], drawn: Sequence[Line], currency: str) -> go.Figure:
    """`drawn` over `days`. customdata: the day, ISO."""
    figure = go.Figure()
    axis_days = [day.isoformat() for day in days]
    largest = max((major(v, currency) for line in drawn for v in line.values), default=0)
    for line in drawn:
        colour = colours.SUBJECT if line.subject else colours.CONTEXT
        figure.add_scatter(
            name=line.name,
            x=axis_days,
            y=[major(value, currency) for value in line.values],
            mode="lines+markers",
            cliponaxis=False,
            customdata=axis_days,
            text=[whole_money(value, currency) for value in line.values],
            line={"color": colour, "width": 2.5 if line.subject else 2},
            marker={"color": colour, "size": [0] * (len(days) - 1) + [7]},
            hovertemplate=line.name + " %{text}<extra></extra>",
        )
    for line, shift in zip(drawn, _spread([line.values[-1] for line in drawn], largest, currency), strict=True):
        colour = colours.SUBJECT if line.subject else colours.CONTEXT
        figure.add_annotation(
            x=axis_days[-1],
            y=major(line.values[-1], currency),
            text=f"<b>{line.name}</b><br>{short_money(line.values[-1], currency)}",
            align="left",
            xanchor="left",
            xshift=8,
            yshift=shift,
            showarrow=False,
            font={"size": 12, "color": colour},
        )
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(
        **month_axis(
            hoverformat="%-d %b %Y",
            dtick="M3" if len(days) > EVERY_MONTH else "M1",
            range=[axis_days[0], axis_days[-1]],
        )
    )
    figure.update_yaxes(**value_axis(currency, largest))
    return framed(figure, HEIGHT, right=84, left=8)


def _spread(ends: Sequence[int], largest: float, currency: str) -> list[int]:
    """Pixels by which each end label moves up or down so that neighbours do not overlap."""
    if not largest:
        return [16 * (len(ends) - 1 - 2 * i) for i in range(len(ends))]
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    heights = [major(ends[i], currency) / largest * (HEIGHT - 50) for i in order]
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + 34) if placed else height)
    shifts = [0] * len(ends)
    for index, height, put in zip(order, heights, placed, strict=True):
        shifts[index] = round(put - height)
    return shifts
