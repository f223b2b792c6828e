"""Scenarios over time: every line keeps its numbers and its name, and the bridge adds up."""

from datetime import date, timedelta
from itertools import pairwise

from ui.charts import colours, courses
from ui.charts.courses import Course

DAYS = [date(2026, 11, 20) + timedelta(days=n) for n in range(4)]


def test_lines_hold_their_amounts_and_their_colours():
    lines = [Course("Pay", (100_00, 50_00, 50_00, 60_00), 0), Course("As things go", (100_00,) * 4)]
    figure = courses.owed(DAYS, lines, "USD", ((90_00,) * 4, (110_00,) * 4))
    high, low, pay, base = figure.data
    assert (list(high.y), list(low.y)) == ([110.0] * 4, [90.0] * 4)
    assert (list(pay.y), list(pay.text)) == ([100, 50, 50, 60], ["$100", "$50", "$50", "$60"])
    assert (pay.line.color, base.line.color) == (colours.CATEGORIES[0], colours.CONTEXT)
    assert [note.text for note in figure.layout.annotations] == ["<b>Pay</b><br>$60", "<b>As things go</b><br>$100"]


def test_sites_at_risk_are_steps_from_zero():
    figure = courses.at_risk(DAYS, [Course("Pay", (3, 2, 2, 0), 0), Course("As things go", (3, 3, 4, 4))])
    assert [trace.line.shape for trace in figure.data] == ["hv", "hv"]
    assert figure.layout.yaxis.range[0] == 0


def test_names_at_the_ends_keep_apart_and_read_no_tags():
    wild = "<b>x</b>"
    figure = courses.owed(DAYS, [Course(wild, (10,) * 4, i) for i in range(4)], "USD")
    shifts = sorted(note.yshift for note in figure.layout.annotations)
    assert all(b - a >= 30 for a, b in pairwise(shifts))
    assert max(shifts) <= 0  # where all are at the top, they make room downwards
    assert all("&lt;b&gt;" in note.text and wild not in note.text for note in figure.layout.annotations)


def test_the_bridge_goes_from_today_to_the_horizon():
    (bridge,) = courses.bridge([("Today", 100_00), ("Bills to come", 30_00), ("Paid", -50_00)], "18 Feb", "USD").data
    assert list(bridge.y) == [100.0, 30.0, -50.0, 80.0]
    assert list(bridge.measure) == ["absolute", "relative", "relative", "total"]
    assert list(bridge.x)[-1] == "18 Feb"
