"""The suspension calendar: one line an account, from the notice to the day on which its service stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import LABEL, TICK, framed

WEEK, LEAD, EDGE = 7, 16, 2  # days: the band after today, the room before it, and left of that
AMOUNT_PX = 66
ROW_PX, FRAME_PX = 33, 44


class Look(Enum):
    """A severity as a marker: its symbol, size and colour."""

    CRITICAL = ("x", 11, colours.CRITICAL)
    HIGH = ("triangle-up", 11, colours.HIGH)
    MEDIUM = ("circle", 10, colours.MEDIUM)


@dataclass(frozen=True, slots=True)
class Line:
    """One account: its site and service. `noticed`: the day of the notice that announces it, None where the day is an estimate. `certain`: it is off.

    label: beside the marker; amount: in the right column; text: the hover; key: comes back when it is clicked.
    """

    name: str
    service: str
    look: Look
    noticed: date | None
    earliest: date
    likely: date
    latest: date
    label: str
    amount: str
    text: str
    key: str
    certain: bool = False


@kept
def calendar(lines: Sequence[Line], today: date, head: str = "Today") -> go.Figure:
    """In the order given, from the top; `head` stands above the line of `today`.

    The shadow is the window; what lies further back than the picture starts at its edge.
    """
    first = today - timedelta(days=LEAD)
    last = max([today + timedelta(days=3 * WEEK), *(line.likely for line in lines)])
    last += timedelta(days=max(8, (last - first).days // 4))  # room for the label
    figure = go.Figure()
    figure.add_vrect(
        x0=today.isoformat(), x1=(today + timedelta(days=WEEK)).isoformat(), fillcolor=colours.CRITICAL, opacity=0.07,
        line_width=0, layer="below",
    )  # fmt: skip
    figure.add_vline(x=today.isoformat(), line={"color": colours.CONTEXT, "width": 1})
    for row, line in enumerate(lines):
        _draw(figure, row, line, max(first, line.noticed) if line.noticed else today, (first, last))
    ticks = [today + timedelta(days=days) for days in range(0, (last - today).days - LEAD // 2, 3 * WEEK)]
    figure.update_xaxes(
        type="date",
        range=[(first - timedelta(days=EDGE)).isoformat(), last.isoformat()],
        tickvals=[tick.isoformat() for tick in ticks],
        ticktext=[f"{tick.day} {tick:%b}" for tick in ticks],
        showline=False,
        ticks="",
        showgrid=True,
        gridcolor=colours.GRID,
        zeroline=False,
        tickfont=TICK,
        fixedrange=True,
    )
    figure.update_yaxes(
        tickvals=list(range(len(lines))),
        ticktext=[f"{line.name}<br><span style='font-size:11px'>{line.service}</span>" for line in lines],
        range=[len(lines) - 0.5, -1.2],
        showline=False,
        ticks="",
        showgrid=False,
        zeroline=False,
        tickfont=LABEL,
        fixedrange=True,
        automargin=True,
    )
    _heads(figure, today, head)
    return framed(figure, ROW_PX * (len(lines) + 1) + FRAME_PX, right=AMOUNT_PX)


def _draw(figure: go.Figure, row: int, line: Line, start: date, ends: tuple[date, date]) -> None:
    symbol, size, colour = line.look.value
    at = min(max(line.likely, ends[0]), ends[1])
    shared = {"showlegend": False, "hoverinfo": "skip", "cliponaxis": False}
    until = at if line.certain else min(line.latest, ends[1])
    window = [max(line.earliest, ends[0]).isoformat(), until.isoformat()]
    if not line.certain:
        shadow = {"color": colour, "width": 9}
        figure.add_scatter(x=window, y=[row, row], mode="lines", opacity=0.22, line=shadow, **shared)
    dash = "solid" if line.noticed else "dot"
    span = [start.isoformat(), at.isoformat()]
    width = 3 if line.noticed else 2
    figure.add_scatter(
        x=span, y=[row, row], mode="lines", line={"color": colour, "width": width, "dash": dash}, **shared
    )
    if line.noticed and line.noticed >= ends[0]:
        hollow = {"symbol": "circle", "size": 8, "color": colours.PAGE, "line": {"color": colour, "width": 2}}
        figure.add_scatter(x=[start.isoformat()], y=[row], mode="markers", marker=hollow, **shared)
    figure.add_scatter(
        name=line.name,
        x=[at.isoformat()],
        y=[row],
        mode="markers",
        customdata=[line.key],
        hovertext=[line.text],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"symbol": symbol, "size": size, "color": colour},
        cliponaxis=False,
    )
    # The line of what went off unannounced goes on to today, below the label.
    behind = {"bgcolor": colours.PAGE} if at < start else {}
    figure.add_annotation(
        x=until.isoformat(), y=row, text=line.label, showarrow=False, xanchor="left", xshift=10, font=LABEL, **behind
    )
    figure.add_annotation(
        xref="paper", x=1, y=row, text=line.amount, showarrow=False, xanchor="right", xshift=AMOUNT_PX, font=LABEL
    )


def _heads(figure: go.Figure, today: date, name: str) -> None:
    head = {"y": -0.85, "showarrow": False, "font": TICK}
    figure.add_annotation(**head | {"x": today.isoformat(), "xanchor": "right", "xshift": -6, "text": f"<b>{name}</b>"})
    figure.add_annotation(**head | {"x": today.isoformat(), "xanchor": "left", "xshift": 6, "text": "next 7 days"})
    figure.add_annotation(
        **head | {"xref": "paper", "x": 1, "xanchor": "right", "xshift": AMOUNT_PX, "text": "To keep on"}
    )
