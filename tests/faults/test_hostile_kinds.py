"""Hostile vendor statements and usage as CSV and XLSX, and every damaged bank statement, landed: whole, or not at all."""

import shutil

import pytest
from sqlalchemy import func, literal, select, union_all

from data_access.database import Database
from data_access.importers import batches
from data_access.importers.errors import ImportRefusedError
from data_access.schema import metadata
from data_access.scope import Scope
from data_access.verification import verify
from tests.conftest import NOW
from tests.data_access.importers.conftest import Importer
from tests.data_access.importers.in_process import read_here
from tests.data_access.importers.reading.files import workbook
from tests.faults.test_hostile_statements import FILES, VARIANTS

STATEMENT = ["vendor", "account_number", "statement_on", "invoice_number", "open_amount", "kind", "due_on"]
STATED = [
    ["Lumina", "A-1", "2024-03-31", "INV-1", "12.50", "invoice", "2024-04-30"],
    ["Lumina", "A-1", "2024-03-31", "INV-2", "20.00", "invoice", "2024-04-30"],
    ["Lumina", "A-2", "2024-03-31", "CN-1", "-5.00", "credit note", ""],
]
USED = ["vendor", "account_number", "service", "started_at", "kind", "quantity", "from_number", "cost"]
USAGE = [
    ["Lumina", "A-1", "+18005550101", "2024-03-31 23:30:00", "voice", "90", "+18005550101", "0.25"],
    ["Lumina", "A-1", "+18005550101", "2024-03-31 23:40:00", "voice", "60", "+18005550101", "0.25"],
    ["Lumina", "A-2", "CKT-9", "2024-03-31 05:00:00", "data", "1000", "", ""],
]


def changed(titles, rows, column, text, row=1):
    rows = [list(each) for each in rows]
    rows[row][titles.index(column)] = text
    return [titles, *rows]


def cells(titles, rows, *changes):
    return {f"{column} {text[:20]!r}": changed(titles, rows, column, text) for column, text in changes}


# {name: the sheet}; how many of its rows land is for the importer to say, and for the tables to hold.
TABLES = {
    "statements": cells(
        STATEMENT, STATED,
        ("statement_on", "2024-02-31"), ("statement_on", ""), ("open_amount", "NaN"), ("open_amount", "1e400"),
        ("open_amount", "9" * 40), ("open_amount", "20.005"), ("open_amount", ""), ("open_amount", "=1+1"),
        ("account_number", ""), ("account_number", "A-9"), ("vendor", "Nobody"), ("invoice_number", ""),
        ("invoice_number", "I" * 30_000), ("invoice_number", "A\x00B"), ("kind", "poem"), ("due_on", "yesterday"),
        ("kind", "payment"), ("invoice_number", "4111 1111 1111 1111"),
    )
    | {"titles alone": [STATEMENT], "no titles": STATED, "no amounts": [STATEMENT[:4], *(row[:4] for row in STATED)]},
    "usage": cells(
        USED, USAGE,
        ("started_at", "2024-02-31 10:00"), ("started_at", "soon"), ("started_at", ""), ("quantity", "-1"),
        ("quantity", "NaN"), ("quantity", "1e400"), ("quantity", "9" * 40), ("quantity", "1.5"), ("quantity", ""),
        ("kind", "telepathy"), ("service", "+44"), ("vendor", "Nobody"), ("account_number", "A-9"), ("cost", "0.005"),
        ("cost", "free"), ("from_number", "L" * 30_000), ("from_number", "+1\x07"),
    )
    | {"titles alone": [USED], "no titles": USAGE, "no quantity": [USED[:5], *(row[:5] for row in USAGE)]},
}  # fmt: skip
DAMAGES = {
    "an open quote": lambda good: good[:-12],
    "zero bytes": lambda good: good.replace(b"Lumina", b"Lu\0ina"),
    "broken letters": lambda good: good.replace(b"Lumina", b"\xff\xc3\x81"),
    "a cell too many": lambda good: good.replace(b'"Lumina"', b'"Lumina","Lumina"', 1),
    "cut": lambda good: good[: len(good) // 2],
    "wide letters": lambda good: good.decode().encode("utf-16"),
}
# Of the variants those that are read far, or to the end, before something turns out wrong.
FAR = ("a middle taken out", "all but the last lines", "twice over", "days of nowhere", "no numbers", "negative zero")
OWN = {"statements": "vendor_statement_lines", "usage": "usage", "bank": "bank_lines"}


@pytest.fixture
def importer(sqlite_ledger, tmp_path, monkeypatch):
    """On one database, the reader in this process: a crash of it is raised here and not told as a damaged file."""
    monkeypatch.setattr(batches, "read_table", read_here)
    database = Database(f"sqlite:///{shutil.copy(sqlite_ledger, tmp_path / 'ledger.db')}")
    yield Importer(database, tmp_path)
    database.close()


@pytest.fixture
def known(importer):
    importer.accept(
        "sites", "code,name,country,timezone\nHQ,Head office,US,America/New_York\nLAB,Laboratory,US,America/Denver\n"
    )
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\nLumina,A-2,LAB\n", create_missing=True)
    importer.accept("services", "vendor,account_number,service\nLumina,A-1,+1 800 555 0101\nLumina,A-2,CKT-9\n")
    return importer


def rows_of(importer):
    """{table: how many rows}, of all tables."""
    counts = [select(literal(name), func.count()).select_from(table) for name, table in metadata.tables.items()]
    with importer.database.reading(Scope.all_sites()) as connection:
        return dict(iter(connection.execute(union_all(*counts))))


def landed(importer, kind, content, *maps):
    """(how many rows, why not the others), once it is sure that every table holds just what the report says."""
    before = rows_of(importer)
    try:
        report = importer.accept(kind, content, *maps)
    except ImportRefusedError as error:
        assert rows_of(importer) == before
        return 0, str(error)
    after = rows_of(importer)
    assert after[OWN[kind]] - before[OWN[kind]] == report.added
    assert report.read == report.added + report.duplicate + report.rejected
    assert after["import_batches"] == before["import_batches"] + 1
    return report.added, "; ".join(reject.reason for reject in report.rejects)


def sound(importer):
    outcome = verify(importer.database, NOW.date())
    return [(result.id, result.findings) for result in outcome.results if result.findings] == []


def as_csv(sheet):
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in sheet).encode()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", sorted(TABLES))
def test_a_hostile_table_lands_its_sound_rows_or_nothing(known, tmp_path, kind, form):
    assert len(TABLES[kind]) >= 15
    some = 0
    for number, (name, sheet) in enumerate(TABLES[kind].items()):
        own = [[cell.replace("2024-", f"{2000 + number}-") for cell in row] for row in sheet]
        if form == "xlsx":
            if number % 2 or any("\x00" in cell or "\x07" in cell for row in own for cell in row):
                continue  # every other one is enough, and no workbook can hold these
            content = workbook(tmp_path / "book.xlsx", {"S": own})
        else:
            content = as_csv(own)
        count, why = landed(known, kind, content)
        assert count in (0, 2, 3), name
        assert count == 3 or len(why) > 15 or name == "titles alone", (name, why)
        some += count == 2
    assert some >= 5
    assert sound(known)


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_a_table_that_is_damaged_as_such_lands_what_can_be_told_or_nothing(known, kind):
    sheet = [STATEMENT, *STATED] if kind == "statements" else [USED, *USAGE]
    for number, (name, damage) in enumerate(DAMAGES.items()):
        content = as_csv([[cell.replace("2024-", f"{2000 + number}-") for cell in row] for row in sheet])
        count, why = landed(known, kind, damage(content))
        assert count or len(why) > 15, name
    assert sound(known)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FILES))
def test_no_damaged_bank_statement_lands_by_half(importer, name):
    for variant in FAR:
        count, why = landed(
            importer, "bank", VARIANTS[variant](FILES[name]), "currency==USD" if name == "qif" else "part==1"
        )
        assert count or len(why) > 15 or rows_of(importer)["bank_lines"], variant
    assert sound(importer)
