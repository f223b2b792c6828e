"""The form of one person: role, what they see, and whether they may come in."""

from collections.abc import Callable

import streamlit as st

from data_access.commands.people import Access, disable, enable, grant
from data_access.database import Writing
from data_access.queries.people import Person, PersonRow
from ui import filter_bar, reads
from ui.formats import escape
from ui.viewer import Viewer
from ui.writes import RefusedError, write

PERSON, NEW = "person", "new"  # the address key, and its value for somebody to be added
DONE = "people-done"  # session state: what the last click did
WIDTH = 480
# What each role is called, and what it means.
ROLES = {
    "viewer": ("Viewer", "Sees balances, bills, payments and calls of the sites below."),
    "finance": ("Finance", "Sees them, and records calls, payments, disputes and imports."),
    "admin": ("Admin", "Sees every site, records everything, and says who may do what."),
}


def open_drawer(viewer: Viewer, row: PersonRow | None) -> None:
    """The form beside the list; closing it takes the person out of the address."""
    title = escape(row.person.called) if row else "Add a person"
    st.dialog(title, position="right", width=WIDTH, on_dismiss=_close)(draw)(viewer, row)


def _close() -> None:
    st.query_params.pop(PERSON, None)


def draw(viewer: Viewer, row: PersonRow | None) -> None:
    """The form, filled with `row`, or empty for somebody new. A refusal stands below the buttons."""
    person = row.person if row else None
    prefix = f"person-{person.id if person else NEW}-{st.session_state.get('person-turn', 0)}-"
    if person:
        st.text(person.email)
        email = person.email
    else:
        email = _text("E-mail address, as their sign-in provider knows it", f"{prefix}email", "", "ada@example.org")
    name = _text("Name", f"{prefix}name", person.name if person else "", "Taken from the first sign-in when empty")
    access = _access(viewer, prefix, row, name)
    with st.container(horizontal=True):
        if st.button("Save", type="primary", icon=":material/check:", key=f"{prefix}save"):
            _act(viewer, prefix, lambda writing: grant(writing, email, access), _told(name or email, access))
        if person:
            _switch(viewer, prefix, person)
    refusal = st.session_state.pop(f"{prefix}refused", None)
    if refusal:
        st.error(escape(refusal), icon=":material/error:")


def _told(whom: str, access: Access) -> str:
    return f"{escape(whom)} has the role {access.role} from the next click on."


def _text(label: str, key: str, value: str, hint: str) -> str:
    return (st.text_input(label, value=value, placeholder=hint, max_chars=200, key=key) or "").strip()


def _access(viewer: Viewer, prefix: str, row: PersonRow | None, name: str) -> Access:
    role = st.segmented_control(
        "Role",
        list(ROLES),
        default=row.person.role if row else "viewer",
        required=True,
        format_func=lambda key: ROLES[key][0],
        key=f"{prefix}role",
    )
    role = role or "viewer"
    st.caption(ROLES[role][1])
    sites, regions = list(row.sites) if row else [], list(row.regions) if row else []
    if role != "admin":
        options = reads.options(viewer)
        labels = filter_bar.labels_of(viewer, filter_bar.SITE)
        # What was granted stays on the list even where no site is left in it.
        known = list(dict.fromkeys((*options.regions, *regions)))
        regions = st.multiselect("Regions", known, default=regions, key=f"{prefix}regions")
        codes = list(dict.fromkeys((*labels, *sites)))
        sites = st.multiselect(
            "Sites", codes, default=sites, format_func=lambda code: labels.get(code, code), key=f"{prefix}sites"
        )
    rebind = bool(row and row.person.bound) and st.checkbox(
        "Bind the next sign-in anew",
        key=f"{prefix}rebind",
        help="For somebody whose account at the provider was made anew: the sign-in known so far stops working.",
    )
    if role == "admin":
        return Access(role, name, rebind=rebind)
    return Access(role, name, sites, regions, rebind)


def _switch(viewer: Viewer, prefix: str, person: Person) -> None:
    if person.disabled:
        if st.button("Enable", icon=":material/lock_open:", key=f"{prefix}enable"):
            done = f"{escape(person.called)} may come in again."
            _act(viewer, prefix, lambda writing: enable(writing, person.email), done)
    elif st.button("Disable", icon=":material/block:", key=f"{prefix}disable"):
        done = f"{escape(person.called)} is refused from the next click on."
        _act(viewer, prefix, lambda writing: disable(writing, person.email), done)


def _act(viewer: Viewer, prefix: str, work: Callable[[Writing], Person], done: str) -> None:
    """Do it, close the form and say so; or keep the form and say why not."""
    try:
        write(viewer, work, administers=True)
    except RefusedError as error:
        st.session_state[f"{prefix}refused"] = str(error)
        return
    st.session_state[DONE] = done
    st.session_state["person-turn"] = st.session_state.get("person-turn", 0) + 1
    _close()
    st.rerun()
