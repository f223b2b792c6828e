"""The directory of payment contacts on the Calls page: by vendor, with states; and numbers of the log that it lacks."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from data_access.queries.contacts import SEEN_DAYS, ContactRow, SeenNumber
from ui import (
    call_links,
    call_words,
    contacts_drawer,
    contacts_words,
    filter_bar,
    links,
    notices,
    reads,
    section,
    wording,
)
from ui.contacts_drawer import CONTACT, NEW
from ui.formats import DASH, day, escape
from ui.tables import Column, report
from ui.viewer import Viewer

SEEN_ROWS = 12


def draw(viewer: Viewer) -> None:
    """The list, what the log holds beside it, and in a drawer the contact that the address names."""
    vendors = filter_bar.chosen(viewer).vendors
    every: list[ContactRow] = reads.plain("contact_rows", viewer)
    found = [contact for contact in every if not vendors or contact.vendor in vendors]
    done = st.session_state.pop(contacts_drawer.DONE, None)
    if done:
        st.success(done, icon=":material/check_circle:")
    _directory(viewer, found)
    seen: list[SeenNumber] = reads.plain("seen_numbers", viewer, as_of=viewer.today)
    _seen([one for one in seen if not vendors or one.vendor in vendors])
    contacts_drawer.open_if_asked(viewer, every)


def _directory(viewer: Viewer, found: Sequence[ContactRow]) -> None:
    states = Counter(contact.state for contact in found)
    counts = [f"{states[state]} {word}" for state, word in _SAID.items() if states[state]]
    with st.container(horizontal=True, vertical_alignment="center"):
        section.finding(
            f"{wording.counted(len(found), 'payment contact')}: {wording.listed(counts, most=4)}"
            if found
            else "No payment contact yet",
            "Pay through verified ones only; a further number of a vendor needs a second person to verify it",
        )
        st.space("stretch")
        if viewer.may_write() and viewer.scope.everything:
            st.button(
                "Propose a contact", type="primary", icon=":material/add_call:", key="contact-new",
                on_click=lambda: st.query_params.update({CONTACT: NEW}),
            )  # fmt: skip
    if not found:
        notices.empty(
            "No number is known yet", "Propose one from a printed bill; somebody who sees every site verifies it.",
            ":material/contact_phone:",
        )  # fmt: skip
        return
    report(
        "contacts",
        [
            Column("Vendor", [escape(contact.vendor) for contact in found]),
            Column("Number or portal", [_address(contact) for contact in found]),
            Column("State", [contacts_words.STATES[contact.state] for contact in found]),
            Column("For", [escape(contact.country) or "every country" for contact in found]),
            Column("Hours", [_hours(contact) for contact in found]),
            Column("Checked", [_checked(contact) for contact in found]),
        ],
        "Payment contacts by vendor, the verified first",
        dense=True,
    )


_SAID = {"verified": "verified", "unverified": "not verified", "reported": "reported", "retired": "retired"}


def _address(contact: ContactRow) -> str:
    target = links.address("calls", {call_links.SECTION: "Contacts", CONTACT: str(contact.id)})
    label = f"  \n:small[{escape(contact.label)}]" if contact.label else ""
    return f"[{contacts_words.address(contact)}]({target}){label}"


def _hours(contact: ContactRow) -> str:
    zone = f"  \n:small[{escape(contact.timezone)}]" if contact.timezone else ""
    return f"{escape(contact.hours)}{zone}" if contact.hours else DASH


def _checked(contact: ContactRow) -> str:
    if contact.ended_at is not None:
        return f"{escape(contact.ended_because)}  \n:small[{day(contact.ended_at.date())}, {escape(contact.ended_by)}]"
    if contact.verified_at is None:
        return f"found: {escape(contact.found_in) or 'not said'}  \n:small[{escape(contact.proposed_by)}]"
    return f"{escape(contact.verified_in)}  \n:small[{day(contact.verified_at.date())}, {escape(contact.verified_by)}]"


def _seen(found: Sequence[SeenNumber]) -> None:
    section.finding(
        f"{wording.counted(len(found), 'number')} of the call log {'is' if len(found) == 1 else 'are'} not verified"
        if found
        else "Every number of the call log is verified",
        f"Rung, ringing us, or found in a note in {SEEN_DAYS} days, checked against the whole directory; warnings first",
    )
    if not found:
        return
    shown = found if st.session_state.get("seen-all") else found[:SEEN_ROWS]
    report(
        "seen",
        [
            Column("Number", [call_words.phone(one.number) for one in shown]),
            Column("It is", [contacts_words.standing_badge(one.check) for one in shown]),
            Column("What to do", [contacts_words.what_to_do(one.check) for one in shown]),
            Column("With", [escape(one.vendor) for one in shown]),
            Column("Seen", [_where(one) for one in shown]),
        ],
        "Numbers of the call log that are not verified",
    )
    if len(found) > SEEN_ROWS:
        st.checkbox(f"Show all {len(found)}", key="seen-all")


def _where(one: SeenNumber) -> str:
    times = f" {one.times:,} times" if one.times > 1 else ""
    last = day(one.last_at.date())
    return f"{one.where}{times}  \n:small[[last {last}]({call_links.call_address(one.last_call_id)})]"
