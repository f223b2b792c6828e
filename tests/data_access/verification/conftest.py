"""A busy ledger, and a way behind the guards' back: what a careless administrator or a broken disk can do."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import psycopg
import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import insert

from data_access import verification
from data_access.commands.allocations import apply_credit
from data_access.commands.calls import CallDraft, log_call
from data_access.commands.disputes import close_dispute, open_dispute
from data_access.commands.payments import PaymentDraft, post_payment, record_payment, return_payment
from data_access.schema import charges, import_batches, import_rejects
from data_access.scope import Scope
from tests import factories as make

ALL = Scope.all_sites()
TODAY = date(2026, 6, 30)
HASH = "a" * 64


@pytest.fixture
def busy(database):
    """Every kind of record once; ids by name, for use in SQL."""
    where = make.office(database)
    far = make.site(database, "BR", region="South")
    euro = make.account(database, far, make.vendor(database, "Halden"), "H-1", currency="EUR")
    abroad = {"account_id": euro, "site_id": far}
    ids = {"account": where["account_id"], "site": where["site_id"], "far": far, "euro": euro}
    ids["jan"] = make.invoice(database, where, "J", date(2026, 1, 5), date(2026, 2, 4), 10000)
    ids["feb"] = make.invoice(database, where, "F", date(2026, 2, 5), date(2026, 3, 7), 5000)
    ids["lines"] = make.invoice(database, where, "L", date(2026, 5, 5), None, 600, amount_from="lines")
    ids["abroad"] = make.invoice(database, abroad, "E", date(2026, 3, 1), None, 70000)
    ids["wrong"] = make.invoice(database, where, "W", date(2026, 4, 1), None, 2500)
    ids["cancels"] = make.invoice(
        database, where, "W", date(2026, 4, 2), None, 2500, kind="credit_note", reverses_id=ids["wrong"]
    )
    ids["credit"] = make.invoice(database, where, "C", date(2026, 4, 3), None, 1000, kind="credit_note")
    ids["refund"] = make.payment(database, where, date(2026, 5, 1), 300, kind="refund")

    def work(writing):
        def pay(day, amount, apply="oldest", **values):
            draft = PaymentDraft(
                where["account_id"], day, amount, "card", confirmation_number="C-1", apply=apply, **values
            )
            return record_payment(writing, ALL, draft)

        ids["paid"] = pay(date(2026, 2, 10), 9000)
        post_payment(writing, ALL, ids["paid"], date(2026, 2, 12))
        ids["returned"] = pay(date(2026, 3, 1), 4000, {ids["feb"]: 4000}, status="posted")
        ids["reversal"] = return_payment(writing, ALL, ids["returned"], date(2026, 3, 9))
        ids["spare"] = pay(date(2026, 4, 20), 2000, "none")
        call = CallDraft(where["account_id"], datetime(2026, 5, 6, 15, tzinfo=UTC), notes="asked")
        ids["call"], ids["by_phone"] = log_call(
            writing,
            ALL,
            call,
            PaymentDraft(where["account_id"], date(2026, 5, 6), 600, "card", apply={ids["lines"]: 600}),
        )
        ids["cancelled"] = apply_credit(
            writing, ALL, ids["cancels"], invoice_id=ids["wrong"], amount=2500, applied_on=date(2026, 4, 2)
        )
        ids["credited"] = apply_credit(
            writing, ALL, ids["credit"], invoice_id=ids["feb"], amount=400, applied_on=date(2026, 4, 5)
        )
        ids["dispute"] = open_dispute(
            writing, ALL, ids["feb"], amount=900, reason="wrong plan", opened_on=date(2026, 2, 20)
        )
        close_dispute(writing, ALL, ids["dispute"], date(2026, 3, 20), "dropped")
        ids["batch"] = _import(writing, where, ids["lines"])

    database.writing("ana", Scope.all_sites(), work)
    make.allocation(database, where, 300, date(2026, 5, 1), payment_id=ids["spare"], refund_id=ids["refund"])
    return ids


def _import(writing, where, invoice_id):
    """Four lines of a bill, two of them twins, and one that was refused, as an import leaves them."""
    batch = {"kind": "charges", "source": "telco", "file_name": "may.csv", "sha256": HASH, "rows_read": 5, "added": 4}
    batch |= {"duplicate": 0, "rejected": 1, "actor": "ana", "imported_at": writing.at}
    connection = writing.connection
    batch_id = connection.execute(insert(import_batches).returning(import_batches.c.id), [batch]).scalar_one()
    keys = (f"row:{'b' * 64}#1", f"row:{'b' * 64}#2", f"row:{'c' * 64}#1", "id:77")
    lines = [
        where
        | {"invoice_id": invoice_id, "amount": 150, "issued_on": date(2026, 5, 5), "line": str(n)}
        | {"batch_id": batch_id, "source": "telco", "import_key": key}
        for n, key in enumerate(keys)
    ]
    connection.execute(insert(charges), lines)
    reject = {"batch_id": batch_id, "line": 4, "column_name": "amount", "value": "abc", "reason": "not an amount"}
    connection.execute(insert(import_rejects), [reject])
    writing.record("import", "import_batches", batch_id, after=batch)
    return batch_id


@contextmanager
def unguarded(database):
    """execute(SQL) with triggers, references and checks off; the triggers are put back as they were."""
    if database.dialect == "sqlite":
        connection = sqlite.connect(database.url.database, isolation_level=None)
        for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON", "writable_schema=ON"):
            connection.execute(f"PRAGMA {pragma}")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection.execute
        for _, sql in triggers:
            connection.execute(sql)
    else:
        connection = psycopg.connect(database.url.set(drivername="postgresql").render_as_string(False), autocommit=True)
        connection.execute("SET session_replication_role = replica")
        yield connection.execute
    connection.close()


@pytest.fixture
def breaks(database, busy):
    """breaks(SQL, ...): run it behind the guards' back, with {names} of `busy` filled in."""

    def run(*statements):
        with unguarded(database) as execute:
            for statement in statements:
                execute(statement.format(**busy))

    return run


@pytest.fixture
def unchecked(database, breaks):
    """Let a table take what its CHECK refuses: SQLite was told to ignore it, PostgreSQL has to lose it."""

    def drop(table, constraint):
        if database.dialect == "postgresql":
            breaks(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")

    return drop


@pytest.fixture
def found(database, monkeypatch):
    """{rule: findings} of the broken rules. L7 has tests of its own: it is left out here for speed."""

    def look():
        monkeypatch.setattr(verification, "totals_agree", lambda *_: ())
        return {r.id: list(r.findings) for r in verification.verify(database, TODAY).results if r.findings}

    return look
