"""The call sheet: what somebody needs at hand while ringing a vendor about an account."""

import streamlit as st

from data_access.queries.call_sheet import CallSheet
from data_access.queries.calls import CallRow
from domain.risk import Stage
from ui import account_number, call_number, call_words, risk_words, wording
from ui.formats import DASH, escape, exact_money, plain_amount, short_day
from ui.tables import Column, report
from ui.viewer import Viewer

BILLS_SHOWN = 8


def draw(viewer: Viewer, sheet: CallSheet) -> None:
    """Whom to ring, which account, how much, which bills, and what was said last."""
    account, code = sheet.account, sheet.account.currency
    with st.container(border=True, key="call-sheet"):
        st.header("Call sheet", anchor=False)
        st.markdown(
            f"**{escape(account.vendor)}** · {escape(account.service_type or 'service')}  \n"
            f":small[{escape(account.site_name)}]"
        )
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.markdown("Account", width="content")
            account_number.draw(viewer, account, "call sheet")
        call_number.draw(viewer, sheet)
        owed(sheet)
        keeps_on(viewer, sheet)
        bills(sheet, code)
        calls(viewer, sheet)


def owed(sheet: CallSheet) -> None:
    """The balance, with what is disputed and what is not applied apart."""
    code = sheet.account.currency
    facts = [("Owed", sheet.balance), ("Past due, undisputed", sheet.overdue), ("Disputed", sheet.disputed)]
    if sheet.unapplied:
        facts.append(("Paid, not applied", sheet.unapplied))
    with st.container(horizontal=True, gap="medium"):
        for name, amount in facts:
            if amount or name == "Owed":
                st.markdown(f":small[{name}]  \n**{escape(exact_money(amount, code))}**", width="content")


def keeps_on(viewer: Viewer, sheet: CallSheet) -> None:
    """The least that keeps the service on, and the last safe day of each method."""
    entry = sheet.risk
    window = entry.risk.firm.window if entry else None
    if entry is None or window is None:
        return
    firm, today = entry.risk.firm, viewer.today
    amount = escape(exact_money(firm.keep_on + firm.restoral, entry.currency))
    if firm.stage is Stage.SUSPENDED:
        st.markdown(f":red-badge[:material/error: Suspended] :small[**{amount}** to be switched on again]")
        return
    if firm.stage is Stage.CURRENT:
        st.markdown(f":small[Nothing is late; unpaid, the service would stop about {short_day(window.likely, today)}]")
        return
    left = "any day" if not firm.days_left else f"in {wording.count(firm.days_left, 'day')}"
    st.markdown(
        f"{risk_words.badge(entry.severity, f'stops {left}')} :small[likely {short_day(window.likely, today)}; "
        f"**{amount}** keeps it on]"
    )
    days = [f"{escape(method)} {short_day(last, today)}" for method, last in entry.risk.pay_by if last]
    late = "too late for every method: ask for an arrangement"
    st.markdown(f":small[Pay by: {', '.join(days) if days else late}]")


def bills(sheet: CallSheet, code: str) -> None:
    """The open bills, oldest due first."""
    if not sheet.bills:
        st.caption("No bill is open.")
        return
    shown, more = sheet.bills[:BILLS_SHOWN], sheet.bills[BILLS_SHOWN:]
    report(
        "sheet-bills",
        [
            Column("Bill", [f"{escape(bill.number)}  \n:small[{bill.billing_period}]" for bill in shown]),
            Column("Due", [f"{bill.due_on:%Y-%m-%d}" for bill in shown]),
            Column("Late", [f"{bill.days_late} d" if bill.days_late else DASH for bill in shown], right=True),
            Column(f"Open, {code}", [_open(bill.open_amount, bill.disputed, code) for bill in shown], right=True),
        ],
        "Open bills of the account, oldest due first",
    )
    if more:
        amount = sum(bill.open_amount for bill in more)
        st.caption(f"and {wording.count(len(more), 'later bill')}, {escape(exact_money(amount, code))}")


def _open(amount: int, disputed: int, code: str) -> str:
    text = f"**{plain_amount(amount, code)}**"
    return f"{text}  \n:small[{plain_amount(disputed, code)} disputed]" if disputed else text


def calls(viewer: Viewer, sheet: CallSheet) -> None:
    """What was said and agreed last."""
    if not sheet.calls:
        st.caption("No call about this account yet.")
        return
    when = [short_day(call_words.local_date(call.started_at, call.timezone), viewer.today) for call in sheet.calls]
    report(
        "sheet-calls",
        [Column("Last calls", when), Column("What came of them", [_said(viewer, call) for call in sheet.calls])],
        "The last calls about the account",
    )


def _said(viewer: Viewer, call: CallRow) -> str:
    said = [escape(call.outcome or call.purpose or "call")]
    if call.paid:
        said.append(f"**{escape(exact_money(call.paid, call.currency))}**")
    if call.promised_on:
        said.append(f"for {short_day(call.promised_on, viewer.today)}")
    more = [f"no. {escape(call.confirmation_number)}"] if call.confirmation_number else []
    if call.agent:
        more.append(f"with {escape(call.agent)}")
    return " ".join(said) + (f"  \n:small[{', '.join(more)}]" if more else "")
