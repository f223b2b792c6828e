"""What we owe, what is late, what falls due next and what changed."""

from dataclasses import replace

import streamlit as st

from domain.aging import bucket_names
from domain.periods import add_months
from ui import (
    alerts_summary,
    currencies,
    filter_bar,
    links,
    lists,
    notices,
    positions,
    reads,
    section,
    sparklines,
    spending,
    wording,
)
from ui.charts import aging, months, trend
from ui.currencies import Shown
from ui.filter_bar import FROM, PERIOD, SITE, TO
from ui.formats import day, whole_money
from ui.positions import Standing
from ui.viewer import Viewer


def render(viewer: Viewer) -> None:
    """Tiles, then pairs: next due dates and aging, trend and ranking, billed against paid and what changed."""
    filters = filter_bar.chosen(viewer)
    shown = currencies.choose(viewer, filters)
    standings = positions.standings(viewer, shown)
    if not any(s.outstanding or s.overdue for s in standings):
        spending.draw(viewer, shown)
        return
    months_in_view = positions.months_shown(filters)
    billed = positions.billed_by_month(viewer, shown, months_in_view)
    paid = positions.paid_by_month(viewer, shown, months_in_view)
    _tiles(viewer, shown, standings)
    alerts_summary.draw(viewer, filters)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        lists.due_soon(viewer, shown)
    with right:
        _aging(viewer, shown)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        _trend(shown, standings)
    with right:
        _ranking(viewer, shown)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        _billed_and_paid(shown, months_in_view, billed, paid)
        lists.largest_overdue(viewer, shown)
    with right:
        lists.changes(viewer, shown, standings)


def _tiles(viewer: Viewer, shown: Shown, standings: list[Standing]) -> None:
    as_of, since = shown.filters.as_of, f"vs {standings[-2].day:%-d %b}"
    day_before = add_months(as_of, -1)
    dateless = replace(shown, filters=replace(shown.filters, since=None, until=None))
    paid = positions.paid_by_month(viewer, dateless, positions.months_shown(dateless.filters))
    month_ends = f"at the last {len(standings)} month ends"
    with st.grid(4, min_column_width=150):
        for key, label, values, counted, better, compared, alt in (
            ("outstanding", "Outstanding", [s.outstanding for s in standings], False, -1, since, month_ends),
            ("past-due", "Past due", [s.overdue for s in standings], False, -1, since, month_ends),
            ("bills", "Overdue bills", [s.overdue_count for s in standings], True, -1, since, month_ends),
            (
                "paid",
                "Paid this month",
                paid,
                False,
                0,
                f"vs {day_before:%-d %b}",
                f"in each of the last {len(paid)} months",
            ),
        ):
            before = positions.paid_so_far(viewer, shown, day_before) if key == "paid" else values[-2]
            change = values[-1] - before
            text = (lambda n: f"{n:,}") if counted else (lambda n: whole_money(n, shown.currency))
            section.tile(
                key,
                label,
                text(values[-1]),
                change=text(change) if change else None,
                better=change * better > 0 if better else None,
                compared=compared if change else f"unchanged {compared}",
                values=values,
                alt=f"{label} {alt}{'' if counted else f', {shown.unit}'}",
            )


def _aging(viewer: Viewer, shown: Shown) -> None:
    row = positions.owed(viewer, shown)
    section.finding(
        wording.past_due_share(row.overdue, sum(row.buckets)),
        f"Open bills by days past due, {shown.unit}, {day(shown.filters.as_of)}; total {whole_money(sum(row.buckets), shown.currency)}",
    )
    if not sum(row.buckets):
        notices.empty("No open bills", "Nothing was open on this day.", ":material/check_circle:")
        return

    def open_bills() -> None:
        index = section.picked("overview-aging")
        if index is not None:
            links.follow("balances", {"age": bucket_names(shown.filters.edges)[index]})

    section.chart(aging.bars(row, shown.filters.edges), "overview-aging", "Open bills by days past due", open_bills)


def _trend(shown: Shown, standings: list[Standing]) -> None:
    past_due = tuple(s.overdue for s in standings)
    owed = tuple(s.outstanding for s in standings)
    section.finding(
        wording.change_over(past_due[-1], past_due[0], "Past due", "in a year"),
        f"Position at month end, {shown.unit}; {standings[-1].day:%B} to the {wording.ordinal(standings[-1].day.day)}",
    )
    lines = [trend.Line("Past due", past_due), trend.Line("Outstanding", owed, subject=False)]
    section.picture(
        trend.lines([s.day for s in standings], lines, shown.currency),
        "overview-trend",
        "Past due and outstanding over a year",
    )


def _ranking(viewer: Viewer, shown: Shown) -> None:
    rows = shown.merged(reads.aging(viewer, shown.filters, "site"))
    section.finding(
        wording.concentration([row.overdue for row in rows], "site"),
        f"Past due by site and days late, {shown.unit}",
        section.aging_key(shown.filters.edges, late_only=True),
    )
    if not any(row.overdue for row in rows):
        notices.empty("Nothing is past due", "Every open bill is still within its due date.", ":material/check_circle:")
        return

    def open_site() -> None:
        code = section.picked("overview-ranking")
        if code:
            links.follow("balances", {SITE: filter_bar.site_label(reads.options(viewer), code), "age": "late"})

    section.chart(
        aging.ranking(rows, shown.filters.edges),
        "overview-ranking",
        "Sites with most past due, by days late",
        open_site,
    )


def _billed_and_paid(shown: Shown, in_view: list[str], billed: list[int], paid: list[int]) -> None:
    period = f"in {wording.count(len(in_view), 'month')}"
    section.finding(
        wording.billed_against_paid(sum(billed), sum(paid), shown.currency, period),
        f"By month, {shown.unit}; bills less credit notes by issue date, payments less returned ones by payment date",
        [sparklines.category("other", "Billed"), sparklines.category("subject", "Paid")],
    )

    def open_month() -> None:
        month = section.picked("overview-months")
        if month:
            first, last = positions.month_span(month, shown.filters.as_of)
            links.follow("payments", {PERIOD: "Custom", FROM: first.isoformat(), TO: last.isoformat()})

    figure = months.pairs(in_view, ("Billed", billed), ("Paid", paid), shown.currency)
    section.chart(figure, "overview-months", "Billed and paid by month", open_month)
