"""Import: drop a file, see what it is and what would happen row by row, accept it; and what was imported before."""

from dataclasses import replace

import streamlit as st

from data_access.importers.kinds import COLUMNS, KINDS
from data_access.importers.options import Options
from data_access.importers.report import Report
from ui import (
    denials,
    import_file,
    import_history,
    import_mappings,
    import_options,
    import_preview,
    import_statements,
    links,
    notices,
    section,
    wording,
)
from ui.formats import escape
from ui.import_file import Running, Upload
from ui.import_preview import said
from ui.viewer import Viewer
from ui.writes import RefusedError

# What the browser's dialog lets through, by kind; a file is known by what is in it, whatever its name.
TABLES = ("CSV or XLSX file", ("csv", "tsv", "txt", "xlsx"))
FILES = {
    "bank": (
        "Bank statement, CSV or XLSX file",
        (
            *TABLES[1],
            *["ofx", "qfx", "qif", "sta", "mt940", "940", "942", "fin", "swi", "xml", "c53", "bai", "bai2", "dat"],
        ),
    ),
    "edi": ("X12, XML or PDF file", ("edi", "x12", "txt", "xml", "pdf")),
}
RUNNING, DONE, TURN = "import-running", "import-done", "import-turn"


def render(viewer: Viewer) -> None:
    """An import under way, else what the last one did, else the next file; the history below."""
    if not viewer.may_write():
        denials.refused(viewer, "page import", denials.READS_ONLY)
        return
    if RUNNING in st.session_state:
        _wait(st.session_state[RUNNING])
    done = st.session_state.get(DONE)
    if done is not None:
        _told(viewer, done)
    else:
        _next_file(viewer)
    import_history.draw(viewer)


def _next_file(viewer: Viewer) -> None:
    kind = st.pills(
        "What is in the file", list(KINDS), default="invoices", required=True, key="kind", bind="query-params"
    )
    kind = kind or "invoices"
    needed = ", ".join(" or ".join(need) for need in KINDS[kind].needs)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "X12 810, 811 and 820, UBL, Factur-X and ZUGFeRD, also inside a PDF; known by their content."
            if KINDS[kind].wire
            else f"Needed: {needed}. Order and spelling of the columns are free.",
            width="stretch",
        )
        if not KINDS[kind].wire:
            _template(kind)
    label, types = FILES.get(kind, TABLES)
    dropped = st.file_uploader(label, type=list(types), key=f"import-file-{label}-{st.session_state.get(TURN, 0)}")
    if dropped is not None:
        _look(viewer, kind, Upload(dropped.name, dropped.getvalue()))


def _template(kind: str) -> None:
    st.download_button(
        "Template",
        data=f"{','.join(COLUMNS[kind])}\r\n".encode(),
        file_name=f"duewatch-{kind}-template.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"template-{kind}",
    )


def _look(viewer: Viewer, kind: str, upload: Upload) -> None:
    """How it is read, what would happen, and the button."""
    titles = import_file.titles(viewer, upload, kind)
    import_mappings.choose(viewer, kind, upload, titles)
    options = import_options.of_file(viewer, kind, upload.name)
    seen = import_file.inspected(viewer, upload, kind, options)
    if isinstance(seen, str):
        notices.problem("This file cannot be read", said(seen))
        return
    columns, constants = import_options.columns(kind, seen)
    if columns or constants:
        options = replace(options, columns=columns, constants=constants)
        again = import_file.inspected(viewer, upload, kind, options)
        seen = seen if isinstance(again, str) else again
    if not seen.format:
        import_mappings.offer(viewer, kind, upload, options, titles)
    st.caption(import_options.told(seen))
    import_preview.skipped(seen)
    found = import_file.previewed(viewer, upload, kind, options)
    if isinstance(found, str):
        notices.problem("Nothing can be imported yet", said(found))
        return
    section.finding(
        import_preview.finding(found), f"If {escape(upload.name)} is imported as {kind}; nothing is written yet"
    )
    import_preview.counts(found)
    import_preview.remarks(found, seen)
    import_statements.draw(found)
    import_preview.bills(found)
    _accept(viewer, kind, upload, options, found)
    import_preview.rejects(viewer, found)
    import_preview.first_rows(found)


def _accept(viewer: Viewer, kind: str, upload: Upload, options: Options, found: Report) -> None:
    if not (found.added or found.changed):
        st.caption(":material/info: There is nothing new to import.")
        return
    label = (
        f"Import {wording.count(found.added, 'row')}"
        if found.added
        else f"Import {wording.count(found.changed, 'change')}"
    )
    if st.button(label, type="primary", icon=":material/check:", key="import-accept"):
        try:
            import_file.start(viewer, upload, kind, options)
        except RefusedError as error:
            st.session_state[DONE] = str(error)
        st.rerun()


def _wait(running: Running) -> None:
    """Progress until the thread is done; leaving the page does not stop it."""
    bar = st.progress(0.0, "Importing")
    while (outcome := import_file.finished(running, 0.2)) is None:
        done, total = running.steps
        bar.progress(min(1.0, done / total), f"Importing, {100 * done // total}%")
    st.session_state.pop(RUNNING, None)
    st.session_state[DONE] = outcome
    st.rerun()


def _told(viewer: Viewer, done: Report | str) -> None:
    """What the last import did, and the way on."""
    if isinstance(done, str):
        notices.problem("Nothing was imported", said(done))
    else:
        section.finding(import_preview.finding(done), f"{escape(done.file)}, SHA-256 {done.sha256}")
        import_preview.counts(done)
        import_statements.draw(done)
        page = import_preview.PAGES.get(done.kind)
        if page:
            st.markdown(links.link(f"See them in {page.capitalize()} →", page))
        if done.kind in ("invoices", "charges"):
            st.markdown(links.link("Which bills are still missing →", "balances", {"view": "Bills"}))
    if st.button("Import another file", icon=":material/upload_file:", key="import-next"):
        st.session_state.pop(DONE, None)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + (not isinstance(done, str))
        st.rerun()
    if not isinstance(done, str):
        import_preview.rejects(viewer, done)
