"""export: every table equals the query's rows to the cent, and no cell is a formula."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from icalendar import Calendar
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from data_access.queries.sheet_parts import RowsOnDisk
from data_access.queries.sheets import SHEETS
from data_access.schema import accounts, audit_log
from data_access.scope import Scope
from domain.filters import Filters
from domain.money import Money
from domain.parsing.text import unguarded
from seed.writing import generate, write
from tests import factories as make

AS_OF = date(2026, 11, 20)
PAYLOADS = ('=HYPERLINK("http://x/?"&A1)', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "'=1")


@pytest.fixture
def tiny(database):
    write(database, generate("tiny", 1, AS_OF), "seed")
    month = {"period_start": date(2026, 10, 1), "period_end": date(2026, 11, 1), "source": "bank"}
    make.add(database, "bank_statements", bank_account="55501234", kind="bank", currency="USD", movements=-100, **month)
    with database.reading(Scope.all_sites()) as connection:
        place = dict(
            connection.execute(select(accounts.c.id.label("account_id"), accounts.c.site_id)).mappings().first()
        )
    started_at = datetime(2026, 11, 5, 12, tzinfo=UTC)
    make.add(database, "usage", **place, started_at=started_at, kind="voice", quantity=90, unit="seconds")


def test_the_calendar_is_ics_and_nothing_else_is(cli, tiny, tmp_path):
    target = tmp_path / "dates.ics"
    code, out, _ = cli("export", "calendar", "--format", "ics", "--out", target)
    events = Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert (code, out) == (0, f"wrote {len(events)} entries to {target}\n")
    assert {event["CATEGORIES"].cats[0] for event in events} >= {"due"}
    for name, kind in (("calendar", "csv"), ("balances", "ics")):
        code, _, err = cli("export", name, "--format", kind, "--out", tmp_path / "no")
        assert (code, "cannot be written as" in err) == (1, True)
    assert not (tmp_path / "no").exists()


def plain(cell):
    """A cell as a reader of the file must find it again."""
    if isinstance(cell, Money):
        return cell.decimal
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    return "" if cell is None else cell


def same(read, cell):
    wanted = plain(cell)
    if isinstance(wanted, Decimal | int | float):
        return Decimal(str(read)).quantize(Decimal("0.0001")) == Decimal(str(wanted)).quantize(Decimal("0.0001"))
    if isinstance(wanted, datetime):
        moment = read if isinstance(read, datetime) else datetime.fromisoformat(read).replace(tzinfo=None)
        return abs((moment - wanted).total_seconds()) < 1
    if isinstance(wanted, date):
        return str(read)[:10] == wanted.isoformat()
    return unguarded(read) == wanted if isinstance(read, str) else str(read) == wanted


def csv_table(path):
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    about = [line[0] for line in lines if line and line[0].startswith("# ")]
    return about, lines[len(about)], lines[len(about) + 1 :]


def xlsx_table(path, width):
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    blank = next(n for n, row in enumerate(rows) if not any(str(cell) for cell in row))
    about = [str(row[0]) for row in rows[:blank]]
    return about, [str(cell) for cell in rows[blank + 1][:width]], [row[:width] for row in rows[blank + 2 :]]


def test_every_table_equals_its_query(database, tiny, ask, tmp_path):
    for name, read_sheet in SHEETS.items():
        with database.reading(Scope.all_sites()) as connection:
            sheet = read_sheet(connection, Scope.all_sites(), Filters(as_of=AS_OF))
        assert sheet.rows or name in ("unapplied", "late-bills"), name
        for extension in ("csv", "xlsx"):
            path = tmp_path / f"{name}.{extension}"
            result = ask("export", name, "--format", extension, "--out", path, "--as-of", "2026-11-20")
            assert result == {"name": name, "format": extension, "file": str(path), "rows": len(sheet.rows)}
            about, head, rows = csv_table(path) if extension == "csv" else xlsx_table(path, len(sheet.columns))
            assert any("2026-11-20" in line for line in about), name
            assert head == list(sheet.columns), name
            assert len(rows) == len(sheet.rows), name
            for read, wanted in zip(rows, sheet.rows, strict=True):
                assert all(same(*pair) for pair in zip(read, wanted, strict=True)), (name, read, wanted)


IN_MEMORY = {  # a row for a group, a site, a statement of terms or an alert: few, whatever the history
    *("overview", "sites", "balances", "spend", "unapplied", "alerts", "cash-forecast", "cash-forecast-bills", "terms")
}


def test_rows_that_grow_with_the_ledger_wait_on_disk(database, tiny):
    with database.reading(Scope.all_sites()) as connection:
        found = {
            name: read_sheet(connection, Scope.all_sites(), Filters(as_of=AS_OF)).rows
            for name, read_sheet in SHEETS.items()
        }
    assert {name for name, rows in found.items() if not isinstance(rows, RowsOnDisk)} == IN_MEMORY


def test_the_filters_are_applied_and_written_on_it(tiny, ask, tmp_path):
    path = tmp_path / "b.csv"
    result = ask("export", "balances", "--out", path, "--as-of", "2026-10-01", "--currency", "USD", "--currency", "EUR")
    about, _, rows = csv_table(path)
    assert {"# As of 2026-10-01", "# Currency: USD, EUR"} <= set(about)
    assert {row[1] for row in rows} <= {"USD", "EUR"}
    assert result["rows"] == len(rows)


def test_formulas_are_shown_and_never_run(database, ask, tmp_path):
    for n, payload in enumerate(PAYLOADS):
        site_id = make.site(database, f"S{n}", name=payload)
        where = {
            "account_id": make.account(database, site_id, make.vendor(database, payload), f"A{n}"),
            "site_id": site_id,
        }
        make.invoice(database, where, payload, date(2026, 1, 1), date(2026, 2, 1), 100 + n)
    for extension in ("csv", "xlsx"):
        path = tmp_path / f"bills.{extension}"
        ask("export", "open-bills", "--format", extension, "--out", path, "--as-of", "2026-11-20")
        _, head, rows = csv_table(path) if extension == "csv" else xlsx_table(path, 12)
        cells = [row[head.index(column)] for row in rows for column in ("Site", "Vendor", "Bill")]
        if extension == "csv":
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
            assert sorted(unguarded(cell) for cell in cells) == sorted(PAYLOADS * 3)
        else:
            with zipfile.ZipFile(path) as parts:
                assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
                assert not [name for name in parts.namelist() if "hyperlink" in name.lower()]


def test_account_numbers_are_masked(database, tmp_path, ask):
    site_id = make.site(database)
    place = {"account_id": make.account(database, site_id, make.vendor(database), "44150098 7731"), "site_id": site_id}
    make.invoice(database, place, "B", date(2026, 1, 1), date(2026, 2, 1), 100)
    for name in SHEETS:
        path = tmp_path / f"{name}.csv"
        ask("export", name, "--out", path, "--as-of", "2026-11-20")
        assert "4415" not in path.read_text(encoding="utf-8-sig"), name


@pytest.fixture
def paid(database):
    """A payment of 60.00 on account 44150098 7731, without a call: (payment id, account id)."""
    site_id = make.site(database)
    place = {"account_id": make.account(database, site_id, make.vendor(database), "44150098 7731"), "site_id": site_id}
    make.invoice(database, place, "B", date(2026, 1, 1), date(2026, 2, 1), 10000)
    return make.payment(database, place, date(2026, 2, 1), 6000, confirmation_number="C-60"), place["account_id"]


def text_of(path):
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_documents_are_written_as_pdf_and_mask_the_account(database, paid, ask, tmp_path):
    payment, account = paid
    path = tmp_path / "e.pdf"
    assert ask("export", "evidence", "--payment", payment, "--out", path)["format"] == "pdf"
    assert "C-60" in text_of(path)
    assert "No call is on record for it." in text_of(path)
    assert "44150098" not in text_of(path)
    first = path.read_bytes()
    ask("export", "evidence", "--payment", payment, "--format", "pdf", "--out", path)
    assert path.read_bytes() == first
    sheet = tmp_path / "c.pdf"
    ask("export", "call-sheet", "--account", account, "--out", sheet)
    assert "Nobody has verified a number of Lumina" in text_of(sheet)
    assert trail(database) == []
    ask("export", "evidence", "--payment", payment, "--out", path, "--reveal")
    assert "44150098 7731" in text_of(path)
    assert trail(database) == [("reveal", account)]


def test_a_journal_masks_its_accounts_until_they_are_revealed(database, paid, ask, tmp_path):
    path, (_, account) = tmp_path / "l.journal", paid
    assert ask("export", "ledger", "--out", path) == {"name": "ledger", "format": "hledger", "file": str(path)}
    assert f"liabilities:payable:Lumina:••••7731 #{account}  60.00 USD" in path.read_text()
    assert "confirmation:C-60" in path.read_text()
    ask("export", "ledger", "--to", "2026-01-31", "--out", path)
    assert "2026-01-01 * (B)" in path.read_text()
    assert "C-60" not in path.read_text()
    ask("export", "ledger", "--to", "0001-01-01", "--assert", "--out", path)
    assert "2026" not in path.read_text()
    assert trail(database) == []
    ask("export", "ledger", "--format", "hledger", "--reveal", "--assert", "--out", path)
    assert f"liabilities:payable:Lumina:44150098 7731 #{account}  0.00 USD = -40.00 USD" in path.read_text()
    assert trail(database) == [("reveal", account)]


def test_a_pack_is_of_the_last_whole_month_or_the_one_asked_for(paid, ask, tmp_path):
    path = tmp_path / "p.xlsx"
    told = ask("export", "month-end", "--format", "xlsx", "--out", path)
    assert (told["month"], told["as_of"]) == ("2026-10", "2026-10-31")
    assert CalamineWorkbook.from_path(path).sheet_names[0] == "Cover"
    told = ask("export", "month-end", "--month", "2026-11", "--out", tmp_path / "p.pdf")
    assert (told["format"], told["as_of"]) == ("pdf", "2026-11-20")
    assert "the month runs until 2026-11-30" in text_of(tmp_path / "p.pdf")


def trail(database):
    with database.reading(Scope.all_sites()) as connection:
        return [(row.action, row.entity_id) for row in connection.execute(select(audit_log))]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("evidence",), "say which payment: --payment ID"),
        (("evidence", "--payment", "987"), "there is no payment 987"),
        (("evidence", "--payment", "1", "--format", "csv"), "export it as pdf"),
        (("call-sheet",), "say which account: --account ID"),
        (("call-sheet", "--account", "987"), "there is no account 987"),
        (("balances", "--format", "pdf"), "export it as csv or xlsx"),
        (("balances", "--format", "hledger"), "export it as csv or xlsx"),
        (("ledger", "--format", "csv"), "the ledger is a journal; export it as hledger"),
        (("ledger", "--from", "2026-01-01"), "leave --from out"),
        (("month-end", "--format", "csv"), "write it as pdf or xlsx"),
        (("month-end", "--month", "2026-12"), "2026-12 has not begun"),
        (("month-end", "--as-of", "2026-10-31"), "say which by --month YYYY-MM"),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_cannot_be_printed_is_told(paid, cli, tmp_path, arguments, words):
    code, out, err = cli("export", *arguments, "--out", tmp_path / "x")
    assert (code, out) == (1, "")
    assert words in err
    assert not (tmp_path / "x").exists()


def test_an_export_replaces_its_file_and_leaves_no_draft(tiny, cli, tmp_path, monkeypatch):
    path = tmp_path / "b.csv"
    path.write_text("old")
    assert cli("export", "balances", "--out", path)[0] == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# Balances")
    code, out, err = cli("export", "balances", "--out", tmp_path / "nowhere" / "b.csv")
    assert (code, out) == (1, "")
    assert "cannot write" in err
    monkeypatch.setattr("terminal.exporting.journal", broken_off)
    with pytest.raises(RuntimeError):
        cli("export", "ledger", "--out", path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# Balances")
    assert list(tmp_path.glob("*.part")) == []


def broken_off(*_, **__):
    """A journal whose ledger goes away while it is written."""
    yield "; begun"
    raise RuntimeError
