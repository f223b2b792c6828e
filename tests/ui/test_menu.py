"""Who sees which entry; hiding one is not what keeps a page shut."""

from datetime import UTC, datetime

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


def test_the_menu_is_flat_and_its_addresses_are_its_own():
    paths = [entry.path for entry in MENU]
    assert len(set(paths)) == len(paths)
    assert paths[0] == "overview"
    assert all(entry.path.isalpha() and entry.path.islower() for entry in MENU)
