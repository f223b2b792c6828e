"""The fields of the call form. Their keys begin with the draft's prefix, and what is typed survives a look elsewhere."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from data_access.queries.call_sheet import CallSheet
from data_access.queries.calls import CallRow
from data_access.queries.local_days import zone_named
from domain.contacts import DANGEROUS
from ui import call_payment, call_rung, call_words, reads
from ui.call_entry import CallEntry, PaymentEntry
from ui.formats import exact_money, short_day
from ui.viewer import Viewer


def fill(prefix: str, call: CallRow) -> None:
    """Put a logged call into the form, once."""
    started = call.started_at.astimezone(zone_named(call.timezone)).replace(tzinfo=None, second=0, microsecond=0)
    for name, value in (
        (f"number-{call.account_id}", call.number or None),
        (f"started-{call.timezone}", started),
        ("direction", call.direction),
        ("minutes", call.duration_s // 60 if call.duration_s is not None else None),
        ("agent", call.agent),
        ("caller", call.caller),
        ("verified", call.caller_verified),
        ("purpose", call.purpose or None),
        (f"period-{call.account_id}", call.billing_period or None),
        ("outcome", call.outcome or None),
        ("confirmation", call.confirmation_number),
        ("promised", call.promised_on),
        ("follow-up", call.follow_up_on),
        ("notes", call.notes),
    ):
        st.session_state.setdefault(f"{prefix}{name}", value)


def draw(viewer: Viewer, prefix: str, sheet: CallSheet, *, correcting: bool = False) -> CallEntry:
    """Draw the fields and return what is in them."""
    account, state = sheet.account, st.session_state
    words: dict[str, list[str]] = reads.plain("call_words", viewer)
    number, started, minutes = _when_and_where(viewer, prefix, sheet)
    pays = bool(state.get(f"{prefix}pays")) and not correcting
    inbound = state.get(f"{prefix}direction") == "inbound"
    check = call_rung.draw(viewer, sheet, number, inbound=inbound, pays=pays)
    trusted = call_rung.reason(prefix) if pays and check.standing in DANGEROUS else ""
    left, right = st.columns(2)
    with left:
        direction = _choice("Direction", call_words.DIRECTIONS, f"{prefix}direction", "outbound")
    with right:
        verified = _choice("Caller verified by the vendor", call_words.ASKED, f"{prefix}verified", "unknown")
    left, right = st.columns(2)
    with left:
        agent = st.text_input(
            "Vendor's agent",
            key=f"{prefix}agent",
            placeholder="Name, badge number",
            max_chars=200,
            persist_state="session",
        )
    with right:
        state.setdefault(f"{prefix}caller", viewer.name)
        caller = st.text_input("Our caller", key=f"{prefix}caller", max_chars=200, persist_state="session")
    payment = _payment(prefix, sheet) if not correcting else None
    left, middle, right = st.columns(3)
    with left:
        purpose = _word("Purpose", [*call_words.PURPOSES, *words["purpose"]], f"{prefix}purpose")
    with middle:
        period = _period(prefix, sheet)
    with right:
        outcome = _word("Outcome", [*call_words.OUTCOMES, *words["outcome"]], f"{prefix}outcome")
    left, middle, right = st.columns(3)
    with left:
        confirmation = st.text_input(
            "Confirmation number", key=f"{prefix}confirmation", max_chars=120, persist_state="session"
        )
    with middle:
        promised_on = st.date_input(
            "Promised for", value=None, key=f"{prefix}promised", format="YYYY-MM-DD", persist_state="session"
        )
    with right:
        follow_up_on = st.date_input(
            "Follow up on", value=None, key=f"{prefix}follow-up", format="YYYY-MM-DD", persist_state="session"
        )
    notes = st.text_area("Notes", key=f"{prefix}notes", height=76, max_chars=10_000, persist_state="session")
    return CallEntry(
        account_id=account.id,
        currency=account.currency,
        zone=account.timezone,
        region=account.country,
        started=started,
        number=number,
        direction=direction,
        minutes=minutes,
        agent=agent or "",
        caller=caller or "",
        verified=verified,
        purpose=purpose,
        period=period,
        outcome=outcome,
        confirmation=confirmation or "",
        promised_on=promised_on,
        follow_up_on=follow_up_on,
        notes=notes or "",
        payment=payment,
        warned=check.standing in DANGEROUS,
        trusted_because=trusted,
    )


def _when_and_where(viewer: Viewer, prefix: str, sheet: CallSheet) -> tuple[str, datetime | None, int | None]:
    account = sheet.account
    left, middle, right = st.columns([1.5, 1.3, 0.7])
    used = {each.number: each for each in sheet.numbers}
    verified = [contact.address for contact in sheet.verified]
    with left:
        key = f"{prefix}number-{account.id}"
        offered = list(dict.fromkeys([*verified, *used]))
        if offered:
            st.session_state.setdefault(key, offered[0])

        def told(number: str) -> str:
            spoken = call_words.spaced_phone(number)
            if number in verified:
                return f"{spoken} · verified"
            if number not in used:
                return spoken
            last = call_words.local_date(used[number].last_at, account.timezone)
            return f"{spoken} · last {short_day(last, viewer.today)}"

        number = st.selectbox(
            "Number",
            offered,
            index=None,
            format_func=told,
            accept_new_options=True,
            placeholder="Type the number",
            key=key,
            persist_state="session",
        )
    with middle:
        zone = zone_named(account.timezone)
        now = viewer.now.astimezone(zone)
        key = f"{prefix}started-{account.timezone}"
        st.session_state.setdefault(key, now.replace(tzinfo=None, second=0, microsecond=0))
        started = st.datetime_input(
            f"Started, {now:%Z}", step=60, format="YYYY-MM-DD", key=key, persist_state="session"
        )
    with right:
        minutes = st.number_input(
            "Minutes", value=None, min_value=0, max_value=1440, key=f"{prefix}minutes", persist_state="session"
        )
    return number or "", started, int(minutes) if minutes is not None else None


def _choice(label: str, labels: dict[str, str], key: str, default: str) -> str:
    st.session_state.setdefault(key, default)
    return (
        st.segmented_control(
            label, list(labels), required=True, format_func=labels.__getitem__, key=key, persist_state="session"
        )
        or default
    )


def _word(label: str, words: Sequence[str], key: str) -> str:
    """A word of the list, or one's own."""
    options = list(dict.fromkeys(words))
    return (
        st.selectbox(
            label,
            options,
            index=None,
            accept_new_options=True,
            placeholder="Choose or type",
            key=key,
            persist_state="session",
        )
        or ""
    )


def _period(prefix: str, sheet: CallSheet) -> str:
    """The month that the call is about: those of the open bills are offered, the oldest overdue one first."""
    bills: dict[str, list[str]] = {}
    for bill in sheet.bills:
        late = f"{bill.days_late} d late" if bill.days_late else "not due"
        open_amount = exact_money(bill.open_amount, bill.currency)
        bills.setdefault(bill.billing_period, []).append(f"{bill.number}, {open_amount} {late}")
    key = f"{prefix}period-{sheet.account.id}"
    overdue = next((bill.billing_period for bill in sheet.bills if bill.days_late), None)
    if overdue:
        st.session_state.setdefault(key, overdue)
    return (
        st.selectbox(
            "Billing period",
            list(bills),
            index=None,
            format_func=lambda period: f"{period} · {'; '.join(bills[period])}" if period in bills else period,
            accept_new_options=True,
            placeholder="YYYY-MM",
            key=key,
            persist_state="session",
        )
        or ""
    )


def _payment(prefix: str, sheet: CallSheet) -> PaymentEntry | None:
    state = st.session_state

    def agreed() -> None:
        if state[f"{prefix}pays"]:
            for name, word in (("purpose", "payment"), ("outcome", "paid")):
                if not state.get(f"{prefix}{name}"):
                    state[f"{prefix}{name}"] = word

    pays = st.toggle("A payment was taken on this call", key=f"{prefix}pays", on_change=agreed, persist_state="session")
    return call_payment.draw(prefix, sheet) if pays else None
