"""How a file is to be read: options, and which column is which field. Nothing about a file is guessed silently."""

import streamlit as st

from data_access.importers.inspection import Inspection
from data_access.importers.kinds import KINDS
from data_access.importers.options import DEFAULT_SOURCE, Options
from data_access.importers.reading.record import fold
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order
from ui.formats import escape
from ui.viewer import Viewer

AS_SHOWN, NOT_THERE, CONSTANT = "As the file shows", "Not in the file", "The same for every row"
ORDERS = {AS_SHOWN: None, "Day first": Order.DMY, "Month first": Order.MDY, "Year first": Order.YMD}
MARKS = {AS_SHOWN: None, "Point: 1,234.56": Mark.POINT, "Comma: 1.234,56": Mark.COMMA}
ACROSS = 3


def of_file(viewer: Viewer, kind: str, file_name: str) -> Options:
    """The options of a file of `kind`; their keys change with the kind only, so that the next month's file finds them."""
    prefix = f"import-{kind}-"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = st.text_input(
            "Source",
            DEFAULT_SOURCE,
            key=f"{prefix}source",
            max_chars=100,
            width=160,
            help="Whose files these are. A row counts as the same again only within one source.",
        )
        order = st.selectbox("Dates", list(ORDERS), key=f"{prefix}order", width=170)
        mark = st.selectbox("Decimals", list(MARKS), key=f"{prefix}mark", width=170)
        sheet = ""
        if file_name.lower().endswith((".xlsx", ".xlsm")):
            sheet = st.text_input("Sheet", key=f"{prefix}sheet", placeholder="The one that fits", width=160) or ""
    with st.container(horizontal=True, gap="medium"):
        create = kind != "bank" and st.checkbox("Create missing sites, vendors and accounts", key=f"{prefix}create")
        reversed_signs = kind == "bank" and st.checkbox(
            "Spending is positive",
            key=f"{prefix}reversed",
            help="What was spent, and what is owed, has no minus in the file, as on many card statements.",
        )
        paid = kind in ("charges", "invoices") and st.checkbox(
            "Each bill was paid in full on its day", key=f"{prefix}paid"
        )
        oldest = kind == "payments" and st.checkbox(
            "Apply payments without a bill, oldest due first", key=f"{prefix}oldest"
        )
        envelope = KINDS[kind].wire and st.checkbox("Take it though its envelope is wrong", key=f"{prefix}envelope")
    return Options(
        scope=viewer.scope,
        source=(source or "").strip() or DEFAULT_SOURCE,
        date_order=ORDERS[order],
        decimal=MARKS[mark],
        sheet=sheet.strip(),
        create_missing=bool(create),
        allocate_oldest=bool(oldest),
        paid=bool(paid),
        accept_envelope=bool(envelope),
        reversed_signs=bool(reversed_signs),
        file_name=file_name,
    )


def columns(kind: str, seen: Inspection) -> tuple[dict[str, str], dict[str, str]]:
    """A box for each field: the file's column found for it, another one, or one text for every row.

    Returns (columns, constants) for Options, without the columns that are found by their name anyway.
    """
    fields = KINDS[kind].fields
    given = {field.name for field in fields if _picked(kind, field.name, seen) != NOT_THERE}
    missing = [" or ".join(need) for need in KINDS[kind].needs if not given.intersection(need)]
    title = f"Columns: {len(given)} of {len(fields)} given"
    if KINDS[kind].wire:
        title = "Columns: what the documents leave out can be given here"
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    with st.expander(f"{title}, missing {', '.join(missing)}" if missing else title, expanded=bool(missing)):
        for start in range(0, len(fields), ACROSS):
            for place, field in zip(st.columns(ACROSS), fields[start : start + ACROSS], strict=False):
                with place:
                    picked, text = _box(kind, field.name, field.needed, seen)
                if picked == CONSTANT and text:
                    constants[field.name] = text
                elif picked not in (NOT_THERE, CONSTANT) and fold(picked) != fold(field.name):
                    columns[field.name] = picked
    return columns, constants


def _choices(name: str, seen: Inspection) -> list[str]:
    """A column of the field's own name cannot be left out, only replaced."""
    titles = [title for title in seen.titles if title]
    own = any(fold(title) == fold(name) for title in titles)
    return [*([] if own else [NOT_THERE]), CONSTANT, *titles]


def _picked(kind: str, name: str, seen: Inspection) -> str:
    """What was chosen for the last file holds for this one where it still can; else what was found by name."""
    picked = st.session_state.get(f"import-{kind}-column-{name}")
    choices = _choices(name, seen)
    if picked in choices and not (picked == NOT_THERE and name in seen.mapped):
        return picked
    return seen.mapped.get(name, choices[0])


def _box(kind: str, name: str, needed: bool, seen: Inspection) -> tuple[str, str]:
    key = f"import-{kind}-column-{name}"
    st.session_state[key] = _picked(kind, name, seen)
    label = f"{name} (needed)" if needed else name
    picked = st.selectbox(label, _choices(name, seen), key=key)
    text = ""
    if picked == CONSTANT:
        text = st.text_input(f"{name} of every row", key=f"import-{kind}-constant-{name}", placeholder="GBP") or ""
    return picked, text.strip()


def told(seen: Inspection) -> str:
    """How the file was read, as one line of Markdown."""
    marks = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    said = []
    rows = f"**{seen.row_count:,}** {'row' if seen.row_count == 1 else 'rows'}"
    if not seen.header_line:
        return rows
    if seen.format:
        return f"**{escape(seen.format)}**, {rows}"
    if seen.sheet:
        said.append(f"sheet **{escape(seen.sheet)}**")
    else:
        said += [
            f"encoding **{escape(seen.encoding)}**",
            f"separated by **{marks.get(seen.delimiter, seen.delimiter)}**",
        ]
    said.append(f"column names on line **{seen.header_line}**")
    said.append(rows)
    if seen.orders:
        orders = {order: word for word, order in ORDERS.items() if order}
        said.append(
            "dates " + ", ".join(f"{escape(name)} **{orders[order].lower()}**" for name, order in seen.orders.items())
        )
    if seen.mark:
        said.append(f"decimal **{seen.mark.value}**")
    return ", ".join(said)
