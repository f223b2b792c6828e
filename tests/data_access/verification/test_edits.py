"""L6: nothing posted was edited or deleted, corrections match, and the guards stand as they were made."""

import pytest
from sqlalchemy import text

from data_access.scope import Scope
from tests.data_access.verification.conftest import unguarded


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("UPDATE payments SET amount = 4001 WHERE id = {reversal}", "returned"),
        ("UPDATE payments SET paid_on = '2026-03-10' WHERE id = {reversal}", "returned"),
        ("DELETE FROM payments WHERE id = {reversal}", "returned"),
        ("UPDATE payments SET status = 'posted', reversed_on = NULL WHERE id = {returned}", "posted"),
    ],
)
def test_a_returned_payment_has_its_reversal(busy, breaks, found, statement, status):
    breaks(statement)
    assert f"payment {busy['returned']}: status {status} does not agree with its reversal" in found()["L6"]


@pytest.mark.parametrize("change", ["invoice_id = {jan}", "applied_on = '2026-02-28'", "amount = 3999"])
def test_corrections_repeat_what_they_reverse(busy, breaks, found, change):
    breaks(
        f"UPDATE allocations SET {change} WHERE reverses_id IS NOT NULL",
        "UPDATE invoices SET amount = 2600 WHERE id = {wrong}",
    )
    findings = found()["L6"]
    assert sum("does not repeat the one that it reverses" in finding for finding in findings) == 1
    assert f"credit note {busy['cancels']}: it does not repeat the invoice that it reverses" in findings


def event_of(database, entity, entity_id, action):
    with database.reading(Scope.all_sites()) as connection:
        return connection.scalar(
            text("SELECT seq FROM audit_log WHERE entity = :entity AND entity_id = :id AND action = :action"),
            {"entity": entity, "id": entity_id, "action": action},
        )


def test_an_edited_row_no_longer_says_what_the_trail_heard(database, busy, breaks, found):
    breaks(
        "UPDATE payments SET amount = 9100, paid_on = '2026-02-09', confirmation_number = 'C-2', method = 'cash' "
        "WHERE id = {paid}",
        "UPDATE calls SET notes = 'paid', started_at = '2026-05-06 15:00:01'",
        "UPDATE disputes SET amount = 90",
    )
    paid = event_of(database, "payments", busy["paid"], "record")
    call = event_of(database, "calls", busy["call"], "log")
    dispute = event_of(database, "disputes", busy["dispute"], "open")
    (started, *findings) = sorted(found()["L6"], key=lambda finding: "started_at" not in finding)
    assert started.startswith(f"calls {busy['call']}: started_at is '2026-05-06")
    assert findings == [
        f"payments {busy['paid']}: amount is 9100, audit event {paid} says 9000",
        f"payments {busy['paid']}: confirmation_number is 'C-2', audit event {paid} says 'C-1'",
        f"payments {busy['paid']}: method is 'cash', audit event {paid} says 'card'",
        f"payments {busy['paid']}: paid_on is '2026-02-09', audit event {paid} says '2026-02-10'",
        f"calls {busy['call']}: notes is 'paid', audit event {call} says 'asked'",
        f"disputes {busy['dispute']}: amount is 90, audit event {dispute} says 900",
    ]


def test_a_finding_does_not_repeat_a_card_number(busy, breaks, found):
    breaks("UPDATE calls SET notes = 'card 4111 1111 1111 1111'")
    (finding,) = found()["L6"]
    assert "notes is 'card [card number ending in 11]'" in finding


def test_what_the_rules_let_change_is_no_edit(database, busy, found):
    """A late confirmation number; a call in another zone's words; a closed dispute; a posted payment."""
    with database.writer.begin() as connection:
        connection.execute(
            text("UPDATE payments SET confirmation_number = 'P-9' WHERE id = :id"), {"id": busy["by_phone"]}
        )
    assert found() == {}


def test_an_allocation_that_vanished_with_its_counters_is_missed_by_the_trail(database, busy, breaks, found):
    breaks(
        "DELETE FROM allocations WHERE id = {credited}",
        "UPDATE invoices SET settled = 0, "
        "applied_from = (SELECT min(applied_on) FROM allocations WHERE invoices.id IN (invoice_id, credit_note_id)), "
        "applied_until = (SELECT max(applied_on) FROM allocations WHERE invoices.id IN (invoice_id, credit_note_id)) "
        "WHERE id IN ({feb}, {credit})",
    )
    findings = found()
    assert set(findings) == {"D1", "L6"}
    assert f"credit_note_id {busy['credit']}, invoice_id {busy['feb']}, amount 400" in findings["L6"][0]


def test_a_missing_trigger_is_named(database, found):
    table = "payments" if database.dialect == "postgresql" else None
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER payments_insert" + (f" ON {table}" if table else ""))
    assert [finding.split(";")[0] for finding in found()["L6"]] == [
        "the trigger payments_insert is missing" + (" or switched off" if table else "")
    ]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_disarmed_trigger_is_named_on_sqlite(database, found):
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER payments_insert")
        connection.exec_driver_sql("CREATE TRIGGER payments_insert BEFORE INSERT ON payments BEGIN SELECT 1; END")
    assert [finding.split(";")[0] for finding in found()["L6"]] == ["the trigger payments_insert was altered"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_removed_check_is_named_on_sqlite(database, found):
    with unguarded(database) as execute:
        execute(
            "UPDATE sqlite_master SET sql = replace(sql, "
            "'CONSTRAINT ck_payments_allocated CHECK (allocated BETWEEN 0 AND amount),', '') WHERE name = 'payments'"
        )
    assert [finding.split(";")[0] for finding in found()["L6"]] == [
        "the constraint ck_payments_allocated is missing or was never checked"
    ]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_guards_that_were_weakened_are_named_on_postgresql(database, found):
    with database.writer.begin() as connection:
        for statement in (
            "ALTER TABLE invoices DISABLE TRIGGER invoices_update",
            "ALTER TABLE payments ENABLE REPLICA TRIGGER payments_update",
            "CREATE OR REPLACE FUNCTION duewatch_allocations_insert() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NEW; END'",
            "CREATE OR REPLACE TRIGGER payments_insert BEFORE INSERT ON payments FOR EACH ROW WHEN (false) "
            "EXECUTE FUNCTION duewatch_payments_insert()",
            "ALTER TABLE payments DROP CONSTRAINT ck_payments_allocated",
            "ALTER TABLE payments DROP CONSTRAINT ck_payments_amount, "
            "ADD CONSTRAINT ck_payments_amount CHECK (amount > 0) NOT VALID",
            "ALTER TABLE charges DISABLE TRIGGER ALL",
        ):
            connection.exec_driver_sql(statement)
    assert sorted(finding.split(";")[0] for finding in found()["L6"]) == [
        "references of charges are not enforced: ALTER TABLE charges ENABLE TRIGGER ALL",
        "the constraint ck_payments_allocated is missing or was never checked",
        "the constraint ck_payments_amount is missing or was never checked",
        "the trigger charges_alert_marks is missing or switched off",
        "the trigger charges_frozen is missing or switched off",
        "the trigger charges_kept is missing or switched off",
        "the trigger charges_no_truncate is missing or switched off",
        "the trigger function duewatch_allocations_insert was altered",
        "the trigger invoices_update is missing or switched off",
        "the trigger payments_insert was altered",
        "the trigger payments_update is missing or switched off",
    ]
