"""Which format a file is, by what is in it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.encodings import detect_encoding
from data_access.importers.reading.record import Record

_LOOKED_AT = 8_192
_FORMATS = (
    ("OFX", re.compile(rb"OFXHEADER|<\?OFX|<OFX>")),
    ("camt", re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.05[234]|<BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)>")),
    ("MT940", re.compile(rb"(?m)^:20:.*(?:\r?\n|\r)(?:.*(?:\r?\n|\r)){0,3}?:25P?:")),
    ("BAI2", re.compile(rb"\A\s*01,[^,\n]*,[^,\n]*,[0-9]{6},")),
    ("QIF", re.compile(rb"(?i)\A\s*!(?:type|account|option):?")),
)


def recognise(start: bytes) -> str:
    """The name of the format; '' for none of ours."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        start = start.removeprefix(mark)
    plain = start.replace(b"\0", b"")[:_LOOKED_AT]
    return next((name for name, pattern in _FORMATS if pattern.search(plain)), "")


def bank_records(file: BinaryIO, name: str) -> tuple[list[Record], str]:
    """(the rows of the file, its encoding). Raises ImportRefusedError for a file that holds no statement."""
    # Late, so that reading a table does not pay for it, nor one format for another.
    from data_access.importers.reading.bank import bai, camt, ofx, qif, swift
    from data_access.importers.reading.bank.statement import Statement, records

    encoding = "" if name == "camt" else detect_encoding(file)
    file.seek(0)
    found: Iterator[Statement]
    if name == "camt":
        found = camt.statements(file)
    else:
        text = file.read().decode(encoding)
        found = {"OFX": ofx, "MT940": swift, "BAI2": bai, "QIF": qif}[name].statements(text)
    rows = list(records(found))
    if not rows:
        raise ImportRefusedError(f"this {name} file holds no statement")
    return rows, encoding
