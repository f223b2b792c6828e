"""Who sees which entry; hiding one is not what keeps a page shut."""

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from data_access.scope import Scope
from pages import MENU
from ui.menu import Entry, allowed
from ui.viewer import Viewer


def viewer(role):
    return Viewer("tester", role, Scope.all_sites(), datetime(2026, 11, 20, tzinfo=UTC))


def test_entries_are_for_roles():
    entries = [
        Entry("Home", ":material/home:", "home", lambda viewer: None),
        Entry("Keys", ":material/key:", "keys", lambda viewer: None, frozenset({"admin"})),
    ]
    assert [entry.title for entry in allowed(viewer("viewer"), entries)] == ["Home"]
    assert [entry.title for entry in allowed(viewer("admin"), entries)] == ["Home", "Keys"]
    assert allowed(viewer("nobody"), entries) == []


@pytest.mark.parametrize(
    ("role", "missing"), [("viewer", {"import", "admin"}), ("finance", {"admin"}), ("admin", set()), ("other", None)]
)
def test_the_menu_of_each_role(role, missing):
    everything = {entry.path for entry in MENU}
    assert {entry.path for entry in allowed(viewer(role), MENU)} == (set() if missing is None else everything - missing)


def _script(role):
    from datetime import UTC, datetime

    import streamlit as st

    from data_access.scope import Scope
    from ui import menu
    from ui.viewer import Viewer

    keys = menu.Entry("Keys", "", "keys", lambda _: st.text("opened"), menu.ADMINS, needs_ledger=False)
    menu._run(keys, Viewer("tester", role, Scope.all_sites(), datetime(2026, 11, 20, tzinfo=UTC)))


@pytest.mark.parametrize(("role", "opens"), [("viewer", False), ("finance", False), ("admin", True)])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_address_that_is_not_for_the_role_is_not_run(ledger_address, monkeypatch, role, opens):
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    page = AppTest.from_function(_script, default_timeout=60, kwargs={"role": role}).run()
    assert not page.exception
    assert ([text.value for text in page.text] == ["opened"]) is opens
    assert ("This is not for your role" in "".join(each.value for each in page.markdown)) is not opens


def test_the_menu_is_flat_and_its_addresses_are_its_own():
    paths = [entry.path for entry in MENU]
    assert len(set(paths)) == len(paths)
    assert paths[0] == "overview"
    assert all(entry.path.replace("-", "").isalpha() and entry.path.islower() for entry in MENU)
