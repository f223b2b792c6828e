"""The Overview of a ledger in which nothing is open: what was spent, when, where and with whom.

Published spending lists and settled histories look like this; so does a team that has paid everything.
"""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from data_access.queries.rankings import Ranking
from data_access.queries.spend import COUNTED
from ui import filter_bar, links, notices, reads, section, wording
from ui.charts import ranking, years
from ui.currencies import Shown
from ui.filter_bar import FROM, PERIOD, SITE, TO, VENDOR
from ui.formats import day, figure_money, whole_money
from ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Span:
    """The days that the picture covers, both included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """7 Dec 2010 to 31 Aug 2022."""
        return f"{day(self.first)} to {day(self.last)}"


def draw(viewer: Viewer, shown: Shown) -> None:
    """Tiles, spend by year, and where and with whom; over the period chosen, else over all that there is."""
    filters = shown.filters
    activity = reads.filtered("activity", viewer, filters)
    if activity.first is None or activity.last is None:
        notices.nothing_matches()
        return
    amounts: dict[str, int] = {}
    for month, currency, amount in reads.filtered("billed_by_month", viewer, filters):
        amounts[month] = amounts.get(month, 0) + shown.minor(amount, currency)
    if not amounts:
        notices.nothing_matches()
        return
    first = max(activity.first, filters.since) if filters.since else activity.first
    last = min(activity.last, filters.as_of)
    _tiles(viewer, shown, amounts, Span(first, last))
    _by_year(shown, amounts, Span(first, last))
    left, right = st.columns(2, gap="medium")
    with left:
        _ranked(viewer, shown, "site", Span(first, last))
    with right:
        _ranked(viewer, shown, "vendor", Span(first, last))


def by_year(amounts: dict[str, int]) -> dict[str, int]:
    """Months (YYYY-MM) added up to years, every year between the first and the last there, empty ones as 0."""
    first, last = int(min(amounts)[:4]), int(max(amounts)[:4])
    sums = {str(year): 0 for year in range(first, last + 1)}
    for month, amount in amounts.items():
        sums[month[:4]] += amount
    return sums


def _tiles(viewer: Viewer, shown: Shown, amounts: dict[str, int], span: Span) -> None:
    bills = reads.filtered("bills_counted", viewer, shown.filters)
    paid: dict[str, int] = {}
    for row in reads.payment_totals(viewer, shown.filters, "month"):
        paid[row.key] = paid.get(row.key, 0) + shown.minor(row.net, row.currency)
    yearly, paid_yearly = list(by_year(amounts).values()), list(by_year(paid).values()) if paid else []
    last_month = max(amounts)
    with st.grid(4, min_column_width=150):
        for key, label, figure, note, values in (
            ("outstanding", "Outstanding", figure_money(0, shown.currency), "every bill is settled", []),
            (
                "billed",
                "Billed",
                figure_money(sum(amounts.values()), shown.currency),
                f"{COUNTED:,}+ bills" if bills > COUNTED else wording.count(bills, "bill"),
                yearly,
            ),
            (
                "paid",
                "Paid",
                figure_money(sum(paid.values()), shown.currency),
                "net of refunds and returns",
                paid_yearly,
            ),
            (
                "last",
                "Last month billed",
                figure_money(amounts[last_month], shown.currency),
                f"{date.fromisoformat(last_month + '-01'):%B %Y}",
                [amounts[month] for month in sorted(amounts)[-13:]],
            ),
        ):
            section.tile(
                f"spending-{key}",
                label,
                figure,
                change=None,
                better=None,
                compared=note,
                values=values,
                alt=f"{label} over {span.words}, {shown.unit}",
            )


def _by_year(shown: Shown, amounts: dict[str, int], span: Span) -> None:
    sums = by_year(amounts)
    top = max(sums, key=lambda year: sums[year])
    title = (
        f"{whole_money(sums[top], shown.currency)} was billed in {top}, more than in any other year"
        if len(sums) > 1
        else f"{whole_money(sums[top], shown.currency)} was billed in {top}"
    )
    section.finding(title, f"Bills less credit notes by year of issue, {shown.unit}, {span.words}")

    def open_year() -> None:
        year = section.picked("spending-years")
        if year:
            start, end = date(int(year), 1, 1), date(int(year), 12, 31)
            links.follow("payments", {PERIOD: "Custom", FROM: start.isoformat(), TO: min(end, span.last).isoformat()})

    section.chart(years.bars(sums, shown.currency), "spending-years", "Billed by year", open_year)


def _ranked(viewer: Viewer, shown: Shown, by: str, span: Span) -> None:
    found: Ranking = reads.filtered("spend_ranking", viewer, shown.filters, by=by, weights=shown.weights)
    bars = [ranking.Bar(row.key, row.name, shown.sum_of(row.amounts)) for row in found.first]
    of = (found.number, shown.sum_of(found.sums))
    section.finding(_leader(by, bars[0], *of), f"Billed by {by}, {shown.unit}, {span.words}")

    def open_group() -> None:
        picked = section.picked(f"spending-{by}")
        if picked and by == "site":
            links.follow("sites", {SITE: filter_bar.site_label(viewer, picked)})
        elif picked:
            links.follow("payments", {VENDOR: picked})

    figure = ranking.bars(bars, shown.currency, of)
    section.chart(figure, f"spending-{by}", f"Billed by {by}", open_group)


def _leader(by: str, first: ranking.Bar, groups: int, whole: int) -> str:
    if whole <= 0:
        return f"Billed by {by}"
    if groups == 1:
        return f"{first.name} is the only {by}"
    return wording.leader(first.name, first.amount, whole, "takes" if by == "site" else "billed", by) + " of it all"
