"""cash-forecast: the figures of the page as JSON and as text, and its back-test."""

import json
from datetime import date

import pytest

from data_access.database import Database
from domain.cash_scores import CashScore
from seed.cash_play import cash_play
from seed.writing import generate, write
from terminal import cash_forecast
from terminal.cash_scores import scores

TODAY = date(2026, 11, 20)
GOOD = CashScore(weeks=100, inside=80, paid=1_000, said=990, error=200, last_month=300, last_year=250)


@pytest.fixture
def dialect():
    """The reads are tested on both databases."""
    return "sqlite"


@pytest.fixture
def tiny(database: Database):
    write(database, generate("tiny", 1, TODAY), "seed")
    return database


def minor(money):
    return round(100 * float(money["amount"]))


def test_each_week_is_the_sum_of_its_sources_and_of_its_groups(tiny, ask):
    found = ask("cash-forecast", "--by", "vendor", "--weeks", 5)
    for one in found["currencies"]:
        assert len(one["weeks"]) == 5
        for n, week in enumerate(one["weeks"]):
            parts = sum(minor(week[name]) for name in ("promised", "autopay", "open", "expected"))
            assert parts == minor(week["amount"]) == sum(minor(g["weeks"][n]["amount"]) for g in one["groups"])
            assert minor(week["low"]) <= minor(week["amount"]) <= minor(week["high"])
    assert any(minor(week["amount"]) for one in found["currencies"] for week in one["weeks"])


def test_the_text_and_bad_usage(tiny, cli):
    code, out, _ = cli("cash-forecast", "--by", "site")
    assert (code, "as of 2026-11-20" in out, "all USD" in out) == (0, True, True)
    for weeks in ("0", "27", "many"):
        code, _, err = cli("cash-forecast", "--weeks", weeks)
        assert (code, "write one from 1 to 26" in err) == (2, True)


def test_the_backtest_says_what_is_missed(cli, monkeypatch):
    monkeypatch.setattr(cash_forecast, "backtest", lambda seeds, until: {seed: {"USD": GOOD} for seed in seeds})
    code, out, _ = cli("cash-forecast", "--backtest", "--json")
    result = json.loads(out)
    assert (code, result["missed"], result["range_holds"]) == (0, [], 0.8)
    assert [row["random_seed"] for row in result["plays"]] == list(cash_forecast.SEEDS)
    assert result["currencies"][0]["error"] == 0.2
    monkeypatch.setattr(
        cash_forecast, "backtest", lambda seeds, until: {1: {"USD": GOOD + CashScore(inside=30, error=60)}}
    )
    code, out, _ = cli("cash-forecast", "--backtest")
    assert (code, "missed: error in USD, weeks inside the range" in out) == (1, True)


def test_a_back_test_of_one_month_scores_every_week(tiny):
    found = scores(tiny, TODAY, 1)
    assert {one.weeks for one in found.values()} == {13}
    assert all(one.paid and one.last_month for one in found.values())


def test_the_play_is_the_same_for_the_same_seed():
    def amounts(seed):
        return [bill.amount for bill in cash_play(seed, TODAY, 3).bills]

    assert amounts(5) == amounts(5) != amounts(6)
