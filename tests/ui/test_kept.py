"""Kept figures: the same for the same inputs, another for any other, and not without bound."""

from datetime import date

import plotly.graph_objects as go

from ui.charts import kept, trend
from ui.charts.trend import Line

DAYS = [date(2026, 10, 31), date(2026, 11, 20)]


def lines(*values, currency="USD"):
    return trend.lines(DAYS, [Line("Past due", values)], currency)


def test_a_figure_is_built_once_for_its_inputs():
    assert lines(1, 2) is lines(1, 2)
    assert lines(1, 2) is not lines(1, 3)
    assert lines(1, 2) is not lines(1, 2, currency="EUR")
    assert lines(1, 2).to_json() != lines(1, 3).to_json()


def test_the_least_used_go(monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    built = []

    @kept.kept
    def figure(number):
        built.append(number)
        return go.Figure()

    for number in (1, 2, 1, 3, 1, 2):
        figure(number)
    assert built == [1, 2, 3, 2]
