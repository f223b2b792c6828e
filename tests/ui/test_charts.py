"""Figures are built from rows and hold the rows' numbers; a click gives back what it stands for."""

from datetime import date

import plotly.graph_objects as go
import pytest

from domain.aging import AgingRow
from ui.charts import aging, colours, months, ranking, suspensions, timeline, trend
from ui.charts.suspensions import Look

EDGES = (30, 60, 90)


def row(key, *buckets, currency="USD", name=None):
    return AgingRow(key, name or key, currency, buckets)


def test_aging_bars_say_amount_and_share_and_give_their_bucket():
    (bar,) = aging.bars(row("", 8437500, 5880900, 0, 1322000, 2421000), EDGES).data
    assert list(bar.y) == ["Not due", "1–30", "31–60", "61–90", "Over 90"]
    assert list(bar.x) == [84375, 58809, 0, 13220, 24210]
    assert list(bar.text) == ["$84,375  47%", "$58,809  33%", "–", "$13,220  7%", "$24,210  13%"]
    assert list(bar.customdata) == [0, 1, 2, 3, 4]
    assert list(bar.marker.color) == [colours.SEQUENTIAL[i] for i in (1, 3, 5, 7, 9)]


def test_aging_bars_follow_other_edges_and_currencies():
    (bar,) = aging.bars(row("", 100, 0, 300, currency="JPY"), (10,)).data
    assert list(bar.x) == [100, 0, 300]  # yen have no cents
    assert bar.text[2] == "¥300  75%"


def test_the_ranking_stacks_what_is_late_of_the_worst():
    rows = [row("A", 900, 100, 0, 0, 0), row("B", 0, 0, 200, 0, 100), row("C", 500, 0, 0, 0, 0)]
    figure = aging.ranking(rows, EDGES)
    assert [trace.name for trace in figure.data] == ["1–30", "31–60", "61–90", "Over 90"]
    assert all(list(trace.y) == ["B", "A"] for trace in figure.data)  # C has nothing late
    assert [list(trace.x) for trace in figure.data] == [[0, 1], [2, 0], [0, 0], [1, 0]]
    assert list(figure.data[0].customdata) == ["B", "A"]
    assert [note.text for note in figure.layout.annotations] == ["$3", "$1"]


def test_two_groups_of_one_name_keep_their_own_bar():
    figure = aging.ranking([row("A", 0, 100, 0, 0, 0, name="Depot"), row("B", 0, 50, 0, 0, 0, name="Depot")], EDGES)
    assert list(figure.data[0].y) == ["Depot (A)", "Depot (B)"]


def test_a_name_is_no_tag_entity_or_template():
    wild = "<b>x</b><a href='y'>&lt;%{y}"
    plain = "&lt;b&gt;x&lt;/b&gt;&lt;a href='y'&gt;&amp;lt;%&#123;y}"
    late = row("A", 0, 100, 0, 0, 0, name=wild)
    assert {name for trace in aging.ranking([late], EDGES).data for name in trace.y} == {plain}
    (bar,) = ranking.bars([ranking.Bar("A", wild, 100)], "USD", (1, 100)).data
    assert (list(bar.y), list(bar.customdata)) == ([plain], ["A"])
    (part,) = months.stacked(["2026-01"], {wild: [100]}, "USD").data
    assert (part.name, plain in part.hovertemplate, part.customdata[0][1]) == (plain, True, wild)
    (mark,) = timeline.events([timeline.Event("call", "Calls", date(2026, 1, 1), wild, "k")], date(2026, 2, 1)).data
    assert list(mark.text) == [plain]


def test_lines_are_named_at_their_end_without_overlap():
    days = [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 20)]
    figure = trend.lines(
        days, [trend.Line("Past due", (100, 200, 1000)), trend.Line("Outstanding", (500, 700, 1010), False)], "USD"
    )
    assert [list(trace.y) for trace in figure.data] == [[1, 2, 10], [5, 7, 10.1]]
    assert [note.text for note in figure.layout.annotations] == ["<b>Past due</b><br>$10", "<b>Outstanding</b><br>$10"]
    below, above = (note.yshift for note in figure.layout.annotations)
    assert above - below > 28  # two lines of text, 12 px
    assert figure.data[0].marker.size == (0, 0, 7)


def test_months_side_by_side():
    figure = months.pairs(["2026-10", "2026-11"], ("Billed", [100, 200]), ("Paid", [50, -20]), "USD")
    assert [list(trace.y) for trace in figure.data] == [[1, 2], [0.5, -0.2]]
    assert list(figure.data[0].x) == ["2026-10-01", "2026-11-01"]
    assert list(figure.data[1].customdata) == ["2026-10", "2026-11"]


def test_kinds_beyond_five_become_other():
    kinds = {name: [index, index] for index, name in enumerate("abcdefg", start=1)}
    kept = months.leading(kinds)
    assert list(kept) == ["g", "f", "e", "d", "c", "Other"]
    assert kept["Other"] == [3, 3]  # a and b
    assert months.kind_colours(list(kept))[-1] == colours.OTHER
    figure = months.stacked(["2026-10", "2026-11"], kept, "USD")
    assert sum(trace.y[0] for trace in figure.data) == pytest.approx(0.28)
    assert list(figure.data[0].customdata) == [["2026-10", "g"], ["2026-11", "g"]]


def test_a_ranking_keeps_the_whole():
    groups = [ranking.Bar(str(n), f"Site {n}", n * 100) for n in range(3, 13)]
    (bar,) = ranking.bars(groups, "USD", (12, 7800)).data
    assert list(bar.y)[:2] == ["Site 12", "Site 11"]
    assert bar.y[-1] == "2 others"
    assert sum(bar.x) == 78
    assert bar.text[0] == "$12  15%"
    assert bar.customdata[-1] == ""


def test_shares_of_a_ranking_have_no_room_for_words():
    (bar,) = ranking.bars([ranking.Bar("A", "A", 100)], "USD", (500, 100_000)).data
    assert list(bar.text) == ["$1  <1%", "$999  >99%"]


def test_the_timeline_marks_each_event_in_its_row():
    figure = timeline.events(
        [
            timeline.Event("call", "Calls", date(2026, 11, 3), "Call", "c1"),
            timeline.Event("payment", "Payments", date(2026, 11, 4), "Paid", "p1"),
            timeline.Event("returned", "Payments", date(2026, 11, 9), "Returned", "p2"),
        ],
        date(2026, 11, 20),
    )
    assert [(trace.name, list(trace.y), list(trace.customdata)) for trace in figure.data] == [
        ("call", ["Calls"], ["c1"]),
        ("payment", ["Payments"], ["p1"]),
        ("returned", ["Payments"], ["p2"]),
    ]
    assert figure.layout.height == 30 * 2 + 44


@pytest.mark.parametrize(
    "figure",
    [
        aging.bars(row("", 0, 0, 0, 0, 0), EDGES),
        aging.ranking([], EDGES),
        trend.lines([date(2026, 11, 20)], [trend.Line("Past due", (0,))], "USD"),
        months.pairs([], ("Billed", []), ("Paid", []), "USD"),
        months.stacked(["2026-11"], {}, "USD"),
        ranking.bars([], "USD", (0, 0)),
        timeline.events([], date(2026, 11, 20)),
    ],
)
def test_nothing_to_show_is_a_figure_too(figure):
    assert isinstance(figure, go.Figure)
    assert figure.to_json()


def test_every_chart_is_quiet():
    """No legend, no drag, no zoom; the value axis from zero."""
    for figure in (
        aging.bars(row("", 1, 2, 3, 4, 5), EDGES),
        months.pairs(["2026-11"], ("Billed", [1]), ("Paid", [1]), "USD"),
        trend.lines([date(2026, 10, 31), date(2026, 11, 20)], [trend.Line("x", (1, 2))], "USD"),
    ):
        assert figure.layout.showlegend is False
        assert figure.layout.dragmode is False
        assert figure.layout.xaxis.fixedrange is True
        assert figure.layout.yaxis.fixedrange is True


def line(name, look, noticed, *days, certain=False):
    earliest, likely, latest = (date(2026, 11, d) if d < 40 else date(2026, 12, d - 40) for d in days)
    return suspensions.Line(
        name, "internet", look, noticed, earliest, likely, latest, "label", "$721", "hover", name, certain
    )


def test_the_suspension_calendar_runs_from_notice_to_stop():
    today = date(2026, 11, 20)
    figure = suspensions.calendar(
        [
            line("Off", Look.CRITICAL, date(2026, 8, 1), 1, 1, 3, certain=True),
            line("Near", Look.CRITICAL, date(2026, 11, 13), 21, 23, 25),
            line("Later", Look.HIGH, None, 30, 42, 46),
        ],
        today,
    )
    markers = [trace for trace in figure.data if trace.customdata is not None]
    assert [(m.name, m.x[0], m.marker.symbol, m.customdata[0]) for m in markers] == [
        ("Off", "2026-11-04", "x", "Off"),  # further back than the picture: at its edge
        ("Near", "2026-11-23", "x", "Near"),
        ("Later", "2026-12-02", "triangle-up", "Later"),
    ]
    lines = {(t.y[0], t.line.dash): list(t.x) for t in figure.data if t.mode == "lines" and t.line.dash}
    assert lines[1, "solid"] == ["2026-11-13", "2026-11-23"]
    assert lines[2, "dot"] == ["2026-11-20", "2026-12-02"]
    windows = {t.y[0]: list(t.x) for t in figure.data if t.mode == "lines" and t.line.width == 9}
    assert windows == {1: ["2026-11-21", "2026-11-25"], 2: ["2026-11-30", "2026-12-06"]}
    circles = [t.x[0] for t in figure.data if t.marker.symbol == "circle"]
    assert circles == ["2026-11-13"]
    texts = [note.text for note in figure.layout.annotations]
    assert texts.count("$721") == 3
    assert texts[-3:] == ["<b>Today</b>", "next 7 days", "To keep on"]
    assert figure.layout.yaxis.ticktext[0].startswith("Off<br>")
    assert figure.layout.xaxis.range[0] == "2026-11-02"


def test_the_line_of_what_went_off_unannounced_does_not_strike_its_label_out():
    lines = [
        line("Off", Look.CRITICAL, None, 1, 1, 3, certain=True),  # from its end to today, below the label
        line("Announced", Look.CRITICAL, date(2026, 8, 1), 1, 1, 3, certain=True),
        line("Later", Look.HIGH, None, 30, 42, 46),
    ]
    labels = [n for n in suspensions.calendar(lines, date(2026, 11, 20)).layout.annotations if n.text == "label"]
    assert [label.bgcolor for label in labels] == [colours.PAGE, None, None]
