"""risk --backtest: the bars are met, a rule that is off misses them, and nothing that was said knew the future."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from data_access.database import Database
from domain import suspension
from seed.attribution import tables_of
from seed.unpaid import unpaid
from seed.writing import write
from terminal import risk, suspension_scores
from terminal.suspension_scores import backtest, told

TODAY = date(2026, 11, 20)


@pytest.fixture
def dialect():
    """The play has an SQLite file of its own, whatever the ledger is."""
    return "sqlite"


def test_the_command_prints_the_scores_and_is_done(cli, monkeypatch):
    scores = backtest(4, TODAY, accounts=5)
    monkeypatch.setattr(risk, "backtest", lambda seed, day: {(4, TODAY): scores}[seed, day])
    code, out, _ = cli("risk", "--backtest", "--random-seed", 4, "--json")
    result = json.loads(out)
    assert (code, result["missed"]) == (0, [])
    every = result["overall"]
    assert every["told"] > 150
    assert every["within_3_days"] >= 0.90
    assert every["inside_window"] >= 0.97
    assert every["critical"] > 40
    assert every["critical_never_suspended"] < 0.05
    assert len(result["policies"]) == 18
    assert sum(row["suspensions"] for row in result["policies"]) == every["suspensions"]
    code, out, _ = cli("risk", "--backtest", "--random-seed", 4)
    assert (code, "all three are met" in out) == (0, True)
    assert suspension_scores.NOISE in out


def test_a_rule_that_is_off_by_a_week_is_found_out(cli, monkeypatch):
    right = suspension.window_by_policy

    def wrong(account, bill, put_off=0):
        window = right(account, bill, put_off)
        week = timedelta(days=7)
        return window and suspension.Window(window.earliest + week, window.likely + week, window.latest + week)

    monkeypatch.setattr(suspension, "window_by_policy", wrong)
    monkeypatch.setattr(risk, "backtest", lambda seed, day: backtest(seed, day, accounts=2))
    code, out, _ = cli("risk", "--backtest")
    assert code == 1
    assert "missed: within 3 days, inside the window" in out


def known_on(play, day):
    """The books as somebody had them at the end of a day: nothing later, and no trace of it."""
    books = play.books
    payments = [p for p in books.payments if p.paid_on <= day]
    for payment in payments:
        payment.posted_on = payment.posted_on if payment.posted_on and payment.posted_on <= day else None
        payment.reversed_on = payment.reversed_on if payment.reversed_on and payment.reversed_on <= day else None
    for dispute in books.disputes:
        if dispute.closed_on and dispute.closed_on > day:
            dispute.closed_on, dispute.outcome = None, ""
    return replace(
        books,
        bills=[b for b in books.bills if b.issued_on <= day],
        payments=payments,
        allocations=[a for a in books.allocations if a.applied_on <= day],
        disputes=[d for d in books.disputes if d.opened_on <= day],
        notices=[n for n in books.notices if n.dated <= day],
    )


@pytest.mark.parametrize("day", [date(2025, 8, 1), date(2026, 3, 1)])
def test_what_comes_later_changes_nothing_that_was_said(sqlite_ledger, tmp_path, day):
    found = []
    for name, books in (
        ("all", unpaid(1, TODAY, accounts=3).books),
        ("then", known_on(unpaid(1, TODAY, accounts=3), day)),
    ):
        path = tmp_path / f"{name}.db"
        path.write_bytes(sqlite_ledger.read_bytes())
        database = Database(f"sqlite:///{path}")
        write(database, tables_of(books, size="unpaid", random_seed=1, today=TODAY), "seed")
        found.append([(s.policy, s.account_id, s.window, s.critical, len(s.owed)) for s in told(database, day)])
        database.close()
    assert found[0] == found[1]
    assert sum(window is not None for _, _, window, _, _ in found[0]) > 20
