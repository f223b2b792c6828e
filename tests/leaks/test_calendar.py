"""The calendar feed of everybody, out of one process's caches: nothing of another site, and what they may see is there."""

from datetime import UTC, datetime

import pytest

from data_access.commands.calendar_tokens import new_token, renew
from data_access.commands.people import Access, grant
from data_access.scope import Scope
from tests import factories as make
from tests.canaries import CANARIES, seen_in
from ui import calendar_feed, reads, start

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = Scope.all_sites()


@pytest.fixture(autouse=True)
def address(marked, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", marked.database.url.render_as_string(hide_password=False))
    monkeypatch.setattr(start, "settings", lambda: {"auth": "is set up"})
    reads.open_database.clear()
    yield
    reads.open_database.clear()


def token_of(marked, email, role, site_ids):
    user_id = make.add(marked.database, "users", email=email, name="Somebody", role=role)
    for site_id in site_ids:
        make.add(marked.database, "grants", user_id=user_id, site_id=site_id)
    token = new_token()
    marked.database.writing(email, ALL, lambda writing: renew(writing, user_id, token))
    return token


def seen(token):
    return seen_in(calendar_feed.calendar_of(token, NOW).replace(b"\r\n ", b"").decode())


@pytest.mark.parametrize("role", ["viewer", "finance"])
def test_a_feed_holds_the_own_sites_and_no_other(marked, site_ids, own, role):
    token = token_of(marked, f"feed-{role}-{'-'.join(map(str, site_ids)) or 'none'}@example.org", role, site_ids)
    assert seen(token) == own


def test_an_admins_holds_every_site_until_they_are_one_no_more(marked):
    token = token_of(marked, "feed-admin@example.org", "admin", [])
    assert seen(token) == set(CANARIES.values())
    make.add(marked.database, "users", email="another-admin@example.org", role="admin")
    code = marked.rows["sites"][1]["code"]
    access = Access("viewer", sites=[code], regions=[])
    marked.database.writing("ada", ALL, lambda writing: grant(writing, "feed-admin@example.org", access))
    assert seen(token) == {CANARIES[2]}
