"""Rows that the alert rules look at, written one after the other."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from data_access.confinement import confine
from data_access.schema import accounts, bank_statements, disputes, metadata, notices, payments, services, sites
from data_access.scope import Scope
from tests import factories as make

ALL = Scope.all_sites()


def rows_of(database, table):
    """All of them, in order."""
    with database.reading(ALL) as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def changed(database, table, of_id, **values):
    """One of them is written anew."""
    with database.writer.begin() as connection:
        confine(connection, ALL)
        assert connection.execute(update(table).where(table.c.id == of_id).values(**values)).rowcount == 1


def writes(database, day):
    """(what, the account it is about, how): each leaves a mark of its own, and tells something as of `day`."""
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    shown = rows_of(database, metadata.tables["bank_lines"])[0]
    currency = next(row.currency for row in rows_of(database, bank_statements) if row.id == shown.statement_id)
    first = next(row for row in rows_of(database, accounts) if row.currency == currency)
    where = {"account_id": first.id, "site_id": first.site_id}
    bill = make.invoice(database, where, "KEPT-1", day - timedelta(days=70), day - timedelta(days=40), 900_00)
    yield "a bill", first.id, lambda: None
    by = {"decided_by": "operator", "decided_at": now}
    said = {"recorded_by": "operator", "recorded_at": now}
    line = {"invoice_id": bill, "issued_on": day - timedelta(days=70)}
    yield "a line", first.id, lambda: make.add(database, "charges", **where, **line, amount=100_00)
    paid = make.payment(database, where, day - timedelta(days=20), 300_00, status="pending", posted_on=None)
    yield "a payment", first.id, lambda: None
    use = {"amount": 300_00, "on": day - timedelta(days=20), "payment_id": paid, "invoice_id": bill}
    yield "an allocation", first.id, lambda: make.allocation(database, where, **use)
    yield "a number", first.id, lambda: changed(database, payments, paid, confirmation_number="K1")
    posted = {"status": "posted", "posted_on": day - timedelta(days=18)}
    yield "a posting", first.id, lambda: changed(database, payments, paid, **posted)
    yield (
        "a match",
        first.id,
        lambda: make.add(database, "matches", **where, payment_id=paid, bank_line_id=shown.id, amount=1, **by),
    )
    told = {"kind": "suspension", "dated": day - timedelta(days=3), "acts_on": day + timedelta(days=2)}
    yield "a notice", first.id, lambda: make.add(database, "notices", **where, **told, amount=500_00)
    notice = max(row.id for row in rows_of(database, notices))
    yield "a withdrawal", first.id, lambda: changed(database, notices, notice, withdrawn_on=day)
    rung = {"started_at": now - timedelta(days=9), "number": "+18005550199", "promised_on": day - timedelta(days=4)}
    yield "a call", first.id, lambda: make.add(database, "calls", **where, **rung)
    held = {"invoice_id": bill, "amount": 200_00, "opened_on": day - timedelta(days=50)}
    yield "a dispute", first.id, lambda: make.add(database, "disputes", **where, **held)
    dispute = max(row.id for row in rows_of(database, disputes))
    reply = {"dispute_id": dispute, "kind": "reply", "dated": day, "answer": "refused"}
    yield "a reply", first.id, lambda: make.add(database, "dispute_events", **where, **reply, **said)
    over = {"closed_on": day, "outcome": "refused"}
    yield "an outcome", first.id, lambda: changed(database, disputes, dispute, **over)
    ends = {"identifier": "K-1", "contract_ends_on": day + timedelta(days=30)}
    yield "a line that is rented", first.id, lambda: make.add(database, "services", **where, **ends)
    rented = max(row.id for row in rows_of(database, services))
    yield "its end", first.id, lambda: changed(database, services, rented, ended_on=day)
    yield (
        "autopay",
        first.id,
        lambda: changed(database, accounts, first.id, autopay_method="card", autopay_expires_on=day),
    )
    yield "a country", first.id, lambda: changed(database, sites, first.site_id, country="DE")
    back = make.payment(database, where, day - timedelta(days=60), 50_00, kind="refund")
    spare = make.payment(database, where, day - timedelta(days=60), 50_00)
    yield "a refund", first.id, lambda: None
    use = {"amount": 50_00, "on": day, "payment_id": spare, "refund_id": back}
    yield "a refund that is matched", first.id, lambda: make.allocation(database, where, **use)
