"""What is shown, as a file: CSV and XLSX made only when they are asked for, with the filters written on them."""

import re
import secrets
from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from functools import partial

import streamlit as st

from data_access.exporting import Sheet, TooManyRowsError, as_xlsx, csv_chunks
from data_access.failures import DATABASE_FAILURES, kind_of
from ui import denials, making, notices, run, sign_in
from ui.making import Making, StoppedError, Write
from ui.viewer import Viewer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, tuple[Write, str]] = {"CSV": (csv_chunks, "text/csv"), "XLSX": (as_xlsx, XLSX)}
AT_ONCE_S, EVERY_S = 0.5, 0.5  # a file made sooner needs no progress; so often a page looks


def offer(key: str, name: str, viewer: Viewer, build: Callable[[], Sheet]) -> None:
    """An Export button with both formats. `build` runs on the click, in a thread: it must not draw or use state.

    The click runs the page: a fragment for it would cost every run of every page more than the click saves.
    """
    with st.popover("Export", icon=":material/download:", key=f"export-{key}"):
        for kind in FORMATS:
            st.button(
                kind,
                key=f"export-{key}-{kind.lower()}",
                on_click=partial(start, key, kind, name, viewer, build),
                width="stretch",
            )
        desk = run.once(making.desk, making.desk)
        for kind in FORMATS if desk.folder else ():
            found = desk.find(f"{key}-{kind}", _of(viewer))
            if found is not None:
                _hand_out(key, kind, name, viewer, found)


def start(key: str, kind: str, name: str, viewer: Viewer, build: Callable[[], Sheet]) -> None:
    """Have it made, for somebody who still may."""
    desk = making.desk()
    for other in FORMATS:
        desk.stop(f"{key}-{other}")
    check(viewer, name)
    desk.start(f"{key}-{kind}", _of(viewer), build, FORMATS[kind][0])


def _of(viewer: Viewer) -> tuple[object, ...]:
    """What decides the table: who looks, and the address. A file of something else is not offered."""
    address = tuple(sorted((name, *st.query_params.get_all(name)) for name in st.query_params))
    return viewer.name, viewer.scope, viewer.today, address


def _hand_out(key: str, kind: str, name: str, viewer: Viewer, found: Making) -> None:
    """Progress until it is made, then the download; or what went wrong."""
    wait([found.future], AT_ONCE_S)
    if not found.future.done():
        _progress(f"{key}-{kind}", found)
        return
    try:
        found.future.result()
    except (StoppedError, CancelledError):
        return
    except TooManyRowsError as error:
        notices.problem("The file was not made", f"{error}.")
        return
    except DATABASE_FAILURES as error:
        notices.problem("The file was not made", f"The database did not answer: {kind_of(error)}. Try again.")
        return
    except Exception as error:
        notices.failed(error)
        return
    _, mime = FORMATS[kind]
    st.download_button(
        f"Download {kind}",
        data=partial(content, found, name, viewer),
        file_name=file_name(name, viewer, kind.lower()),
        mime=mime,
        icon=":material/download:",
        type="primary",
        key=f"export-{key}-{kind.lower()}-file",
        on_click="ignore",
        width="stretch",
    )


@st.fragment(run_every=EVERY_S)
def _progress(key: str, found: Making) -> None:
    if found.future.done():
        st.rerun()
    st.progress(*found.step)
    if st.button("Stop", icon=":material/stop_circle:", key=f"export-{key}-stop", width="stretch"):
        making.desk().stop(key)
        st.rerun()


def content(found: Making, name: str, viewer: Viewer) -> bytes:
    """The file; raises PermissionError for somebody whose access changed since it was made."""
    check(viewer, name)
    return found.path.read_bytes()


def check(viewer: Viewer, name: str) -> None:
    """Raise PermissionError, and tell it, where access has changed: outside a page's run nobody has looked the user up."""
    if not sign_in.is_still(viewer):
        denials.tell(viewer, f"export of {name}", "access changed since the page was drawn")
        raise PermissionError("access changed since the page was drawn")


def file_name(name: str, viewer: Viewer, suffix: str) -> str:
    """duewatch-balances-2026-11-20-5f2a9c01d3e4.csv.

    Streamlit tells large downloads apart by length, head, middle, tail and name only: without a fresh random part one
    viewer could be handed another's file.
    """
    safe = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "table"
    return f"duewatch-{safe}-{viewer.today.isoformat()}-{secrets.token_hex(6)}.{suffix}"
