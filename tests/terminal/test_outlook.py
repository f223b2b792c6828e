"""risk: the outlook of open bills as JSON and as text, and how good it was on demo organisations."""

from datetime import date

import pytest

from data_access.database import Database
from seed.writing import generate, write
from tests import factories as make
from tests.stories import late_and_returned
from tests.terminal.conftest import TODAY


@pytest.fixture
def story(database):
    """See tests/stories.py."""
    return late_and_returned(database)


def test_what_was_open_on_the_day(ask, story):
    result = ask("risk", "--as-of", "2026-02-10")
    assert result["as_of"] == "2026-02-10"
    late, ahead = result["invoices"]
    assert (late["vendor"], late["account_number"], late["invoice_number"], late["part"]) == (
        "Lumina",
        "••••00",
        "J",
        1,
    )
    assert (late["late_probability"], late["due_on"], late["expected_paid_on"]) == (1.0, "2026-02-04", None)
    assert late["reasons"][0] == "it is 6 days past due"
    assert (ahead["invoice_number"], ahead["site"], ahead["issued_on"]) == ("F", "HQ", "2026-02-05")
    assert 0.3 < ahead["late_probability"] < 1
    assert ask("risk", "--as-of", "2026-02-10", "--vendor", "Halden")["invoices"] == []


def test_the_day_is_today_where_none_is_named(ask, story):
    assert ask("risk")["as_of"] == TODAY.isoformat()


def test_the_text_says_the_same(cli, story):
    code, out, err = cli("risk", "--as-of", "2026-02-10")
    assert (code, err) == (0, "")
    first = out.splitlines()[-2]
    assert first.split()[:7] == ["HQ", "Lumina", "••••00", "J", "2026-02-04", "100%", "-"]
    assert "it is 6 days past due" in first


def test_an_empty_ledger_has_nothing_to_foresee_or_to_compare(ask, cli, database):
    assert ask("risk")["invoices"] == []
    result = ask("risk", "--evaluate")
    assert (result["forecasts"], result["outlook"], result["calibration"]) == (0, {"auc": None, "brier": None}, [])
    assert "nothing to compare yet" in cli("risk", "--evaluate")[1]


def test_scores_without_both_outcomes_are_a_dash(cli, database):
    where = make.office(database)
    make.invoice(database, where, "A", date(2026, 10, 20), date(2026, 11, 10), 100)
    _, out, _ = cli("risk", "--evaluate")
    assert "1 said of a bill" in out
    assert any(line.split()[0:2] == ["outlook", "-"] for line in out.splitlines() if line)


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize(("random_seed", "today"), [(1, date(2026, 11, 20)), (4, date(2026, 7, 9))])
def test_it_beats_the_accounts_mean_lateness_so_far(ask, database: Database, random_seed, today):
    """On every bill that was open on the first of a month, not yet due, and has fallen due by the end."""
    write(database, generate("demo", random_seed, today), "operator")
    result = ask("risk", "--evaluate", "--as-of", today.isoformat())
    ours, plain = result["outlook"], result["yardstick"]
    assert result["forecasts"] > 500
    assert ours["auc"] > plain["auc"] + 0.03
    assert ours["brier"] < plain["brier"] - 0.02
    apart = sum(abs(part["said"] - part["late"]) * part["forecasts"] for part in result["calibration"])
    assert apart / result["forecasts"] < 0.08
    assert 0.5 <= result["paid_by_expected_day"] < 0.8
