"""The risk of one site or one account, in its own place: how far it has come, until when to pay what, and why."""

import streamlit as st

from data_access.queries.at_risk import AtRisk
from data_access.queries.risk import AccountRisk
from domain.risk import Stage
from domain.risk_reasons import Reason
from ui import call_links, facts, links, notices, payment_words, reads, risk_summary, risk_table, risk_words, section
from ui.formats import day, escape, exact_money, short_day
from ui.place import Place


def draw(place: Place) -> None:
    """An account in full; a site as its accounts, the worst first."""
    if place.account_id is None:
        risks: AtRisk = reads.filtered("at_risk", place.viewer, place.always)
        if risks.counts:
            risk_table.draw(place.viewer, risks, place.always)
            return
    elif entries := place.read("account_risks", place.always):
        _account(place, entries[0])
        return
    notices.nothing_open(place.filters.as_of)


def _account(place: Place, entry: AccountRisk) -> None:
    as_of, firm = place.filters.as_of, entry.risk.firm
    section.finding(
        _finding(entry), f"From what was known on {day(as_of)}; {risk_words.effect(entry.risk.effect)} on this account"
    )
    window = firm.window
    facts.draw(
        [
            ("Stage", escape(firm.stage.word)),
            ("Likely day", risk_summary.stops(entry, as_of) if window and firm.stage else ""),
            ("Window", f"{short_day(window.earliest, as_of)} to {short_day(window.latest, as_of)}" if window else ""),
            ("To keep it on", f"**{_money(entry, firm.keep_on)}**" if window else ""),
            ("To be switched on again", _money(entry, firm.restoral) if firm.restoral else ""),
            ("Past due", _money(entry, firm.past_due) if firm.past_due else ""),
            ("In dispute", _money(entry, entry.risk.disputed) if entry.risk.disputed else ""),
            ("With money under way", escape(entry.risk.provisional.stage.word)),
        ],
        columns=6,
    )
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        st.subheader("Why", anchor=False)
        st.markdown("\n".join(f"- {_reason(place, entry, told)}" for told in entry.reasons))
    with right:
        _last_safe_days(entry, place)


def _finding(entry: AccountRisk) -> str:
    firm = entry.risk.firm
    if firm.stage is Stage.SUSPENDED:
        return "The service is off, or should be by the vendor's terms"
    if firm.stage is Stage.CURRENT:
        return "Nothing is past due"
    if firm.window is None:
        return "This vendor's terms name no suspension" if entry.policy else "The vendor's terms are not known"
    return f"{_money(entry, firm.keep_on)} keeps {escape(risk_words.service(entry))} on"


def _last_safe_days(entry: AccountRisk, place: Place) -> None:
    st.subheader("Last safe day to pay", anchor=False)
    if not entry.risk.pay_by:
        st.markdown("None: there is no day before which to pay.")
        return
    as_of = place.filters.as_of
    facts.draw(
        [
            (
                escape(payment_words.method_name(method)),
                short_day(last, as_of) if last else ":red-badge[:material/error: too late]",
            )
            for method, last in entry.risk.pay_by
        ]
    )


def _reason(place: Place, entry: AccountRisk, told: Reason) -> str:
    return risk_words.reason(
        told,
        entry,
        place.filters.as_of,
        lambda about: place.bill(about.bill_id or 0),
        lambda about: links.address("calls", {call_links.CALL: str(about.call_id)}),
        in_full=True,
    )


def _money(entry: AccountRisk, minor: int) -> str:
    return escape(exact_money(minor, entry.currency))
