"""Amounts by year."""

from collections.abc import Mapping

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import LABEL, framed, names_axis, value_axis
from ui.formats import major, short_money, whole_money

HEIGHT = 262


@kept
def bars(years: Mapping[str, int], currency: str) -> go.Figure:
    """One bar a year (YYYY -> minor units), in the order given, with its amount on top. customdata: the year."""
    values = [major(value, currency) for value in years.values()]
    figure = go.Figure(
        go.Bar(
            x=list(years),
            y=values,
            text=[short_money(value, currency) for value in years.values()],
            textposition="outside",
            textfont=LABEL,
            cliponaxis=False,
            customdata=list(years),
            hovertext=[whole_money(value, currency) for value in years.values()],
            hovertemplate="%{x}: %{hovertext}<extra></extra>",
            marker={"color": colours.SUBJECT, "cornerradius": 2},
        )
    )
    largest = max(values, default=0)
    lowest = min(values, default=0)
    figure.update_xaxes(**names_axis(list(years), autorange=True))
    figure.update_yaxes(
        **value_axis(currency, largest, visible=False, range=[min(0, lowest * 1.15), largest * 1.15 or 1])
    )
    return framed(figure, HEIGHT, left=8, bargap=0.3)
