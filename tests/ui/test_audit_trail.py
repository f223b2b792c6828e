"""One event in the drawer: what it changed, before and after side by side, and what holds it in its place."""

import pytest
from streamlit.testing.v1 import AppTest


def _script(before, after, action, actor):
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from data_access.queries.trail import TrailRow
    from data_access.scope import Scope
    from ui import audit_trail
    from ui.viewer import Viewer

    at = datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)
    row = TrailRow(
        seq=1042,
        at=at,
        actor=actor,
        action=action,
        entity="calls",
        entity_id=7,
        site="PUB",
        site_name="Pueblo",
        timezone="America/Denver",
        before=before,
        after=after,
        prev_hash="a" * 64,
        hash="b" * 64,
        account="Lumina ••••4567",
        currency="USD",
    )
    viewer = Viewer("tester", "admin", Scope.all_sites(), at.astimezone(ZoneInfo("America/Denver")))
    audit_trail.draw_event(viewer, row)


@pytest.fixture
def drawn():
    def _drawn(before, after, action="amend", actor="ben"):
        kwargs = {"before": before, "after": after, "action": action, "actor": actor}
        page = AppTest.from_function(_script, kwargs=kwargs).run()
        assert not page.exception
        return page

    return _drawn


def test_a_change_side_by_side_only_what_changed(drawn):
    page = drawn({"notes": "asked", "amount": 5}, {"notes": "asked *twice*", "amount": 123456, "agent": ""})
    assert page.table[0].value.to_dict("list") == {
        "Field": ["Amount", "Notes"],
        "Before": [":gray[USD 0.05]", ":gray[asked]"],
        "After": ["**USD 1,234.56**", "**asked \\*twice\\***"],
    }


def test_what_is_new_and_what_is_gone_have_one_column(drawn):
    assert drawn(None, {"notes": "x", "site_id": 1}, "log").table[0].value.to_dict("list") == {
        "Field": ["Notes"],
        "Value": ["x"],
    }
    assert drawn({"notes": "x"}, None, "delete").table[0].value.to_dict("list") == {"Field": ["Notes"], "Was": ["x"]}
    nothing = drawn(None, None, "deny")
    assert not nothing.table
    assert "It names no field." in [caption.value for caption in nothing.caption]


def test_when_who_where_and_the_hash(drawn):
    page = drawn(None, {"notes": "x"}, "log", "ana@example.com")
    said = [markdown.value.replace("\\", "") for markdown in page.markdown]
    assert "20 Nov 2026, 05:00" in said
    assert "20 Nov 2026, 12:00:05" in said
    assert {"ana:small[]:gray[@example.com]", "call 7", "Pueblo", "Lumina ••••4567"} <= set(said)
    assert page.code[0].value == f"1042  {'b' * 64}\nbefore  {'a' * 64}"
