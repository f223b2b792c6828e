"""Exit codes and refusals: 0 done, 1 found or refused, 2 bad usage; always a sentence, never a traceback."""

import json
from datetime import date

import pytest

from data_access.schema import grants, users
from terminal.front import main
from tests import factories as make

COMMANDS = ("balances", "aging", "payments", "spend", "verify")


@pytest.fixture
def people(database):
    """An admin, a viewer of the site HQ, a viewer of nothing, somebody who has left; two sites with a bill each."""
    for code, region in (("HQ", "North"), ("BR", "South")):
        site_id = make.site(database, code, region=region)
        account = make.account(database, site_id, make.vendor(database, f"Vendor {code}"), f"{code}-1")
        place = {"account_id": account, "site_id": site_id}
        make.invoice(database, place, "B1", date(2026, 10, 1), date(2026, 11, 1), 1234 if code == "HQ" else 5000)
        if code == "HQ":
            home = site_id
    ids = {
        name: make.add(database, users.name, email=f"{name}@example.org", role=role, disabled=name == "gone")
        for name, role in (
            ("ada", "admin"),
            ("vera", "viewer"),
            ("nil", "viewer"),
            ("gone", "admin"),
            ("reg", "viewer"),
        )
    }
    make.add(database, grants.name, user_id=ids["vera"], site_id=home)
    make.add(database, grants.name, user_id=ids["reg"], region="South")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_ledger_is_no_error(cli, command):
    code, out, err = cli(command, "--json")
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert result.get("rows", []) == []
    assert result.get("total") is None


@pytest.mark.parametrize("command", ["balances", "payments", "spend", "verify", "backup", "export"])
def test_without_a_schema_it_says_what_to_run(address, monkeypatch, capsys, tmp_path, command):
    monkeypatch.setenv("DATABASE_URL", address)
    rest = {"backup": [str(tmp_path / "b")], "export": ["balances", "--out", str(tmp_path / "b.csv")]}.get(command, [])
    assert main([command, *rest]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "manage.py: this database has no ledger yet; run `python manage.py init`\n"
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "COMMAND"),
        (("conquer",), "invalid choice"),
        (("aging", "--by", "colour"), "invalid choice"),
        (("aging", "--as-of", "20.11.2026"), "write YYYY-MM-DD"),
        (("aging", "--as-of", "2026-02-30"), "write YYYY-MM-DD"),
        (("aging", "--edges", "30,20"), "rising days"),
        (("aging", "--edges", "0,30"), "rising days"),
        (("aging", "--edges", "thirty"), "rising days"),
        (("aging", "--edges=-5"), "rising days"),
        (("aging", "--basis", "paid"), "invalid choice"),
        (("export", "everything", "--out", "x"), "invalid choice"),
        (("export", "balances"), "--out"),
        (("backup",), "file"),
        (("seed",), "--size"),
        (("import", "charges"), "FILE"),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_bad_usage_is_2_and_says_what_to_write(cli, arguments, words):
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize(
    "url",
    ["mysql://localhost/x", "sqlite://", "nonsense", "postgresql://host:port/x"],
)
def test_an_address_that_cannot_be_used_is_bad_usage(monkeypatch, capsys, url):
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["aging"]) == 2
    assert capsys.readouterr().err.startswith("manage.py: ")


def test_a_database_that_does_not_answer_is_said(monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert main(["aging"]) == 1
    assert "did not answer" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_said(monkeypatch, capsys, tmp_path):
    (tmp_path / "notes.db").write_text("dear diary, " * 200)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'notes.db'}")
    assert main(["aging"]) == 1
    assert "not a database" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("who", "sites"),
    [(None, {"HQ", "BR"}), ("ada", {"HQ", "BR"}), ("vera", {"HQ"}), ("reg", {"BR"}), ("nil", set())],
)
def test_as_somebody_shows_what_they_may_see(ask, people, who, sites):
    asked = ["--as", f"{who}@Example.org"] if who else []
    for command in ("aging", "spend"):
        rows = ask(command, "--as-of", "2026-11-20", *asked)["rows"]
        assert {row["key"] for row in rows} == sites


@pytest.mark.parametrize(("who", "words"), [("stranger", "there is no user"), ("gone", "disabled")])
def test_strangers_and_the_disabled_are_refused(cli, people, who, words):
    code, out, err = cli("aging", "--as", f"{who}@example.org")
    assert (code, out) == (1, "")
    assert words in err


def test_keeping_the_ledger_is_not_for_a_viewer(cli, people, tmp_path):
    for arguments in (
        ("verify",),
        ("init",),
        ("backup", tmp_path / "b"),
        ("restore", tmp_path / "b"),
        ("seed", "--size", "tiny"),
    ):
        code, out, err = cli(*arguments, "--as", "vera@example.org")
        assert (code, out) == (1, "")
        assert "every site" in err
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("day", ["0001-01-01", "0001-02-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar(cli, people, day):
    for command in ("aging", "payments", "spend", "risk"):
        assert cli(command, "--as-of", day)[0] == 0
    for command in ("payments", "spend"):
        assert cli(command, "--from", day, "--to", day)[0] == 0
    assert cli("aging", "--edges", "30,999999999999")[0] == 0
