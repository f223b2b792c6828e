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
        (("--size", "large", "--scale", "half"), "invalid float value: 'half'"),
    ],
)
def test_bad_usage_names_what_is_wrong(monkeypatch, capsys, tmp_path, arguments, complaint):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    with pytest.raises(SystemExit) as caught:
        main(("seed", *arguments))
    assert caught.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--size", "demo", "--scale", "0.1"), "--scale and --open-bills go with --size large"),
        (("--size", "large", "--scale", "2"), "a scale of 2 cannot be; write more than 0, up to 1"),
        (
            ("--size", "large", "--scale", "0.01", "--open-bills", "9000"),
            "9000 open bills cannot be; with 500 accounts",
        ),
        (("--size", "large", "--answers", "sheet.json"), "the large tenant has no planted faults"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_is_made(run, arguments, complaint):
    code, out, err = run("seed", *arguments)
    assert (code, out) == (1, "")
    assert complaint in err


def test_a_part_of_the_large_tenant(run):
    asked = ("seed", "--size", "large", "--scale", "0.001", "--open-bills", "12", "--today", "2026-11-20", "--json")
    code, out, err = run(*asked)
    assert (code, err) == (0, "")
    counts = json.loads(out)["counts"]
    assert (counts["sites"], counts["accounts"], counts["vendors"]) == (24, 120, 50)
    assert run("verify")[0] == 0
    code, _, err = run(*asked)
    assert (code, "already has sites" in err) == (1, True)
