"""`match` and `match-scores`."""

from datetime import date

import pytest

from data_access.database import Database
from terminal import match_scores
from tests import factories as make


@pytest.fixture
def books(ledger_address):
    database = Database(ledger_address)
    where = make.office(database)
    make.payment(database, where, date(2026, 3, 5), 5_000)
    values = {"bank_account": "Operating", "kind": "bank", "currency": "USD", "opening": 0, "closing": 0, "source": "b"}
    statement = make.add(
        database, "bank_statements", **values, period_start=date(2026, 3, 1), period_end=date(2026, 4, 1)
    )
    line = {"booked_on": date(2026, 3, 6), "amount": -5_000, "currency": "USD", "description": "LUMINA"}
    make.add(database, "bank_lines", **line, statement_id=statement, bank_account="Operating", import_key="id:1")
    yield database
    database.close()


def test_what_would_be_matched_is_told_then_made_then_gone(cli, ask, books):
    code, out, err = cli("match", "--as-of", "2026-03-31")
    assert (code, "vendor name: 100%" in out, "add --apply" in err) == (1, True, True)
    made = ask("match", "--as-of", "2026-03-31", "--apply")
    assert made["matched"] == 1
    assert made["certain"][0]["parts"] == [{"payment_id": 1, "bank_line_id": 1, "amount_minor": 5_000}]
    again = ask("match", "--as-of", "2026-03-31", "--apply")
    assert (again["matched"], again["certain"], again["suggestions"]) == (0, [], [])
    assert cli("verify")[0] == 0


def test_a_suggestion_is_left_to_somebody(cli, books):
    make.payment(books, {"account_id": 1, "site_id": 1}, date(2026, 3, 5), 5_000)
    code, out, err = cli("match", "--as-of", "2026-03-31", "--apply")
    assert (code, "suggestion 1" in out, "1 bank lines need somebody" in err) == (1, True, True)


def test_scores_are_printed_and_poor_ones_refused(cli, ask, monkeypatch):
    found = ask("match-scores", "--random-seeds", "1", "--payments", "300")
    assert [seed["precision"] for seed in found["seeds"]] == [1.0]
    assert cli("match-scores", "--payments", "none")[0] == 2
    real = match_scores.score
    monkeypatch.setattr(match_scores, "score", lambda made, found: real(type(made)((), (), frozenset()), found))
    code, _, err = cli("match-scores", "--random-seeds", "1", "--payments", "60")
    assert (code, "not as good as asked for seed 1" in err) == (1, True)
