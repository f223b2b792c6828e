"""The sections of the Overview: headline figures, aging, a year, sites, billed against paid."""

from dataclasses import replace

import streamlit as st

from domain.aging import AgingRow, bucket_names
from domain.periods import add_months
from ui import filter_bar, links, notices, positions, reads, section, sparklines, wording
from ui.charts import aging as aging_charts
from ui.charts import months
from ui.charts import trend as trend_charts
from ui.currencies import Shown
from ui.filter_bar import FROM, PERIOD, SITE, TO
from ui.formats import change_money, day, figure_money, whole_money
from ui.positions import Standing
from ui.viewer import Viewer


def tiles(viewer: Viewer, shown: Shown, standings: list[Standing]) -> None:
    """What is owed, past due, how many bills that is, and what was paid; each beside what it was before."""
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
            code = shown.currency
            figure = f"{values[-1]:,}" if counted else figure_money(values[-1], code)
            changed = f"{change:,}" if counted else change_money(change, code)
            section.tile(
                key,
                label,
                figure,
                change=changed if change else None,
                better=change * better > 0 if better else None,
                compared=compared if change else f"unchanged {compared}",
                values=values,
                alt=f"{label} {alt}{'' if counted else f', {shown.unit}'}",
            )


def aging(viewer: Viewer, shown: Shown) -> None:
    """Open bills by age; a click opens those of one bucket."""
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

    section.chart(
        aging_charts.bars(row, shown.filters.edges), "overview-aging", "Open bills by days past due", open_bills
    )


def trend(shown: Shown, standings: list[Standing]) -> None:
    """Past due and outstanding at month ends of a year."""
    past_due = tuple(s.overdue for s in standings)
    owed = tuple(s.outstanding for s in standings)
    section.finding(
        wording.change_over(past_due[-1], past_due[0], "Past due", "in a year"),
        f"Position at month end, {shown.unit}; {standings[-1].day:%B} to the {wording.ordinal(standings[-1].day.day)}",
    )
    lines = [trend_charts.Line("Past due", past_due), trend_charts.Line("Outstanding", owed, subject=False)]
    section.picture(
        trend_charts.lines([s.day for s in standings], lines, shown.currency),
        "overview-trend",
        "Past due and outstanding over a year",
    )


def ranking(viewer: Viewer, shown: Shown) -> None:
    """The sites with most past due; a click opens one's bills."""
    past_due = reads.aging_sums(viewer, shown.filters, "site", weights=shown.weights).overdue
    section.finding(
        wording.concentration(past_due, "site"),
        f"Past due by site and days late, {shown.unit}",
        section.aging_key(shown.filters.edges, late_only=True),
    )
    if not any(past_due):
        notices.empty("Nothing is past due", "Every open bill is still within its due date.", ":material/check_circle:")
        return

    def open_site() -> None:
        code = section.picked("overview-ranking")
        if code:
            links.follow("balances", {SITE: filter_bar.site_label(viewer, code), "age": "late"})

    section.chart(
        aging_charts.ranking(_most_past_due(viewer, shown), shown.filters.edges),
        "overview-ranking",
        "Sites with most past due, by days late",
        open_site,
    )


def _most_past_due(viewer: Viewer, shown: Shown) -> list[AgingRow]:
    groups = reads.aging_page(viewer, shown.filters, "site", limit=aging_charts.RANKED, weights=shown.weights)
    return [row for group in groups for row in shown.merged(group.rows)]


def billed_and_paid(shown: Shown, in_view: list[str], billed: list[int], paid: list[int]) -> None:
    """Month by month; a click opens a month's payments."""
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
