"""Bills paid on time and late, as shares of what fell due. Later is further from the page; only what is still unpaid is warm."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import TICK, framed
from ui.charts.months import axis_places, step_axis

HEIGHT = 262
ON_TIME, LATE, UNPAID = colours.SEQUENTIAL[1], colours.SEQUENTIAL[5], colours.HIGH


@kept
def shares(steps: Sequence[str], bills: Sequence[int], late: Sequence[int], unpaid: Sequence[int]) -> go.Figure:
    """One bar a month (YYYY-MM) or year (YYYY), empty where nothing fell due; `unpaid` of `late`. customdata: the step."""
    figure = go.Figure()
    counted = list(zip(bills, late, unpaid, strict=True))
    for name, counts, colour in (
        ("on time", [whole - missed for whole, missed, _ in counted], ON_TIME),
        ("late", [missed - never for _, missed, never in counted], LATE),
        ("late and unpaid", list(unpaid), UNPAID),
    ):
        figure.add_bar(
            name=name,
            x=axis_places(steps),
            y=[100 * count / whole if whole else None for count, whole in zip(counts, bills, strict=True)],
            customdata=list(steps),
            text=[f"{count:,} of {whole:,} bills" for count, whole in zip(counts, bills, strict=True)],
            textposition="none",
            marker={"color": colour, "line": {"width": 1, "color": colours.PAGE}},
            hovertemplate=f"%{{text}} {name}, %{{y:.0f}}%<extra></extra>",
        )
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_xaxes(**step_axis(steps))
    figure.update_yaxes(
        range=[0, 100],
        tickvals=[0, 50, 100],
        ticktext=["0%", "50%", "100%"],
        showline=False,
        ticks="",
        zeroline=False,
        gridcolor=colours.GRID,
        tickfont=TICK,
        fixedrange=True,
        title=None,
    )
    return framed(figure, HEIGHT, left=8, bargap=0.3)
