"""Many accounts in view are played when it is asked for, from what was known then, and few at once."""

from datetime import date

import pytest

from tests.factories import invoice
from tests.pages.conftest import findings, texts
from tests.pages.test_risk import threatened  # noqa: F401 - a fixture
from ui import reads

AS_OF = "2026-11-20"
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def said(page):
    return "\n".join([texts(page), *(caption.value for caption in page.caption)])


def billed(database, ledger):
    where = {"account_id": ledger["lumina"], "site_id": ledger["pueblo"]}
    invoice(database, where, "NEW", date(2026, 11, 18), date(2026, 11, 29), 77_700)


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
    ],
)
def test_many_are_played_when_it_is_asked_for(threatened, draw, many, monkeypatch, database, path, view, shown):  # noqa: F811
    asked = []
    for name in ("what_if_start", "cash_forecasts"):
        read = reads.READS[name]

        def noted(*args, read=read, **more):
            asked.append(read)
            return read(*args, **more)

        monkeypatch.setitem(reads.READS, name, noted)
    page = draw(path, as_of=AS_OF, **({"view": view} if view else {}))
    assert not asked
    assert shown not in said(page)
    assert "each of them is played" in said(page)
    page.button(key="much-begin").click().run()
    assert shown in said(page)
    assert "is played." in said(page)
    assert len(asked) == 1
    billed(database, threatened)
    page.run()
    assert len(asked) == 1


def test_what_was_known_then_is_played_until_it_is_asked_for_again(threatened, draw, many, database):  # noqa: F811
    page = draw("what-if", as_of=AS_OF, view="Cash forecast")
    page.button(key="much-begin").click().run()
    before = findings(page)
    billed(database, threatened)
    page.run()
    assert findings(page) == before
    page.button(key="much-begin").click().run()
    assert findings(page) != before


def test_few_are_played_at_once(threatened, draw):  # noqa: F811
    shown = said(draw("overview", as_of=AS_OF))
    assert "First to stop" in shown
    assert "each of them is played" not in shown
