"""Looking at an .xlsx file's archive before anything unfolds it: its totals, its parts, cells that hold an error."""

import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.limits import MEGABYTE, Limits

_CHUNK = 1 << 18
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_CELL = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"')
# All that unpacking a file from a stranger may raise, whatever its compression.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    ParseError,
    DefusedXmlException,
    NotImplementedError,
    RuntimeError,
    OSError,
)
_TAG = 512  # longest cell tag that may lie across two chunks


@dataclass(slots=True)
class Archive:
    """`errors`: for each sheet name, the (row, column) from 1 of cells in which Excel could not compute a value."""

    errors: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    since_1904: bool = False


def inspect_archive(file: BinaryIO, limits: Limits) -> Archive:
    """Check an XLSX archive within `limits`; raises ImportRefusedError for bombs, foreign formats and damage."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_totals(archive, file, limits)
            found = {name: _walk(archive, name) for name in archive.namelist()}
            return _named(archive, found)
    except _DAMAGE as error:
        raise ImportRefusedError(
            f"the workbook is damaged ({error}): open it, save it again as .xlsx, or give a CSV file"
        ) from error
    finally:
        file.seek(0)


def _check_totals(archive: zipfile.ZipFile, file: BinaryIO, limits: Limits) -> None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise ImportRefusedError("this is a zip archive, not an .xlsx workbook: give a CSV or an XLSX file")
    if len(members) > limits.zip_members or len(names) != len(members):
        raise ImportRefusedError(
            f"the workbook has {len(members):,} parts, some of them twice or far too many: it is not read"
        )
    if any(member.flag_bits & 1 for member in members):
        raise ImportRefusedError("the workbook is protected by a password: save it without one")
    unfolded = sum(member.file_size for member in members)
    folded = sum(member.compress_size for member in members)
    size = file.seek(0, 2)
    worst = max(
        (m.file_size / max(m.compress_size, 1) for m in members if m.file_size > limits.ratio_from_bytes), default=0
    )
    if unfolded > limits.unfolded_bytes or folded > size or worst > limits.unfolded_ratio:
        raise ImportRefusedError(
            f"the workbook unfolds from {size / MEGABYTE:.1f} to {unfolded / MEGABYTE:,.0f} MB, more than is safe to read: save the sheet as CSV"
        )


def _walk(archive: zipfile.ZipFile, name: str) -> set[tuple[int, int]]:
    """Unfold one part in small pieces, to prove its size and sum; the error cells of a sheet on the way."""
    errors: set[tuple[int, int]] = set()
    sheet = name.startswith("xl/worksheets/")
    markup = name.endswith((".xml", ".rels"))
    tail = b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            window = tail + chunk
            if markup and (b"<!DOCTYPE" in window or b"<!ENTITY" in window):
                raise ImportRefusedError(f"the workbook defines its own XML entities (in {name}): it is not read")
            if sheet and b't="e"' in window:
                errors.update((int(row), _column(letters)) for letters, row in _ERROR_CELL.findall(window))
            tail = window[-_TAG:]
    return errors


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _named(archive: zipfile.ZipFile, found: dict[str, set[tuple[int, int]]]) -> Archive:
    """Error cells by sheet name, through the workbook's relations."""
    book = fromstring(archive.read("xl/workbook.xml"))
    properties = book.find(f"{_MAIN}workbookPr")
    since_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
    targets = {}
    if "xl/_rels/workbook.xml.rels" in found:
        for relation in fromstring(archive.read("xl/_rels/workbook.xml.rels")):
            target = relation.get("Target", "")
            targets[relation.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    errors = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        if cells := found.get(targets.get(sheet.get(_REL), "")):
            errors[sheet.get("name", "")] = cells
    return Archive(errors, since_1904)
