"""The books of alerts: opened once, closed with the reason, acted on by people within their sites, on both databases."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from data_access.commands import alerts as commands
from data_access.commands.alerts import Target, refresh
from data_access.commands.refusals import CardNumberError, LedgerRefusedError, NotFoundError
from data_access.queries.alerts import current, history
from data_access.scope import Scope
from domain.alerts.findings import Finding
from domain.alerts.watch import Watch
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
WATCH = Watch()
TODAY = date(2026, 3, 20)
HERE, THERE, NOWHERE = ("R03", "invoices:1"), ("R03", "invoices:2"), ("R25", "payment_contacts:9")


@pytest.fixture
def found(monkeypatch, where, bills, other):
    """What the rules find: a list to be changed. The bill of HQ, one of BR, and a contact of no site."""
    bill = Finding("R03", HERE[1], date(2026, 2, 5), "invoices", bills["jan"], amount=100_00, currency="USD", **where)
    there = replace(bill, cause=THERE[1], entity_id=other["bill"], **other["place"])
    contact = Finding(NOWHERE[0], NOWHERE[1], date(2026, 3, 1), "payment_contacts", 9)
    rows = [bill, there, contact]

    def findings(_connection, scope, _as_of, _thresholds, only=None, *, filters=None):
        return [f for f in rows if (f.site_id is None or scope.allows(f.site_id)) and (only is None or f.rule in only)]

    monkeypatch.setattr("data_access.queries.found_alerts.findings", findings)
    return rows


def refreshed(database, today=TODAY, watch=WATCH):
    return refresh(database, "timer", ALL, today, watch)


def at(key, today=TODAY):
    return Target(key, today, WATCH)


@pytest.fixture
def seen(database):
    """seen(scope): (open, closed lately) as a page gets them today."""

    def read(scope=ALL, today=TODAY, **filters):
        with database.reading(scope) as connection:
            return current(connection, scope, Filters(as_of=today, **filters), watch=WATCH, today=today)

    return read


@pytest.fixture
def lines(database, rows):
    """lines(key): the history of the newest alert of that cause, (kind, actor, note)."""

    def read(key, scope=ALL):
        newest = [row.id for row in rows("alerts") if (row.rule, row.cause) == key][-1]
        with database.reading(scope) as connection:
            return [(e.kind, e.actor, e.note) for e in history(connection, scope, alert_id=newest)]

    return read


def test_a_refresh_opens_each_once_and_tells_the_trail(database, found, rows, told):
    assert [len(steps) for steps in (refreshed(database).opens, refreshed(database).opens)] == [3, 0]
    stored = {(row.rule, row.cause): row for row in rows("alerts")}
    assert set(stored) == {HERE, THERE, NOWHERE}
    assert (stored[HERE].amount, stored[HERE].opened_on, stored[HERE].state) == (100_00, TODAY, "open")
    assert [(event.kind, event.alert_id) for event in rows("alert_events")] == [("opened", n) for n in (1, 2, 3)]
    assert told() == [("open", "alerts", n) for n in (1, 2, 3)]


def test_two_refreshes_at_once_open_each_alert_once(database, found, rows):
    surprises = []

    def run():
        try:
            refreshed(database)
        except Exception as error:
            surprises.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert surprises == []
    assert len(rows("alerts")) == len(rows("alert_events")) == 3


def test_what_is_paid_closes_with_the_day_and_a_relapse_names_the_former(database, found, rows, lines, where, bills):
    refreshed(database)
    bill = found.pop(0)
    payment = make.payment(database, where, date(2026, 3, 12), 100_00)
    make.allocation(database, where, 100_00, date(2026, 3, 12), payment_id=payment, invoice_id=bills["jan"])
    assert len(refreshed(database).closes) == 1
    assert rows("alerts")[0].closed_because == "paid on 2026-03-12"
    assert lines(HERE)[-1] == ("closed", "timer", "paid on 2026-03-12")
    found.append(bill)
    refreshed(database, date(2026, 3, 25))
    again = rows("alerts")[-1]
    assert (again.former_id, again.state, again.acknowledged_by) == (1, "open", "")
    assert lines(HERE)[-1] == ("reopened", "timer", "the one before was closed on 2026-03-20: paid on 2026-03-12")


def test_a_rule_that_is_switched_off_closes_its_alerts(database, found, rows):
    refreshed(database)
    done = refreshed(database, watch=Watch(off=frozenset({"R25"})))
    assert [step.because for step in done.closes] == ["the rule is switched off"]


def _pending(database, where, bill):
    paid = make.payment(database, where, date(2026, 3, 19), 100_00, status="pending", posted_on=None)
    make.allocation(database, where, 100_00, date(2026, 3, 19), payment_id=paid, invoice_id=bill)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d, w, b: make.add(d, "disputes", **w, invoice_id=b, amount=1, opened_on=TODAY), "in dispute since 2026-03-20"),
        (_pending, "a payment of 2026-03-19 is under way"),
        (lambda d, w, b: None, "its condition no longer holds: a bill is past"),
    ],
)  # fmt: skip
def test_it_says_what_the_ledger_says(database, found, rows, where, bills, change, why):
    refreshed(database)
    found.pop(0)
    change(database, where, bills["jan"])
    refreshed(database)
    assert why in rows("alerts")[0].closed_because


def test_the_page_tells_the_truth_before_any_refresh(database, found, seen, run):
    opened, closed = seen()
    assert [(row.finding.key, row.alert_id) for row in opened] == [(HERE, None), (THERE, None), (NOWHERE, None)]
    assert closed == []
    run(commands.acknowledge, ALL, at(HERE))  # written down now
    opened, _ = seen()
    assert (opened[0].acknowledged_by, opened[0].alert_id, opened[1].alert_id) == ("ana", 1, None)
    found.pop(0)
    opened, closed = seen()
    assert [row.finding.key for row in opened] == [THERE, NOWHERE]
    assert [(row.finding.key, row.closed_on) for row in closed] == [(HERE, TODAY)]
    assert "no longer holds" in closed[0].closed_because


def test_a_past_day_has_no_owner_and_no_closing(found, seen, run):
    run(commands.take_alert, ALL, at(HERE))
    opened, closed = seen(today=TODAY)
    assert opened[0].owner == "ana"
    assert closed == []


def test_people_act_and_the_history_says_who(database, found, seen, run, lines, refuses, told):
    run(commands.take_alert, ALL, at(HERE))
    run(commands.comment, ALL, at(HERE), "Rang them, waiting for the supervisor.")
    run(commands.snooze, ALL, at(HERE), date(2026, 3, 27))
    assert seen()[0][0].snoozed
    found[0] = replace(found[0], amount=100_01)
    assert not seen()[0][0].snoozed
    run(commands.wake, ALL, at(HERE))
    run(commands.release_alert, ALL, at(HERE))
    assert lines(HERE) == [
        ("opened", "ana", ""),
        ("owned", "ana", ""),
        ("commented", "ana", "Rang them, waiting for the supervisor."),
        ("snoozed", "ana", "until 2026-03-27"),
        ("woken", "ana", ""),
        ("owned", "ana", "given back, was ana's"),
    ]
    assert [action for action, _, _ in told()] == ["open", "assign", "comment", "snooze", "wake", "assign"]
    refuses(LedgerRefusedError, commands.wake, ALL, at(HERE))
    refuses(LedgerRefusedError, commands.release_alert, ALL, at(HERE))
    refuses(LedgerRefusedError, commands.comment, ALL, at(HERE), "  ")
    refuses(LedgerRefusedError, commands.snooze, ALL, at(HERE), TODAY)
    assert "card number" in refuses(CardNumberError, commands.comment, ALL, at(HERE), "paid with 4111 1111 1111 1111")


def test_a_closed_or_foreign_alert_is_not_acted_on(database, found, run, refuses, own, rows):
    refreshed(database)
    assert "closed" in refuses(NotFoundError, commands.acknowledge, ALL, at(("R03", "invoices:99")))
    with pytest.raises(NotFoundError):
        database.writing("vera", own, lambda w: commands.acknowledge(w, own, at(THERE)))
    with pytest.raises(LedgerRefusedError, match="only somebody who sees every site"):
        database.writing("vera", own, lambda w: commands.comment(w, own, at(NOWHERE), "checked"))
    with pytest.raises(LedgerRefusedError, match="only somebody who sees every site"):
        refresh(database, "vera", own, TODAY, WATCH)
    database.writing("vera", own, lambda w: commands.acknowledge(w, own, at(HERE)))
    assert [row.acknowledged_by for row in rows("alerts")] == ["vera", "", ""]


def test_who_sees_one_site_sees_its_alerts_and_those_of_no_site(database, found, seen, own, lines, rows):
    refreshed(database)
    assert [row.finding.key for row in seen(own)[0]] == [HERE, NOWHERE]
    assert lines(HERE, own) == [("opened", "timer", "")]
    assert lines(THERE, own) == []
    assert lines(NOWHERE, own) == [("opened", "timer", "")]
    assert [row.finding.key for row in seen(sites=("HQ",))[0]] == [HERE]
    assert [row.finding.key for row in seen(vendors=("Halden",))[0]] == [THERE, NOWHERE]
    found.clear()
    assert [row.finding.key for row in seen(own)[1]] == [NOWHERE, HERE]
    if database.dialect == "postgresql":  # the database's own line
        with database.reading(own) as connection:
            for table in ("alerts", "alert_events"):
                assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 2
            assert connection.exec_driver_sql("SELECT count(*) FROM alert_deliveries").scalar_one() == 0
        there = rows("alerts")[1].site_id
        with pytest.raises(DBAPIError, match=r"row-level security|belongs to its site"):
            database.writing("vera", own, lambda w: commands._tell(w, 2, there, "commented", "x"))


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE alerts SET cause = 'x'", "about one cause"),
        ("UPDATE alerts SET state = 'closed'", "ck_alerts_closed"),
        ("DELETE FROM alerts", "rows are kept"),
        ("UPDATE alert_events SET note = 'x'", "not edited"),
        ("DELETE FROM alert_events", "rows are kept"),
        (
            "INSERT INTO alerts (rule, cause, entity, entity_id, since, opened_on) SELECT rule, cause, entity, entity_id, "
            "since, opened_on FROM alerts WHERE rule = 'R25'",
            "already there|ix_alerts_open",
        ),
    ],
)
def test_the_database_keeps_alerts_as_they_are(database, found, statement, reason):
    refreshed(database)
    with pytest.raises(DBAPIError, match=reason), database.writer.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_closed_alert_stays_closed_and_one_moves_house_with_its_account(database, found, where, rows):
    refreshed(database)
    found.pop(0)
    refreshed(database)
    with pytest.raises(DBAPIError, match="stays closed"), database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alerts SET state = 'open', closed_on = NULL WHERE id = 1")
    moved = make.site(database, "NEW")
    with database.writer.begin() as connection:
        connection.exec_driver_sql(f"UPDATE accounts SET site_id = {moved} WHERE id = {where['account_id']}")
    assert rows("alerts")[0].site_id == moved
    assert {event.site_id for event in rows("alert_events") if event.alert_id == 1} == {moved}
