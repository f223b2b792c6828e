"""Text of the ledger stays text: on no page is it Markdown, in no export a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from data_access.database import Database
from data_access.exporting import as_csv, as_xlsx
from data_access.queries.sheets import SHEETS, sheet_named
from data_access.scope import Scope
from domain.filters import Filters
from pages import MENU
from tests.conftest import NOW
from tests.faults.hostile_ledger import ACCOUNT, BATCH, CALL, PAYLOADS, SITE
from ui import exports, formats

MARK = re.compile(r"Q\d\dQ", re.IGNORECASE)
BEGIN, END = "\ue000", "\ue001"
PAGES: list[tuple[str, dict[str, str]]] = [
    ("overview", {}),
    ("sites", {}),
    *(
        ("sites", {"site": SITE, "tab": tab})
        for tab in ("Accounts", "Services", "Open bills", "Bill history", "Payments", "Calls", "Unapplied", "Disputes")
    ),
    ("sites", {"account": ACCOUNT}),
    *(("balances", {"by": by}) for by in ("Site", "Vendor", "Account", "Region")),
    ("balances", {"by": "Account", "open": ACCOUNT}),
    ("payments", {}),
    *(("payments", {"rows": rows}) for rows in ("Late bills", "Unapplied")),
    ("sites", {"account": ACCOUNT, "tab": "Risk"}),
    ("calls", {}),
    ("calls", {"call": CALL}),
    ("calls", {"log": ACCOUNT}),
    ("calls", {"prepare": ACCOUNT}),
    ("calls", {"desk": "Follow-ups"}),
    ("calls", {"desk": "Contacts"}),
    *(("what-if", {"view": "Cash forecast", "by": by}) for by in ("Site", "Vendor")),
    ("import", {}),
    ("import", {"batch": BATCH}),
]
NOT_MARKDOWN = (
    "alt",
    "data",
    "id",
    "key",
    "raw_value",
    "raw_values",
    "spec",
    "value",
    "default",
    "options",
    "query_params",
)


@pytest.fixture
def hostile(hostile_ledger: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", hostile_ledger)
    return hostile_ledger


def messages(block: Any) -> Iterator[Message]:
    for child in block.children.values():
        if isinstance(child.proto, Message):
            yield child.proto
        if hasattr(child, "children"):
            yield from messages(child)


def texts(message: Message, path: str) -> Iterator[tuple[str, str]]:
    """(path, text) of every field that the browser may read as Markdown."""
    for field, value in message.ListFields():
        if field.name in NOT_MARKDOWN and not (field.name == "options" and field.type == FieldDescriptor.TYPE_MESSAGE):
            continue
        for each in value if field.is_repeated else [value]:
            here = f"{path}.{field.name}"
            if isinstance(each, Message):
                yield from texts(each, here)
            elif isinstance(each, bytes):
                yield here, each.decode("utf-8", "replace")
            elif isinstance(each, str):
                yield here, each


@pytest.fixture
def marking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What formats.escape returns stands between two marks: whatever is outside of them came by another way."""

    class Marking:
        def sub(self, replacement: str, text: str) -> str:
            return BEGIN + found.sub(replacement, text) + END

    found = formats._LIST
    monkeypatch.setattr(formats, "_LIST", Marking())
    formats.escape.cache_clear()
    yield
    formats.escape.cache_clear()


def raw(page: AppTest) -> list[tuple[str, str]]:
    """Where a payload is read as Markdown. Addresses of our own links are not, nor the last four of an account number."""
    found = []
    for message in messages(page._tree):
        for where, text in texts(message, type(message).__name__):
            outside = re.sub(rf"{BEGIN}[^{END}]*{END}|\]\(/[^)]*\)|••••.{{4}}", "", text)
            found += [(where, outside[max(0, m.start() - 40) : m.end() + 40]) for m in MARK.finditer(outside)]
    return found


@pytest.mark.parametrize(("path", "address"), PAGES, ids=str)
def test_no_text_of_the_ledger_is_markdown(hostile, marking, draw, path, address):
    assert raw(draw(path, as_of="2026-11-20", **address)) == []


# Every key that some page reads from its address.
KEYS = [
    "account",
    "age",
    "as_of",
    "at",
    "basis",
    "batch",
    "bill",
    "by",
    "call",
    "currency",
    "edges",
    "fix",
    "from",
    "kind",
    "log",
    "money",
    "open",
    "order",
    "outcome",
    "part",
    "payment",
    "period",
    "purpose",
    "q",
    "rank",
    "region",
    "rows",
    "show",
    "site",
    "split",
    "status",
    "step",
    "tab",
    "to",
    "todo",
    "type",
    "vendor",
    "verified",
    "view",
]


@pytest.mark.parametrize("path", [entry.path for entry in MENU])
@pytest.mark.parametrize("before", ["", "site:", "vendor:", "method:"])
def test_no_text_of_an_address_is_markdown(hostile, marking, draw, path, before):
    wild = f"{before}:red[Q77Q](https://outside.invalid)"
    page = draw(path, **{key: wild for key in KEYS if before or key != "as_of"})
    assert raw(page) == []
    if not before:  # it is told, and so escaped
        assert "Q77Q" in "".join(warning.value for warning in page.warning)


@pytest.mark.slow
def test_the_marks_would_show_it(hostile, draw, monkeypatch):
    """And everything is shown at all: without escaping, every payload would be found."""
    shown = set()
    for path, address in PAGES:
        page = draw(path, as_of="2026-11-20", **address)
        for message in messages(page._tree):
            for _, text in texts(message, ""):
                shown.update(mark.upper() for mark in MARK.findall(text))
    assert shown == {f"Q{number:02}Q" for number in range(len(PAYLOADS))}


FORMULA = re.compile(r"(^|[;\n\r])[=+\-@＝＋－＠\t\r]")
NUMBER = re.compile(r"[-+]?[0-9.]+")


def assert_harmless(sheet: Any) -> int:
    """No cell of it is a formula in either format; returns how many payloads it holds."""
    text = as_csv(sheet).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if FORMULA.search(cell) and not NUMBER.fullmatch(cell)] == []
    assert not text.startswith("ID")
    content = as_xlsx(sheet)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            assert not re.search(rb"<f[ >/]|<hyperlink|<ddeLink|externalLink|TargetMode", part), name
            assert b' t="str"' not in part
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) >= len(sheet.rows)
    return len(set(MARK.findall(text)))


@pytest.mark.parametrize("name", SHEETS)
def test_no_sheet_of_the_terminal_holds_a_formula(hostile_ledger, name):
    database = Database(hostile_ledger)
    with database.reading(Scope.all_sites()) as connection:
        sheet = sheet_named(connection, Scope.all_sites(), Filters(as_of=NOW.date()), name)
    database.close()
    assert_harmless(sheet)
    assert sheet.rows


@pytest.mark.slow
def test_no_export_of_a_page_holds_a_formula(hostile, draw, monkeypatch):
    found = {}
    monkeypatch.setattr(
        exports, "offer", lambda key, name, viewer, build: found.setdefault(key, []).append((name, viewer, build))
    )
    held = {}
    for path, address in PAGES:
        draw(path, as_of="2026-11-20", **address)
    for key, offers in found.items():
        for name, viewer, build in offers:
            held[key] = max(held.get(key, 0), assert_harmless(build()))
            assert re.fullmatch(r"duewatch-[a-z0-9-]+\.csv", exports.file_name(name, viewer, "csv"))
    pages = {"balances", "batch-rejects", "bills", "calls", "open bills", "payments", "sites", "unapplied"}
    assert held.pop("cash-weeks") == 0  # weeks and amounts, no text
    assert set(held) == pages | {"cash-bills"}
    assert min(held.values()) > 0
