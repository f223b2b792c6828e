"""Uploads that want more than to be read: XML that unfolds or fetches, workbooks that lie, files of other kinds, false names."""

import io
import os
import struct
import zipfile
from collections.abc import Callable

from tests.data_access.importers.reading.files import HEADER, MAIN, ROW, raw_workbook

MEGABYTE = 1 << 20
SHEET, BOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))


def sheet(head: str, cell: str = "&x;") -> str:
    return f'{head}<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{cell}</t></is></c></row></sheetData></worksheet>'


XML: dict[str, Callable[[], bytes]] = {
    "a thousand million laughs": lambda: raw_workbook({SHEET: sheet(f"<!DOCTYPE x [{LAUGHS}]>", "&a9;")}),
    "laughs in the workbook": lambda: raw_workbook({BOOK: f"<!DOCTYPE x [{LAUGHS}]><workbook {MAIN}>&a9;</workbook>"}),
    "laughs in the shared strings": lambda: raw_workbook(
        {STRINGS: f"<!DOCTYPE x [{LAUGHS}]><sst {MAIN}><si><t>&a9;</t></si></sst>"}
    ),
    "laughs in the relations": lambda: raw_workbook(
        {"xl/_rels/workbook.xml.rels": f"<!DOCTYPE x [{LAUGHS}]><Relationships>&a9;</Relationships>"}
    ),
    "one long word, many times": lambda: raw_workbook(
        {SHEET: sheet(f'<!DOCTYPE x [<!ENTITY x "{"ha" * 100_000}">]>', "&x;" * 10_000)}
    ),
    "a file of this machine": lambda: raw_workbook(
        {SHEET: sheet('<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')}
    ),
    "an address": lambda: raw_workbook({SHEET: sheet('<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]>')}),
    "a parameter": lambda: raw_workbook(
        {BOOK: '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><workbook/>'}
    ),
    "rules from elsewhere": lambda: raw_workbook(
        {BOOK: '<!DOCTYPE x PUBLIC "-//X//X" "http://127.0.0.1:9/x.dtd"><workbook/>'}
    ),
    "entities in UTF-16": lambda: raw_workbook(
        {
            BOOK: f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [{LAUGHS}]><workbook>&a9;</workbook>'.encode(
                "utf-16"
            )
        }
    ),
    "entities in a sheet in UTF-16": lambda: raw_workbook(
        {SHEET: sheet(f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [{LAUGHS}]>', "&a9;").encode("utf-16")}
    ),
    "entities in UTF-7": lambda: raw_workbook(
        {BOOK: b"<?xml version='1.0' encoding='utf-7'?>" + "<!DOCTYPE x [<!ENTITY a 'b'>]><workbook/>".encode("utf-7")}
    ),
    "a deep tree": lambda: raw_workbook({BOOK: "<a>" * 50_000 + "</a>" * 50_000}),
    "an attribute of a megabyte": lambda: raw_workbook({BOOK: f'<workbook a="{os.urandom(500_000).hex()}"'}),
}


def nested(levels: int) -> bytes:
    """A zip in a zip in a zip."""
    content = raw_workbook()
    for _ in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("book.xlsx", content)
        content = out.getvalue()
    return content


def lying(name: str, size: int) -> bytes:
    """A part that says, in both places, that it unfolds to a thousand bytes."""
    content = bytearray(raw_workbook({name: b" " * size}))
    for signature, offset, at in (
        (b"PK\x03\x04", 22, content.find(name.encode())),
        (b"PK\x01\x02", 24, content.rfind(name.encode())),
    ):
        start = content.rfind(signature, 0, at)
        content[start + offset : start + offset + 4] = struct.pack("<I", 1000)
    return bytes(content)


def cells(*references: str) -> str:
    rows = "".join(
        f'<row r="{r.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{r}"><v>1</v></c></row>' for r in references
    )
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def wide(columns: int) -> str:
    """A row of as many cells, without references: they are counted."""
    return f'<worksheet {MAIN}><sheetData><row r="1">{"<c><v>1</v></c>" * columns}</row></sheetData></worksheet>'


def part(name: str) -> bytes:
    out = io.BytesIO(raw_workbook())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "a sheet of blanks": lambda: raw_workbook({SHEET: b" " * (40 * MEGABYTE)}),
    "a size that lies": lambda: lying(SHEET, 30 * MEGABYTE),
    "shared strings that lie": lambda: lying(STRINGS, 30 * MEGABYTE),
    "huge shared strings": lambda: raw_workbook({STRINGS: b"<si><t>aaaaaaaaaaaaaaaa</t></si>" * 1_000_000}),
    "a zip in a zip": lambda: nested(1),
    "a zip in zips": lambda: nested(5),
    "a bomb among its parts": lambda: raw_workbook({"xl/media/x.zip": b"\0" * (40 * MEGABYTE)}),
    "the last cell of all": lambda: raw_workbook({SHEET: cells("A1", "XFD1048576")}),
    "a hundred thousand columns": lambda: raw_workbook({SHEET: wide(100_000)}),
    "six thousand parts": lambda: raw_workbook({f"xl/{n}.xml": b"" for n in range(6_000)}),
    "half of it": lambda: raw_workbook()[:700],
    "no table in it": raw_workbook,
}
OTHERS: dict[str, Callable[[], bytes]] = {
    "a PDF": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a PNG": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a JPEG": lambda: b"\xff\xd8\xff\xe0" + bytes(100),
    "a web page": lambda: b"<!doctype html><table><tr><td>vendor</td></tr></table>",
    "a web page behind a mark": lambda: b"\xef\xbb\xbf\r\n <HTML><body>",
    "XML": f"<?xml version='1.0'?><!DOCTYPE x [{LAUGHS}]><x>&a9;</x>".encode,
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
    "a program": lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4,
    "a database": lambda: b"SQLite format 3\0" + bytes(1000),
    "gzip": lambda: b"\x1f\x8b\x08" + bytes(100),
    "nothing": lambda: b"",
    "zeros": lambda: bytes(MEGABYTE),
    "a line without end": lambda: b"vendor,amount\n" + b"x" * (3 * MEGABYTE),
    "a quotation without end": lambda: b'vendor,amount\n"' + b"x,\n" * MEGABYTE,
    "a hundred thousand columns": lambda: (
        b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"1," * 99_999 + b"1\n"
    ),
    "delimiters only": lambda: b"," * (2 * MEGABYTE),
}
NAMES = {
    "up and out": "../../etc/cron.d/x.csv",
    "from the root": "/etc/passwd.csv",
    "a drive": "C:\\Windows\\x.csv",
    "a share": "\\\\server\\share\\x.csv",
    "a zero": "bills.csv\0.exe",
    "a line end": "bills\r\nSet-Cookie: a=b.csv",
    "backwards": "bills\u202evsc.exe",
    "turned and turned back": "bills\u2067\u2069.csv",
    "a device": "CON.csv",
    "a port": "com1",
    "a device in small letters": "nul.tar.csv",
    "very long": "x" * 4_092 + ".csv",
    "dots": "..",
    "blanks": "   ",
    "half a character": "bills\ud800.csv",
}
FINE = (HEADER + ROW).encode()
