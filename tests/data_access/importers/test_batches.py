"""An import from end to end: what the file as a whole decides, what is kept of it, what a preview promises."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from data_access import database as database_module
from data_access import folding, months
from data_access.database import Database
from data_access.importers.batches import accept
from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.kinds import COLUMNS, KINDS
from data_access.importers.options import parse_maps
from data_access.scope import Scope, ScopeRequiredError
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order
from tests.data_access.importers.conftest import ACTOR, Importer
from tests.data_access.importers.reading.files import workbook

HEADER = "vendor,account_number,invoice_number,issued_on,amount,currency\n"
BILLS = (
    HEADER
    + "Lumina,A-1,INV-1,2024-01-31,12.50,USD\nLumina,A-1,INV-2,2024-02-30,12.50,USD\nLumina,A-1,INV-1,2024-01-31,12.50,USD\n\nTotal,,,,37.50,\n"
)


def test_what_is_kept_of_a_file(importer: Importer, check: Callable[[], None]) -> None:
    report = importer.accept("invoices", BILLS, create_missing=True, source="portal", file_name="January bills.csv")
    assert (report.read, report.added, report.duplicate, report.rejected) == (3, 1, 1, 1)
    assert report.skipped == [{"line": 5, "reason": "blank"}, {"line": 6, "reason": "a totals row (Total)"}]
    digest = hashlib.sha256(BILLS.encode()).hexdigest()
    assert importer.table(
        "import_batches", "kind", "source", "file_name", "sha256", "rows_read", "actor", "options"
    ) == [("invoices", "portal", "January bills.csv", digest, 3, ACTOR, '{"create_missing": true}')]
    told = [json.loads(after) for after in importer.table("audit_log", "after", entity="import_batches")]
    assert told == [
        {"kind": "invoices", "source": "portal", "file": "January bills.csv", "sha256": digest, "read": 3, "added": 1,
         "duplicate": 1, "rejected": 1, "changed": 0}
    ]  # fmt: skip
    row = json.loads(importer.table("import_rejects", "row_text")[0])
    assert row["issued_on"] == "2024-02-30"
    check()


def test_the_report_as_json(importer: Importer) -> None:
    report = importer.accept("invoices", BILLS, create_missing=True).as_json()
    assert list(report) == [
        "kind", "file", "source", "sha256", "dry_run", "read", "added", "duplicate", "rejected", "changed", "skipped",
        "rejects", "created", "batch_id", "findings", "statements", "documents",
    ]  # fmt: skip
    assert report["rejects"] == [
        {"line": 3, "column": "issued_on", "value": "2024-02-30", "reason": "'2024-02-30' is not a date"}
    ]
    assert report["created"] == {"sites": 1, "vendors": 1, "accounts": 1, "bills": 1, "payments": 0, "allocations": 0}
    json.dumps(report)


def test_a_preview_promises_what_accepting_does_and_writes_nothing(importer: Importer) -> None:
    promised = importer.preview("invoices", BILLS, create_missing=True, paid=True)
    assert importer.count("import_batches") == importer.count("audit_log") == importer.count("vendors") == 0
    done = importer.accept("invoices", BILLS, create_missing=True, paid=True)
    assert (promised.dry_run, promised.batch_id) == (True, None)
    assert done.batch_id is not None
    assert replace(promised, dry_run=False, batch_id=done.batch_id) == done


def test_the_first_rows_as_understood(importer: Importer) -> None:
    report = importer.preview(
        "invoices", BILLS.replace("12.50", '"1.250,00"').replace("37.50", "1"), create_missing=True
    )
    assert [(row.line, row.status) for row in report.sample] == [(2, "added"), (3, "rejected"), (4, "duplicate")]
    assert report.sample[0].values["amount"] == "1250.00"
    assert report.sample[1].reason == "'2024-02-30' is not a date"
    assert report.columns["invoice_number"] == "invoice_number"


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        (
            HEADER + 'L,A,I,2024-01-31,"1,234",USD\n',
            {},
            r"file.csv: line 2: '1,234' can be read in two ways .* --decimal",
        ),
        (
            HEADER + "L,A,I,03/04/2024,1.00,USD\n",
            {},
            r"file.csv: column 'issued_on', line 2: '03/04/2024' .* --date-order",
        ),
        (HEADER + "L,A,I,13/04/2024,1.00,USD\nL,A,J,04/13/2024,1.00,USD\n", {}, "different orders"),
        (
            HEADER + 'L,A,I,2024-01-31,1.00,USD\nL,A,J,2024-01-31,"1,00",USD\n',
            {},
            "with a point on line 2.*with a comma on line 3",
        ),
        ("no header\n1,2\n", {}, "no line holds the column names"),
        ("", {}, "the file is empty"),
    ],
)
def test_a_file_in_doubt_is_refused_whole(importer: Importer, text: str, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ImportRefusedError, match=reason):
        importer.accept("invoices", text, create_missing=True, **options)
    assert importer.count("import_batches") == importer.count("audit_log") == 0


def test_the_answers_settle_the_doubt(importer: Importer, check: Callable[[], None]) -> None:
    text = HEADER + 'L,A,I,03/04/2024,"1,234",USD\nL,A,J,04/13/2024,1.5,USD\n'
    report = importer.accept("invoices", text, create_missing=True, decimal=Mark.POINT, date_order=Order.DMY)
    assert importer.table("invoices", "issued_on", "amount") == [(date(2024, 4, 3), 123_400)]
    assert report.rejects[0].reason == "'04/13/2024' is not a date in the order dmy"
    check()


@pytest.mark.parametrize(
    ("maps", "reason"),
    [
        (["vendr=Supplier"], r"no field 'vendr' \(did you mean 'vendor'\?\)"),
        (["vendor"], "is not field=column or field==text"),
        (["vendor="], "is not field=column"),
        (["vendor==A", "vendor=B"], "twice"),
        (["vendor=Suplier"], r"no column 'Suplier' for vendor \(did you mean 'Supplier'\?\); it has: Supplier, Amount"),
        (
            ["vendor=Supplier"],
            "no column for account_number, invoice_number, issued_on; the file has: Supplier, Amount",
        ),
    ],
)
def test_maps_that_do_not_fit(importer: Importer, maps: list[str], reason: str) -> None:
    with pytest.raises(ImportUsageError, match=reason):
        importer.accept("invoices", "Supplier,Amount\nLumina,12.50\n", *maps)


def test_maps_and_constants(importer: Importer) -> None:
    text = "Supplier;Ref.;Day;Net\nLumina;INV-1;31.01.2024;12,50\n"
    maps = (
        "vendor=supplier",
        "invoice_number=Ref.",
        "issued_on=Day",
        "amount=Net",
        "account_number==A-1",
        "currency==EUR",
    )
    assert importer.accept("invoices", text, *maps, create_missing=True).added == 1
    assert importer.table("accounts", "account_number", "currency") == [("A-1", "EUR")]


def test_two_columns_of_one_name_are_asked_about(importer: Importer) -> None:
    text = HEADER.strip() + ",Amount\nLumina,A-1,INV-1,2024-01-31,12.50,USD,99.00\n"
    with pytest.raises(ImportUsageError, match=r"several columns for amount \(amount \(1\), Amount \(2\)\)"):
        importer.accept("invoices", text, create_missing=True)
    importer.accept("invoices", text, "amount=Amount (2)", create_missing=True)
    assert importer.table("invoices", "amount") == [9900]


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("payments", {"paid": True}, "--paid"),
        ("invoices", {"allocate_oldest": True}, "--allocate oldest"),
        ("invoices", {"source": " "}, "--source"),
        ("budgets", {}, "'budgets' cannot be imported; choose one of: sites, vendors"),
    ],
)
def test_options_that_make_no_sense(importer: Importer, kind: str, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ImportUsageError, match=reason):
        accept(importer.database, ACTOR, kind, importer.path(BILLS), importer.options("invoices", **options))


def test_a_missing_scope_is_not_every_scope(importer: Importer) -> None:
    with pytest.raises(ScopeRequiredError):
        importer.accept("invoices", BILLS, scope=None)


def test_somebody_of_one_site_imports_only_there(importer: Importer, check: Callable[[], None]) -> None:
    importer.accept("sites", "code,name,country\nHQ,Head office,US\nLAB,Laboratory,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\nLumina,A-2,LAB\n", create_missing=True)
    hq = importer.table("sites", "id", code="HQ")
    text = HEADER + "".join(
        f"{vendor},{number},INV-1,2024-01-31,12.50,\n"
        for vendor, number in (("Lumina", "A-1"), ("Lumina", "A-2"), ("New", "A-3"))
    )
    report = importer.accept("invoices", text, scope=Scope.of(hq), create_missing=True)
    assert (report.added, report.rejected) == (1, 2)
    assert importer.table("invoices", "site_id") == hq
    # What is there and may not be seen reads like what is not there.
    assert report.rejects[0].reason == (
        "there is no account of Lumina '••••2' among those that you may see; only somebody who sees every site may make new ones"
    )
    lines = "vendor,account_number,site,invoice_number,amount,issued_on\nLumina,A-1,LAB,INV-9,12.50,2024-01-31\n"
    assert importer.accept("charges", lines, scope=Scope.of(hq)).rejects[0].column == "site"
    check()


def test_a_workbook_and_its_csv_are_the_same_rows(
    importer: Importer, tmp_path: Path, check: Callable[[], None]
) -> None:
    rows = [
        ["Bills of January"],
        [],
        HEADER.strip().split(","),
        ["Lumina", 4711, "INV-1", date(2024, 1, 31), 0.1 + 0.2, "USD"],
        ["Lumina", 4711, "INV-2", 45_322, 1e6, "USD"],
    ]
    content = workbook(tmp_path / "bills.xlsx", {"Bills": rows})
    assert importer.accept("invoices", content, create_missing=True).added == 2
    assert importer.table("invoices", "issued_on", "amount") == [
        (date(2024, 1, 31), 30),
        (date(2024, 1, 31), 100_000_000),
    ]
    again = importer.accept(
        "invoices", HEADER + "Lumina,4711,INV-1,31/01/2024,0.30,USD\nLumina,4711,INV-2,31/01/2024,1000000,USD\n"
    )
    assert (again.added, again.duplicate) == (0, 2)
    check()


def test_a_long_number_typed_in_a_workbook_is_not_trusted(importer: Importer, tmp_path: Path) -> None:
    rows = [HEADER.strip().split(","), ["Lumina", 12345678901234567890, "INV-1", date(2024, 1, 31), 1, "USD"]]
    report = importer.accept("invoices", workbook(tmp_path / "b.xlsx", {"S": rows}), create_missing=True)
    assert "more than 15 digits" in report.rejects[0].reason


def test_two_imports_of_one_file_at_once_add_it_once(
    importer: Importer, ledger_address: str, check: Callable[[], None]
) -> None:
    path = importer.path(HEADER + "".join(f"Lumina,A-1,INV-{n},2024-01-31,12.50,USD\n" for n in range(200)))
    options = importer.options("invoices", create_missing=True, paid=True)
    others = [Database(ledger_address) for _ in range(2)]
    try:
        with ThreadPoolExecutor(2) as pool:
            reports = list(pool.map(lambda database: accept(database, ACTOR, "invoices", path, options), others))
    finally:
        for database in others:
            database.close()
    assert sorted(report.added for report in reports) == [0, 200]
    assert importer.count("invoices") == importer.count("payments") == 200
    check()


def test_progress_runs_from_nothing_to_all(importer: Importer) -> None:
    seen: list[tuple[int, int]] = []
    path = importer.path(HEADER + "".join(f"Lumina,A-1,INV-{n},2024-01-31,12.50,USD\n" for n in range(4500)))
    accept(
        importer.database,
        ACTOR,
        "invoices",
        path,
        importer.options("invoices", create_missing=True),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == sorted(seen)
    assert seen[0] == (2000, 9000)
    assert seen[-1] == (9000, 9000)


def test_templates_name_every_column_once() -> None:
    assert COLUMNS["fx"] == ("currency", "quote", "on_date", "rate", "source")
    for kind in KINDS.values():
        assert len(set(COLUMNS[kind.name])) == len(kind.fields)
        assert parse_maps(kind, [f"{name}==x" for name in COLUMNS[kind.name]])[1].keys() == set(COLUMNS[kind.name])


def test_sums_are_added_up_and_the_planner_told_only_when_many_rows_came(importer, database, monkeypatch):
    monkeypatch.setattr(folding, "_MANY", 3)
    monkeypatch.setattr(database_module, "_MANY_ROWS", 3)
    if database.dialect == "postgresql":  # it may remember the rows of an earlier ledger in this database
        with database.writer.begin() as connection:
            connection.execute(text("ANALYZE invoices"))
    told: list[str] = []
    event.listen(database.writer, "before_cursor_execute", lambda *given: told.append(given[2]))

    def bills(*numbers: int) -> str:
        return HEADER + "".join(f"Lumina,A-1,INV-{n},2024-0{n}-28,12.50,USD\n" for n in numbers)

    importer.accept("invoices", bills(1), create_missing=True)
    unfolded = text("SELECT count(*) FROM month_totals WHERE account_id IS NOT NULL")
    with database.reading(Scope.all_sites()) as connection:
        assert connection.scalar(unfolded)
        assert not list(months.differences(connection))
    assert not [statement for statement in told if statement.startswith("ANALYZE")]
    importer.accept("invoices", bills(2, 3, 4, 5))
    with database.reading(Scope.all_sites()) as connection:
        assert not connection.scalar(unfolded)
        assert not list(months.differences(connection))
    analyzed = [statement for statement in told if statement.startswith("ANALYZE")]
    sums = "account_totals, call_days, invoices, month_payments, month_totals, open_totals, site_totals"
    assert analyzed == ([f"ANALYZE {sums}"] if database.dialect == "postgresql" else [])
