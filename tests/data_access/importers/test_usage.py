"""Call detail records and usage tables: each record once, on the account that has its line."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from data_access.database import Database
from data_access.importers.errors import ImportRefusedError
from data_access.queries.usage import usage_totals
from data_access.scope import Scope
from domain.filters import Filters
from tests.data_access.importers.conftest import Importer, reasons

FILE = (
    Path(os.environ.get("REAL_DATA_DIR") or Path(__file__).resolve().parents[4] / "shared" / "real")
    / "asterisk_cdr.csv"
)
HEADER = "vendor,account_number,service,started_at,kind,from_number,to_number,quantity,cost,disposition\n"
CALL = (
    '"","+18005550101","+18005550142","hq","""A"" <1>","SIP/1","SIP/2","Dial","x","2024-03-31 23:30:00",'
    '"2024-03-31 23:30:10","2024-03-31 23:31:40",100,90,"ANSWERED","DOCUMENTATION","1711927800.1",""\n'
)


def known_accounts(importer: Importer) -> Importer:
    importer.accept(
        "sites", "code,name,country,timezone\nHQ,Head office,US,America/New_York\nLAB,Laboratory,US,America/Denver\n"
    )
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\nLumina,A-2,LAB\n", create_missing=True)
    importer.accept("services", "vendor,account_number,service\nLumina,A-1,+1 800 555 0101\nLumina,A-2,CKT-9\n")
    return importer


@pytest.fixture
def known(importer: Importer, without_child: None) -> Importer:
    return known_accounts(importer)


def totals(importer: Importer, by: str, scope: Scope | None = None, **filters: date) -> list[tuple[str, int, int]]:
    scope = scope or Scope.all_sites()
    wanted = Filters(**{"as_of": date(2024, 12, 31)} | filters)
    with importer.database.reading(scope) as connection:
        return [(row.key, row.records, row.quantity) for row in usage_totals(connection, scope, wanted, by)]


def test_call_records_find_their_account_by_its_line(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept("usage", CALL, "vendor==Lumina")
    assert (report.added, reasons(report)) == (1, [])
    columns = ("account_id", "service_id", "kind", "from_number", "quantity", "billed_s", "disposition", "external_id")
    assert known.table("usage", *columns) == [(1, 1, "voice", "+18005550101", 100, 90, "ANSWERED", "1711927800.1")]
    # Written by a clock at the site: 23:30 in New York.
    assert known.table("usage", "started_at") == [datetime(2024, 4, 1, 3, 30, tzinfo=UTC)]
    assert known.accept("usage", CALL, "vendor==Lumina").duplicate == 1
    check()


def test_real_twins_stay_two_and_attempts_of_one_call_are_two(known: Importer, check: Callable[[], None]) -> None:
    attempt = CALL.replace('100,90,"ANSWERED"', '10,0,"NO ANSWER"')
    report = known.accept("usage", CALL + CALL + attempt, "vendor==Lumina")
    assert report.added == 3
    assert known.accept("usage", CALL + CALL + attempt + CALL, "vendor==Lumina").added == 1
    check()


def test_a_table_of_usage_lands_by_account_line_or_constant(known: Importer, check: Callable[[], None]) -> None:
    rows = (
        "Lumina,A-2,,2024-03-01 10:00,data,,,5000,1.25,\n"
        "Lumina,,CKT-9,2024-03-02 10:00,sms,,,3,,\n"
        "Lumina,,nothing,2024-03-02 10:00,voice,,,3,,\n"
    )
    report = known.accept("usage", HEADER + rows)
    assert (report.added, report.rejected) == (2, 1)
    assert "no account is named" in reasons(report)[0][3]
    assert known.table("usage", "account_id", "service_id", "unit", "cost") == [
        (2, None, "bytes", 125),
        (2, 2, "messages", None),
    ]
    check()


def test_usage_is_summed_by_the_sites_own_months_and_within_the_scope(known: Importer) -> None:
    known.accept("usage", CALL, "vendor==Lumina")
    known.accept("usage", HEADER + "Lumina,A-2,,2024-04-02 10:00,voice,,,60,,\n")
    assert totals(known, "month") == [("2024-03", 1, 100), ("2024-04", 1, 60)]
    assert totals(known, "site") == [("HQ", 1, 100), ("LAB", 1, 60)]
    assert totals(known, "kind") == [("voice", 2, 160)]
    assert totals(known, "site", Scope.of([2])) == [("LAB", 1, 60)]
    assert totals(known, "site", Scope.of([])) == []
    assert totals(known, "site", since=date(2024, 4, 1), until=date(2024, 4, 2)) == []
    assert totals(known, "site", as_of=date(2024, 3, 31)) == [("HQ", 1, 100)]


@pytest.mark.parametrize(
    "statement", ["UPDATE usage SET quantity = 1", "DELETE FROM usage", "UPDATE usage SET site_id = 2"]
)
def test_what_was_used_is_not_edited(known: Importer, statement: str) -> None:
    known.accept("usage", CALL, "vendor==Lumina")
    with pytest.raises(DBAPIError):
        known.database.writing("x", Scope.all_sites(), lambda writing: writing.connection.exec_driver_sql(statement))


HOSTILE = {
    "a quote that never closes": CALL + '"',
    "cut in a number": CALL.rsplit(",", 8)[0],
    "seventeen columns": CALL.replace(',""\n', "\n"),
    "a negative duration": CALL.replace(",100,", ",-100,"),
    "a duration of letters": CALL.replace(",100,", ",long,"),
    "a duration without end": CALL.replace(",100,", f",{'9' * 40},"),
    "no such day": CALL.replace("2024-03-31 23:30:00", "2024-02-31 23:30:00"),
    "no such hour": CALL.replace("2024-03-31 23:30:00", "2024-03-31 25:30:00"),
    "an hour that the clocks skipped": CALL.replace("2024-03-31 23:30:00", "2024-03-10 02:30:00"),
    "no start": CALL.replace('"2024-03-31 23:30:00"', '""'),
    "zero bytes": CALL.replace("ANSWERED", "ANS\x00WERED"),
    "a card number": CALL.replace("+18005550142", "4111 1111 1111 1111"),
    "an unknown line": CALL.replace("+18005550101", "+18005550109"),
    "a web page": "<html>" + CALL,
    "half in another encoding": CALL.encode() + CALL.replace("hq", "é").encode("latin-1") + "é".encode(),
    "an archive": b"\x1f\x8b" + CALL.encode(),
    "a bill": "ISA*00*          *00*",
}


def test_no_hostile_record_crashes_or_half_lands(sqlite_ledger: Path, tmp_path: Path, without_child: None) -> None:
    """On one database: what is refused here never comes near it."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_ledger, tmp_path / 'ledger.db')}")
    importer = known_accounts(Importer(database, tmp_path))
    told: dict[str, str] = {}
    for name, file in HOSTILE.items():
        try:
            told[name] = "; ".join(reject.reason for reject in importer.accept("usage", file, "vendor==Lumina").rejects)
        except ImportRefusedError as error:
            told[name] = str(error)
    assert [name for name, text in told.items() if not text or "could not be read" in text] == []
    assert importer.count("usage") == 0
    database.close()


@pytest.mark.skipif(not FILE.exists(), reason=f"no real data: {FILE} (set REAL_DATA_DIR)")
def test_the_real_call_records(known: Importer, check: Callable[[], None]) -> None:
    """218 records, 210 of them distinct, of 174 calls; 41,114 seconds, 38,947 of them billed (sums of columns 13 and 14)."""
    report = known.accept("usage", FILE.read_bytes(), "vendor==Lumina", "account_number==A-1")
    assert (report.read, report.added) == (218, 218)
    assert totals(known, "month") == [("2017-06", 218, 41_114)]
    assert sum(known.table("usage", "billed_s")) == 38_947
    assert len(set(known.table("usage", "external_id"))) == 174
    again = known.accept("usage", FILE.read_bytes(), "vendor==Lumina", "account_number==A-1")
    assert (again.added, again.duplicate) == (0, 218)
    check()
