"""What is shown, as a file: CSV and XLSX made only when they are asked for, with the filters written on them."""

import re
import secrets
from collections.abc import Callable

import streamlit as st

from data_access.exporting import Sheet, as_csv, as_xlsx
from ui import denials, sign_in
from ui.viewer import Viewer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(key: str, name: str, viewer: Viewer, build: Callable[[], Sheet]) -> None:
    """An Export button with both formats. `build` runs on the click, outside the page: it must not draw or use state.

    Outside the page nobody has looked the user up, so that is done here.
    """

    def content(write: Callable[[Sheet], bytes]) -> bytes:
        if not sign_in.is_still(viewer):
            denials.tell(viewer, f"export of {name}", "access changed since the page was drawn")
            raise PermissionError("access changed since the page was drawn")
        return write(build())

    with st.popover("Export", icon=":material/download:", key=f"export-{key}"):
        for kind, write, mime in (("CSV", as_csv, "text/csv"), ("XLSX", as_xlsx, XLSX)):
            st.download_button(
                kind,
                data=lambda write=write: content(write),
                file_name=file_name(name, viewer, kind.lower()),
                mime=mime,
                key=f"export-{key}-{kind.lower()}",
                on_click="ignore",
                width="stretch",
            )


def file_name(name: str, viewer: Viewer, suffix: str) -> str:
    """duewatch-balances-2026-11-20-5f2a9c01d3e4.csv.

    Streamlit tells large downloads apart by length, head, middle, tail and name only: without a fresh random part one
    viewer could be handed another's file.
    """
    safe = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "table"
    return f"duewatch-{safe}-{viewer.today.isoformat()}-{secrets.token_hex(6)}.{suffix}"
