"""manage.py import: exit codes, what goes to stdout, what to stderr."""

import json
from pathlib import Path

import pytest

from terminal.front import main

HEADER = "vendor,account_number,invoice_number,issued_on,amount,currency\n"
GOOD = "Lumina,A-1,INV-1,2024-01-31,12.50,USD\n"
BAD = "Lumina,A-1,INV-2,2024-02-30,12.50,USD\n"


@pytest.fixture
def bills(ledger_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    path = tmp_path / "bills.csv"
    path.write_text(HEADER + GOOD)
    return path


def test_done_and_again(bills: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for added, duplicate in ((1, 0), (0, 1)):
        assert main(["import", "invoices", str(bills), "--create-missing", "--source", "portal", "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["read"], report["added"], report["duplicate"], report["source"]) == (
            1,
            added,
            duplicate,
            "portal",
        )


def test_rejected_rows_are_told_on_stderr(bills: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bills.write_text(HEADER + GOOD + BAD)
    assert main(["import", "invoices", str(bills), "--create-missing", "--json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["rejects"][0]["line"] == 3
    assert "line 3: issued_on '2024-02-30': '2024-02-30' is not a date" in shown.err
    assert "manage.py: 1 of 2 rows were rejected" in shown.err


def test_a_refused_file_writes_nothing(bills: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bills.write_text(HEADER + GOOD.replace("2024-01-31", "03/04/2024"))
    assert main(["import", "invoices", str(bills), "--create-missing", "--json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "manage.py: bills.csv: column 'issued_on', line 2: '03/04/2024'" in shown.err
    assert main(["import", "invoices", str(bills), "--create-missing", "--date-order", "dmy", "--json"]) == 0


def test_dry_run(bills: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["import", "invoices", str(bills), "--create-missing"]
    assert main([*arguments, "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("would import invoices from bills.csv: 1 rows read, 1 added")
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["invoices"], "import needs a FILE"),
        (["invoices", "FILE", "--map", "vendr=x"], "did you mean 'vendor'?"),
        (["invoices", "FILE", "--map", "vendor=Suplier"], "the file has no column 'Suplier'"),
        (["payments", "FILE", "--paid"], "--paid records bills as paid"),
        (["payments", "FILE"], "no column for paid_on"),
    ],
)
def test_bad_usage(bills: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["import", *(str(bills) if text == "FILE" else text for text in arguments)]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["nonsense", "x.csv"], ["invoices", "x.csv", "--date-order", "ydm"], ["invoices", "x.csv", "--decimal", "dot"]],
)
def test_bad_words(bills: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["import", *arguments])
    assert ended.value.code == 2


def test_a_template_needs_no_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    assert main(["import", "fx", "--template"]) == 0
    assert capsys.readouterr().out == "currency,quote,on_date,rate,source\n"
    assert main(["import", "charges", "--template", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["columns"][0] == {"name": "vendor", "needed": True}
    assert shown["either"] == ["account_number", "site"]


def test_long_files_show_progress(
    bills: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terminal.importing._LONG", 1)
    assert main(["import", "invoices", str(bills), "--create-missing"]) == 0
    assert capsys.readouterr().err.splitlines() == ["importing: 50%", "importing: 100%"]


def test_how_a_file_was_read_is_saved_and_used_by_name(bills: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bills.write_text("Account,Date,Spent\nCard 1,05/03/2026,30.00\n")
    maps = ["bank_account=Account", "booked_on=Date", "amount=Spent", "currency==USD"]
    arguments = [word for text in maps for word in ("--map", text)] + ["--date-order", "dmy", "--reversed-signs"]
    start = ["import", "bank", str(bills)]
    assert main([*start, *arguments, "--save-mapping", "Card", "--dry-run"]) == 2
    assert "--dry-run writes nothing" in capsys.readouterr().err
    assert main([*start, *arguments, "--save-mapping", "Card", "--json"]) == 0
    assert "saved as mapping Card of bank" in capsys.readouterr().err
    assert main([*start, "--mapping", "Card", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["duplicate"], again["statements"][0]["movements"]) == (1, "-30.00")
    assert main([*start, "--mapping", "Bank"]) == 2
    assert "--mapping 'Bank' is not saved for bank; there is: Card" in capsys.readouterr().err
    assert main([*start, "--delete-mapping", "Card"]) == 2
    assert "leave the file and other mappings out" in capsys.readouterr().err
    assert main(["import", "bank", "--delete-mapping", "Card", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"kind": "bank", "deleted": "Card"}
    assert main(["import", "bank", "--delete-mapping", "Card"]) == 1
    assert "there is no mapping 'Card' of bank" in capsys.readouterr().err
