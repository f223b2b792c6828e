"""Admin, Health: what `manage.py doctor` says about this installation."""

import streamlit as st

from data_access.address import database_address
from data_access.health import examine
from ui import reads, section, start, wording
from ui.formats import escape
from ui.tables import Column, report
from ui.viewer import Viewer


def draw(_: Viewer) -> None:
    """Each look with what to do, those that need one first."""
    found = sorted(examine(reads.open_database(database_address()), start.settings()), key=lambda look: look.ok)
    open_ones = sum(not look.ok for look in found)
    section.finding(
        f"{wording.counted(open_ones, 'check')} of {len(found)} {'needs' if open_ones == 1 else 'need'} a look"
        if open_ones
        else f"All {len(found)} checks are fine",
        "Asked just now; manage.py doctor asks the same, manage.py verify recomputes the ledger",
    )
    report(
        "health",
        [
            Column("Check", [escape(look.about) for look in found]),
            Column("Found", [escape(look.found) for look in found]),
            Column("State", [_state(ok=look.ok) for look in found]),
            Column("What to do", ["" if look.ok else escape(look.advice) for look in found]),
        ],
        "Checks of this installation",
    )
    st.button("Check again", icon=":material/refresh:", key="health-again")


def _state(*, ok: bool) -> str:
    return ":green-badge[:material/check_circle: Fine]" if ok else ":orange-badge[:material/warning: Look]"
