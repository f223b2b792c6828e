"""Calls by month: those that ended with a payment, and all others."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import TICK, framed, month_axis

HEIGHT = 200
PAID, OTHER = "Ended with a payment", "Other calls"


@kept
def by_month(months: Sequence[str], paid: Sequence[int], other: Sequence[int]) -> go.Figure:
    """One bar a month (YYYY-MM), payments at the bottom. customdata: the month."""
    figure = go.Figure()
    for name, values, colour in ((PAID, paid, colours.SUBJECT), (OTHER, other, colours.OTHER)):
        figure.add_bar(
            name=name,
            x=[f"{month}-01" for month in months],
            y=list(values),
            customdata=list(months),
            marker={"color": colour, "line": {"width": 1, "color": colours.PAGE}},
            hovertemplate=name + " %{y:,}<extra></extra>",
        )
    figure.update_layout(barmode="stack", hovermode="x unified")
    every = "M1" if len(months) <= 7 else "M3" if len(months) <= 26 else "M12"  # noqa: PLR2004
    figure.update_xaxes(**month_axis(hoverformat="%B %Y", dtick=every))
    figure.update_yaxes(
        nticks=4,
        rangemode="tozero",
        tickformat=",d",
        showline=False,
        ticks="",
        zeroline=False,
        gridcolor=colours.GRID,
        tickfont=TICK,
        fixedrange=True,
        title=None,
    )
    return framed(figure, HEIGHT, left=8, bargap=0.3)
