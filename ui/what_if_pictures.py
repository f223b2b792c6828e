"""Scenarios over time: what is owed, and how many sites are at risk."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from domain.what_if.projection import Projection
from ui import section, what_if_words, wording
from ui.charts import courses
from ui.charts.courses import Course
from ui.formats import escape, short_day
from ui.what_if_compared import Compared


def draw(compared: Compared) -> None:
    """What is owed and how many sites are at risk, by day."""
    left, right = st.columns(2, gap="medium")
    with left:
        _owed(compared)
    with right:
        _at_risk(compared)


def _courses(compared: Compared, values: Callable[[Projection], Any]) -> list[Course]:
    lines = [
        Course(name, values(p), i) for i, (name, p) in enumerate(zip(compared.names, compared.played, strict=True))
    ]
    return [*lines, Course(what_if_words.BASELINE, values(compared.baseline))]


def _owed(compared: Compared) -> None:
    shown = compared.played[0] if compared.played else compared.baseline
    peak = int(shown.total.outstanding.argmax())
    name = compared.names[0] if compared.played else what_if_words.BASELINE
    when = "today" if not peak else f"on {short_day(compared.days[peak], compared.baseline.as_of)}"
    section.finding(
        f"{escape(name)}: most is owed {when}",
        f"Outstanding by day, {compared.currency}; shaded: if bills come low or high",
    )
    drawn = _courses(compared, lambda p: p.total.outstanding)
    section.picture(
        courses.owed(compared.days, drawn, compared.currency, (shown.total.low, shown.total.high)),
        "what-if-owed",
        "Outstanding by day for each scenario",
    )


def _at_risk(compared: Compared) -> None:
    most = int(compared.baseline.total.sites_at_risk.max())
    title = f"Up to {wording.count(most, 'site')} at risk if nobody pays" if most else "No site is at risk"
    section.finding(title, "Sites with an account that may be suspended, or is, by day")
    drawn = _courses(compared, lambda p: p.total.sites_at_risk)
    section.picture(courses.at_risk(compared.days, drawn), "what-if-at-risk", "Sites at risk by day for each scenario")
