"""The button that shows a whole account number: for whom, for how long, and what the trail keeps of it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data_access.schema import audit_log
from data_access.scope import Scope
from tests import factories as make
from tests.conftest import NOW

NUMBER = "4415-0098-7731"


def _script(role, account_id, site_ids):
    from datetime import UTC, datetime

    from data_access.scope import Scope
    from domain.filters import Filters
    from ui import account_number, reads
    from ui.viewer import Viewer

    viewer = Viewer("ana", role, Scope.all_sites(), datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    (account,) = reads.filtered("account_rows", viewer, Filters(as_of=viewer.today), account_id=account_id)
    if site_ids is not None:  # the scope shrank after the page was drawn
        viewer = Viewer("ana", role, Scope.of(site_ids), viewer.now)
    account_number.draw(viewer, account, "call sheet")


@pytest.fixture
def account(database, ledger_address, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    return make.office(database, number=NUMBER)


@pytest.fixture
def drawn(account):
    def _drawn(role, site_ids=None):
        kwargs = {"role": role, "account_id": account["account_id"], "site_ids": site_ids}
        return AppTest.from_function(_script, default_timeout=60, kwargs=kwargs).run()

    return _drawn


def shown(page):
    assert not page.exception
    return [markdown.value for markdown in page.markdown]


def told(database):
    with database.reading(Scope.all_sites()) as connection:
        rows = connection.execute(select(audit_log)).all()
    return [(row.actor, row.action, row.entity_id, row.site_id, row.after) for row in rows]


@pytest.mark.parametrize("role", ["finance", "admin"])
def test_the_number_is_shown_for_a_minute_and_told(database, account, drawn, role):
    with time_machine.travel(NOW, tick=False) as clock:
        page = drawn(role)
        assert shown(page) == ["**••••7731**"]
        page.button[0].click().run()
        assert shown(page) == [f"**{NUMBER}**"]
        place = (account["account_id"], account["site_id"])
        assert told(database) == [("ana", "reveal", *place, '{"where": "call sheet"}')]
        clock.shift(timedelta(seconds=59))
        assert shown(page.run()) == [f"**{NUMBER}**"]
        clock.shift(timedelta(seconds=1))
        assert shown(page.run()) == ["**••••7731**"]
        # Shown again is told again; another session sees nothing of it.
        page.button[0].click().run()
        assert shown(page) == [f"**{NUMBER}**"]
        assert shown(drawn(role)) == ["**••••7731**"]
    assert len(told(database)) == 2


def test_it_can_be_hidden_at_once(drawn):
    with time_machine.travel(NOW, tick=False):
        page = drawn("finance")
        page.button[0].click().run()
        assert page.button[0].label == "Hide"
        page.button[0].click().run()
        assert shown(page) == ["**••••7731**"]


def test_a_viewer_has_no_button(database, drawn):
    page = drawn("viewer")
    assert shown(page) == ["**••••7731**"]
    assert not page.button
    assert told(database) == []


def test_what_is_out_of_scope_is_not_shown(database, drawn):
    page = drawn("finance", site_ids=[])
    page.button[0].click().run()
    assert shown(page) == ["**••••7731**"]
    assert "There is no account" in page.toast[0].value
    assert told(database) == []
