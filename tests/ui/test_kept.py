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


def test_a_kept_figure_says_once_what_plotlys_own_says_each_time():
    figure = lines(1, 2)
    assert figure.to_dict() is figure.to_dict()
    assert go.Figure(figure).to_dict() == figure.to_dict()


def test_a_switched_appearance_is_another_figure_and_leaves_the_first():
    figure = lines(1, 2)
    dark, light = figure.appearing("dark"), figure.appearing("light")
    assert (dark.to_dict()["layout"]["meta"], light.to_dict()["layout"]["meta"]) == ("dark", "light")
    assert "meta" not in figure.to_dict()["layout"]
    assert figure.appearing("dark") is dark
    assert {**dark.to_dict()["layout"], "meta": 0} == {**figure.to_dict()["layout"], "meta": 0}
