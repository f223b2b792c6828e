"""With its head kept elsewhere no change to the trail goes unseen: 1,000 of 1,000, by five ways to forge it.

Each change is made behind the guards in a transaction that is rolled back, so that the next one finds the trail as it was.
"""

from collections import Counter
from datetime import date
from random import Random

import pytest
from sqlalchemy import text

from data_access import verification
from data_access.audit import head
from data_access.commands.payments import PaymentDraft, record_payment
from data_access.confinement import confine
from data_access.scope import Scope
from data_access.verification import verify
from data_access.verification.trail import anchors_hold, chain_holds, event_of
from domain.audit import GENESIS
from tests.data_access.verification.conftest import TODAY

ALL = Scope.all_sites()
FIELDS = ("seq", "at", "actor", "action", "entity", "entity_id", "site_id", "before", "after", "prev_hash", "hash")
COLUMNS = ", ".join(FIELDS)


@pytest.fixture
def trail(database, busy):
    """Some thirty real events, of every kind; the head of all of them."""
    place = {"account_id": busy["account"]}
    for n in range(15):
        draft = PaymentDraft(
            **place, paid_on=date(2026, 6, 1), amount=100 + n, method="card", note=f"part {n}", apply="none"
        )
        database.writing("ben", ALL, lambda w, draft=draft: record_payment(w, ALL, draft))
    with database.reading(ALL) as connection:
        return head(connection)


def lift_guards(connection):
    """Inside this transaction the trail can be changed, as somebody with the keys to the server can."""
    if connection.dialect.name == "sqlite":
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'")
        )
        for name in names.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("RESET ROLE"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def events(connection):
    return [dict(row._mapping) for row in connection.execute(text(f"SELECT {COLUMNS} FROM audit_log ORDER BY seq"))]


def put(connection, row):
    sets = ", ".join(f"{name} = :{name}" for name in FIELDS if name != "seq")
    connection.execute(text(f"UPDATE audit_log SET {sets} WHERE seq = :seq"), row)


def other(rng, row):
    """The same event with one thing changed."""
    name = rng.choice(["actor", "action", "entity", "entity_id", "site_id", "before", "after", "at"])
    changed = {
        "entity_id": (row["entity_id"] or 0) + 1,
        "site_id": (row["site_id"] or 0) + 1,
        "at": "2026-01-02 03:04:05.000006",
    }
    told = {"before": '{"amount": 1}', "after": '{"amount": 999999}'}
    return row | {name: ({"actor": "eve", "action": "void", "entity": "calls"} | changed | told)[name]}


def edit(rng, connection):
    put(connection, other(rng, rng.choice(events(connection))))


def delete(rng, connection):
    connection.execute(text("DELETE FROM audit_log WHERE seq = :seq"), {"seq": rng.choice(events(connection))["seq"]})


def swap(rng, connection):
    """Two events change places, with all that is theirs but their numbers; or with their hashes staying where they were."""
    first, second = rng.sample(events(connection), 2)
    kept = ("seq", "prev_hash", "hash") if rng.random() < 0.5 else ("seq",)
    # A hash is unique: out of the way first.
    put(connection, first | {"hash": "0" * 63 + "1"})
    put(connection, second | {name: first[name] for name in FIELDS if name not in kept})
    put(connection, first | {name: second[name] for name in FIELDS if name not in kept})


def truncate(rng, connection):
    """The last events are gone, and in half of the cases others stand in their place, well chained."""
    rows = events(connection)
    first = rng.randint(1, len(rows))
    connection.execute(text("DELETE FROM audit_log WHERE seq >= :first"), {"first": first})
    if rng.random() < 0.5:
        insert_chained(connection, rows[: first - 1], [other(rng, row) for row in rows[first - 1 :]])


def rewrite(rng, connection):
    """One event is changed and every hash from it on computed anew: the chain agrees with itself."""
    rows = events(connection)
    at = rng.randrange(len(rows))
    connection.execute(text("DELETE FROM audit_log WHERE seq > :seq"), {"seq": at})
    insert_chained(connection, rows[:at], [other(rng, rows[at]), *rows[at + 1 :]])


def insert_chained(connection, before, rows):
    prev_hash = before[-1]["hash"] if before else GENESIS
    values = ", ".join(f":{name}" for name in FIELDS)
    for values_of_row in rows:
        row = values_of_row | {"prev_hash": prev_hash}
        prev_hash = row["hash"] = event_of(Row(row)).hash_after(prev_hash)
        connection.execute(text(f"INSERT INTO audit_log ({COLUMNS}) VALUES ({values})"), row)


class Row:
    """A row as a query gives it."""

    def __init__(self, values):
        self.__dict__.update(values)


FORGERIES = [edit, delete, swap, truncate, rewrite]


def forged(database, forge, rng, anchors):
    """(what the chain alone finds, what the anchors find) after one forgery; it is undone."""
    with database.writer.connect() as connection, connection.begin() as transaction:
        confine(connection, ALL)
        if database.dialect == "postgresql":
            lift_guards(connection)
        forge(rng, connection)
        confine(connection, ALL)
        told = list(chain_holds(connection)), list(anchors_hold(connection, anchors))
        transaction.rollback()
    return told


@pytest.mark.slow
def test_a_thousand_of_a_thousand_forgeries_are_found(database, trail):
    """All of them on SQLite; on PostgreSQL every tenth, as each costs more there."""
    if database.dialect == "sqlite":
        with database.writer.begin() as connection:
            lift_guards(connection)
    rng = Random(41)
    times = 200 if database.dialect == "sqlite" else 20
    found, by_chain = Counter(), Counter()
    for _ in range(times):
        for forge in FORGERIES:
            alone, by_anchor = forged(database, forge, rng, [trail])
            found[forge.__name__] += bool(alone or by_anchor)
            by_chain[forge.__name__] += bool(alone)
            assert all(finding.startswith("audit event") for finding in alone + by_anchor)
    assert dict(found) == {forge.__name__: times for forge in FORGERIES}
    # What the chain cannot tell by itself: that it ends too early, and that it was made anew.
    assert by_chain["rewrite"] == by_chain["truncate"] == 0
    assert by_chain["edit"] == by_chain["swap"] == times
    with database.reading(ALL) as connection:
        assert [*chain_holds(connection), *anchors_hold(connection, [trail])] == []


def test_verify_takes_anchors_and_says_which_event(database, trail, monkeypatch):
    monkeypatch.setattr(verification, "totals_agree", lambda *_: ())  # it has tests of its own
    assert [r.id for r in verify(database, TODAY).results if r.id.startswith("A")] == ["A1", "A2"]
    sound = verify(database, TODAY, [trail])
    assert [(r.id, r.findings) for r in sound.results if r.id == "A3"] == [("A3", ())]
    assert sound.ok
    # Events after the anchor belong to an honest trail.
    database.writing("ben", ALL, lambda w: w.record("seed", "import_batches"))
    assert verify(database, TODAY, [trail]).ok
    with database.writer.begin() as connection:
        confine(connection, ALL)
        lift_guards(connection)
        rewrite(Random(5), connection)
    outcome = verify(database, TODAY, [trail])
    (finding,) = next(r.findings for r in outcome.results if r.id == "A3")
    assert f"audit event {trail.seq} is not the one that was anchored" in finding
    assert f"one of the events 1 to {trail.seq} was rewritten" in finding
    assert not next(r.findings for r in outcome.results if r.id == "A2")
