"""import bank FILE, statements and export bank-statements."""

from tests.data_access.importers.statement_files import MT940


def test_a_statement_is_imported_listed_and_exported(cli, ask, tmp_path):
    file = tmp_path / "march.txt"
    file.write_text(MT940.replace("USD76,75", "USD76,74"))
    code, out, err = cli("import", "bank", file)
    assert code == 0
    assert "3 rows read, 3 added" in out
    assert "it does not add up, by 0.01 USD" in err
    (row,) = ask("statements")["rows"]
    assert (row["bank_account"], row["first"], row["last"]) == ("••••1234", "2026-03-01", "2026-03-31")
    assert row["difference"] == {"currency": "USD", "amount": "0.01"}
    assert (row["lines"], row["matched"]) == (3, 0)
    assert "76.74" in cli("statements")[1]
    target = tmp_path / "statements.csv"
    assert cli("export", "bank-statements", "--out", target)[0] == 0
    assert "55501234" not in target.read_text("utf-8-sig")
    assert "-23.25" in target.read_text("utf-8-sig")
