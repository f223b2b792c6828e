"""Twelve thousand hostile files and rows: nothing but our own error, nothing taken that was not said, every refusal explained."""

import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from data_access.database import Database
from data_access.importers.batches import accept
from data_access.importers.cells import CellError, minor_units
from data_access.importers.columns import match_columns, wanted_columns
from data_access.importers.conventions import learn
from data_access.importers.errors import ImportRefusedError
from data_access.importers.kinds import KINDS
from data_access.importers.options import Options
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.parse import parse
from data_access.importers.reading.record import Record
from data_access.importers.reading.table import Table
from data_access.importers.rows import ParsedRow, RowReader
from data_access.schema import charges
from data_access.scope import Scope
from data_access.verification import verify
from domain.masking import masked
from tests.faults.hostile_files import ACCOUNTS, VENDORS, HostileFile, Truth, damaged, generate
from tests.soak import share

pytestmark = [pytest.mark.slow, pytest.mark.soak]

KIND = KINDS["charges"]
OPTIONS = Options(Scope.all_sites(), create_missing=True)
FILES = share(2_500, 1_000)
DAMAGED = share(3_000, 1_000)
LANDED = share(40, 16)


def read(content: bytes) -> tuple[list[ParsedRow], RowReader]:
    """The importer's own way from bytes to rows, without the child process. Raises ImportRefusedError."""
    spool = io.BytesIO()

    def emit(rows: list[Record]) -> None:
        spool.write(json.dumps([[row.line, row.cells, row.fault] for row in rows]).encode() + b"\n")

    reading = parse(io.BytesIO(content), wanted_columns(KIND, OPTIONS), "", Limits(), emit)
    with Table(reading, spool, "file") as table:
        sources = match_columns(KIND, OPTIONS, table.columns)
        reader = RowReader(sources, learn(table, sources, OPTIONS), KIND.needs)
        return list(reader.rows(table)), reader


def judge(truth: Truth, row: ParsedRow, reader: RowReader) -> None:
    """A row is taken as it was meant, or refused for what is wrong with it."""
    reason = ""
    if row.problem is None:
        try:
            minor = minor_units(row.values["amount"], "EUR")
        except CellError as error:
            reason, column, value = str(error), "amount", truth.cells["amount"]
    else:
        reason, column, value = row.problem.reason, row.problem.column, row.problem.value
    if not reason:
        assert truth.bad is None, f"taken, though its {truth.bad!r} is wrong: {truth.cells}"
        assert (minor, row.values["issued_on"]) == (truth.cents, truth.day)
        assert row.values["invoice_number"] == truth.cells["invoice_number"]
        assert row.values["vendor"] == truth.cells["vendor"].strip()
        return
    assert truth.bad is not None, f"refused, though nothing is wrong: {reason} {truth.cells}"
    assert reason.strip()
    if truth.bad:
        assert "".join(column.casefold().split()).replace("_", "") == truth.bad.replace("_", ""), (column, truth.bad)
        written = truth.cells[truth.bad].strip()
        assert value == (masked(written) if truth.bad == "account_number" else written), (value, written)


def examine(number: int) -> str:
    """What became of one file; raises where it is not what should."""
    file: HostileFile = generate(number)
    try:
        rows, reader = read(file.content)
    except ImportRefusedError as error:
        refusal = str(error)
        if not file.refused or "line " not in refusal:
            raise AssertionError(f"refused: {refusal} {file.style}") from error
        return "refused"
    assert not file.refused, f"was read, though it can be read in two ways {file.style}"
    by_line = {row.line: row for row in rows}
    assert len(by_line) == len(file.rows), (number, sorted(by_line), [truth.line for truth in file.rows])
    for truth in file.rows:
        judge(truth, by_line[truth.line], reader)
    return "read"


def test_hostile_rows_are_taken_as_meant_or_refused_with_the_reason() -> None:
    outcomes: Counter[str] = Counter()
    rows = 0
    for number in range(FILES):
        try:
            outcomes[examine(number)] += 1
        except AssertionError as error:
            raise AssertionError(f"file {number}: {error}") from error
        rows += len(generate(number).rows)
    assert rows >= 5 * FILES
    assert outcomes["read"] > outcomes["refused"] > FILES // 50


def test_damaged_files_are_refused_or_give_rows_and_never_anything_else(tmp_path: Path) -> None:
    whole = explained = 0
    for number in range(DAMAGED):
        try:
            rows, _ = read(damaged(number, tmp_path))
        except ImportRefusedError as error:
            explained += bool(str(error).strip())
            continue
        whole += 1
        for row in rows:
            assert row.line > 0
            if row.problem is None:
                assert isinstance(row.values["issued_on"], date)
                assert row.values["invoice_number"]
            else:
                assert row.problem.reason.strip()
    assert whole + explained == DAMAGED
    assert whole > DAMAGED // 4  # damage that hits nothing vital leaves rows


def test_a_sample_through_the_child_lands_exactly_what_was_meant(database: Database, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    lines = [f'"{vendor}",{account},HQ,EUR' for vendor in VENDORS for account in ACCOUNTS]
    accounts.write_text("\n".join(["vendor,account_number,site,currency", *lines]), encoding="utf-8")
    accept(database, "fuzz", "accounts", accounts, OPTIONS)
    meant: dict[str, tuple[int, date]] = {}
    for number in range(0, LANDED * 7, 7):
        file = generate(number)
        path = tmp_path / "hostile.csv"
        path.write_bytes(file.content)
        sound = [truth for truth in file.rows if truth.bad is None]
        try:
            report = accept(database, "fuzz", "charges", path, OPTIONS)
        except ImportRefusedError:
            assert file.refused
            continue
        assert report.read == len(file.rows) == report.added + report.duplicate + report.rejected
        assert report.added == len(sound)
        assert {reject.line for reject in report.rejects} == {
            truth.line for truth in file.rows if truth.bad is not None
        }
        meant |= {truth.cells["external_id"]: (truth.cents, truth.day) for truth in sound}
        assert accept(database, "fuzz", "charges", path, OPTIONS).added == 0
    with database.reading(Scope.all_sites()) as connection:
        rows = connection.execute(select(charges.c.external_id, charges.c.amount, charges.c.issued_on)).all()
    assert {row.external_id: (row.amount, row.issued_on) for row in rows} == meant
    outcome = verify(database, date(2026, 11, 20))
    assert [result.findings for result in outcome.results if result.findings] == []
