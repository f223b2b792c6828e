"""What happened on an account: one row a kind of event, a mark a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import framed, month_axis, names_axis, plain

SYMBOLS = {"bill": "line-ns", "payment": "circle", "call": "diamond", "returned": "x"}


@dataclass(frozen=True, slots=True)
class Event:
    """One mark. kind: bill, payment, returned, call; `text` is the hover; `key` comes back when it is clicked."""

    kind: str
    row: str
    at: date | datetime
    text: str
    key: str


@kept
def events(marks: Sequence[Event], today: date) -> go.Figure:
    """Rows in the order in which their first event is given, a line for `today`. customdata: the event's key."""
    rows = list(dict.fromkeys(mark.row for mark in marks))
    figure = go.Figure()
    for kind in dict.fromkeys(mark.kind for mark in marks):
        mine = [mark for mark in marks if mark.kind == kind]
        colour = {"returned": colours.CRITICAL, "payment": colours.SUBJECT}.get(kind, colours.CONTEXT)
        figure.add_scatter(
            name=kind,
            x=[mark.at.isoformat() for mark in mine],
            y=[mark.row for mark in mine],
            mode="markers",
            text=[plain(mark.text) for mark in mine],
            customdata=[mark.key for mark in mine],
            hovertemplate="%{text}<extra></extra>",
            marker={
                "symbol": SYMBOLS.get(kind, "circle"),
                "size": 10,
                "color": colour,
                "line": {"width": 2 if kind == "bill" else 0, "color": colour},
            },
        )
    figure.add_vline(x=today.isoformat(), line={"color": colours.CONTEXT, "width": 1, "dash": "dot"})
    figure.update_xaxes(**month_axis(hoverformat="%-d %b %Y", showgrid=True, gridcolor=colours.GRID))
    figure.update_yaxes(**names_axis(rows))
    return framed(figure, 30 * len(rows) + 44)
