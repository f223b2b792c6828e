"""Rows of a moment ago: shown at once while those of now are read, and said; never to whom they would mislead."""

import threading
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data_access.scope import Scope
from tests import factories as make
from ui import reads, stale

DAY = date(2026, 11, 20)


def _script(who, day, confined):
    from datetime import UTC, datetime

    import streamlit as st

    from data_access.scope import Scope
    from domain.filters import Filters
    from ui import reads, run, stale
    from ui.viewer import Viewer

    scope = Scope.of([confined]) if confined else Scope.all_sites()
    viewer = Viewer(who, "admin", scope, datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    with run.of_a_page():
        stale.begin()
        stale.place()
        rows = reads.aging(viewer, Filters(as_of=day), "site")
        st.text(str(sum(row.outstanding for row in rows)))
        stale.tell()


@pytest.fixture
def bill(database, ledger_address, monkeypatch):
    """bill(number, amount): another's new bill, of a ledger where the read of balances is a slow one."""
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    monkeypatch.setattr(stale, "SLOW_S", 0.0)
    reads.ANSWERS.clear()
    site, vendor = make.site(database, "A"), make.vendor(database)
    where = {"account_id": make.account(database, site, vendor, "A-1"), "site_id": site}

    def add(number, amount, actor="somebody"):
        def work(writing):
            writing.record("record", "invoices", 1)

        make.invoice(database, where, number, DAY, DAY, amount)
        database.writing(actor, Scope.all_sites(), work)

    add.site = site
    add("1", 100)
    return add


@pytest.fixture
def held(monkeypatch):
    """A gate before the read of balances."""
    gate, real = threading.Event(), reads.READS["aging"]
    gate.set()

    def read(*arguments, **named):
        assert gate.wait(10)
        return real(*arguments, **named)

    monkeypatch.setitem(reads.READS, "aging", read)
    yield gate
    gate.set()


def drawn(who="vera", day=DAY, confined=0):
    page = AppTest.from_function(_script, args=(who, day, confined), default_timeout=20)
    return page.run()


def said(page):
    assert not page.exception
    return page.text[0].value, [m.value for m in page.markdown if "refreshing" in m.value]


def test_old_rows_at_once_then_those_of_now(bill, held):
    page = drawn()
    assert said(page) == ("100", [])
    bill("2", 50)
    held.clear()
    amount, badge = said(page.run())
    assert amount == "100"
    assert badge[0].startswith(":yellow-badge[:material/sync: As of ")
    held.set()
    page.session_state["_stale_next"] = True  # as the page asks for itself when they have come
    assert said(page.run()) == ("150", [])
    assert said(page.run()) == ("150", [])


def test_ones_own_change_is_always_seen(bill, held):
    page = drawn("vera")
    bill("2", 50, actor="vera")
    assert said(page.run()) == ("150", [])


def test_nothing_of_another_scope_or_day(bill, held):
    assert said(drawn()) == ("100", [])
    bill("2", 50)
    assert said(drawn(day=date(2026, 11, 21))) == ("150", [])
    assert said(drawn(confined=bill.site)) == ("150", [])
    assert said(drawn(confined=bill.site + 1)) == ("0", [])


def test_a_quick_read_is_waited_for(bill, held, monkeypatch):
    page = drawn()
    monkeypatch.setattr(stale, "SLOW_S", 1e9)
    bill("2", 50)
    assert said(page.run()) == ("150", [])


def test_old_rows_are_not_shown(bill, held, monkeypatch):
    page = drawn()
    monkeypatch.setattr(stale, "OLDEST", timedelta(0))
    bill("2", 50)
    assert said(page.run()) == ("150", [])


def test_a_refresh_that_fails_is_told_and_not_tried_for_ever(bill, held, monkeypatch):
    page = drawn()
    bill("2", 50)

    def fail(*_, **__):
        assert held.wait(10)
        raise OSError("away")

    monkeypatch.setitem(reads.READS, "aging", fail)
    held.clear()  # else it may have failed before the run is over, which then asks for the next one itself
    assert said(page.run())[0] == "100"
    held.set()
    page.session_state["_stale_next"] = True
    assert page.run().exception
