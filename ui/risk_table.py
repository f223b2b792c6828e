"""Every account at risk, by severity: when it stops, why, by when to pay, and what keeps it on."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from data_access.queries.at_risk import AtRisk
from data_access.queries.risk import AccountRisk
from data_access.queries.risk_sheet import risk_sheet
from domain.filters import Filters
from domain.masking import masked
from domain.risk_reasons import Reason, ReasonKind
from domain.risk_severity import Severity
from ui import call_links, exports, links, notices, reads, risk_words, section, wording
from ui.formats import escape, exact_money, short_day
from ui.kept_columns import columns_of
from ui.risk_words import KINDS
from ui.tables import Column, report
from ui.turning import span_of, turn
from ui.viewer import Viewer

FIRST_REASONS, MOST = 3, 8
# What is told first where there is no room for all.
_TELLING = (
    ReasonKind.NOTICE,
    ReasonKind.PAST_DUE,
    ReasonKind.PROMISE_BROKEN,
    ReasonKind.YOUNG_ACCOUNT,
    ReasonKind.POLICY,
    ReasonKind.NEVER_SUSPENDS,
    ReasonKind.NO_POLICY,
)
_METHODS = ("card", "e-check", "ach", "transfer", "cheque")


def draw(viewer: Viewer, risks: AtRisk, filters: Filters) -> None:
    """One report a severity, the worst first, and the whole as a file."""
    threatened = risks.threatened
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container():
            section.finding(
                f"{wording.counted(threatened, 'account')} at risk; "
                f"{risk_words.keeps_on(risks.amount, 'it' if threatened == 1 else 'all of them')}"
                if threatened
                else "No account is past due",
                "In order of the day on which service stops; the amount is the least undisputed one that prevents it",
            )
        exports.offer("risk", "service risk", viewer, lambda: reads.sheet(viewer, filters, risk_sheet))
    if not threatened:
        notices.empty("No account is past due", "Bills to come are on the Overview.", ":material/check_circle:")
        return
    every = st.toggle("All reasons", key="risk-why", help="Otherwise the three that say most.")
    spans = tuple((severity, *span_of(_key(severity), MOST, risks.counts[severity])) for severity in risks.amounts)
    found: dict[Severity, list[AccountRisk]] = reads.filtered("groups_at_risk", viewer, filters, spans=spans)
    for severity, group in found.items():
        _group(viewer, severity, risks, group, every=every)


def _key(severity: Severity) -> str:
    return f"risk-{severity.name.lower()}"


def _group(viewer: Viewer, severity: Severity, risks: AtRisk, found: Sequence[AccountRisk], *, every: bool) -> None:
    number = risks.counts[severity]
    amount = risk_words.money(risks.amounts[severity])
    title = f"{KINDS[severity].title}: {wording.count(number, 'account')}, {amount}"
    key = _key(severity)
    with st.container(border=True, key=key):
        st.subheader(escape(title), anchor=False)
        report(key, columns_of(_columns, found, risks.as_of, every, viewer.may_write()), title, dense=True)
        turn(key, number, MOST)


def _columns(found: Sequence[AccountRisk], as_of: date, every: bool, may_write: bool) -> list[Column]:
    columns = [
        Column("Stops", [_stops(entry, as_of) for entry in found]),
        Column("Account", [_account(entry) for entry in found]),
        Column("Why", ["  \n".join(_why(entry, as_of, every=every)) for entry in found]),
        Column("Pay by", [_pay_by(entry, as_of) for entry in found]),
        Column("To keep on", [_amount(entry) for entry in found], right=True),
    ]
    if may_write:
        columns.append(Column("", [call_links.ways(entry.account_id) for entry in found]))
    return columns


def _stops(entry: AccountRisk, as_of: date) -> str:
    severity, firm = entry.severity, entry.risk.firm
    if firm.window is None:
        return risk_words.badge(severity, firm.stage.word)
    likely = short_day(firm.window.likely, as_of)
    if severity is Severity.OFF:
        return f"{risk_words.badge(severity, 'off')}  \n:small[since {likely}]"
    left = "any day" if not firm.days_left else wording.count(firm.days_left, "day")
    span = f"{short_day(firm.window.earliest, as_of)} to {short_day(firm.window.latest, as_of)}"
    return f"{risk_words.badge(severity, left)} {likely}  \n:small[{span}]"


def _account(entry: AccountRisk) -> str:
    address = links.address("sites", {"account": str(entry.account_id)})
    return (
        f"[**{escape(entry.site_name)}**]({address}) · {escape(risk_words.service(entry))}  \n"
        f":small[{escape(entry.vendor)} {masked(entry.account_number)}]  \n:small[{risk_words.effect(entry.risk.effect)}]"
    )


def _why(entry: AccountRisk, as_of: date, *, every: bool) -> list[str]:
    def bill(told: Reason) -> str:
        return links.address("sites", {"account": str(entry.account_id), "bill": str(told.bill_id)})

    def call(told: Reason) -> str:
        return links.address("calls", {call_links.CALL: str(told.call_id)})

    told = entry.reasons
    if not every:
        first = sorted(
            (r for r in told if r.kind in _TELLING), key=lambda r: (_TELLING.index(r.kind), _latest_first(r))
        )
        told = (first or told)[:FIRST_REASONS]
    return [f":small[{risk_words.reason(reason, entry, as_of, bill, call, in_full=every)}]" for reason in told]


def _latest_first(told: Reason) -> int:
    """Of several notices the newest, of several bills the oldest."""
    ordinal = told.day.toordinal() if told.day else 0
    return -ordinal if told.kind is ReasonKind.NOTICE else ordinal


def _pay_by(entry: AccountRisk, as_of: date) -> str:
    """The last safe day of the methods that still make it; the quickest first."""
    if not entry.risk.pay_by:
        return ""
    days = {method: last for method, last in entry.risk.pay_by if last is not None}
    named = [method for method in _METHODS if method in days] + sorted(set(days) - set(_METHODS))
    if not named:
        return ":red-badge[:material/error: too late]  \n:small[call the vendor]"
    latest = sorted(named, key=lambda method: (-days[method].toordinal(), named.index(method)))[:2]
    return "  \n".join(f":small[{escape(method)} {short_day(days[method], as_of)}]" for method in latest)


def _amount(entry: AccountRisk) -> str:
    firm, after = entry.risk.firm, entry.risk.provisional
    amount = f"**{escape(exact_money(entry.keeps_on, entry.currency))}**"
    if firm.window is None:
        amount = f"{escape(exact_money(firm.past_due, entry.currency))}"
        return f"{amount}  \n:small[past due]"
    if after.stage < firm.stage:
        return f"{amount}  \n:small[:green[under way: then {after.stage.word}]]"
    if firm.past_due > firm.keep_on:
        return f"{amount}  \n:small[of {escape(exact_money(firm.past_due, entry.currency))} past due]"
    return amount
