"""Addresses: the present filters, plus what changes."""

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest


def _said(changes: dict) -> None:
    from datetime import date

    import streamlit as st

    from ui import links
    from ui.filter_bar import LABELS

    st.session_state.update(
        {
            "site": ["PUB"],
            "vendor": ["AT&T"],
            "as_of": date(2026, 11, 20),
            LABELS: {"site": {"PUB": "Pueblo Warehouse"}},
        }
    )
    st.text(links.address("balances", changes))
    st.text(links.link("[Pueblo](x)", "", {"vendor": None}))


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({}, {"site": ["Pueblo Warehouse"], "vendor": ["AT&T"], "as_of": ["2026-11-20"]}),
        ({"site": None, "open": "B&C"}, {"vendor": ["AT&T"], "as_of": ["2026-11-20"], "open": ["B&C"]}),
        ({"vendor": ["X", "Y"]}, {"site": ["Pueblo Warehouse"], "vendor": ["X", "Y"], "as_of": ["2026-11-20"]}),
    ],
)
def test_an_address_keeps_the_filters_and_takes_the_changes(changes, query):
    page = AppTest.from_function(_said, kwargs={"changes": changes}).run()
    assert not page.exception
    address, link = (text.value for text in page.text)
    assert urlsplit(address).path == "/balances"
    assert parse_qs(urlsplit(address).query) == query
    assert link == r"[\[Pueblo\](x)](/?site=Pueblo+Warehouse&as_of=2026-11-20)"
