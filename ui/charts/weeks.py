"""Amounts by week, stacked by kind, with the range of each week's total."""

from collections.abc import Mapping, Sequence
from datetime import date

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import TICK, framed, value_axis
from ui.formats import major, whole_money

HEIGHT = 286


@kept
def stacked(
    weeks: Sequence[date],
    kinds: Mapping[str, Sequence[int]],
    steps: Sequence[int],
    ranges: Sequence[tuple[int, int]],
    currency: str,
) -> go.Figure:
    """One bar a week (its first day), `kinds` from the bottom in the sequential colours `steps`. customdata: the day, ISO."""
    figure = go.Figure()
    days = [week.isoformat() for week in weeks]
    for (name, values), step in zip(kinds.items(), steps, strict=True):
        figure.add_bar(
            name=name,
            x=days,
            y=[major(value, currency) for value in values],
            customdata=days,
            text=[whole_money(value, currency) for value in values],
            textposition="none",
            marker={"color": colours.SEQUENTIAL[step], "line": {"width": 1, "color": colours.PAGE}},
            hovertemplate=name + " %{text}<extra></extra>",
        )
    tops = [sum(values) for values in zip(*kinds.values(), strict=True)]
    figure.add_scatter(
        name="four weeks of five",
        x=days,
        y=[major(top, currency) for top in tops],
        mode="markers",
        marker={"size": 1, "color": colours.TEXT},
        customdata=days,
        text=[f"{whole_money(low, currency)} to {whole_money(high, currency)}" for low, high in ranges],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [major(high - top, currency) for top, (_, high) in zip(tops, ranges, strict=True)],
            "arrayminus": [major(top - low, currency) for top, (low, _) in zip(tops, ranges, strict=True)],
            "color": colours.TEXT,
            "thickness": 1.25,
            "width": 3,
        },
        hovertemplate="four weeks of five %{text}<extra></extra>",
    )
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_xaxes(
        type="date",
        tickvals=days[:: max(1, round(len(days) / 6))],
        tickformat="%-d %b",
        hoverformat="Week of %-d %b %Y",
        showline=False,
        ticks="",
        showgrid=False,
        zeroline=False,
        tickfont=TICK,
        fixedrange=True,
        title=None,
    )
    largest = max((major(high, currency) for _, high in ranges), default=0)
    figure.update_yaxes(**value_axis(currency, largest))
    return framed(figure, HEIGHT, left=8, bargap=0.3)
