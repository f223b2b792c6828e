"""Which encoding a text file is in: its byte-order mark, else UTF-16 by its zeros, else UTF-8, else Windows-1252."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

from data_access.importers.errors import ImportRefusedError

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_SURROGATE = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class TextFile:
    """`encoding` is a Python codec that reads the whole file; `sha256` (hex) is that of its bytes."""

    encoding: str
    sha256: str


def digest(file: BinaryIO) -> str:
    """The SHA-256 (hex) of a file's bytes; leaves the file at its start."""
    file.seek(0)
    seen = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        seen.update(chunk)
    file.seek(0)
    return seen.hexdigest()


def detect_encoding(file: BinaryIO) -> str:
    """The codec of `file`, proven on every byte. Raises ImportRefusedError, naming the line, when none fits."""
    file.seek(0)
    sample = file.read(_SAMPLE)
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return _proven(file, encoding)
    if wide := _wide_without_mark(sample):
        return _proven(file, wide)
    if len(_BINARY.findall(sample)) * 100 > len(sample):
        raise ImportRefusedError("this is not a text file or a workbook: give a CSV or an XLSX file")
    if _first_bad_line(file, "utf-8") is None:
        return "utf-8"
    return _proven_cp1252(file)


def _wide_without_mark(sample: bytes) -> str:
    """UTF-16 shows as zeros on one side of its pairs only: every delimiter, digit and line end has one."""
    pairs = len(sample) // 2
    if not pairs:
        return ""
    even, odd = sample[0 : pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if odd * 100 > pairs * 15 and even * 100 < pairs:
        return "utf-16-le"
    if even * 100 > pairs * 15 and odd * 100 < pairs:
        return "utf-16-be"
    return ""


def _first_bad_line(file: BinaryIO, encoding: str) -> int | None:
    """The line (from 1) on which the file stops being `encoding`; None when it never does."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    while True:
        chunk = file.read(_CHUNK)
        try:
            lines += decoder.decode(chunk, final=not chunk).count("\n")
        except UnicodeDecodeError as error:
            return lines + error.object[: error.start].decode(encoding.removesuffix("-sig"), "ignore").count("\n") + 1
        if not chunk:
            return None


def _proven(file: BinaryIO, encoding: str) -> str:
    line = _first_bad_line(file, encoding)
    if line is not None:
        raise ImportRefusedError(
            f"line {line} is not valid {encoding.upper()}, as the file's start says it is: save it again"
        )
    return encoding


def _proven_cp1252(file: BinaryIO) -> str:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    whole = broken = lines = 0
    while chunk := file.read(_CHUNK):
        undefined = _UNDEFINED_IN_CP1252.search(chunk)
        text = decoder.decode(chunk)
        whole += len(_BEYOND_ASCII.findall(text))
        broken += len(_SURROGATE.findall(text))
        if undefined:
            line = lines + chunk[: undefined.start()].count(b"\n") + 1
            raise ImportRefusedError(
                f"line {line} holds the byte 0x{undefined.group().hex()}, which is neither UTF-8 nor Windows-1252: save the file as UTF-8"
            )
        lines += chunk.count(b"\n")
    # In real Windows-1252 text, letters that happen to form UTF-8 are rare; many of them mean two encodings in one file.
    if whole * 20 > broken:
        raise ImportRefusedError(
            f"line {_first_bad_line(file, 'utf-8')} is not UTF-8, though other lines are: save the whole file as UTF-8"
        )
    return "cp1252"
