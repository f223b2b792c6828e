"""The sections of the Service risk page: the suspension calendar, and what keeps each site on."""

from collections import Counter
from datetime import date, timedelta

import streamlit as st

from data_access.queries.at_risk import AtRisk
from data_access.queries.risk_rows import RiskRow
from data_access.queries.sites_at_risk import SiteAtRisk, SitesAtRisk
from domain.filters import Filters
from domain.risk_severity import Severity
from ui import filter_bar, links, notices, reads, risk_words, section, wording
from ui.charts import suspensions
from ui.charts.suspensions import Line, Look
from ui.filter_bar import SITE
from ui.formats import day, escape, exact_money, short_day, whole_money
from ui.tables import Column, report
from ui.turning import span_of, turn
from ui.viewer import Viewer

HORIZON, MOST_LINES, MOST_SITES = 60, 14, 12
LOOKS = {
    Severity.OFF: Look.CRITICAL,
    Severity.CRITICAL: Look.CRITICAL,
    Severity.HIGH: Look.HIGH,
    Severity.MEDIUM: Look.MEDIUM,
}


def calendar(viewer: Viewer, risks: AtRisk, filters: Filters) -> None:
    """Who loses what on which day, as a timeline in order of the day."""
    as_of = risks.as_of
    section.finding(
        risk_words.headline(risks),
        "Each line runs from the vendor's notice (circle) to the day on which service stops; dotted where none was sent "
        "and the day is our estimate by the vendor's terms, with the window that they leave",
    )
    until = as_of + timedelta(HORIZON)
    drawn, later = reads.filtered("suspensions", viewer, filters, until=until, limit=MOST_LINES)
    if not drawn:
        notices.empty(
            "No service is about to be switched off",
            f"Nothing is announced or due by a vendor's terms within {HORIZON} days of {day(as_of)}.",
            ":material/check_circle:",
        )
        return

    def open_account() -> None:
        account = section.picked("risk-calendar")
        if account:
            links.follow("sites", {"account": account})

    head = "Today" if as_of == viewer.today else day(as_of)
    figure = suspensions.calendar([_line(row, as_of) for row in drawn], as_of, head)
    section.chart(figure, "risk-calendar", "Suspension calendar: when each service stops", open_account)
    number = sum(n for severity, n in risks.counts.items() if severity <= Severity.MEDIUM) - later
    if number > MOST_LINES:
        st.caption(f"The next {MOST_LINES} of {number:,}; the table below has them all.")


def _line(entry: RiskRow, as_of: date) -> Line:
    window = entry.window
    if window is None:
        raise ValueError("an account without a window has no line")
    off = entry.severity is Severity.OFF
    stop = short_day(window.likely, as_of)
    span = f"{short_day(window.earliest, as_of)} to {short_day(window.latest, as_of)}"
    return Line(
        name=entry.site_name,
        service=risk_words.service(entry),
        look=LOOKS[entry.severity],
        noticed=entry.noticed_on,
        earliest=window.earliest,
        likely=window.likely,
        latest=window.latest,
        label=f"{'off ' if off else ''}{stop}",
        amount=whole_money(entry.keeps_on, entry.currency),
        text=f"<b>{entry.site_name}</b>, {entry.vendor} {risk_words.service(entry)}<br>{entry.stage.word}, {span}"
        f"<br>{exact_money(entry.keeps_on, entry.currency)} keeps it on",
        key=str(entry.account_id),
        certain=off,
    )


def keeps_on(viewer: Viewer, risks: AtRisk, filters: Filters) -> None:
    """What keeps each site on, by effect."""
    start, limit = span_of("risk-sites", MOST_SITES)
    found: SitesAtRisk = reads.filtered("sites_at_risk", viewer, filters, start=start, limit=limit)
    number = found.number
    if 0 < number <= start:  # fewer than there were
        start, limit = span_of("risk-sites", MOST_SITES, number)
        found = reads.filtered("sites_at_risk", viewer, filters, start=start, limit=limit)
    section.finding(
        risk_words.keeps_on(risks.of_sites, wording.count(number, "site")) if number else "Every site stays on",
        "By effect: criticality of what stops, then people; undisputed amounts, each in its own currency",
    )
    if not number:
        notices.empty(
            "Every site stays on", "No account is past due with a vendor that suspends.", ":material/task_alt:"
        )
        return
    shown = found.sites
    labels = filter_bar.site_labels(viewer, [site.site for site in shown])
    report(
        "risk-sites",
        [
            Column("Site", [_site(site, labels[site.site]) for site in shown]),
            Column("Next to stop", [_next(site, filters.as_of) for site in shown]),
            Column("To keep on", [f"**{escape(_to_keep_on(site))}**" for site in shown], right=True),
        ],
        "What keeps each site on, by effect",
    )
    turn("risk-sites", number, MOST_SITES)


def _site(site: SiteAtRisk, label: str) -> str:
    _, people, lines = site.effect.rank
    address = links.address("sites", {SITE: label})
    crowd = f", {wording.count(people, 'person', 'people')}" if people else ""
    return f"[**{escape(site.name)}**]({address})  \n:small[{wording.count(lines, 'service')}{crowd}]"


def _next(site: SiteAtRisk, as_of: date) -> str:
    first = min(site.threatened, key=lambda entry: (entry.severity, entry.stops_on))
    when = short_day(first.stops_on, as_of)
    off = "off since " if first.severity is Severity.OFF else ""
    more = f", {len(site.threatened) - 1} more" if len(site.threatened) > 1 else ""
    return f"{risk_words.badge(first.severity, f'{off}{when}')}  \n:small[{escape(risk_words.service(first))}{more}]"


def _to_keep_on(site: SiteAtRisk) -> str:
    sums: Counter[str] = Counter()
    for row in site.threatened:
        sums[row.currency] += row.keeps_on
    return risk_words.money(sums)
