"""A denial is told once a sign-in, and says nothing of what was behind it."""

from dataclasses import replace

import pytest

from data_access.commands.denials import Denial, deny, is_hidden
from data_access.scope import Scope
from data_access.verification import verify
from tests import factories as make
from tests.conftest import NOW

VERA = Denial("vera@example.org", "page import", "role viewer", None, "session 1")


def test_a_denial_says_who_what_and_why(database, rows):
    deny(database, replace(VERA, session=""))
    (event,) = rows("audit_log")
    assert (event.actor, event.action, event.entity, event.site_id, event.before) == (
        ("vera@example.org", "deny", "users", None, None)
    )
    assert event.after == '{"what": "page import", "why": "role viewer"}'
    assert verify(database, NOW.date()).ok


def test_the_same_denial_is_told_once_a_sign_in(database, rows):
    user_id = make.add(database, "users", email="vera@example.org", role="viewer")
    for denial in (
        VERA,
        VERA,
        replace(VERA, user_id=user_id),
        replace(VERA, user_id=user_id),
        replace(VERA, what="page admin"),
        replace(VERA, session="session 2"),
        VERA,
    ):
        deny(database, denial)
    assert len(rows("audit_log")) == 4


def test_without_a_sign_in_each_denial_is_told(database, rows):
    for _ in range(2):
        deny(database, replace(VERA, session=""))
    assert len(rows("audit_log")) == 2


@pytest.mark.parametrize("kind", ["account", "bill", "payment", "call"])
def test_hidden_is_what_is_there_and_outside(database, where, other, own, kind):
    def record(place):
        if kind == "account":
            return place["account_id"]
        if kind == "bill":
            return make.invoice(database, place, "N", NOW.date(), NOW.date(), 1)
        if kind == "payment":
            return make.payment(database, place, NOW.date(), 1)
        return make.add(database, "calls", **place, started_at=NOW)

    mine, theirs = record(where), record(other["place"])
    assert is_hidden(database, own, kind, theirs) is True
    assert is_hidden(database, own, kind, mine) is False
    assert is_hidden(database, own, kind, theirs + 99) is False
    assert is_hidden(database, Scope.all_sites(), kind, theirs) is False
    assert is_hidden(database, Scope.of([]), kind, mine) is True
