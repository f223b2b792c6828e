"""Payment contacts in words: states, what a number is to the directory, and what to do about it."""

from datetime import datetime

import streamlit as st

from data_access.queries.contacts import ContactRow
from domain.contacts import NumberCheck, NumberStanding
from domain.phone_numbers import Doubt
from ui import call_words
from ui.formats import escape, moment

STATES = {
    "verified": ":green-badge[:material/verified: Verified]",
    "unverified": ":orange-badge[:material/warning: Not verified]",
    "reported": ":red-badge[:material/error: Reported]",
    "retired": ":gray-badge[:material/block: Retired]",
}
_STANDINGS = {
    NumberStanding.VERIFIED: STATES["verified"],
    NumberStanding.UNVERIFIED: STATES["unverified"],
    NumberStanding.REPORTED: STATES["reported"],
    NumberStanding.RETIRED: STATES["retired"],
    NumberStanding.LOOK_ALIKE: ":red-badge[:material/error: Look-alike]",
    NumberStanding.UNKNOWN: ":orange-badge[:material/help: Not in the directory]",
}
_TODO = {
    NumberStanding.VERIFIED: "",
    NumberStanding.UNVERIFIED: "It is in the directory, and nobody has verified it: ask, but do not pay through it.",
    NumberStanding.REPORTED: "Somebody reported it. Hang up, and ring a verified number.",
    NumberStanding.RETIRED: "It is no longer used. Ring a verified number.",
    NumberStanding.UNKNOWN: "Compare it with the printed bill before you pay; propose it under Contacts if it is right.",
}


def standing_badge(check: NumberCheck) -> str:
    """Icon, colour and word; of a premium number that word."""
    if check.doubt is Doubt.PREMIUM:
        return ":red-badge[:material/error: Premium rate]"
    return _STANDINGS[check.standing]


def what_to_do(check: NumberCheck) -> str:
    """One sentence, in Markdown; empty where all is well."""
    if check.doubt is not None:
        whose = f": {call_words.phone(check.like)}" if check.like else ""
        return f"This number {check.doubt.value}{whose}. Hang up, ring a verified number, and report this one."
    return _TODO[check.standing]


def address(contact: ContactRow) -> str:
    """A number as it is read out, a portal without its scheme."""
    return call_words.phone(contact.address) if contact.kind == "phone" else escape(contact.address.partition("://")[2])


def verified(contact: ContactRow) -> str:
    """Where, when and by whom it was verified."""
    if contact.verified_at is None:
        return ""
    return f"{escape(contact.verified_in)}, {when(contact.verified_at)}, {escape(contact.verified_by)}"


def when(at: datetime) -> str:
    """A moment by the clocks of who looks."""
    return escape(moment(at, st.context.timezone))
