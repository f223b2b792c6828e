"""A short table that is shown whole on demand, page by page."""

from streamlit.testing.v1 import AppTest


def _app(count: int) -> AppTest:
    def script(count: int) -> None:
        import streamlit as st

        from ui.turning import span_of, turn

        start, limit = span_of("t", 8, count)
        st.text(" ".join(map(str, range(count)[start : start + limit])))
        turn("t", count, 8)

    return AppTest.from_function(script, kwargs={"count": count}).run()


def _rows(app: AppTest) -> list[int]:
    return [int(word) for word in app.text[0].value.split()]


def test_what_is_short_is_shown_without_a_choice():
    app = _app(8)
    assert _rows(app) == list(range(8))
    assert not app.checkbox


def test_all_are_shown_at_once_where_they_fit_on_a_page():
    app = _app(50)
    assert _rows(app) == list(range(8))
    app.checkbox[0].check().run()
    assert _rows(app) == list(range(50))
    assert not app.get("pagination")


def test_many_are_turned_by_page_and_the_last_page_is_what_is_left():
    app = _app(120)
    assert app.checkbox[0].label == "Show all 120"
    app.checkbox[0].check().run()
    assert _rows(app) == list(range(50))
    app.session_state["t-page"] = 3
    app.run()
    assert _rows(app) == list(range(100, 120))
