"""A whole account number is told in the trail before it is shown, and only within the scope."""

import json

import pytest

from data_access import verification
from data_access.commands.refusals import NotFoundError
from data_access.commands.reveals import reveal_numbers
from data_access.queries.freshness import freshness
from data_access.scope import Scope
from data_access.verification import verify
from tests.conftest import NOW
from tests.data_access.verification.conftest import TODAY


def test_each_number_shown_is_one_event(run, rows, where, other):
    asked = [other["account_id"], where["account_id"], where["account_id"]]
    numbers = run(reveal_numbers, Scope.all_sites(), asked, "call sheet")
    assert numbers == {where["account_id"]: "A-100", other["account_id"]: "H-1"}
    events = [(e.actor, e.action, e.entity, e.entity_id, e.site_id) for e in rows("audit_log")]
    assert events == [
        ("ana", "reveal", "accounts", where["account_id"], where["site_id"]),
        ("ana", "reveal", "accounts", other["account_id"], other["site_id"]),
    ]
    # The trail says where it was shown, and not the number.
    assert [(json.loads(e.after), e.before) for e in rows("audit_log")] == [({"where": "call sheet"}, None)] * 2


def test_an_account_of_another_site_is_none(refuses, where, other, own):
    foreign = refuses(NotFoundError, reveal_numbers, own, [where["account_id"], other["account_id"]], "x")
    assert foreign == f"there is no account {other['account_id']}"
    assert refuses(NotFoundError, reveal_numbers, own, [999], "x") == "there is no account 999"


def test_without_the_trail_there_is_no_number(database, where, monkeypatch):
    """The event is written in the transaction that hands the number out: if it fails, nobody sees it."""

    def fails(*_):
        raise RuntimeError("disk full")

    monkeypatch.setattr("data_access.database.append", fails)
    with pytest.raises(RuntimeError):
        database.writing("ana", Scope.all_sites(), lambda w: reveal_numbers(w, w.scope, [where["account_id"]], "x"))


def test_the_data_is_no_newer_for_it(database, run, where):
    def changed_at():
        with database.reading(Scope.all_sites()) as connection:
            return freshness(connection, Scope.all_sites()).changed_at

    run(reveal_numbers, Scope.all_sites(), [where["account_id"]], "x")
    assert changed_at() is None
    run(lambda w: w.record("fill", "sites", where["site_id"]))
    assert changed_at() == NOW


def test_the_ledger_still_verifies(database, run, where, monkeypatch):
    monkeypatch.setattr(verification, "totals_agree", lambda *_: ())
    run(reveal_numbers, Scope.all_sites(), [where["account_id"]], "x")
    assert verify(database, TODAY).ok
