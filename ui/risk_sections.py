"""The sections of the Service risk page: the suspension calendar, and what keeps each site on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from data_access.queries.risk import AccountRisk
from domain.filters import Filters
from domain.risk import effect_of
from ui import filter_bar, links, notices, reads, risk_words, section, wording
from ui.charts import suspensions
from ui.charts.suspensions import Line, Look
from ui.filter_bar import SITE
from ui.formats import day, escape, exact_money, short_day, whole_money
from ui.risk_words import Severity
from ui.tables import Column, report
from ui.viewer import Viewer

HORIZON, MOST_LINES, MOST_SITES = 60, 14, 12
LOOKS = {
    Severity.OFF: Look.CRITICAL,
    Severity.CRITICAL: Look.CRITICAL,
    Severity.HIGH: Look.HIGH,
    Severity.MEDIUM: Look.MEDIUM,
}


def calendar(viewer: Viewer, entries: Sequence[AccountRisk], filters: Filters) -> None:
    """Who loses what on which day, as a timeline in order of the day."""
    as_of = filters.as_of
    section.finding(
        risk_words.headline(entries, as_of),
        "Each line runs from the vendor's notice (circle) to the day on which service stops; dotted where none was sent "
        "and the day is our estimate by the vendor's terms, with the window that they leave",
    )
    found = [e for e in entries if Severity.of(e) in LOOKS and risk_words.stops_on(e) <= as_of + timedelta(HORIZON)]
    drawn = sorted(found, key=lambda entry: (risk_words.stops_on(entry), entry.account_id))
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
        st.caption(f"The next {MOST_LINES} of {len(drawn)}; the table below has them all.")


def _line(entry: AccountRisk, as_of: date) -> Line:
    firm = entry.risk.firm
    window = firm.window
    if window is None:
        raise ValueError("an account without a window has no line")
    announced = [n.dated for n in entry.risk.notices if n.acts_on is not None and n.acts_on <= window.latest]
    off = Severity.of(entry) is Severity.OFF
    stop = short_day(window.likely, as_of)
    span = f"{short_day(window.earliest, as_of)} to {short_day(window.latest, as_of)}"
    return Line(
        name=entry.site_name,
        service=risk_words.service(entry),
        look=LOOKS[Severity.of(entry)],
        noticed=min(announced) if announced else None,
        earliest=window.earliest,
        likely=window.likely,
        latest=window.latest,
        label=f"{'off ' if off else ''}{stop}",
        amount=whole_money(firm.keep_on + firm.restoral, entry.currency),
        text=f"<b>{entry.site_name}</b>, {entry.vendor} {risk_words.service(entry)}<br>{firm.stage.word}, {span}"
        f"<br>{exact_money(firm.keep_on + firm.restoral, entry.currency)} keeps it on",
        key=str(entry.account_id),
        certain=off,
    )


@dataclass(frozen=True, slots=True)
class SiteRisk:
    """One site with its accounts at risk, the worst first."""

    code: str
    name: str
    entries: tuple[AccountRisk, ...]

    @property
    def severity(self) -> Severity:
        """The worst of its accounts."""
        order = list(Severity)
        return min((Severity.of(entry) for entry in self.entries), key=order.index)

    @property
    def effect(self) -> tuple[int, int, int]:
        """(criticality, people, services) that stop, each line and each site's people once."""
        found = effect_of([line for entry in self.entries for line in entry.facts.services])
        return found.rank


def by_site(entries: Sequence[AccountRisk]) -> list[SiteRisk]:
    """Sites with something at risk, by effect: what would stop most comes first."""
    at_risk: dict[str, list[AccountRisk]] = {}
    for entry in entries:
        if Severity.of(entry) is not Severity.CLEAR and entry.risk.firm.window is not None:
            at_risk.setdefault(entry.site, []).append(entry)
    sites = [SiteRisk(code, found[0].site_name, tuple(found)) for code, found in at_risk.items()]
    return sorted(sites, key=lambda site: (tuple(-n for n in site.effect), site.name))


def keeps_on(viewer: Viewer, entries: Sequence[AccountRisk], filters: Filters) -> None:
    """What keeps each site on, by effect."""
    sites = by_site(entries)
    amounts = [(e.risk.firm.keep_on + e.risk.firm.restoral, e.currency) for site in sites for e in site.entries]
    section.finding(
        risk_words.keeps_on(amounts, wording.count(len(sites), "site")) if sites else "Every site stays on",
        "By effect: criticality of what stops, then people; undisputed amounts, each in its own currency",
    )
    if not sites:
        notices.empty(
            "Every site stays on", "No account is past due with a vendor that suspends.", ":material/task_alt:"
        )
        return
    shown = sites if st.session_state.get("risk-sites-all") else sites[:MOST_SITES]
    report(
        "risk-sites",
        [
            Column("Site", [_site(viewer, site) for site in shown]),
            Column("Next to stop", [_next(site, filters.as_of) for site in shown]),
            Column("To keep on", [f"**{escape(_to_keep_on(site))}**" for site in shown], right=True),
        ],
        "What keeps each site on, by effect",
    )
    if len(sites) > MOST_SITES:
        st.checkbox(f"Show all {len(sites)}", key="risk-sites-all")


def _site(viewer: Viewer, site: SiteRisk) -> str:
    _, people, lines = site.effect
    address = links.address("sites", {SITE: filter_bar.site_label(reads.options(viewer), site.code)})
    crowd = f", {wording.count(people, 'person', 'people')}" if people else ""
    return f"[**{escape(site.name)}**]({address})  \n:small[{wording.count(lines, 'service')}{crowd}]"


def _next(site: SiteRisk, as_of: date) -> str:
    first = min(site.entries, key=lambda entry: (list(Severity).index(Severity.of(entry)), risk_words.stops_on(entry)))
    when = short_day(risk_words.stops_on(first), as_of)
    off = "off since " if Severity.of(first) is Severity.OFF else ""
    more = f", {len(site.entries) - 1} more" if len(site.entries) > 1 else ""
    return (
        f"{risk_words.badge(Severity.of(first), f'{off}{when}')}  \n:small[{escape(risk_words.service(first))}{more}]"
    )


def _to_keep_on(site: SiteRisk) -> str:
    return risk_words.money((e.risk.firm.keep_on + e.risk.firm.restoral, e.currency) for e in site.entries)
