"""What rows say of a day in the past is what their allocations up to it come to, counted one by one."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from data_access.database import Database
from data_access.queries import applied_since
from data_access.queries.bills import bill_rows
from data_access.queries.payments import payment_rows
from data_access.schema import allocations
from data_access.scope import Scope
from domain.filters import Filters
from tests.outsider import Outsider

ALL = Scope.all_sites()


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    outsider = Outsider(shared_database, Random(11))
    for _ in range(110):
        outsider.write()
    return shared_database


def _days(database: Database) -> list[date]:
    """Some on which something is applied, and one after all of them."""
    with database.reading(ALL) as connection:
        days = sorted(set(connection.scalars(select(allocations.c.applied_on))))
    assert len(days) > 12
    return [*days[::6], days[-1] + timedelta(days=1)]


def _applied(database: Database, day: date) -> tuple[Counter[int], Counter[int]]:
    """By payment or refund, and by bill or credit note: what was applied by the day."""
    money: Counter[int] = Counter()
    documents: Counter[int] = Counter()
    with database.reading(ALL) as connection:
        for row in connection.execute(select(allocations).where(allocations.c.applied_on <= day)):
            amount = row.amount if row.reverses_id is None else -row.amount
            for named in (row.payment_id, row.refund_id):
                if named is not None:
                    money[named] += amount
            for named in (row.invoice_id, row.credit_note_id):
                if named is not None:
                    documents[named] += amount
    return money, documents


@pytest.mark.parametrize("scope", [ALL, Scope.of([1, 2])], ids=["everything", "two sites"])
def test_what_rows_say_is_applied_is_what_was_applied_by_the_day(ledger, scope, monkeypatch):
    monkeypatch.setattr(applied_since, "_AT_ONCE", 7)
    told = 0
    for day in _days(ledger):
        money, documents = _applied(ledger, day)
        with ledger.reading(scope) as connection:
            paid = payment_rows(connection, scope, Filters(as_of=day))
            billed = bill_rows(connection, scope, Filters(as_of=day))
        assert {row.id: row.allocated for row in paid} == {row.id: money[row.id] for row in paid}, day
        assert {row.id: row.settled for row in billed} == {row.id: documents[row.id] for row in billed}, day
        told += sum(row.allocated > 0 for row in paid if row.kind == "refund")
        told += sum(row.settled > 0 for row in billed if row.kind == "credit_note")
    assert told > 4
