"""The payment taken on a call: how, how much, on which bills; what it does to the balance is told before it is saved."""

from collections.abc import Sequence

import streamlit as st

from data_access.queries.call_sheet import CallSheet
from data_access.queries.open_bills import OpenBill
from domain.money import to_decimal
from ui import call_words, wording
from ui.call_entry import EntryError, PaymentEntry, amount_of, chosen_parts, suggested
from ui.formats import escape, exact_money

OLDEST, CHOOSE = "Oldest due first", "Choose bills"
SCROLLS_FROM, BOX_PX = 6, 300


def draw(prefix: str, sheet: CallSheet) -> PaymentEntry:
    """The fields of the payment; `prefix` begins the keys of this draft."""
    code = sheet.account.currency
    with st.container(border=True, key="call-payment"):
        left, middle, right = st.columns([1, 1, 1.4])
        with left:
            method = st.segmented_control(
                "Paid by",
                list(call_words.METHODS),
                format_func=call_words.METHODS.__getitem__,
                key=f"{prefix}method",
                persist_state="session",
            )
        with middle:
            amount_key = f"{prefix}amount"
            typed = st.text_input(f"Amount, {code}", key=amount_key, placeholder="1,234.56", persist_state="session")
        with right:
            apply = _applied_to(f"{prefix}apply") if len(sheet.bills) > 1 else OLDEST
        _quick(amount_key, sheet)
        try:
            amount = amount_of(typed or "", code) if (typed or "").strip() else 0
        except EntryError:
            amount = 0  # the fault is told when it is saved; typing is not finished yet
        parts = _parts(f"{prefix}{amount}-", sheet, amount) if apply == CHOOSE and amount else None
        st.markdown(f":small[{effect(sheet, amount, parts)}]")
    last = st.session_state.get(f"{prefix}seen")
    st.session_state[f"{prefix}seen"] = amount
    return PaymentEntry(method, typed or "", parts, unseen=parts is not None and last not in (None, amount))


def _applied_to(key: str) -> str:
    picked = st.segmented_control(
        "Applied to", [OLDEST, CHOOSE], default=OLDEST, required=True, key=key, persist_state="session"
    )
    return picked or OLDEST


def _quick(amount_key: str, sheet: CallSheet) -> None:
    """One click for the usual amounts."""

    def take(minor: int) -> None:
        st.session_state[amount_key] = f"{to_decimal(minor, sheet.account.currency)}"

    # Money that is on the account already is not asked for again; unapplied is zero or negative.
    everything = "All but disputed" if sheet.disputed else "All open"
    usual = {
        "Past due": sheet.overdue + sheet.unapplied,
        everything: sheet.open_amount - sheet.disputed + sheet.unapplied,
    }
    with st.container(horizontal=True, gap="xsmall"):
        offered = set()
        for name, minor in usual.items():
            if minor > 0 and minor not in offered:
                offered.add(minor)
                label = f"{name} {escape(exact_money(minor, sheet.account.currency))}"
                st.button(label, type="tertiary", key=f"{amount_key}-{name}", on_click=take, args=(minor,))


def _parts(prefix: str, sheet: CallSheet, amount: int) -> dict[int, str]:
    """An amount for each open bill, the suggestion filled in."""
    code = sheet.account.currency
    part_of = suggested(amount, sheet.bills)
    typed: dict[int, str] = {}
    with st.container(height=BOX_PX if len(sheet.bills) > SCROLLS_FROM else "content", key="call-parts"):
        for bill in sheet.bills:
            name, field = st.columns([2, 1], vertical_alignment="center")
            late = f", {wording.count(bill.days_late, 'day')} late" if bill.days_late else ""
            name.markdown(
                f"**{escape(bill.number)}** {bill.billing_period}  \n"
                f":small[{escape(exact_money(bill.open_amount, code))} open, due {bill.due_on:%Y-%m-%d}{late}]"
            )
            given = part_of.get(bill.invoice_id, 0)
            typed[bill.invoice_id] = (
                field.text_input(
                    f"Pay on bill {bill.number}",
                    value=f"{to_decimal(given, code)}" if given else "",
                    key=f"{prefix}part-{bill.invoice_id}",
                    label_visibility="collapsed",
                    persist_state="session",
                )
                or ""
            )
    return typed


def effect(sheet: CallSheet, amount: int, parts: dict[int, str] | None) -> str:
    """What the payment will do, in Markdown: which bills, what is left over, the balance before and after."""
    code = sheet.account.currency
    if not amount:
        return "The payment is recorded as pending, until the vendor or the bank has posted it."
    try:
        applied = suggested(amount, sheet.bills) if parts is None else chosen_parts(parts, sheet.bills, amount, code)
    except EntryError as error:
        return f":orange[:material/warning:] {escape(' '.join(error.faults))}"
    sentences = [f"Pays {_bills_in_words(applied, sheet.bills, code)}." if applied else "It pays no bill."]
    left = amount - sum(applied.values())
    if left:
        sentences.append(
            f":orange[:material/warning:] {escape(exact_money(left, code))} stays on the account, not applied."
        )
    disputed = [
        bill
        for bill in sheet.bills
        if bill.disputed and applied.get(bill.invoice_id, 0) > bill.open_amount - bill.disputed
    ]
    if disputed:
        sentences.append(
            f":orange[:material/warning:] Bill {escape(disputed[0].number)} is disputed in part: this pays some of that."
        )
    sentences.append(
        f"Owed on the account: {escape(exact_money(sheet.balance, code))} → "
        f"**{escape(exact_money(sheet.balance - amount, code))}**."
    )
    return " ".join(sentences)


def _bills_in_words(applied: dict[int, int], bills: Sequence[OpenBill], code: str) -> str:
    names = [
        f"{escape(bill.number)} ({escape(exact_money(applied[bill.invoice_id], code))}"
        f"{' of ' + escape(exact_money(bill.open_amount, code)) if applied[bill.invoice_id] < bill.open_amount else ''})"
        for bill in bills
        if bill.invoice_id in applied
    ]
    return wording.listed(names, most=4)
