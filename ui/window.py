"""The stretch of time that a history shows: the period of the filter bar, else the last thirteen months."""

from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from data_access.queries.activity import Activity
from domain.filters import Filters
from domain.periods import add_months, month_start
from ui import links, notices, reads
from ui.filter_bar import AS_OF, FROM, PERIOD, TO
from ui.formats import day, month
from ui.positions import MONTHS
from ui.viewer import Viewer

YEARS_FROM = 36  # more months than this are drawn by year


def recent(filters: Filters) -> Filters:
    """`filters` with a period: the chosen one, or from the first of the month twelve months before the as-of day."""
    if filters.since or filters.until:
        return filters
    return replace(filters, since=add_months(month_start(filters.as_of), -(MONTHS - 1)))


def lively(viewer: Viewer, filters: Filters) -> Filters:
    """`recent`, or all that there is where no period was chosen and nothing happened recently: a settled history."""
    near = recent(filters)
    if near == filters:
        return filters
    span: Activity = reads.filtered("activity", viewer, filters)
    if span.first is None or span.last is None or span.last >= (near.since or span.last):
        return near
    return replace(filters, since=span.first, until=span.last + timedelta(days=1))


def last_day(filters: Filters) -> date:
    """The last day that the filters reach."""
    return min(filters.as_of, filters.until - timedelta(days=1)) if filters.until else filters.as_of


def before(filters: Filters) -> Filters:
    """The stretch of the same length just before; the filters have a first day."""
    since, after = filters.since or filters.as_of, last_day(filters) + timedelta(days=1)
    months = (after.year - since.year) * 12 + after.month - since.month + (after.day > since.day)
    return replace(filters, since=add_months(since, -months), until=min(add_months(after, -months), since))


def in_words(filters: Filters) -> str:
    """Nov 2025 to 20 Nov 2026, Mar 2026, up to 20 Nov 2026: whole months are named by the month."""
    last = last_day(filters)
    whole = month_start(last + timedelta(days=1)) > last
    until = month(last) if whole else day(last)
    if not filters.since:
        return f"up to {until}"
    since = month(filters.since) if filters.since.day == 1 else day(filters.since)
    return since if since == until else f"{since} to {until}"


def steps(filters: Filters, span: Activity) -> list[str]:
    """The months (YYYY-MM) of the stretch, or its years (YYYY) when they are many; from the first payment if it is open."""
    last = month_start(last_day(filters))
    first = month_start(filters.since or span.first or last)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count > YEARS_FROM:
        return [str(year) for year in range(first.year, last.year + 1)]
    return [f"{add_months(first, i):%Y-%m}" for i in range(max(0, count))]


def is_step(text: str) -> bool:
    """Is `text` a month (YYYY-MM) or a year (YYYY)?"""
    try:
        _first(text)
    except ValueError:
        return False
    return True


def _first(step: str) -> date:
    return date(int(step), 1, 1) if len(step) == len("2026") else date.fromisoformat(f"{step}-01")


def narrowed(filters: Filters, step: str) -> Filters:
    """`filters` within one of the `steps`."""
    first = _first(step)
    end = add_months(first, 12 if len(step) == len("2026") else 1)
    since = max(first, filters.since) if filters.since else first
    return replace(filters, since=since, until=min(end, filters.until) if filters.until else end)


def step_name(step: str) -> str:
    """Mar 2026, or the year as it is."""
    return step if len(step) == len("2026") else month(date.fromisoformat(f"{step}-01"))


def quiet(viewer: Viewer, filters: Filters, path: str, what: str, **own: str | None) -> None:
    """An empty box that says where the data lies and offers to go there. `what`: payments, bills and payments."""
    span: Activity = reads.filtered("activity", viewer, filters)
    first, last = span.first, span.last
    if first is None or last is None:
        notices.nothing_matches()
        return
    with st.container(border=True, gap="xsmall", horizontal_alignment="center"):
        st.markdown(f":material/history: **No {what} from {in_words(filters)}**", width="content")
        st.caption(f"What there is runs from {day(first)} to {day(last)}.", width="content")
        with st.container(horizontal=True, horizontal_alignment="center"):
            clear = {PERIOD: None, FROM: None, TO: None}
            if last < (filters.since or last):
                then = links.address(path, {**clear, **own, AS_OF: last.isoformat()})
                st.markdown(f"[Show it as of {day(last)}]({then})", width="content")
            whole = {PERIOD: "Custom", FROM: first.isoformat(), TO: last.isoformat()}
            st.markdown(f"[Show all of it]({links.address(path, {**whole, **own})})", width="content")
