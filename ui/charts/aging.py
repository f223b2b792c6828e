"""What is owed by how late it is."""

from collections.abc import Sequence

import plotly.graph_objects as go

from domain.aging import AgingRow, bucket_labels
from ui.charts import colours
from ui.charts.kept import kept
from ui.charts.layout import LABEL, framed, names_axis, plain, value_axis
from ui.formats import major, percent, short_money, whole_money
from ui.sparklines import aging_steps

HEIGHT = 286
RANKED = 8  # groups of a ranking
LABEL_PX = 114  # $26,062,674  29% beside a bar


@kept
def bars(row: AgingRow, edges: Sequence[int]) -> go.Figure:
    """One bar a bucket of `row`, with its amount and share. customdata: the bucket's index."""
    labels = bucket_labels(edges)
    owed = sum(row.buckets)
    steps = aging_steps(len(labels))
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=labels,
            x=[major(amount, row.currency) for amount in row.buckets],
            text=[f"{whole_money(a, row.currency)}  {percent(a, owed)}" if a else "–" for a in row.buckets],
            textposition="outside",
            textfont=LABEL,
            cliponaxis=False,
            customdata=list(range(len(labels))),
            marker={"color": [colours.SEQUENTIAL[step] for step in steps], "cornerradius": 2},
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    largest = max((major(amount, row.currency) for amount in row.buckets), default=0)
    figure.update_xaxes(**value_axis(row.currency, largest, visible=False, range=[0, largest or 1]))
    figure.update_yaxes(**names_axis(labels))
    return framed(figure, HEIGHT, right=LABEL_PX, bargap=0.5)


@kept
def ranking(rows: Sequence[AgingRow], edges: Sequence[int], most: int = RANKED) -> go.Figure:
    """Past due of the `most` groups that have most of it, stacked by age. customdata: the group's key."""
    late = sorted((row for row in rows if row.overdue), key=lambda row: -row.overdue)[:most]
    labels = bucket_labels(edges)
    steps = aging_steps(len(labels))
    names = unique_names([(row.key, row.name) for row in late])
    figure = go.Figure()
    for index in range(1, len(labels)):
        figure.add_bar(
            orientation="h",
            name=labels[index],
            y=names,
            x=[major(row.buckets[index], row.currency) for row in late],
            customdata=[row.key for row in late],
            text=[whole_money(row.buckets[index], row.currency) for row in late],
            textposition="none",
            marker={"color": colours.SEQUENTIAL[steps[index]], "line": {"width": 1, "color": colours.PAGE}},
            hovertemplate="%{y}, " + labels[index] + ": %{text}<extra></extra>",
        )
    largest = max((major(row.overdue, row.currency) for row in late), default=0)
    figure.update_layout(barmode="stack")
    for name, row in zip(names, late, strict=True):
        figure.add_annotation(
            x=major(row.overdue, row.currency),
            y=name,
            text=short_money(row.overdue, row.currency),
            xanchor="left",
            xshift=4,
            showarrow=False,
            font=LABEL,
        )
    figure.update_xaxes(
        **value_axis(late[0].currency if late else "USD", largest, visible=False, range=[0, largest or 1])
    )
    figure.update_yaxes(**names_axis(names))
    return framed(figure, max(100, 26 + 30 * len(late)), right=62, bargap=0.3)


def unique_names(groups: Sequence[tuple[str, str]]) -> list[str]:
    """Names for a category axis, which would join two groups of one name: the key is added where they clash."""
    names = [name or key for key, name in groups]
    return [
        plain(name if names.count(name) == 1 else f"{name} ({key})")
        for name, (key, _) in zip(names, groups, strict=True)
    ]
