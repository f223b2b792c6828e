"""The bench itself, on a sliver of the large tenant: it runs, compares like with like, and says what it found."""

import json
import re
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data_access.database import Database
from data_access.migrate import upgrade
from seed.writing import generate, write
from tests.speed import bench
from tests.speed.report import Bar, Report

# Loaded by each server: at its end it says what its collector did.
AT_THE_END = """import gc, json, os, signal, sys
def tell(*_):
    script = next((part for part in sys.argv if part.endswith(".py")), "")
    said = {"frozen": gc.get_freeze_count(), "full": gc.get_stats()[2]["collections"]}
    with open(os.path.join(os.path.dirname(__file__), f"{os.path.basename(script)}-{os.getpid()}.json"), "w") as out:
        json.dump(said, out)
    sys.exit()
if "streamlit" in sys.orig_argv:
    signal.signal(signal.SIGTERM, tell)  # the server raises it once more when it has closed
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The address of the tiny organisation, up to today."""
    address = f"sqlite:///{tmp_path_factory.mktemp('tiny') / 'ledger.db'}"
    database = Database(address)
    upgrade(database)
    write(database, generate("tiny", 1, date.today() - timedelta(days=1)), "operator")
    database.close()
    return address


@pytest.mark.slow
def test_a_run_on_a_sliver(tiny, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(AT_THE_END)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    out = tmp_path / "benchmarks.md"
    sliver = ["--databases", "sqlite", "--sqlite", tiny, "--sections", "reads,reruns", "--pages", "calls"]
    assert bench.main([*sliver, "--repeats", "1", "--out", str(out)]) == 0
    text = out.read_text()
    assert str(tmp_path) not in text
    for part in (
        "## SQLite: reads beside SQL",
        "reads together against naive SQL",
        "rerun of Calls against the floor",
    ):
        assert part in text
    # The collector is tamed in the server that serves the app: no full collection after each run.
    [app], floors = (
        [json.loads(p.read_text()) for p in tmp_path.glob(f"{name}.py-*")] for name in ("dashboard", "floor")
    )
    untamed, tamed = sorted(floors, key=lambda said: said["frozen"])
    assert app["frozen"] > 100_000
    assert tamed["frozen"] > 0
    assert untamed["frozen"] == 0
    assert app["full"] < untamed["full"]


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_run_tells_which_server_it_was_and_how_much_memory_that_has(ledger_address, tmp_path):
    out = tmp_path / "benchmarks.md"
    arguments = ["--databases", "postgresql", "--postgresql", ledger_address, "--sections", ""]
    assert bench.main([*arguments, "--out", str(out)]) == 0
    assert re.search(r"PostgreSQL [\d.]+ with shared_buffers of \d+MB\.", out.read_text())


def test_every_run_of_the_cold_server_reads_anew_and_tells_each_read(tiny, tmp_path, monkeypatch):
    told = tmp_path / "reads.jsonl"
    monkeypatch.setenv("DATABASE_URL", tiny)
    monkeypatch.setenv("READS", str(told))
    page = AppTest.from_file("cold.py", default_timeout=60).run()
    page.run()
    assert not page.exception
    first, second = ([name for name, _ in json.loads(line)] for line in told.read_text().splitlines())
    assert {"filter_options", "freshness", "at_risk"} <= set(first)
    assert first == second


def test_a_section_that_fails_is_named_and_the_next_follows(tmp_path, monkeypatch):
    def measure(report, ledger, *_):
        with report.section(f"{ledger.title}: half of it"):
            report.bars.append(Bar(f"a bar of {ledger.title}", 1.0, 2.0))
        if ledger.dialect == "sqlite":
            raise ValueError(f"of {tmp_path}")

    monkeypatch.setattr(bench, "measure", measure)
    out = tmp_path / "benchmarks.md"
    asked = ["--sqlite", "sqlite://", "--postgresql", "postgresql://", "--sections", "reads", "--out", str(out)]
    assert bench.main(asked) == 1
    text = out.read_text()
    assert "## SQLite\n\nThis section failed: ValueError.\n" in text
    assert "a bar of SQLite" in text
    assert "a bar of PostgreSQL" in text
    assert "**Failed: SQLite.**" in text
    assert str(tmp_path) not in text


def test_a_bar_is_held_up_to_its_height():
    assert "| held |" in Bar("a read", 1.5, 1.5).line()
    assert "| **missed** |" in Bar("a read", 1.51, 1.5).line()


def test_the_page_counts_the_bars():
    report = Report([Bar("one", 1.0, 2.0), Bar("two", 3.0, 2.0)])
    report.table("A section", "What it is.", ("page", "ms"), [("Overview", 1234.5), ("Sites", 2.345)])
    text = report.text("Benchmarks")
    assert "1 of 2 bars held" in text
    assert "| Overview | 1,234 |\n| Sites | 2.35 |" in text
