"""The form of a new payment contact. What it looks like is told while it is typed; it begins unverified."""

from collections.abc import Callable, Sequence
from zoneinfo import available_timezones

import streamlit as st

from data_access.commands.contacts import ContactDraft, propose_contact
from data_access.queries.contacts import ContactRow
from domain.contacts import NumberStanding
from domain.opening_hours import OpeningHoursError, read_hours
from domain.parsing.phones import read_phone
from ui import contacts_words, reads
from ui.formats import escape
from ui.viewer import Viewer
from ui.writes import RefusedError, write

_KINDS = {"phone": "Telephone", "portal": "Portal"}


def draw(viewer: Viewer, every: Sequence[ContactRow], finished: Callable[[str], None]) -> None:
    """Vendor, number or portal, what is known of it, where it was found."""
    prefix = f"contact-new-{st.session_state.get('contact-turn', 0)}-"
    vendors: dict[str, int] = dict(reads.plain("vendor_ids", viewer))
    vendor = st.selectbox("Vendor", list(vendors), index=None, placeholder="Choose the vendor", key=f"{prefix}vendor")
    kind = st.segmented_control(
        "Kind", list(_KINDS), default="phone", required=True, format_func=_KINDS.__getitem__, key=f"{prefix}kind"
    )
    left, right = st.columns([2, 1])
    with left:
        address = _text(
            "Number" if kind == "phone" else "Address",
            f"{prefix}address",
            "+1 800 555 0142" if kind == "phone" else "https://pay.vendor.example",
        )
    with right:
        country = _text("Country", f"{prefix}country", "US").upper()
    if kind == "phone" and address:
        _checked(viewer, read_phone(address, country))
    label = _text("Label", f"{prefix}label", "Business billing")
    hours, zone, menu, asks = "", "", "", ""
    if kind == "phone":
        hours = _text("Hours", f"{prefix}hours", "Mo-Fr 08:00-20:00; Sa 09:00-13:00")
        zone = st.selectbox(
            "Time zone of the hours", sorted(available_timezones()), index=None, placeholder="America/Denver",
            key=f"{prefix}zone",
        ) or ""  # fmt: skip
        menu = _text("Menu", f"{prefix}menu", "1 business, 2 billing")
        asks = _text("They ask for", f"{prefix}asks", "account number, service ZIP code")
    found_in = _text("Found in", f"{prefix}found", "Bill 1024 of 3 Nov, page 1")
    known = {one.id: one for one in every if one.vendor == vendor and one.kind == kind and one.state != "retired"}
    replaces = st.selectbox(
        "Takes the place of", list(known), index=None, placeholder="None: it is one more",
        format_func=lambda key: known[key].address, key=f"{prefix}replaces",
    )  # fmt: skip
    if st.button("Propose it", type="primary", icon=":material/check:", key=f"{prefix}save"):
        draft = None
        if vendor is None:
            st.session_state[f"{prefix}refused"] = "Choose the vendor."
        else:
            draft = ContactDraft(
                vendors[vendor], kind or "phone", address, label, country, hours, zone, menu, asks, found_in, replaces
            )
        if draft and _saved(viewer, prefix, draft):
            finished(f"{escape(address)} is proposed. It is not for paying until it is verified.")
    refusal = st.session_state.pop(f"{prefix}refused", None)
    if refusal:
        st.error(escape(refusal), icon=":material/error:")


def _text(label: str, key: str, hint: str) -> str:
    return (st.text_input(label, placeholder=hint, max_chars=300, key=key) or "").strip()


def _checked(viewer: Viewer, number: str) -> None:
    """What the number is to the directory already."""
    check = reads.plain("number_standing", viewer, number=number)
    if check.standing is not NumberStanding.UNKNOWN:
        st.markdown(f"{contacts_words.standing_badge(check)} :small[{contacts_words.what_to_do(check)}]")


def _saved(viewer: Viewer, prefix: str, draft: ContactDraft) -> bool:
    try:
        read_hours(draft.hours)
        write(viewer, lambda writing: propose_contact(writing, viewer.scope, draft))
    except OpeningHoursError as error:
        st.session_state[f"{prefix}refused"] = f"Hours: {error}."
        return False
    except RefusedError as error:
        st.session_state[f"{prefix}refused"] = str(error)
        return False
    return True
