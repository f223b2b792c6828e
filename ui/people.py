"""Admin, People: everybody who may come in, what they may do and see; adding, changing, disabling and enabling them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from data_access.queries.people import PersonRow
from ui import links, notices, person_form, reads, section, start, wording
from ui.formats import DASH, escape, moment
from ui.person_form import NEW, PERSON, ROLES
from ui.tables import Column, report
from ui.viewer import Viewer

_SHOWN_PLACES = 3


def draw(viewer: Viewer) -> None:
    """The list, and in a drawer the form of the person that the address names."""
    found: list[PersonRow] = reads.plain("person_rows", viewer)
    _told()
    _list(viewer, found)
    asked = st.query_params.get(PERSON)
    chosen = next((row for row in found if str(row.person.id) == asked), None)
    if chosen or asked == NEW:
        person_form.open_drawer(viewer, chosen)


def _told() -> None:
    done = st.session_state.pop(person_form.DONE, None)
    if done:
        st.success(done, icon=":material/check_circle:")


def _list(viewer: Viewer, found: list[PersonRow]) -> None:
    admins = sum(row.person.role == "admin" and not row.person.disabled for row in found)
    with st.container(horizontal=True, vertical_alignment="center"):
        section.finding(
            f"{wording.counted(len(found), 'person', 'people')}, {wording.count(admins, 'admin')}"
            if found
            else "Nobody yet",
            _basis(),
        )
        st.button(
            "Add a person",
            type="primary",
            icon=":material/person_add:",
            key="person-add",
            on_click=lambda: st.query_params.update({PERSON: NEW}),
        )
    if not found:
        notices.empty(
            "Nobody has been given access yet",
            "Add the first admin here or by `python manage.py grant EMAIL admin`.",
            ":material/group:",
        )
        return
    names = reads.sites_named(viewer, (code for row in found for code in _shown_codes(row)))
    opened = links.opening("admin", PERSON)
    report(
        "people",
        [
            Column("Person", [_named(row, opened(row.person.id)) for row in found]),
            Column("Role", [ROLES[row.person.role][0] for row in found]),
            Column("Sees", [_sees(row, names) for row in found]),
            Column("State", [_state(row) for row in found]),
            Column("Last sign-in", [_when(row) for row in found]),
        ],
        "People, their roles and what they see",
        dense=True,
    )


def _basis() -> str:
    if start.settings() is None:
        return "Sign-in is off: roles and grants count for manage.py --as, and here once a provider is set up"
    return "Role and grants count from the person's next click; every change is in the audit trail"


def _named(row: PersonRow, address: str) -> str:
    email = f"  \n:small[{escape(row.person.email)}]" if row.person.name else ""
    return f"[{escape(row.person.called)}]({address}){email}"


def _shown_codes(row: PersonRow) -> Sequence[str]:
    return row.sites[: max(0, _SHOWN_PLACES - len(row.regions))]


def _sees(row: PersonRow, names: Mapping[str, str]) -> str:
    if row.person.role == "admin":
        return "Every site"
    places = [*row.regions[:_SHOWN_PLACES], *(names[code] for code in _shown_codes(row))]
    more = len(row.regions) + len(row.sites) - len(places)
    return (", ".join(map(escape, places)) + (f" +{more:,}" if more else "")) or ":orange[No site]"


def _state(row: PersonRow) -> str:
    if row.person.disabled:
        return ":orange-badge[:material/block: Disabled]"
    if not row.person.bound:
        return ":gray-badge[:material/schedule: Pending]"
    return ":green-badge[:material/check_circle: Active]"


def _when(row: PersonRow) -> str:
    return escape(moment(row.last_sign_in, st.context.timezone)) if row.last_sign_in else DASH
