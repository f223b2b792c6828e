"""Whom to ring: the vendor's verified numbers, whether they are open, and which numbers are not for paying."""

from collections.abc import Sequence

import streamlit as st

from data_access.queries.call_sheet import CallSheet
from data_access.queries.contacts import ContactRow
from data_access.queries.local_days import zone_named
from domain.contacts import ContactState
from domain.line_words import opening
from ui import call_words, contacts_words
from ui.formats import escape, short_day
from ui.viewer import Viewer


def draw(viewer: Viewer, sheet: CallSheet) -> None:
    """The first verified number with all that is known of it, the others in short; a warning where there is none."""
    if sheet.verified:
        first, *others = sheet.verified
        st.markdown(f"### :material/call: {call_words.phone(first.address)}", width="content")
        st.markdown("  \n".join(_about(viewer, sheet, first)))
        for other in others:
            st.caption(f"also {call_words.phone(other.address)} {escape(other.label)}")
    else:
        st.warning(
            f"Nobody has verified a number of {escape(sheet.account.vendor)}. Do not pay by telephone until one is: "
            "take it from the printed bill, propose it under Contacts, and have it verified.",
            title="No verified number",
            icon=":material/warning:",
        )
        _rung(viewer, sheet)
    _not_for_paying([c for c in sheet.contacts if c.kind == "phone" and c not in sheet.verified])
    for portal in sheet.contacts:
        if portal.kind == "portal" and portal.state == ContactState.VERIFIED:
            st.markdown(f":small[:material/language: {contacts_words.address(portal)}]")


def hours(viewer: Viewer, sheet: CallSheet, contact: ContactRow) -> tuple[bool | None, str]:
    """Whether it is open, told by the line's clocks, the site's and the viewer's."""
    others = (("at the site", zone_named(sheet.account.timezone)), ("here", viewer.now.tzinfo))
    return opening(contact.hours, contact.timezone, viewer.now, others)


def _about(viewer: Viewer, sheet: CallSheet, contact: ContactRow) -> list[str]:
    is_open, told = hours(viewer, sheet, contact)
    colour = {True: "green", False: "orange", None: "gray"}[is_open]
    icon = {True: "check_circle", False: "schedule", None: "help"}[is_open]
    lines = [
        f"{contacts_words.STATES['verified']} :{colour}-badge[:material/{icon}: {escape(told)}]",
        f":small[{escape(contact.label)}{': ' if contact.label and contact.hours else ''}{escape(contact.hours)}]",
        f":small[Menu: **{escape(contact.menu_path)}**]" if contact.menu_path else "",
        f":small[They ask for: **{escape(contact.asks_for)}**]" if contact.asks_for else "",
        f":small[Verified: {contacts_words.verified(contact)}]",
    ]
    return [line for line in lines if line and line != ":small[]"]


def _rung(viewer: Viewer, sheet: CallSheet) -> None:
    """The number that was rung last: no proof that it is the vendor's."""
    for used in sheet.numbers[:1]:
        last = short_day(call_words.local_date(used.last_at, sheet.account.timezone), viewer.today)
        st.markdown(f":small[Rung last: {call_words.phone(used.number)}, {last}; not verified]")


def _not_for_paying(contacts: Sequence[ContactRow]) -> None:
    for contact in contacts:
        because = f": {escape(contact.ended_because)}" if contact.ended_because else ""
        label = f" {escape(contact.label)}" if contact.label else ""
        use = "do not ring" if contact.state == ContactState.REPORTED else "not for paying"
        st.markdown(
            f":small[{call_words.phone(contact.address)}{label}] {contacts_words.STATES[contact.state]} "
            f":small[{use}{because}]"
        )
