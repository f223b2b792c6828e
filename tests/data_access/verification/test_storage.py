"""S1: a damaged file, a missing row, a date that is none."""

from datetime import timedelta
from pathlib import Path

import pytest

from data_access import processes, verification
from data_access.schema import metadata
from data_access.scope import Scope
from data_access.verification import storage, verify
from tests.data_access.verification.conftest import TODAY


def test_s1_a_reference_to_a_missing_row(database, busy, breaks, found):
    breaks("DELETE FROM vendors WHERE name = 'Halden'")
    column = " (vendor_id)" if database.dialect == "postgresql" else ""
    assert found()["S1"] == [f"accounts {busy['euro']}: refers to a missing row of vendors{column}"]


def test_s1_a_line_of_no_bill(database, busy, breaks, found):
    breaks("UPDATE charges SET invoice_id = 987 WHERE line = '0'")
    column = " (account_id, invoice_id)" if database.dialect == "postgresql" else ""
    assert found()["S1"] == [f"charges 1: refers to a missing row of invoices{column}"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "UPDATE invoices SET issued_on = '5.1.2026' WHERE id = {jan}",
            "invoices {jan}: issued_on '5.1.2026' is not a date",
        ),
        (
            "UPDATE payments SET paid_on = '2026-02-30' WHERE id = {spare}",
            "payments {spare}: paid_on '2026-02-30' is not a date",
        ),
        ("UPDATE invoices SET due_on = 'soon' WHERE id = {feb}", "invoices {feb}: due_on 'soon' is not a date"),
        ("UPDATE calls SET started_at = 'noon'", "calls {call}: started_at 'noon' is not a datetime"),
    ],
)
def test_s1_a_date_that_is_none(database, busy, breaks, statement, finding):
    breaks(statement)
    results = {result.id: result.findings for result in verify(database, TODAY).results}
    assert finding.format(**busy) in results["S1"]


def damage_an_index(database, breaks):
    """One entry of an index of payments says something else than its row."""
    breaks("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.reading(Scope.all_sites()) as connection:
        root = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_payments_confirmation_number'"
        ).scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    database.reader.dispose()
    database.writer.dispose()
    path = Path(database.url.database)
    content = bytearray(path.read_bytes())
    page = slice((root - 1) * size, root * size)
    assert b"C-1" in content[page]
    content[page] = content[page].replace(b"C-1", b"C-7")
    path.write_bytes(content)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_s1_a_damaged_page_is_found_and_told(database, busy, breaks, found):
    damage_an_index(database, breaks)
    assert any("ix_payments_confirmation_number" in finding for finding in found()["S1"])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_s1_of_a_large_file_each_table_has_its_turn_within_a_week(database, busy, breaks, monkeypatch):
    monkeypatch.setattr(processes, "LARGE", 0)
    monkeypatch.setattr(verification, "totals_agree", lambda *_: ())
    days = [TODAY + timedelta(days=n) for n in range(storage.DAYS)]
    with database.reading(Scope.all_sites()) as connection:
        turns = [storage.tables_compared(connection, day, everything=False) for day in days]
        assert storage.tables_compared(connection, TODAY, everything=True) is None
    assert sorted(table for some in turns for table in some) == sorted(metadata.tables)
    damage_an_index(database, breaks)
    named = [_names_the_index(verify(database, day)) for day in days]
    assert named == ["payments" in some for some in turns]
    assert _names_the_index(verify(database, days[named.index(False)], everything=True))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_s1_of_a_large_file_is_told_where_not_all_was_compared(database, busy, monkeypatch):
    monkeypatch.setattr(processes, "LARGE", 0)
    monkeypatch.setattr(verification, "totals_agree", lambda *_: ())
    told = [note for note in verify(database, TODAY).notes if note.startswith("S1")]
    number = len(metadata.tables)
    assert told == [
        f"S1 compared the indexes of {len(range(TODAY.toordinal() % storage.DAYS, number, storage.DAYS))} of {number} tables "
        "with their rows, of others tomorrow; `verify --all` compares all of them"
    ]
    assert not [note for note in verify(database, TODAY, everything=True).notes if note.startswith("S1")]


def _names_the_index(outcome):
    findings = next(result.findings for result in outcome.results if result.id == "S1")
    return any("ix_payments_confirmation_number" in finding for finding in findings)
