"""One site: particulars, balance tiles, trend and aging."""

from dataclasses import replace

import streamlit as st

from data_access.queries.local_days import zone_named
from data_access.queries.sites import SiteRow
from domain.aging import bucket_names
from ui import facts, links, notices, positions, reads, section, site_list, wording
from ui import window as windows
from ui.charts import aging, trend
from ui.currencies import Shown
from ui.formats import change_money, day, escape, figure_money, short_day, whole_money
from ui.place import Place
from ui.place_sections import OPEN, TAB
from ui.positions import Standing


def draw(place: Place, site: SiteRow) -> None:
    """Everything above the tables of a site."""
    _particulars(place, site)
    standings = positions.standings(place.viewer, place.shown)
    _tiles(place, standings)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        _trend(place.shown, standings)
    with right:
        _aging(place)


def _particulars(place: Place, site: SiteRow) -> None:
    local = place.viewer.now.astimezone(zone_named(site.timezone))
    where = ", ".join(filter(None, (site.city, site.region, site.country)))
    facts.draw(
        [
            ("Where", escape(where)),
            ("Local time", f"{local:%H:%M}, {escape(site.timezone)}" if where else ""),
            ("Headcount", f"{site.headcount:,}" if site.headcount is not None else ""),
            ("Cost center", escape(site.cost_center)),
            ("Open accounts", f"{site.accounts:,}"),
            ("Services", f"{site.services:,}" if site.services else ""),
        ],
        columns=6,
    )


def _tiles(place: Place, standings: list[Standing]) -> None:
    viewer, shown = place.viewer, place.shown
    before = f"vs {standings[-2].day:%-d %b}"
    month_ends = f"at the last {len(standings)} month ends, {shown.unit}"
    with st.grid(4, min_column_width=150):
        for key, label, values in (
            ("outstanding", "Outstanding", [s.outstanding for s in standings]),
            ("past-due", "Past due", [s.overdue for s in standings]),
        ):
            change = values[-1] - values[-2]
            section.tile(
                key,
                label,
                figure_money(values[-1], shown.currency),
                change=change_money(change, shown.currency) if change else None,
                better=change < 0 if change else None,
                compared=before if change else f"unchanged {before}",
                values=values,
                alt=f"{label} {month_ends}",
            )
        _next_due(place)
        filters = windows.lively(viewer, shown.filters)
        paid = positions.paid_by_month(viewer, replace(shown, filters=filters), positions.months_shown(filters))
        section.tile(
            "paid",
            "Paid",
            figure_money(sum(paid), shown.currency),
            change=None,
            better=None,
            compared=windows.in_words(filters),
            values=paid,
            alt=f"Paid by month, {shown.unit}",
            note="Payments less refunds and returns",
        )


def _next_due(place: Place) -> None:
    due = site_list.first_due(place.shown, reads.filtered("next_due", place.viewer, place.always, by="site"))
    first = next(iter(due.values()), None)
    section.tile(
        "next-due",
        "Next due",
        figure_money(first.amount, first.currency) if first else "–",
        change=None,
        better=None,
        compared=place.here.link(
            f"{wording.count(first.bills, 'bill')} on {short_day(first.due_on, place.filters.as_of)} →", {TAB: OPEN}
        )
        if first
        else "nothing is coming due",
        values=[],
        alt="",
    )


def _trend(shown: Shown, standings: list[Standing]) -> None:
    late, owed = tuple(s.overdue for s in standings), tuple(s.outstanding for s in standings)
    section.finding(
        wording.change_over(late[-1], late[0], "Past due", "in a year"),
        f"Position at month end, {shown.unit}, to {day(standings[-1].day)}",
    )
    if not any(late) and not any(owed):
        notices.empty(
            "Nothing was owed in this year", "Bill history and payments are below.", ":material/check_circle:"
        )
        return
    drawn = [trend.Line("Past due", late), trend.Line("Outstanding", owed, subject=False)]
    section.picture(
        trend.lines([s.day for s in standings], drawn, shown.currency),
        "site-trend",
        "Past due and outstanding over a year",
    )


def _aging(place: Place) -> None:
    shown = place.shown
    row = positions.owed(place.viewer, shown)
    owed = sum(row.buckets)
    section.finding(
        wording.past_due_share(row.overdue, owed),
        f"Open bills by days past due, {shown.unit}, {day(shown.filters.as_of)}; total {whole_money(owed, shown.currency)}",
    )
    if not owed:
        notices.empty("No open bills", "Nothing was open on this day.", ":material/check_circle:")
        return

    def open_bills() -> None:
        index = section.picked("site-aging")
        if index is not None:
            links.follow("balances", {"age": bucket_names(shown.filters.edges)[index]})

    section.chart(aging.bars(row, shown.filters.edges), "site-aging", "Open bills by days past due", open_bills)
