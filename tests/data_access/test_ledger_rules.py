"""L1 to L6 are held by the database, whoever writes: every statement here is another program's plain SQL."""

import threading
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from data_access.scope import Scope
from tests import factories as make

JAN, FEB = date(2026, 1, 5), date(2026, 2, 5)


@pytest.fixture
def where(database):
    return make.office(database)


@pytest.fixture
def paid(database, where):
    """A bill of 100.00, a payment of 80.00, 50.00 of it applied."""
    bill = make.invoice(database, where, "J", JAN, FEB, 10000)
    payment = make.payment(database, where, FEB, 8000)
    applied = make.allocation(database, where, 5000, FEB, payment_id=payment, invoice_id=bill)
    return {"bill": bill, "payment": payment, "applied": applied}


def run(database, statement, **values):
    with database.writer.begin() as connection:
        return connection.execute(text(statement), values)


def one(database, statement):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(text(statement)).one()


def refused(database, statement, **values):
    with pytest.raises(DBAPIError) as caught:
        run(database, statement, **values)
    return str(caught.value.orig)


@pytest.mark.parametrize("amount", [0, -1])
def test_l1_amounts_are_positive(database, where, amount):
    with pytest.raises(IntegrityError):
        make.invoice(database, where, "J", JAN, FEB, amount)
    with pytest.raises(IntegrityError):
        make.payment(database, where, JAN, amount)


def test_l1_columns_keep_their_type(database, where):
    statement = "INSERT INTO charges (account_id, site_id, invoice_id, amount, issued_on) VALUES (:a, :s, 1, 'abc', '2026-01-05')"
    refused(database, statement, a=where["account_id"], s=where["site_id"])


def test_l1_dates_are_dates(database, where):
    statement = "INSERT INTO invoices (account_id, site_id, number, kind, issued_on, amount) VALUES (:a, :s, 'X', 'invoice', '{}', 1)"
    for wrong in ("05/31/26 noon", "2026-02-30", ""):
        refused(database, statement.format(wrong), a=where["account_id"], s=where["site_id"])


def test_l2_a_payment_is_never_overspent(database, where, paid):
    other = make.invoice(database, where, "K", JAN, FEB, 10000)
    with pytest.raises(IntegrityError, match="ck_payments_allocated"):
        make.allocation(database, where, 3001, FEB, payment_id=paid["payment"], invoice_id=other)
    make.allocation(database, where, 3000, FEB, payment_id=paid["payment"], invoice_id=other)
    assert one(database, "SELECT allocated FROM payments")[0] == 8000


def test_l2_an_invoice_is_never_overpaid(database, where, paid):
    second = make.payment(database, where, FEB, 9000)
    with pytest.raises(IntegrityError, match="ck_invoices_settled"):
        make.allocation(database, where, 5001, FEB, payment_id=second, invoice_id=paid["bill"])


def test_l3_counters_cannot_be_typed_in(database, where, paid):
    assert "counter" in refused(database, "UPDATE payments SET allocated = 0")
    assert "counter" in refused(database, "UPDATE invoices SET settled = amount")
    for table in ("invoices", "payments"):
        for change in ("applied_from = '2026-01-01'", "applied_until = NULL"):
            assert "the first and the last day" in refused(database, f"UPDATE {table} SET {change}")
    assert one(database, "SELECT settled FROM invoices")[0] == 5000
    with pytest.raises(IntegrityError):
        make.invoice(database, where, "Z", JAN, FEB, 100, settled=100)
    with pytest.raises(IntegrityError):
        make.payment(database, where, JAN, 100, allocated=100)
    with pytest.raises(IntegrityError):
        make.invoice(database, where, "Z", JAN, FEB, 100, applied_until=FEB)
    with pytest.raises(IntegrityError):
        make.payment(database, where, JAN, 100, applied_from=FEB)


def test_l3_a_bill_is_known_as_disputed_by_its_disputes_alone(database, where, paid):
    dispute = {**where, "amount": 100, "opened_on": FEB}
    other = make.invoice(database, where, "K", JAN, FEB, 10000)
    named = "SELECT sum(id) FROM invoices WHERE ever_disputed = 1"
    assert "a dispute names the bill" in refused(database, "UPDATE invoices SET ever_disputed = 1")
    with pytest.raises(IntegrityError, match="a dispute names the bill"):
        make.invoice(database, where, "Z", JAN, FEB, 100, ever_disputed=1)
    for _ in range(2):  # a second dispute of a bill changes nothing
        opened = make.add(database, "disputes", **dispute, invoice_id=paid["bill"])
        assert one(database, named)[0] == paid["bill"]
    for change in ("ever_disputed = 0", "ever_disputed = 2"):
        assert "a dispute names the bill" in refused(database, f"UPDATE invoices SET {change}")
    run(database, "UPDATE disputes SET invoice_id = :other WHERE id = :opened", other=other, opened=opened)
    assert one(database, named)[0] == paid["bill"] + other


def test_l5_an_allocation_stays_in_its_account(database, where, paid):
    other = where | {"account_id": make.account(database, where["site_id"], make.vendor(database, "Halden"), "H")}
    foreign = make.invoice(database, other, "F", JAN, FEB, 10000)
    for ends in ({"payment_id": paid["payment"], "invoice_id": foreign},):
        for side in (where, other):
            with pytest.raises(IntegrityError):
                make.allocation(database, side, 100, FEB, **ends)


def test_l5_an_allocation_joins_a_payment_and_an_invoice_in_time(database, where, paid):
    note = make.invoice(database, where, "C", JAN, None, 500, kind="credit_note")
    late = make.invoice(database, where, "L", date(2026, 3, 1), None, 500)
    for ends, day in (
        ({"payment_id": paid["payment"], "invoice_id": note}, FEB),
        ({"credit_note_id": paid["bill"], "invoice_id": paid["bill"]}, FEB),
        ({"payment_id": paid["payment"], "invoice_id": late}, FEB),
        ({"payment_id": paid["payment"], "invoice_id": paid["bill"]}, JAN),
        ({"payment_id": paid["payment"]}, FEB),
        ({"invoice_id": paid["bill"]}, FEB),
        ({"payment_id": paid["payment"], "credit_note_id": note, "invoice_id": paid["bill"]}, FEB),
    ):
        with pytest.raises(IntegrityError):
            make.allocation(database, where, 100, day, **ends)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoices SET amount = 1",
        "UPDATE invoices SET due_on = '2026-12-31'",
        "UPDATE invoices SET number = 'other'",
        "UPDATE payments SET amount = 9000",
        "UPDATE payments SET paid_on = '2026-01-01'",
        "UPDATE payments SET confirmation_number = 'CHANGED' WHERE confirmation_number <> ''",
        "UPDATE payments SET status = 'pending'",
        "UPDATE payments SET status = 'returned', reversed_on = '2026-03-01'",
        "UPDATE payments SET kind = 'refund'",
        "UPDATE allocations SET amount = 1",
        "UPDATE allocations SET applied_on = '2026-03-01'",
        "UPDATE invoices SET site_id = site_id + 1",
        "DELETE FROM allocations",
        "DELETE FROM payments",
        "DELETE FROM invoices",
    ],
)
def test_l6_nothing_posted_is_edited_or_deleted(database, where, paid, statement):
    make.payment(database, where, FEB, 1, confirmation_number="C-1")
    before = one(database, "SELECT count(*), sum(amount), sum(settled) FROM invoices")
    refused(database, statement)
    assert one(database, "SELECT count(*), sum(amount), sum(settled) FROM invoices") == before


@pytest.mark.parametrize("table", ["charges", "calls", "audit_log", "import_batches", "import_rejects"])
def test_l6_the_rest_of_the_trail_is_append_only(database, where, paid, table):
    line = {"account_id": where["account_id"], "site_id": where["site_id"]}
    batch = {"kind": "x", "source": "s", "file_name": "f", "sha256": "0", "rows_read": 1, "added": 0, "duplicate": 0}
    run(
        database,
        "INSERT INTO import_batches (id, kind, source, file_name, sha256, rows_read, added, duplicate, rejected, actor, "
        "imported_at) VALUES (7, :kind, :source, :file_name, :sha256, :rows_read, :added, :duplicate, 1, 'me', '2026-01-05 00:00:00')",
        **batch,
    )
    run(database, "INSERT INTO import_rejects (id, batch_id, line, reason) VALUES (1, 7, 2, 'why')")
    run(
        database,
        "INSERT INTO calls (id, account_id, site_id, started_at) VALUES (1, :account_id, :site_id, '2026-01-05 10:00:00')",
        **line,
    )
    run(
        database,
        "INSERT INTO charges (id, account_id, site_id, invoice_id, amount, issued_on) "
        "VALUES (1, :account_id, :site_id, :bill, 1, '2026-01-05')",
        **line,
        bill=paid["bill"],
    )
    database.writing("me", Scope.all_sites(), lambda w: w.record("look", "sites"))
    change = {
        "charges": "amount = 2",
        "calls": "agent = 'other'",
        "audit_log": "actor = 'other'",
        "import_batches": "source = 'other'",
        "import_rejects": "reason = 'other'",
    }
    assert "append-only" in refused(database, f"UPDATE {table} SET {change[table]}")
    refused(database, f"DELETE FROM {table}")


def test_l6_replace_and_truncate_are_refused(database, where, paid):
    if database.dialect == "postgresql":
        for table in ("allocations", "payments CASCADE", "audit_log", "invoices CASCADE"):
            refused(database, f"TRUNCATE {table}")
        return
    with database.writer.begin() as connection:
        # Another program's connection: none of our pragmas.
        connection.exec_driver_sql("PRAGMA recursive_triggers = OFF")
    for statement in (
        "INSERT OR REPLACE INTO invoices (id, account_id, site_id, number, kind, issued_on, amount) "
        "SELECT id, account_id, site_id, number, kind, issued_on, 1 FROM invoices",
        "INSERT OR REPLACE INTO invoices (account_id, site_id, number, kind, issued_on, amount) "
        "SELECT account_id, site_id, number, kind, issued_on, 1 FROM invoices",
        "REPLACE INTO payments (id, account_id, site_id, paid_on, amount, status) "
        "SELECT id, account_id, site_id, paid_on, 1, status FROM payments",
        "UPDATE OR REPLACE invoices SET amount = 1",
    ):
        refused(database, statement)
    assert one(database, "SELECT count(*), sum(amount) FROM invoices") == (1, 10000)


def test_l6_a_return_is_a_row_that_names_what_it_reverses(database, where, paid):
    reversal = {"kind": "reversal", "reverses_id": paid["payment"], "posted_on": None}
    with pytest.raises(IntegrityError, match="nothing applied any more"):
        make.payment(database, where, date(2026, 2, 9), 8000, **reversal)
    make.allocation(
        database,
        where,
        5000,
        date(2026, 2, 9),
        payment_id=paid["payment"],
        invoice_id=paid["bill"],
        reverses_id=paid["applied"],
    )
    with pytest.raises(IntegrityError, match="same amount"):
        make.payment(database, where, date(2026, 2, 9), 7999, **reversal)
    with pytest.raises(IntegrityError, match="before its last allocation"):
        make.payment(database, where, date(2026, 2, 8), 8000, **reversal)
    make.payment(database, where, date(2026, 2, 9), 8000, **reversal)
    row = one(database, "SELECT status, allocated FROM payments WHERE kind = 'payment'")
    assert tuple(row) == ("returned", 0)
    assert one(database, "SELECT settled FROM invoices")[0] == 0
    with pytest.raises(IntegrityError):
        make.allocation(database, where, 1, date(2026, 3, 1), payment_id=paid["payment"], invoice_id=paid["bill"])
    with pytest.raises(IntegrityError):
        make.payment(database, where, date(2026, 2, 10), 8000, **reversal)


def test_l6_a_reversing_allocation_repeats_the_one_it_names_once(database, where, paid):
    back = {"payment_id": paid["payment"], "invoice_id": paid["bill"], "reverses_id": paid["applied"]}
    for amount, day in ((4999, FEB), (5000, JAN)):
        with pytest.raises(IntegrityError):
            make.allocation(database, where, amount, day, **back)
    make.allocation(database, where, 5000, FEB, **back)
    with pytest.raises(IntegrityError):
        make.allocation(database, where, 5000, FEB, **back)


def test_a_pending_payment_posts_once_and_takes_a_late_confirmation_number(database, where):
    payment = make.payment(database, where, JAN, 100, status="pending", posted_on=None)
    refused(database, "UPDATE payments SET status = 'posted', posted_on = '2026-01-04'")
    run(database, "UPDATE payments SET status = 'posted', posted_on = '2026-01-07'")
    refused(database, "UPDATE payments SET posted_on = '2026-01-08'")
    run(database, "UPDATE payments SET confirmation_number = 'C-9' WHERE id = :id", id=payment)
    refused(database, "UPDATE payments SET confirmation_number = 'C-10' WHERE id = :id", id=payment)


def test_an_account_moves_house_with_its_rows_and_keeps_its_currency(database, where, paid):
    new_home = make.site(database, "BR")
    run(database, "UPDATE accounts SET site_id = :s", s=new_home)
    for table in ("invoices", "payments", "allocations"):
        assert one(database, f"SELECT min(site_id), max(site_id) FROM {table}") == (new_home, new_home)
    assert "currency" in refused(database, "UPDATE accounts SET currency = 'EUR'")


def test_overspend_race_by_raw_sql(database, where):
    """4 writers x 200 allocations of 1.00 from a payment of 300.00: exactly 300 fit."""
    payment = make.payment(database, where, JAN, 30000)
    bills = [make.invoice(database, where, f"B{n}", JAN, FEB, 100000) for n in range(4)]
    landed, refusals, surprises = [0] * 4, [0] * 4, []

    def write(n):
        for _ in range(200):
            try:
                make.allocation(database, where, 100, FEB, payment_id=payment, invoice_id=bills[n])
                landed[n] += 1
            except IntegrityError as error:
                refusals[n] += 1
                if "ck_payments_allocated" not in str(error.orig):
                    surprises.append(error)
            except DBAPIError as error:
                surprises.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert surprises == []
    assert (sum(landed), sum(refusals)) == (300, 500)
    assert one(database, "SELECT allocated FROM payments")[0] == 30000
    assert one(database, "SELECT sum(amount) FROM allocations")[0] == 30000
