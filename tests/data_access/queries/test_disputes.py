"""The list of disputes: its order, its pages and what it comes to, on any day and for who sees some sites, against the rows themselves."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from data_access.alert_settings import alert_watch
from data_access.database import Database
from data_access.queries import disputes as module
from data_access.queries.disputes import DisputeSums, dispute_cases, dispute_sums
from data_access.schema import dispute_events, disputes, invoices
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
FIRST = date(2026, 1, 1)
DAYS = tuple(FIRST + timedelta(days=days) for days in (20, 70, 130, 300))


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    rng, vendor = Random(7), make.vendor(shared_database)
    places = []
    for n in range(2):
        site = make.site(shared_database, f"S{n}")
        places.append({"account_id": make.account(shared_database, site, vendor, f"A-{n}"), "site_id": site})
    for n in range(40):
        where, issued = rng.choice(places), FIRST + timedelta(days=rng.randrange(90) if n else 0)
        bill = make.invoice(shared_database, where, f"B{n}", issued, None, 100)
        opened = issued + timedelta(days=rng.randrange(20))
        closed = rng.choice((None, opened + timedelta(days=rng.randrange(60)))) if n else None
        row = {"invoice_id": bill, "amount": 60, "opened_on": opened, "closed_on": closed}
        dispute = make.add(shared_database, "disputes", **where, **row, outcome="settled" if closed else "")
        for kind in rng.choice(((), ("note",), ("reply",), ("reply", "credit"), ("note", "reply"))):
            dated = opened + timedelta(days=rng.randrange(50))
            told: dict[str, Any] = {"reply": {"answer": "partly"}, "credit": {"amount": 10}}.get(kind, {})
            told |= {"kind": kind, "dated": dated, "recorded_by": "ana", "recorded_at": shared_database._now()}
            make.add(shared_database, "dispute_events", **where, **told, dispute_id=dispute)
    return shared_database


def _expected(database: Database, day: date, scope: Scope) -> tuple[list[int], DisputeSums, dict[int, list[str]]]:
    """Numbers in order, what they come to, and what came of each."""
    with database.reading(ALL) as connection:
        issued = dict(connection.execute(select(invoices.c.id, invoices.c.issued_on)).all())
        rows = connection.execute(select(disputes).where(disputes.c.opened_on <= day)).all()
        e = dispute_events.c
        events = connection.execute(select(dispute_events).where(e.dated <= day).order_by(e.dated, e.id)).all()
    rows = [row for row in rows if scope.allows(row.site_id)]
    closed = [row for row in rows if row.closed_on and row.closed_on <= day]
    standing = sorted((row for row in rows if row not in closed), key=lambda row: (issued[row.invoice_id], row.id))
    closed.sort(key=lambda row: (row.closed_on, row.id), reverse=True)
    window = timedelta(days=alert_watch().thresholds.dispute_days)
    past = [row for row in standing if issued[row.invoice_id] + window < day]
    answered = {event.dispute_id for event in events if event.answer}
    unanswered = [row for row in past if row.id not in answered]
    told: dict[int, list[str]] = {row.id: [] for row in rows}
    for event in events:
        if event.dispute_id in told:
            told[event.dispute_id].append(event.kind)
    sums = DisputeSums(len(rows), len(standing), len(past), len(unanswered))
    return [row.id for row in (*standing, *closed)], sums, told


@pytest.mark.parametrize("scope", [ALL, Scope.of([1])], ids=["everything", "one site"])
def test_pages_and_sums_are_those_of_all_of_them(ledger, scope, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    seen = []
    last = FIRST + timedelta(days=alert_watch().thresholds.dispute_days)  # on which the first one's window closes
    for day in (*DAYS, last):
        ids, sums, told = _expected(ledger, day, scope)
        filters = Filters(as_of=day)
        with ledger.reading(scope) as connection:
            cases = dispute_cases(connection, scope, filters)
            assert [case.id for case in cases] == ids
            assert dispute_sums(connection, scope, filters) == sums
            assert {case.id: [event.kind for event in case.events] for case in cases} == told
            for n, case in enumerate(cases):
                assert dispute_cases(connection, scope, filters, after=case.mark, limit=4) == cases[n + 1 : n + 5]
                assert dispute_cases(connection, scope, filters, before=case.mark, limit=4) == cases[max(n - 4, 0) : n]
            assert dispute_cases(connection, scope, filters, limit=5) == cases[:5]
            assert dispute_cases(connection, scope, filters, dispute_id=ids[0]) == cases[:1]
        assert {case.closed_on is None for case in cases[: sums.standing]} <= {True}
        seen.append(sums)
    assert seen[-2].past > seen[-2].unanswered > 0
    assert seen[-1].standing > 0
    assert 0 < seen[0].number < seen[1].number
