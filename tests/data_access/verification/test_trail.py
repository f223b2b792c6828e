"""I1 to I6 on imports, A1 and A2 on the audit trail: break each, and the check names it."""

import pytest
from sqlalchemy import text

from data_access.scope import Scope
from data_access.verification import verify
from tests import factories as make
from tests.data_access.verification.conftest import TODAY, unguarded


def events(database):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(text("SELECT seq, entity, entity_id, action FROM audit_log ORDER BY seq")).all()


# Imports


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_i1_a_key_held_twice_postgresql(database, busy, breaks, found):
    breaks(
        "ALTER TABLE charges DROP CONSTRAINT uq_charges_account_id_source_import_key",
        "UPDATE charges SET import_key = 'id:77' WHERE line = '2'",
    )
    assert found()["I1"] == [f"charges: 2 rows of account {busy['account']} share the key id:77 of telco"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_i1_a_key_held_twice_sqlite(database, busy, found):
    unique = "CONSTRAINT uq_charges_account_id_source_import_key UNIQUE (account_id, source, import_key),"
    with unguarded(database) as execute:
        (made,) = execute("SELECT sql FROM sqlite_master WHERE name = 'charges'").fetchone()
        assert unique in made
        execute(made.replace(unique, "").replace("CREATE TABLE charges", "CREATE TABLE lax"))
        execute("INSERT INTO lax SELECT * FROM charges")
        execute("DROP TABLE charges")
        execute("ALTER TABLE lax RENAME TO charges")
        execute("UPDATE charges SET import_key = 'id:77' WHERE line = '2'")
    assert found()["I1"] == [f"charges: 2 rows of account {busy['account']} share the key id:77 of telco"]


def test_i1_a_key_without_a_source(busy, breaks, found):
    breaks("UPDATE charges SET source = NULL WHERE line = '3'")
    assert found()["I1"] == ["charges 4: an import key without a source"]


@pytest.mark.parametrize(("line", "left"), [("1", []), ("0", ["[2]"])])
def test_i2_twins_are_numbered_without_a_gap(busy, breaks, found, line, left):
    """Without the second the first stands alone, which is sound; without the first the second is a gap."""
    breaks(f"DELETE FROM charges WHERE line = '{line}'")
    gaps = [
        f"charges: account {busy['account']}, telco: occurrences {numbers} of row:{'b' * 16}... have a gap"
        for numbers in left
    ]
    assert found().get("I2", []) == gaps


def test_i2_a_key_that_is_none(breaks, found):
    keys = ["row:x#2", "row:" + "b" * 64 + "#two", "77", ""]
    breaks(*(f"UPDATE charges SET import_key = '{key}' WHERE line = '{n}'" for n, key in enumerate(keys)))
    assert sorted(found()["I2"]) == [f"charges {n}: {key!r} is not an import key" for n, key in enumerate(keys, 1)]


def test_i3_counts_that_do_not_add_up(busy, breaks, unchecked, found):
    unchecked("import_batches", "ck_import_batches_counts")
    breaks("UPDATE import_batches SET rows_read = 6")
    assert found()["I3"] == [f"import {busy['batch']}: 6 read is not 4 + 0 + 1"]


def test_i3_a_reject_that_is_gone_or_has_no_reason(busy, breaks, found):
    breaks("UPDATE import_rejects SET reason = ''")
    assert found()["I3"] == ["rejected row 1: no reason or no line"]
    breaks("DELETE FROM import_rejects")
    assert found()["I3"] == [f"import {busy['batch']}: 1 rejected, 0 kept with a line"]


def test_i4_a_batch_that_lost_a_row(busy, breaks, found):
    breaks("DELETE FROM charges WHERE line = '2'")
    assert found()["I4"] == [f"import {busy['batch']}: says 4 charges were added, 3 are there"]


def test_i6_a_file_without_its_hash(busy, breaks, found):
    breaks("UPDATE import_batches SET sha256 = 'none'")
    assert found()["I6"] == [f"import {busy['batch']}: no SHA-256 of its file"]


# The audit trail


def test_a1_an_import_that_the_trail_does_not_tell_of(busy, breaks, found):
    breaks("DELETE FROM audit_log WHERE entity = 'import_batches'")
    assert found()["A1"] == [f"import {busy['batch']}: 0 audit events instead of one"]


def test_a1_an_import_that_the_trail_tells_otherwise(busy, breaks, unchecked, found):
    unchecked("import_batches", "ck_import_batches_counts")
    breaks(f"UPDATE import_batches SET sha256 = '{'d' * 64}'")
    assert found()["A1"] == [f"import {busy['batch']}: its audit event tells of another file or count"]


def test_a1_rows_that_are_gone(database, busy, breaks, found):
    gone = {"payments": "spare", "calls": "call", "disputes": "dispute"}
    named = {(table, busy[name]) for table, name in gone.items()}
    told = [(e.entity, e.entity_id, e.seq) for e in events(database) if (e.entity, e.entity_id) in named]
    breaks(*(f"DELETE FROM {table} WHERE id = {{{name}}}" for table, name in gone.items()))
    assert len(told) == 4
    assert sorted(found()["A1"]) == sorted(f"audit event {seq}: {table} {row} is gone" for table, row, seq in told)


def test_a2_an_edited_event(breaks, found):
    breaks("UPDATE audit_log SET actor = 'eve' WHERE seq = 3")
    assert found() == {"A2": ["audit event 3 was altered: its hash does not match its content"]}


def test_a2_a_deleted_event(breaks, found):
    breaks("DELETE FROM audit_log WHERE seq = 4")
    assert found()["A2"] == ["audit event 4 is missing (next found: 5)"]


def test_a2_two_swapped_events(breaks, found):
    breaks(
        "UPDATE audit_log SET seq = 1000 WHERE seq = 2",
        "UPDATE audit_log SET seq = 2 WHERE seq = 3",
        "UPDATE audit_log SET seq = 3 WHERE seq = 1000",
    )
    findings = found()["A2"]
    assert "audit event 2 does not follow from the one before it" in findings
    assert "audit event 3 was altered: its hash does not match its content" in findings


def test_a2_damage_does_not_stop_the_look_at_the_rest(database, breaks, found):
    """Text that is no JSON, and on SQLite a moment that is none: named, and no traceback."""
    breaks("UPDATE audit_log SET after = '{{not json' WHERE seq = 3")
    damaged = {3}
    if database.dialect == "sqlite":
        breaks("UPDATE audit_log SET at = 'yesterday' WHERE seq = 5")
        damaged.add(5)
    findings = found()
    assert findings["A2"] == [
        f"audit event {n} was altered: its hash does not match its content" for n in sorted(damaged)
    ]


def test_rows_of_another_program_are_a_note_and_no_finding(database, busy, found):
    make.payment(database, {"account_id": busy["account"], "site_id": busy["site"]}, TODAY, 100)
    assert found() == {}
    outcome = verify(database, TODAY)
    assert outcome.ok
    # The refund of the busy ledger was another program's, too.
    assert outcome.notes == ("2 payments were written by another program: they carry no audit event",)
