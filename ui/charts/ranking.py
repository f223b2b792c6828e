"""Groups by size, the largest on top."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ui.charts import colours
from ui.charts.aging import LABEL_PX, unique_names
from ui.charts.kept import kept
from ui.charts.layout import LABEL, framed, names_axis, value_axis
from ui.formats import major, percent, short_money, whole_money


@dataclass(frozen=True, slots=True)
class Bar:
    """One group and its amount in minor units; `key` comes back when it is clicked."""

    key: str
    name: str
    amount: int


@kept
def bars(groups: Sequence[Bar], currency: str, of: tuple[int, int]) -> go.Figure:
    """The largest groups with amount and share of all, and the rest as one grey bar. customdata: the key.

    `of`: how many groups there are in all, and what they come to.
    """
    drawn = sorted(groups, key=lambda group: (-group.amount, group.name))
    number, whole = of
    if number > len(drawn):
        rest = whole - sum(group.amount for group in drawn)
        drawn = [*drawn, Bar("", f"{number - len(drawn):,} others", rest)]
    names = unique_names([(group.key, group.name) for group in drawn])
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=names,
            x=[major(group.amount, currency) for group in drawn],
            text=[f"{short_money(g.amount, currency)}  {_share(g.amount, whole)}" for g in drawn],
            textposition="outside",
            textfont=LABEL,
            cliponaxis=False,
            customdata=[group.key for group in drawn],
            hovertext=[whole_money(group.amount, currency) for group in drawn],
            hovertemplate="%{y}: %{hovertext}<extra></extra>",
            marker={
                "color": [colours.SUBJECT if group.key else colours.OTHER for group in drawn],
                "cornerradius": 2,
            },
        )
    )
    largest = max((major(group.amount, currency) for group in drawn), default=0)
    lowest = min((major(group.amount, currency) for group in drawn), default=0)
    figure.update_xaxes(**value_axis(currency, largest, visible=False, range=[min(0, lowest * 1.3), largest or 1]))
    figure.update_yaxes(**names_axis(names))
    return framed(figure, max(100, 24 + 28 * len(drawn)), right=LABEL_PX, bargap=0.42)


def _share(part: int, whole: int) -> str:
    """Beside a bar there is no room for words."""
    return percent(part, whole).replace("less than ", "<").replace("more than ", ">")
