"""Admin: who may do what, vendors' terms, what was done, and whether the installation is well; one section at a time."""

from collections.abc import Callable

import streamlit as st

from ui import audit_trail, denials, health, people, policies_list
from ui.viewer import Viewer

SECTION = "section"  # address key
SECTIONS: tuple[tuple[str, Callable[[Viewer], None]], ...] = (
    ("People", people.draw),
    ("Vendor terms", policies_list.draw),
    ("Audit trail", audit_trail.draw),
    ("Health", health.draw),
)


def render(viewer: Viewer) -> None:
    """The section that the address names, else the first."""
    if not viewer.may_administer():
        denials.refused(viewer, "page admin", denials.NOT_AN_ADMIN)
        return
    sections = dict(SECTIONS)
    chosen = st.segmented_control(
        "Section",
        list(sections),
        default=SECTIONS[0][0],
        required=True,
        key=SECTION,
        bind="query-params",
        label_visibility="collapsed",
    )
    sections[chosen or SECTIONS[0][0]](viewer)
