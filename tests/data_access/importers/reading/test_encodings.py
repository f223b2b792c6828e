"""Encodings: proven on every byte, or refused with the line."""

import codecs

import pytest

from data_access.importers.errors import ImportRefusedError
from tests.data_access.importers.reading.files import HEADER, ROW, read

TEXT = HEADER + ROW * 50 + ROW.replace("Lumina", "Société Générale €")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32"),
    ],
)
def test_every_encoding_gives_the_same_rows(content: bytes, encoding: str) -> None:
    reading, rows = read(content)
    assert reading.encoding == encoding
    assert reading.columns[0] == "vendor"
    assert rows[-1].cells[0] == "Société Générale €"
    assert len(rows) == 51


def test_windows_1252_is_told() -> None:
    assert read(TEXT.encode("cp1252"))[0].findings == ["the file is not UTF-8; its letters were read as Windows-1252"]


def test_a_letter_after_the_first_megabyte_counts() -> None:
    content = HEADER.encode() + ROW.encode() * 40_000 + ROW.replace("Lumina", "Générale").encode("cp1252")
    reading, rows = read(content)
    assert reading.encoding == "cp1252"
    assert rows[-1].cells[0] == "Générale"


def test_two_encodings_in_one_file_are_refused_with_the_line() -> None:
    content = TEXT.encode() + ROW.replace("Lumina", "Générale").encode("cp1252")
    with pytest.raises(ImportRefusedError, match="line 53 is not UTF-8, though other lines are"):
        read(content)


def test_a_byte_that_means_nothing_is_refused_with_the_line() -> None:
    with pytest.raises(ImportRefusedError, match="line 3 holds the byte 0x81"):
        read(HEADER.encode() + ROW.encode() + b"L\x81mina,A-1,I,2024-01-31,1\n")


def test_a_false_mark_is_refused_with_the_line() -> None:
    with pytest.raises(ImportRefusedError, match="line 2 is not valid UTF-8-SIG"):
        read(codecs.BOM_UTF8 + HEADER.encode() + ROW.replace("Lumina", "Générale").encode("cp1252"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old .xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\0\0", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"<html><table><tr><td>vendor</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "web page or XML"),
        (bytes(range(256)) * 20, "not a text file"),
        (b"PK\x03\x04 not a zip at all", "damaged"),
    ],
)
def test_other_kinds_of_file_are_refused_by_content(content: bytes, what: str) -> None:
    with pytest.raises(ImportRefusedError, match=what):
        read(content)
