"""The sections of the Service risk page: the suspension calendar, and what keeps each site on."""

from datetime import date, timedelta

import streamlit as st

from data_access.queries.at_risk import AtRisk, amounts_of
from data_access.queries.risk import AccountRisk
from data_access.queries.site_risk import SiteRisk
from domain.risk_severity import Severity
from ui import filter_bar, links, notices, reads, risk_words, section, wording
from ui.charts import suspensions
from ui.charts.suspensions import Line, Look
from ui.filter_bar import SITE
from ui.formats import day, escape, exact_money, short_day, whole_money
from ui.tables import Column, report
from ui.turning import rows_of, turn
from ui.viewer import Viewer

HORIZON, MOST_LINES, MOST_SITES = 60, 14, 12
LOOKS = {
    Severity.OFF: Look.CRITICAL,
    Severity.CRITICAL: Look.CRITICAL,
    Severity.HIGH: Look.HIGH,
    Severity.MEDIUM: Look.MEDIUM,
}


def calendar(viewer: Viewer, risks: AtRisk) -> None:
    """Who loses what on which day, as a timeline in order of the day."""
    as_of = risks.as_of
    section.finding(
        risk_words.headline(risks),
        "Each line runs from the vendor's notice (circle) to the day on which service stops; dotted where none was sent "
        "and the day is our estimate by the vendor's terms, with the window that they leave",
    )
    drawn = risks.timeline(as_of + timedelta(HORIZON))
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
    figure = suspensions.calendar([_line(entry, as_of) for entry in drawn[:MOST_LINES]], as_of, head)
    section.chart(figure, "risk-calendar", "Suspension calendar: when each service stops", open_account)
    if len(drawn) > MOST_LINES:
        st.caption(f"The next {MOST_LINES} of {len(drawn):,}; the table below has them all.")


def _line(entry: AccountRisk, as_of: date) -> Line:
    firm = entry.risk.firm
    window = firm.window
    if window is None:
        raise ValueError("an account without a window has no line")
    announced = [n.dated for n in entry.risk.notices if n.acts_on is not None and n.acts_on <= window.latest]
    off = entry.severity is Severity.OFF
    stop = short_day(window.likely, as_of)
    span = f"{short_day(window.earliest, as_of)} to {short_day(window.latest, as_of)}"
    return Line(
        name=entry.site_name,
        service=risk_words.service(entry),
        look=LOOKS[entry.severity],
        noticed=min(announced) if announced else None,
        earliest=window.earliest,
        likely=window.likely,
        latest=window.latest,
        label=f"{'off ' if off else ''}{stop}",
        amount=whole_money(entry.keeps_on, entry.currency),
        text=f"<b>{entry.site_name}</b>, {entry.vendor} {risk_words.service(entry)}<br>{firm.stage.word}, {span}"
        f"<br>{exact_money(entry.keeps_on, entry.currency)} keeps it on",
        key=str(entry.account_id),
        certain=off,
    )


def keeps_on(viewer: Viewer, risks: AtRisk) -> None:
    """What keeps each site on, by effect."""
    sites = risks.sites
    section.finding(
        risk_words.keeps_on(risks.of_sites, wording.count(len(sites), "site")) if sites else "Every site stays on",
        "By effect: criticality of what stops, then people; undisputed amounts, each in its own currency",
    )
    if not sites:
        notices.empty(
            "Every site stays on", "No account is past due with a vendor that suspends.", ":material/task_alt:"
        )
        return
    shown = rows_of("risk-sites", sites, MOST_SITES)
    report(
        "risk-sites",
        [
            Column("Site", [_site(viewer, site) for site in shown]),
            Column("Next to stop", [_next(site, risks.as_of) for site in shown]),
            Column("To keep on", [f"**{escape(_to_keep_on(site))}**" for site in shown], right=True),
        ],
        "What keeps each site on, by effect",
    )
    turn("risk-sites", len(sites), MOST_SITES)


def _site(viewer: Viewer, site: SiteRisk) -> str:
    _, people, lines = site.effect.rank
    address = links.address("sites", {SITE: filter_bar.site_label(reads.options(viewer), site.site)})
    crowd = f", {wording.count(people, 'person', 'people')}" if people else ""
    return f"[**{escape(site.name)}**]({address})  \n:small[{wording.count(lines, 'service')}{crowd}]"


def _next(site: SiteRisk, as_of: date) -> str:
    first = min(site.threatened, key=lambda entry: (entry.severity, entry.stops_on))
    when = short_day(first.stops_on, as_of)
    off = "off since " if first.severity is Severity.OFF else ""
    more = f", {len(site.threatened) - 1} more" if len(site.threatened) > 1 else ""
    return f"{risk_words.badge(first.severity, f'{off}{when}')}  \n:small[{escape(risk_words.service(first))}{more}]"


def _to_keep_on(site: SiteRisk) -> str:
    return risk_words.money(amounts_of(site.threatened))
