"""Damaged and hostile bank lines in CSV and XLSX, and one damaged file of every bank format landed: whole, or not at all."""

import io
import shutil
import zipfile

import pytest

from data_access.database import Database
from data_access.importers import batches
from data_access.importers.errors import ImportRefusedError
from data_access.verification import verify
from tests.conftest import NOW
from tests.data_access.importers.conftest import Importer
from tests.data_access.importers.in_process import read_here
from tests.data_access.importers.reading.files import workbook
from tests.data_access.importers.statement_files import BAI2, CAMT, MT940, OFX, OFX2, QIF

TITLES = ["bank_account", "booked_on", "debit", "credit", "description", "currency"]
ROWS = [
    ["Operating", "2026-03-05", "30.00", "", "LUMINA", "USD"],
    ["Operating", "2026-03-06", "5.25", "", "Fee", "USD"],
    ["Operating", "2026-03-07", "", "12.00", "Refund", "USD"],
]


def _with(row, column, text):
    rows = [list(each) for each in ROWS]
    rows[row][column] = text
    return [TITLES, *rows]


# {name: (the sheet, how many of its rows can land)}; a table as such is refused where nothing can.
TABLES = {
    "no such day": (_with(1, 1, "2026-02-31"), 2),
    "not a number": (_with(1, 2, "NaN"), 2),
    "infinity": (_with(1, 2, "1e400"), 2),
    "a number too long": (_with(1, 2, "9" * 40), 2),
    "fractions of a cent": (_with(1, 2, "5.255"), 2),
    "money in both columns": (_with(1, 3, "5.25"), 2),
    "money in no column": (_with(1, 2, ""), 2),
    "no money": (_with(1, 2, "0.00"), 2),
    "no account": (_with(1, 0, ""), 2),
    "no such currency": (_with(1, 5, "XXQ"), 2),
    "a formula": (_with(1, 4, "=cmd|'/c calc'!A0"), 3),
    "a text too long": (_with(1, 4, "L" * 30_000), 2),
    "two lines in a reference of the account": (_with(1, 0, "Opera\nting"), 2),
    "a column twice": ([[*TITLES, "debit"], *([*row, "1.00"] for row in ROWS)], 0),
    "no column of money": ([["bank_account", "booked_on", "description"], *(row[:2] + ["x"] for row in ROWS)], 0),
    "titles alone": ([TITLES], 0),
    "no titles": (ROWS, 0),
}


def as_csv(sheet):
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in sheet).encode()


def of_csv():
    good = as_csv([TITLES, *ROWS])
    return {
        "an open quote": good[:-12],
        "zero bytes": good.replace(b"LUMINA", b"LU\0INA"),
        "broken letters": good.replace(b"LUMINA", b"\xff\xc3\x81"),
        "a cell too many": good.replace(b'"Fee"', b'"Fee","Fee"'),
    }


def of_xlsx(folder):
    good = workbook(folder / "good.xlsx", {"May": [TITLES, *ROWS]})
    bomb, wrong = io.BytesIO(good), io.BytesIO()
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"\0" * 300_000_000)
    with zipfile.ZipFile(wrong, "w") as archive:
        archive.writestr("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a 'ha'>]><workbook>&a;</workbook>")
    return {
        "cut": good[: len(good) // 2],
        "a bomb": bomb.getvalue(),
        "entities": wrong.getvalue(),
        "an empty archive": b"PK\x05\x06" + bytes(18),
        "two sheets that fit": workbook(folder / "two.xlsx", {"A": [TITLES, *ROWS], "B": [TITLES, *ROWS]}),
    }


def of_banks():
    """One of each format that is read to its end before something in it turns out wrong, or never is."""
    return {
        "ofx": OFX.replace("20260306", "20260231"),
        "ofx2": OFX2.replace("-30.00", "NaN"),
        "mt940": MT940.replace(":62F:C260331USD76,75\n", ""),
        "camt": CAMT[: len(CAMT) * 2 // 3],
        "bai2": BAI2.replace("99,22400,1,9/", "99,22400,1,8/"),
        "qif": QIF.removesuffix("^\n"),
    }


@pytest.fixture
def importer(sqlite_ledger, tmp_path):
    """On one database: what is refused here never comes near it."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_ledger, tmp_path / 'ledger.db')}")
    yield Importer(database, tmp_path)
    database.close()


def landed(importer, content, name=""):
    """(how many rows landed, why not the others), once it is sure that the tables hold just what the report says."""
    before = importer.count("bank_lines"), importer.count("bank_statements")
    try:
        report = importer.accept("bank", content, "currency==USD" if name == "qif" else "part==1")
    except ImportRefusedError as error:
        assert (importer.count("bank_lines"), importer.count("bank_statements")) == before
        return 0, str(error)
    assert importer.count("bank_lines") == before[0] + report.added
    assert report.read == report.added + report.duplicate + report.rejected
    return report.added, "; ".join(reject.reason for reject in report.rejects)


@pytest.mark.slow
def test_a_hostile_file_lands_whole_or_not_at_all(importer, tmp_path):
    refused = {"csv no account": as_csv(TABLES["no titles"][0]), "csv rows": as_csv(TABLES["a column twice"][0])}
    refused |= {name: file for name, file in of_xlsx(tmp_path).items() if name in ("cut", "a bomb", "entities")}
    for name, file in refused.items():
        count, why = landed(importer, file)
        assert (count, len(why) > 20) == (0, True), name
    for name, file in of_banks().items():
        count, why = landed(importer, file, name)
        assert len(why) > 20, name
        assert count == (2 if name == "ofx" else 0), name
    name = "money in both columns"
    assert landed(importer, as_csv(TABLES[name][0]))[0] == TABLES[name][1]
    assert landed(importer, workbook(tmp_path / "b.xlsx", {"S": TABLES["not a number"][0]}))[0] == 0  # two are there
    outcome = verify(importer.database, NOW.date())
    assert [result.id for result in outcome.results if result.findings] == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_of_a_hostile_table_the_rows_that_are_sound_land(importer, tmp_path, monkeypatch, form):
    monkeypatch.setattr(batches, "read_table", read_here)
    found = {}
    for number, (name, (sheet, _)) in enumerate(TABLES.items()):
        own = [[f"{cell} {number}" if cell == "Operating" else cell for cell in row] for row in sheet]
        content = as_csv(own) if form == "csv" else workbook(tmp_path / "book.xlsx", {"S": own})
        count, why = landed(importer, content)
        found[name] = count
        assert len(why) > 8 or count == 3 or name == "titles alone", name  # no row, so nothing to say
    assert found == {name: count for name, (_, count) in TABLES.items()}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_that_is_damaged_as_such_is_refused_or_read_in_full(importer, tmp_path, monkeypatch, form):
    monkeypatch.setattr(batches, "read_table", read_here)
    for name, content in (of_csv() if form == "csv" else of_xlsx(tmp_path)).items():
        count, why = landed(importer, content)
        assert count == 3 or len(why) > 20, name


def test_there_are_fifteen_of_each(tmp_path):
    assert len(TABLES) + min(len(of_csv()), len(of_xlsx(tmp_path))) >= 15
