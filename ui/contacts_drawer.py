"""One payment contact in a drawer: what is known of it, its history, and what may be done to it; or the form of a new one."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from data_access.commands.contacts import clear_report, report_contact, retire_contact, verify_contact
from data_access.database import Writing
from data_access.queries.contacts import ContactRow
from domain.phone_numbers import doubts
from ui import call_words, contacts_form, contacts_words, denials, facts, links
from ui.formats import escape
from ui.viewer import Viewer
from ui.writes import RefusedError, write

CONTACT, NEW = "contact", "new"  # the address key, and its value for one to be proposed
DONE = "contacts-done"  # session state: what the last click did
WIDTH = 520


def open_if_asked(viewer: Viewer, every: Sequence[ContactRow]) -> None:
    """Open the drawer that the address names."""
    asked = st.query_params.get(CONTACT)
    contact = next((one for one in every if str(one.id) == asked), None)
    if contact is not None:
        opened = st.dialog(escape(contact.vendor), position="right", width=WIDTH, on_dismiss=_close)(draw)
        opened(viewer, contact, every)
    elif asked == NEW and viewer.may_write() and viewer.scope.everything:
        st.dialog("Propose a contact", position="right", width=WIDTH, on_dismiss=_close)(contacts_form.draw)(
            viewer, every, finished
        )
    elif asked == NEW:
        denials.refused(viewer, "proposing a payment contact", "Ask somebody who sees every site.")


def _close() -> None:
    st.query_params.pop(CONTACT, None)


def finished(done: str) -> None:
    """Close the drawer and say what was done."""
    st.session_state[DONE] = done
    st.session_state["contact-turn"] = st.session_state.get("contact-turn", 0) + 1
    _close()
    st.rerun()


def draw(viewer: Viewer, contact: ContactRow, every: Sequence[ContactRow]) -> None:
    """Particulars, history, actions."""
    st.markdown(f"**{contacts_words.address(contact)}** {contacts_words.STATES[contact.state]}")
    if contact.kind == "phone" and contact.state == "unverified":
        others = tuple(sorted(one.address for one in every if one.kind == "phone" and one.state != "unverified"))
        _doubts(contact, others)
    facts.draw(
        [
            ("Label", escape(contact.label)),
            ("For accounts in", escape(contact.country) or "every country"),
            ("Hours", escape(contact.hours)),
            ("Time zone", escape(contact.timezone)),
            ("Menu", escape(contact.menu_path)),
            ("They ask for", escape(contact.asks_for)),
        ]
    )
    st.subheader("History", anchor=False)
    st.markdown("\n".join(f"- {line}" for line in _history(contact, every)))
    if viewer.may_administer():
        trail = links.address("admin", {"section": "Audit trail", "q": contact.address})
        st.markdown(f":small[[Every change in the audit trail]({trail})]")
    if viewer.may_write():
        _actions(viewer, contact)


def _doubts(contact: ContactRow, known: Sequence[str]) -> None:
    """What speaks against it, as the command that verifies will say."""
    for finding in doubts(contact.address, known)[:1]:
        whose = f": {call_words.phone(finding.like)}" if finding.like else ""
        st.warning(
            f"This number {finding.doubt.value}{whose}. It cannot be verified: ring the vendor on a verified number and ask.",
            icon=":material/warning:",
        )


def _history(contact: ContactRow, every: Sequence[ContactRow]) -> list[str]:
    found_in = f", found in: {escape(contact.found_in)}" if contact.found_in else ""
    lines = [f"Proposed by {escape(contact.proposed_by)}, {contacts_words.when(contact.proposed_at)}{found_in}"]
    named = {one.id: contacts_words.address(one) for one in every}
    if contact.replaces_id in named:
        lines.append(f"Takes the place of {named[contact.replaces_id]}")
    if contact.verified_at is not None:
        lines.append(f"Verified: {contacts_words.verified(contact)}")
    if contact.ended_at is not None:
        lines.append(
            f"{contact.state.capitalize()} by {escape(contact.ended_by)}, {contacts_words.when(contact.ended_at)}: "
            f"{escape(contact.ended_because)}"
        )
    lines += [f"Replaced by {contacts_words.address(one)}" for one in every if one.replaces_id == contact.id]
    return lines


def _actions(viewer: Viewer, contact: ContactRow) -> None:
    """Verify, clear and retire are for those who see every site; anybody who writes may report."""
    key = f"contact-{contact.id}-{st.session_state.get('contact-turn', 0)}-"
    shared, scope, number = viewer.scope.everything, viewer.scope, contacts_words.address(contact)
    if contact.state == "unverified" and shared:
        seen = st.text_input(
            "Checked against",
            placeholder="Printed on bill 1024 of 3 Nov, page 1",
            max_chars=300,
            key=f"{key}verified-in",
        )
        if st.button("Verify it", type="primary", icon=":material/verified:", key=f"{key}verify"):
            _act(
                viewer, key, lambda w: verify_contact(w, scope, contact.id, (seen or "").strip()),
                f"{number} is verified: it may be rung to pay.",
            )  # fmt: skip
    if contact.state == "reported" and shared and st.button("It is right after all", key=f"{key}clear"):
        _act(viewer, key, lambda w: clear_report(w, scope, contact.id), f"{number} has to be verified anew.")
    if contact.state in ("unverified", "verified", "reported"):
        why = st.text_input("Why", placeholder="Asks for gift cards", max_chars=300, key=f"{key}why") or ""
        with st.container(horizontal=True):
            if contact.state != "reported" and st.button("Report it", icon=":material/report:", key=f"{key}report"):
                _act(
                    viewer, key, lambda w: report_contact(w, scope, contact.id, why.strip()),
                    f"{number} is reported: nobody pays through it until it is cleared.",
                )  # fmt: skip
            if shared and st.button("Retire it", icon=":material/block:", key=f"{key}retire"):
                _act(viewer, key, lambda w: retire_contact(w, scope, contact.id, why.strip()), f"{number} is retired.")
    if not shared:
        st.caption("Somebody who sees every site verifies and retires contacts; you may report one.")
    refusal = st.session_state.pop(f"{key}refused", None)
    if refusal:
        st.error(escape(refusal), icon=":material/error:")


def _act(viewer: Viewer, key: str, work: Callable[[Writing], Any], done: str) -> None:
    try:
        write(viewer, work)
    except RefusedError as error:
        st.session_state[f"{key}refused"] = str(error)
        return
    finished(done)
