"""What all charts share: margins, type, axes without lines, no mode bar."""

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from ui.charts import colours
from ui.formats import symbol

CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}
TICK = {"size": 12, "color": colours.CONTEXT}
LABEL = {"size": 12, "color": colours.TEXT}


def plain(text: str) -> str:
    """`text` as it stands, where plotly would read tags, entities and templates."""
    return html.escape(text, quote=False).replace("{", "&#123;")


def framed(figure: go.Figure, height: int, *, right: int = 8, left: int = 0, bargap: float = 0.42) -> go.Figure:
    """`figure` in the house style. Axes are set by the chart itself."""
    figure.update_layout(
        height=height,
        margin={"l": left, "r": right, "t": 8, "b": 0},
        bargap=bargap,
        showlegend=False,
        dragmode=False,
        hovermode="closest",
        font={"size": 12, "color": colours.TEXT},
        hoverlabel={"font": {"size": 12}},
        clickmode="event+select",
    )
    return figure


def value_axis(currency: str, largest: float, **more: Any) -> dict[str, Any]:
    """An axis of money, zero-based, at most four ticks, gridlines only."""
    return {
        "tickprefix": symbol(currency),
        "tickformat": "~s" if largest >= 1000 else ",~r",  # noqa: PLR2004
        "nticks": 4,
        "rangemode": "tozero",
        "showline": False,
        "ticks": "",
        "zeroline": False,
        "gridcolor": colours.GRID,
        "tickfont": TICK,
        "fixedrange": True,
        "title": None,
        **more,
    }


def names_axis(names: Sequence[str] | None = None, **more: Any) -> dict[str, Any]:
    """An axis of categories, in the order given from the top."""
    order = {"categoryorder": "array", "categoryarray": list(names)} if names is not None else {}
    return {
        "type": "category",
        "autorange": "reversed",
        "showline": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "tickfont": TICK,
        "fixedrange": True,
        "automargin": True,
        "title": None,
        **order,
        **more,
    }


def month_axis(**more: Any) -> dict[str, Any]:
    """An axis of dates that says the month, and the year below it once."""
    return {
        "type": "date",
        "tickformat": "%b\n%Y",
        "showline": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "tickfont": TICK,
        "fixedrange": True,
        "title": None,
        **more,
    }
