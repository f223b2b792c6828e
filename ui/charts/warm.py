"""Plotly loads its parts when a figure first needs them."""

import plotly.graph_objects as go


def load() -> None:
    """Have it load them now: the traces that charts are made of, and their way to the browser."""
    traces = [go.Bar(), go.Scatter(), go.Heatmap(), go.Waterfall()]
    go.Figure(traces).update_layout(margin={"l": 0}).to_json()
