"""The pieces that a page is made of: a finding with its basis, a tile, a chart that can be clicked."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from domain.aging import bucket_labels
from domain.filters import Basis
from ui import sparklines
from ui.charts.kept import KeptFigure
from ui.charts.layout import CONFIG
from ui.links import APPEARANCE


def finding(title: str, basis: str, key: Sequence[str] = ()) -> None:
    """What the data says, then measure, unit, date and basis in small; `key` are swatches (sparklines.swatch)."""
    with st.container():
        st.header(title, anchor=False)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(basis, width="content")
            if key:
                st.markdown(":small[" + "\N{EM SPACE}".join(key) + "]", width="content")


def aging_key(edges: Sequence[int], basis: Basis = Basis.DUE, *, late_only: bool = False) -> list[str]:
    """Swatches of the aging buckets."""
    labels = bucket_labels(edges, basis)
    swatches = [
        sparklines.swatch(step, label) for step, label in zip(sparklines.aging_steps(len(labels)), labels, strict=True)
    ]
    return swatches[1:] if late_only else swatches


def tile(
    key: str,
    label: str,
    figure: str,
    *,
    change: str | None,
    better: bool | None,
    compared: str,
    values: Sequence[float],
    alt: str,
    note: str | None = None,
) -> None:
    """A headline number. `change` is signed text (ASCII minus); `better` says whether it is good news, None for neither."""
    colour = "gray" if better is None or not change else "green" if better else "red"
    with st.container(border=True, key=f"tile-{key}", gap="xxsmall"):
        st.metric(label, figure, change, delta_color=colour, delta_description=compared if change else None, help=note)
        if not change and "](" in compared:
            st.markdown(f":small[{compared}]")  # a caption would fade its link below 4.5:1
        elif not change:
            st.caption(compared)
        st.markdown(sparklines.line(values, alt, width=246, height=34, filled=True))


def chart(figure: KeptFigure, key: str, alt: str, on_pick: Callable[[], None] | None = None) -> Any | None:
    """Draw a figure; returns the customdata of the bar or point that is selected, None for none.

    `on_pick` is called at the start of the run that a click makes, before the page is drawn; it may read
    `picked(key)` and call links.follow. A chart that leads nowhere passes no key for clicking: use `picture`.
    """
    state = st.plotly_chart(
        _appearing(figure), key=key, config=CONFIG, alt=alt, on_select=on_pick or "rerun", selection_mode="points"
    )
    return _customdata(state)


def picture(figure: KeptFigure, key: str, alt: str) -> None:
    """Draw a figure that is only looked at."""
    st.plotly_chart(_appearing(figure), key=key, config=CONFIG, alt=alt)


def _appearing(figure: KeptFigure) -> KeptFigure:
    """The figure as another one after a switch between light and dark."""
    appearance = st.session_state.get(APPEARANCE)
    return figure.appearing(appearance) if appearance else figure


def picked(key: str) -> Any | None:
    """What is selected in the chart `key`."""
    return _customdata(st.session_state.get(key))


def picked_both(key: str) -> tuple[str, str] | None:
    """The same of a chart whose customdata is a pair."""
    points = (st.session_state.get(key) or {"selection": {"points": []}})["selection"]["points"]
    data = points[0].get("customdata") if points else None
    return (str(data[0]), str(data[1])) if isinstance(data, list | tuple) and len(data) > 1 else None


def _customdata(state: Any) -> Any | None:
    points = state["selection"]["points"] if state else []
    data = points[0].get("customdata") if points else None
    return data[0] if isinstance(data, list | tuple) and data else data
