"""The floor's constants: what a page handed to Streamlit, without any of the page's own code."""

from datetime import date

import plotly.graph_objects as go

from tests.speed.constants import Call, load, save
from ui.charts import trend
from ui.charts.trend import Line


def test_a_figure_is_plotlys_own(tmp_path):
    figure = trend.lines([date(2026, 10, 31), date(2026, 11, 20)], [Line("Past due", (1, 2))], "USD")
    save(tmp_path / "page.pickle", [Call("plotly_chart", None, (figure,), {})])
    [call] = load(tmp_path / "page.pickle")
    [constant] = call.arguments
    assert type(constant) is go.Figure
    assert constant.to_dict() == figure.to_dict()
    assert constant.to_dict() is not constant.to_dict()  # the floor is what plotly does, not what we keep
