"""Many accounts in view are played when it is asked for, from what was known then, and few at once."""

from datetime import date
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from tests.factories import invoice
from tests.pages.conftest import findings, texts
from tests.pages.test_risk import threatened  # noqa: F401 - a fixture
from ui import reads, works

AS_OF = "2026-11-20"
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def said(page):
    return "\n".join([texts(page), *(caption.value for caption in page.caption)])


def billed(database, ledger):
    where = {"account_id": ledger["lumina"], "site_id": ledger["pueblo"]}
    invoice(database, where, "NEW", date(2026, 11, 18), date(2026, 11, 29), 77_700)


def worked_out(page):
    """The page once what it asks for is there."""
    page.button(key="much-begin").click().run()
    for work in list(works.works()._known.values()):
        work.future.exception(timeout=60)
    page.run()
    assert not page.exception


@pytest.fixture
def many(monkeypatch):
    """More than none is many."""
    monkeypatch.setattr("data_access.queries.what_if.FEW", 0)


@pytest.mark.parametrize(
    ("path", "view", "shown"),
    [
        ("overview", "", "First to stop"),
        ("balances", "", "First to stop"),
        ("what-if", "Scenarios", "Try one:"),
        ("what-if", "Cash forecast", "By week and why"),
        ("what-if", "Cash plan", "Write the cash of each week above"),
    ],
)
def test_many_are_played_when_it_is_asked_for(threatened, draw, many, monkeypatch, database, path, view, shown):  # noqa: F811
    asked = []
    for name in ("what_if_start", "cash_forecasts", "plan_facts"):
        read = reads.READS[name]

        def noted(*args, read=read, **more):
            asked.append(read)
            return read(*args, **more)

        monkeypatch.setitem(reads.READS, name, noted)
    page = draw(path, as_of=AS_OF, **({"view": view} if view else {}))
    assert not asked
    assert shown not in said(page)
    assert "each of them is played" in said(page)
    worked_out(page)
    assert shown in said(page)
    assert "is played." in said(page)
    assert len(asked) == 1
    billed(database, threatened)
    page.run()
    assert len(asked) == 1


def test_what_was_known_then_is_played_until_it_is_asked_for_again(threatened, draw, many, database):  # noqa: F811
    page = draw("what-if", as_of=AS_OF, view="Cash forecast")
    worked_out(page)
    before = findings(page)
    billed(database, threatened)
    page.run()
    assert findings(page) == before
    worked_out(page)
    assert findings(page) != before


def test_few_are_played_at_once(threatened, draw):  # noqa: F811
    shown = said(draw("overview", as_of=AS_OF))
    assert "First to stop" in shown
    assert "each of them is played" not in shown


def test_how_far_it_is_stands_there_until_it_is_over(threatened, draw, many, monkeypatch):  # noqa: F811
    going, told = Event(), Event()

    def read(*_, told, **__):
        told_so_far(told)
        going.wait(60)
        raise OperationalError("SELECT", {}, Exception("gone"))

    def told_so_far(hear):
        hear(0.4)
        told.set()

    monkeypatch.setattr(works, "PATIENCE_S", 0.0)
    monkeypatch.setitem(reads.READS, "cash_forecasts", read)
    page = draw("what-if", as_of=AS_OF, view="Cash forecast")
    page.button(key="much-begin").click().run()
    assert told.wait(60)
    page.run()
    (bar,) = page.get("progress")
    assert (bar.proto.value, bar.proto.text) == (40, "The accounts in view are played …")
    going.set()
    for work in list(works.works()._known.values()):
        work.future.exception(timeout=60)
    page.run()
    (error,) = page.error
    assert "The database did not answer" in error.value
