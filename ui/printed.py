"""Documents to print: a PDF made when it is asked for, its account number masked unless the whole one is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from data_access.commands.reveals import reveal_numbers
from data_access.printed.document import Document, as_pdf
from ui import denials, exports, reads, sign_in
from ui.viewer import Viewer
from ui.writes import write

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed: `read` (a function of connection and scope) with its arguments, and what makes a document of it."""

    name: str
    account_id: int
    read: Callable[..., Any]
    arguments: dict[str, Any]
    document: Callable[[Any, str | None], Document]


def offer(key: str, label: str, viewer: Viewer, printed: Printed) -> None:
    """A button that opens the choice. The file is made on the click, outside the page, where nobody has looked the user up."""
    with st.popover(label, icon=":material/print:", key=f"print-{key}"):
        whole = viewer.may_reveal() and st.checkbox(
            "With the whole account number",
            key=f"print-{key}-whole",
            help="The audit trail keeps who asked for it, and when.",
        )
        st.download_button(
            "PDF",
            data=lambda: content(viewer, printed, whole=whole),
            file_name=exports.file_name(printed.name, viewer, "pdf"),
            mime=PDF,
            key=f"print-{key}-pdf",
            on_click="ignore",
            width="stretch",
        )


def content(viewer: Viewer, printed: Printed, *, whole: bool) -> bytes:
    """The file; raises PermissionError for somebody whose access changed since the page was drawn."""
    if not sign_in.is_still(viewer):
        denials.tell(viewer, f"print of {printed.name}", "access changed since the page was drawn")
        raise PermissionError("access changed since the page was drawn")
    number = None
    if whole and viewer.may_reveal():
        ids = [printed.account_id]
        number = write(viewer, lambda w: reveal_numbers(w, viewer.scope, ids, printed.name))[printed.account_id]
    return as_pdf(printed.document(reads.plain_sheet(viewer, printed.read, **printed.arguments), number))
