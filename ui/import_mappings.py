"""Saved mappings on the Import page: chosen by name, found by the file's column names, saved under a name, and deleted."""

from collections.abc import Sequence

import streamlit as st

from data_access.commands.import_mappings import delete_mapping, save_mapping
from data_access.importers.kinds import KINDS
from data_access.importers.mappings import LONGEST_NAME, SavedMapping, of_options
from data_access.importers.options import Options
from data_access.importers.reading.record import fold
from ui import notices, reads, writes
from ui.formats import escape
from ui.import_file import Upload
from ui.import_options import CONSTANT, MARKS, ORDERS
from ui.viewer import Viewer

NONE = "None"
_SEEN, _TOLD = "import-mapping-seen", "import-mapping-told"  # the file that was looked at; what was not done, and why


def choose(viewer: Viewer, kind: str, upload: Upload, titles: Sequence[str]) -> None:
    """The saved ones of the kind. A new file that has the column names of one is read by it, which is said."""
    saved: dict[str, SavedMapping] = {each.name: each for each in reads.plain("mapping_rows", viewer, kind=kind)}
    if not saved:
        return
    key = f"import-{kind}-mapping"
    fitting = next((each for each in saved.values() if each.fits(titles)), None)
    if st.session_state.get(_SEEN) != (kind, upload.sha256):
        st.session_state[_SEEN] = (kind, upload.sha256)
        if fitting is not None:
            st.session_state[key] = fitting.name
            _apply(fitting, titles)
    if st.session_state.get(key) not in saved:
        st.session_state[key] = NONE

    def chosen() -> None:
        if (mapping := saved.get(st.session_state[key])) is not None:
            _apply(mapping, titles)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox("Saved mapping", [NONE, *saved], key=key, on_change=chosen, width=336)
        if picked in saved:
            _delete(viewer, kind, picked)
    if fitting is not None and picked == fitting.name:
        st.caption(":material/info: Its column names are those of this saved mapping.")


def _delete(viewer: Viewer, kind: str, name: str) -> None:
    def delete() -> None:
        try:
            writes.write(viewer, lambda writing: delete_mapping(writing, viewer.scope, kind, name))
        except writes.RefusedError as error:
            st.session_state[_TOLD] = "not deleted", str(error)
        else:
            st.session_state[f"import-{kind}-mapping"] = NONE

    with st.popover("Delete", icon=":material/delete:", key="import-mapping-delete"):
        st.markdown(f"Files that were read by **{escape(name)}** stay as they are. The next one is asked about again.")
        st.button("Delete the mapping", key="import-mapping-delete-it", on_click=delete)


def offer(viewer: Viewer, kind: str, upload: Upload, options: Options, titles: Sequence[str]) -> None:
    """Save how the file is read, for the next one."""
    if not viewer.scope.everything or KINDS[kind].wire or not titles:
        return
    name_key = f"import-{kind}-mapping-name"

    def save() -> None:
        name = st.session_state[name_key].strip()
        mapping = of_options(kind, name, options, titles)
        try:
            writes.write(viewer, lambda writing: save_mapping(writing, viewer.scope, mapping))
        except writes.RefusedError as error:
            st.session_state[_TOLD] = "not saved", str(error)
        else:
            st.session_state[f"import-{kind}-mapping"] = name
            st.session_state[_SEEN] = (kind, upload.sha256)

    with st.popover("Save this mapping", icon=":material/bookmark_add:", key="import-mapping-save"):
        st.text_input(
            "Name", key=name_key, max_chars=LONGEST_NAME, placeholder="First Bank", help="The same name replaces it."
        )
        st.button("Save", key="import-mapping-accept", on_click=save)
    if told := st.session_state.pop(_TOLD, None):
        notices.problem(f"The mapping was {told[0]}", told[1])


def _apply(mapping: SavedMapping, titles: Sequence[str]) -> None:
    """Set the boxes below, which are drawn after this one."""
    prefix = f"import-{mapping.kind}-"
    own = {fold(title): title for title in titles if title}
    state = st.session_state
    state[f"{prefix}order"] = next(label for label, order in ORDERS.items() if order == mapping.date_order)
    state[f"{prefix}mark"] = next(label for label, mark in MARKS.items() if mark == mapping.decimal)
    state[f"{prefix}sheet"] = mapping.sheet
    state[f"{prefix}reversed"] = mapping.reversed_signs
    for field in KINDS[mapping.kind].fields:
        box = f"{prefix}column-{field.name}"
        state.pop(box, None)
        if field.name in mapping.constants:
            state[box], state[f"{prefix}constant-{field.name}"] = CONSTANT, mapping.constants[field.name]
        elif field.name in mapping.columns:
            column = mapping.columns[field.name]
            state[box] = own.get(fold(column), column)
