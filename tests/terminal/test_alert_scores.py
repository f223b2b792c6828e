"""The alert rules measured on planted faults, and a seed with its answer sheet, from the outside."""

import json
from datetime import date

import pytest

from data_access.database import Database
from data_access.queries.alert_findings import findings
from data_access.scope import Scope
from domain.alerts.catalog import RULES
from domain.alerts.thresholds import Thresholds
from terminal import alert_scores
from terminal.alert_scores import measured, sheet_of

TODAY = date(2026, 11, 20)


@pytest.fixture
def dialect():
    """The measurement has ledgers of its own; that both databases find the same is test_alert_findings' business."""
    return "sqlite"


@pytest.mark.slow
def test_every_rule_finds_what_was_planted_and_nothing_else(ask):
    result = ask("alert-scores", "--random-seeds", "2")
    assert result["perfect"] is True
    assert [row["rule"] for row in result["rules"]] == list(RULES)
    for row in result["rules"]:
        assert row["planted"] >= 4, row  # at least twice in each ledger: twenty over ten
        assert row["look_alikes"] >= 4, row
        assert (row["precision"], row["recall"]) == (1.0, 1.0), row


@pytest.mark.slow
def test_on_other_days_of_the_calendar_too():
    for today in (date(2024, 2, 29), date(2026, 1, 5)):
        assert [score for score in measured(range(2, 3), today) if not score.perfect] == []


def test_a_rule_switched_off_is_seen(cli, monkeypatch):
    without = frozenset(RULES) - {"R17"}
    monkeypatch.setattr(alert_scores, "measured", lambda seeds, today: measured(seeds, today, without))
    code, out, err = cli("alert-scores", "--random-seeds", "1")
    assert code == 1
    assert "not every fault was found, or something else was: R17" in err
    line = next(line for line in out.splitlines() if line.startswith("R17"))
    assert line.split()[-1] == "0.00"


def test_the_number_of_ledgers_is_a_number(cli):
    code, _, err = cli("alert-scores", "--random-seeds", "0")
    assert code == 2
    assert "'0' is not a number of ledgers; write 1 or more" in err


def test_a_seed_writes_what_must_be_found_in_it(ask, ledger_address, tmp_path):
    sheet = tmp_path / "answers.json"
    ask("seed", "--size", "tiny", "--today", TODAY, "--answers", sheet)
    answers = json.loads(sheet.read_text())
    assert (answers["today"], answers["random_seed"]) == ("2026-11-20", 1)
    assert {"rule", "vendor", "account_number", "site", "cause"} <= set(answers["alerts"][0])
    database = Database(ledger_address)
    with database.reading(Scope.all_sites()) as connection:
        found = findings(connection, Scope.all_sites(), TODAY, Thresholds())
    database.close()
    expected = sheet_of(answers)
    assert {finding.key for finding in found if expected.concerns(finding)} == expected.alerts


def test_a_sheet_that_cannot_be_written_stops_the_seed(cli, tmp_path):
    code, _, err = cli("seed", "--size", "tiny", "--answers", tmp_path / "nowhere" / "answers.json")
    assert code == 1
    assert "answers.json cannot be written: No such file or directory" in err
    assert cli("seed", "--size", "tiny")[0] == 0  # nothing had been seeded


def test_a_refused_seed_leaves_an_older_sheet_alone(cli, tmp_path):
    sheet = tmp_path / "answers.json"
    cli("seed", "--size", "tiny", "--answers", sheet)
    before = sheet.read_text()
    assert cli("seed", "--size", "tiny", "--random-seed", "2", "--answers", sheet)[0] == 1
    assert sheet.read_text() == before
