"""No page waits until very many accounts are judged: it says so, shows what it can, and draws itself anew when they are."""

import threading
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data_access.kept_alerts import keep_as_set
from data_access.queries import at_risk, found_alerts, kept_risks
from tests import factories as make
from ui import judging, reads, stale

TODAY = date(2026, 11, 20)
PAST = TODAY - timedelta(days=60)


def _script(as_of, alerts):
    from datetime import UTC, datetime

    import streamlit as st

    from data_access.scope import Scope
    from domain.filters import Filters
    from ui import alerts_reads, judging, run, stale
    from ui.viewer import Viewer

    viewer = Viewer("vera", "admin", Scope.all_sites(), datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    with run.of_a_page():
        stale.begin()
        if alerts:
            if (found := alerts_reads.alerts(viewer, Filters(as_of=as_of))) is not None:
                st.text(str(found.standing.number()))
        elif (risks := judging.at_risk(viewer, Filters(as_of=as_of))) is not None:
            st.text(str(risks.threatened))


@pytest.fixture
def late(database, ledger_address, monkeypatch):
    """Two accounts, each with a late bill, where two are very many; nothing is judged beside pages before `late.set()`."""
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    for module, name in ((kept_risks, "MOST"), (at_risk, "MANY"), (found_alerts, "FEW")):
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(stale, "SLOW_S", 60.0)
    reads.ANSWERS.clear()
    judging._judging.clear()
    site, vendor = make.site(database, "A"), make.vendor(database)
    for number in ("A-1", "A-2"):
        where = {"account_id": make.account(database, site, vendor, number), "site_id": site}
        make.invoice(database, where, number, PAST - timedelta(days=50), PAST - timedelta(days=20), 100)
    gate = threading.Event()
    for name in ("_judge", "_judge_past", "_ask_rules"):
        real = getattr(judging, name)
        monkeypatch.setattr(judging, name, lambda *given, real=real: gate.wait(10) and real(*given))
    yield gate
    gate.set()
    _over(ledger_address)


def _over(address):
    for _, future in list(judging._judging(address)._asked.values()):
        future.result(10)


def drawn(as_of, *, alerts=False):
    page = AppTest.from_function(_script, args=(as_of, alerts), default_timeout=20).run()
    assert not page.exception
    return page


def test_a_day_of_the_past_is_judged_beside_the_page_which_says_so(late, ledger_address):
    for _ in range(2):  # asked for twice, it is judged once
        page = drawn(PAST)
        assert not page.text
        assert [bar.proto.text for bar in page.get("progress")] == ["Judging every account as of 21 Sep 2026 …"]
    assert len(judging._judging(ledger_address)._asked) == 1
    late.set()
    _over(ledger_address)
    page = page.run()
    assert ([shown.value for shown in page.text], page.get("progress")) == (["2"], [])


def test_the_risk_of_a_day_does_not_wait_for_its_alerts(late, ledger_address, monkeypatch):
    asking = threading.Event()
    monkeypatch.setattr(judging, "_ask_rules", lambda *_: asking.wait(10))
    late.set()
    drawn(PAST, alerts=True)
    drawn(PAST)
    judging._judging(ledger_address)._asked["risk", PAST][1].result(5)  # while the rules are being asked
    assert judging._judging(ledger_address).is_under_way(("alerts", PAST))
    asking.set()
    _over(ledger_address)


@pytest.mark.parametrize("alerts", [False, True])
def test_where_nobody_can_judge_beside_the_page_it_waits(late, ledger_address, monkeypatch, alerts):
    for name in ("_judge_past", "_ask_rules"):
        monkeypatch.setattr(judging, name, lambda *_: None)  # nothing comes of it
    drawn(PAST, alerts=alerts)
    _over(ledger_address)
    assert [shown.value for shown in drawn(PAST, alerts=alerts).text] == ["2"]


def test_alerts_of_a_day_of_the_past_are_asked_for_beside_the_page_which_says_so(late, ledger_address):
    for _ in range(2):
        page = drawn(PAST, alerts=True)
        assert not page.text
        said = "Asking the alert rules about every account as of 21 Sep 2026 …"
        assert [bar.proto.text for bar in page.get("progress")] == [said]
    drawn(PAST)  # the risk of that day is another work
    assert len(judging._judging(ledger_address)._asked) == 2
    late.set()
    _over(ledger_address)
    page = page.run()
    assert ([shown.value for shown in page.text], page.get("progress")) == (["2"], [])
    assert judging._judging(ledger_address).share(("alerts", PAST)) == 1


def test_alerts_of_the_day_before_are_shown_and_said_to_be_until_the_new_day_is_judged(late, database, ledger_address):
    keep_as_set(database, TODAY - timedelta(days=1))
    reads.ANSWERS.clear()
    page = drawn(TODAY, alerts=True)
    assert [shown.value for shown in page.text] == ["2"]
    said = ":yellow-badge[:material/sync: Alerts as of 19 Nov 2026; the rules are being asked about 20 Nov 2026]"
    assert [shown.value for shown in page.markdown] == [said]
    late.set()
    _over(ledger_address)
    page = page.run()
    assert ([shown.value for shown in page.text], list(page.markdown)) == (["2"], [])
