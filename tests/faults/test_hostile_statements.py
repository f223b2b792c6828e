"""Damaged and hostile bank statements: each is read, or refused with a sentence; none crashes the reader, none lands by half."""

import io
import re
from decimal import Decimal

import pytest

from data_access.importers.columns import match_columns, wanted_columns
from data_access.importers.conventions import Conventions
from data_access.importers.errors import ImportRefusedError
from data_access.importers.kinds import KINDS
from data_access.importers.options import Options
from data_access.importers.reading.bank.statement import COLUMNS
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.parse import parse
from data_access.importers.reading.table import Row
from data_access.importers.rows import RowReader
from data_access.scope import Scope
from tests.data_access.importers.statement_files import BAI2, CAMT, MT940, OFX, OFX2, QIF

BANK = KINDS["bank"]
OPTIONS = Options(Scope.all_sites(), constants={"bank_account": "Operating"})
FILES = {"ofx": OFX, "ofx2": OFX2, "mt940": MT940, "camt": CAMT, "bai2": BAI2, "qif": QIF}
DIGITS = re.compile(r"(?<=[-0-9>,TD])[0-9]+[.,][0-9]{2}|(?<=,)3000(?=,)|(?<=,)10000(?=,)")
DAYS = re.compile(r"20260305|260305|2026-03-05|3/15'26|260331(?=,1200)|2603050305")
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
VARIANTS = {
    "a third": lambda text: text[: len(text) // 3].encode(),
    "all but the last lines": lambda text: "\n".join(text.splitlines()[:-3]).encode(),
    "a middle taken out": lambda text: (text[: len(text) // 2 - 60] + text[len(text) // 2 + 60 :]).encode(),
    "twice over": lambda text: (text + text).encode(),
    "entities": lambda text: text.replace("<Document", LAUGHS + "<Document").replace("<OFX>", LAUGHS + "<OFX>").encode(),
    "huge numbers": lambda text: DIGITS.sub("9" * 40, text).encode(),
    "no numbers": lambda text: DIGITS.sub("NaN", text).encode(),
    "exponents": lambda text: DIGITS.sub("1e400", text).encode(),
    "negative zero": lambda text: DIGITS.sub("-0.00", text).encode(),
    "days of nowhere": lambda text: DAYS.sub("20260231", text).encode(),
    "another currency": lambda text: text.replace("USD", "XXQ").replace('Ccy="EUR">5', 'Ccy="JPY">5').encode(),
    "zero bytes": lambda text: text.replace("e", "\0").encode(),
    "wide letters": lambda text: text.encode("utf-16"),
    "broken letters": lambda text: text.encode().replace(b"LUMINA", b"\xff\xc3\x81").replace(b"Lumina", b"\xff\x81"),
    "no account": lambda text: re.sub(r"55501234|DE89370400440532013000|4111111111111111", "", text).encode(),
    "one endless line": lambda text: text.replace("\n", " ").encode(),
    "deep nesting": lambda text: text.replace("<BANKTRANLIST>", "<A>" * 3_000).replace("<Ntry>", "<Ntry>" * 3_000).encode(),
    "long texts": lambda text: text.replace("LUMINA", "L" * 200_000).replace("Lumina", "L" * 200_000).encode(),
}  # fmt: skip


def _read(content):
    """(rows that could be taken, reasons of those that could not)."""
    taken = []
    rows = []
    options = OPTIONS
    parse(io.BytesIO(content), wanted_columns(BANK, options), "", Limits(), rows.extend)
    reader = RowReader(match_columns(BANK, options, COLUMNS), Conventions(), BANK.needs)
    refused = []
    for row in rows:
        cells = [Decimal(str(cell)) if isinstance(cell, float) else cell for cell in row.cells]
        parsed = reader._parsed(Row(row.line, cells, row.fault))
        (refused if parsed.problem else taken).append(parsed)
    return taken, [each.problem.reason for each in refused]


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_whole_file_is_read(name):
    taken, refused = _read(FILES[name].encode())
    assert taken
    assert not refused or name == "qif"  # its dates need the order that the whole file shows


@pytest.mark.parametrize("variant", sorted(VARIANTS))
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_variant_is_read_or_refused_in_words(name, variant):
    content = VARIANTS[variant](FILES[name])
    refusal, refused = "", []
    try:
        _, refused = _read(content)
    except ImportRefusedError as error:
        refusal = str(error)
    assert not refusal or 20 < len(refusal) < 400
    assert all(len(reason) > 8 for reason in refused)


@pytest.mark.parametrize("name", sorted(set(FILES) - {"qif"}))
@pytest.mark.parametrize("variant", ["a third", "all but the last lines"])
def test_a_file_that_is_cut_short_is_refused_as_a_whole(name, variant):
    with pytest.raises(ImportRefusedError, match="ownload it again"):
        _read(VARIANTS[variant](FILES[name]))


def test_a_qif_file_that_is_cut_within_an_entry_is_refused():
    with pytest.raises(ImportRefusedError, match="is not closed by"):
        _read(QIF.removesuffix("^\n").encode())


def test_wrong_counts_and_totals_are_told():
    for right, wrong in (
        ("49,22400,5/", "49,22401,5/"),
        ("98,22400,1,7/", "98,22400,2,7/"),
        ("99,22400,1,9/", "99,22400,1,8/"),
    ):
        with pytest.raises(ImportRefusedError, match="damaged or cut short"):
            _read(BAI2.replace(right, wrong).encode())
