"""Risk in brief: the next services to stop, for a page that is about more; a site's in one cell of a list."""

from datetime import date

import streamlit as st

from data_access.queries.at_risk import AtRisk
from data_access.queries.risk import AccountRisk
from data_access.queries.risk_rows import RiskRow
from data_access.queries.site_standings import SiteStanding
from domain.filters import Filters
from domain.masking import masked
from domain.risk_severity import Severity
from ui import judging, links, notices, risk_words, section
from ui.formats import day, escape, short_day
from ui.tables import Column, report
from ui.viewer import Viewer

MOST = 5


def draw(viewer: Viewer, filters: Filters) -> None:
    """How many of each severity, the next few by the day on which they stop, and the way to all of them."""
    as_of = filters.as_of
    if (risks := judging.at_risk(viewer, filters)) is None:
        return
    section.finding(
        risk_words.headline(risks),
        f"Next suspensions by the likely day, {day(as_of)}; the least undisputed amount that keeps each on",
    )
    if not risks.stopping:
        notices.empty(
            "Every service stays on", "No account is past due with a vendor that suspends.", ":material/task_alt:"
        )
        return
    st.markdown(risk_words.badges(risks.counts))
    first = _off_and_next(risks)
    report(
        "risk-next",
        [
            Column("Stops", [stops(entry, as_of) for entry in first]),
            Column("Service", [_service(entry) for entry in first]),
            Column("Keeps it on", [f"**{_amount(entry)}**" for entry in first], right=True),
        ],
        "The next services to stop",
    )
    every = risks.threatened  # as Service risk counts them: some have no day to stop
    st.markdown(links.link(f"All {every:,} accounts at risk →" if every > 1 else "Why →", "risk", {}))


def _off_and_next(risks: AtRisk) -> list[RiskRow]:
    """Those to come leave room for the last that went off, and the other way round."""
    off, coming = risks.last_off, risks.first_coming
    shown_off = off[-max(2, MOST - len(coming)) :]
    return [*shown_off, *coming[: MOST - len(shown_off)]]


def stops(entry: AccountRisk | RiskRow | SiteStanding, as_of: date) -> str:
    """Days left, or that it is off, and the likely day."""
    severity = entry.severity
    when = short_day(entry.stops_on, as_of)
    if severity is Severity.OFF:
        return f"{risk_words.badge(severity, 'off')} since {when}"
    left = "any day" if not entry.days_left else risk_words.count(entry.days_left, "day")
    return f"{risk_words.badge(severity, left)} {when}"


def of_site(site: SiteStanding | None, as_of: date) -> str:
    """A cell: of the account that stops first; that something is late though nothing stops; or nothing."""
    if site is None or site.first is None:
        return ":small[late]" if site is not None and site.stage else ""
    more = f" :small[+{site.threatened - 1} more]" if site.threatened > 1 else ""
    return stops(site, as_of) + more


def _service(entry: RiskRow) -> str:
    address = links.address("sites", {"account": str(entry.account_id)})
    what = f"[**{escape(entry.site_name)}**]({address}) · {escape(risk_words.service(entry))}"
    return f"{what}  \n:small[{escape(entry.vendor)} {masked(entry.account_number)}, {risk_words.effect(entry.effect)}]"


def _amount(entry: RiskRow) -> str:
    return escape(risk_words.money({entry.currency: entry.keeps_on}))
