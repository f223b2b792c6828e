"""The number of the call being logged, checked against the directory at once."""

import streamlit as st

from data_access.queries.call_sheet import CallSheet
from domain.contacts import NumberCheck, NumberStanding
from domain.parsing.phones import read_phone
from ui import contacts_words, reads
from ui.formats import escape
from ui.viewer import Viewer

_NO_NUMBER = NumberCheck(NumberStanding.UNKNOWN)


def draw(viewer: Viewer, sheet: CallSheet, number: str, *, inbound: bool, pays: bool) -> NumberCheck:
    """What the number is, and what to do about it; returns it for the form."""
    if not number.strip():
        return _NO_NUMBER
    e164 = read_phone(number.strip(), sheet.account.country)
    check: NumberCheck = reads.plain("number_standing", viewer, number=e164)
    todo = contacts_words.what_to_do(check)
    if check.standing is NumberStanding.VERIFIED and e164 not in {contact.address for contact in sheet.verified}:
        todo = f"It is verified, but not for {escape(sheet.account.vendor)} in {escape(sheet.account.country)}: compare it with the bill."
    if pays and inbound:
        todo = "They called you, and any number can be shown: hang up, ring a verified number, and pay there."
    st.markdown(f"{contacts_words.standing_badge(check)}" + (f" :small[{todo}]" if todo else ""))
    return check


def reason(prefix: str) -> str:
    """Why a payment was made through a number that the directory warns of; it is kept with the call."""
    sure = st.checkbox("I paid through this number all the same", key=f"{prefix}warned", persist_state="session")
    if not sure:
        return ""
    return (
        st.text_input(
            "Why it was trusted",
            placeholder="Confirmed with the account manager on a verified number",
            key=f"{prefix}trusted",
            max_chars=300,
            persist_state="session",
        )
        or ""
    )
