"""`manage.py seed` from the outside: its JSON, its refusals, its exit codes."""

import json

import pytest

from terminal.front import main


@pytest.fixture
def run(address, monkeypatch, capsys):
    """Call manage.py; returns (exit code, standard output, standard error)."""
    monkeypatch.setenv("DATABASE_URL", address)

    def call(*arguments):
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_an_empty_database_gets_its_schema_and_its_rows(run):
    code, out, err = run("seed", "--size", "tiny", "--today", "2026-11-20", "--json")
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert (result["size"], result["random_seed"], result["today"]) == ("tiny", 1, "2026-11-20")
    assert {table: result["counts"][table] for table in ("sites", "users", "import_rejects")} == {
        "sites": 3,
        "users": 4,
        "import_rejects": 1,
    }
    code, out, _ = run("aging", "--as-of", "2026-11-20", "--json")
    assert code == 0
    assert {row["name"] for row in json.loads(out)["rows"]} == {"Hartford Office", "Leeds Office", "Hamburg Office"}


def test_a_second_time_is_refused_and_adds_nothing(run):
    run("seed", "--size", "tiny", "--today", "2026-11-20")
    before = run("aging", "--as-of", "2026-11-20", "--json")
    code, out, err = run("seed", "--size", "tiny", "--today", "2026-11-20")
    assert (code, out) == (1, "")
    assert "already has sites; seed an empty one" in err
    code, out, err = run("seed", "--size", "tiny", "--if-empty", "--json")
    assert (code, json.loads(out), err) == (0, {"seeded": False}, "")
    assert run("aging", "--as-of", "2026-11-20", "--json") == before


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--size", "huge"), "invalid choice: 'huge'"),
        (("--size", "tiny", "--today", "20.11.2026"), "'20.11.2026' is not a date; write YYYY-MM-DD"),
        (("--size", "tiny", "--today", "1999-12-31"), "1999-12-31 is before 2000-01-01"),
        (("--size", "tiny", "--random-seed", "x"), "invalid int value: 'x'"),
        ((), "the following arguments are required: --size"),
    ],
)
def test_bad_usage_names_what_is_wrong(monkeypatch, capsys, tmp_path, arguments, complaint):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    with pytest.raises(SystemExit) as caught:
        main(("seed", *arguments))
    assert caught.value.code == 2
    assert complaint in capsys.readouterr().err
