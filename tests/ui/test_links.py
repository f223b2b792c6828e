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


def _opened() -> None:
    import streamlit as st

    from ui import links
    from ui.page_address import Here

    st.session_state.update({"vendor": ["AT&T"], "rows": "Late", "bill": "7"})
    here = Here("payments", {"rows": "All", "bill": "", "at": ""})
    for made, once in (
        (lambda name: links.address("sites", {"account": name}), links.opening("sites", "account")),
        (lambda name: links.address("sites", {"vendor": name}), links.opening("sites", "vendor")),
        (
            lambda name: here.address({"bill": name, "rows": None}),
            here.opening("bill", {"bill": None, "rows": None}),
        ),
    ):
        for name in ("12", "B&C d", "a~ü=1"):
            st.text(made(name))
            st.text(once(name))


def test_the_addresses_of_rows_are_those_of_each_row():
    page = AppTest.from_function(_opened).run()
    assert not page.exception
    said = [parse_qs(urlsplit(text.value).query) | {"": [urlsplit(text.value).path]} for text in page.text]
    assert said[::2] == said[1::2]
    assert len({str(each) for each in said}) == 9


def _dropped() -> None:
    import streamlit as st

    from ui import filter_bar, links, run

    st.session_state.update({"vendor": ["AT&T"], "region": ["North", "South"]})
    for settles in (True, False):
        with run.of_a_page():
            if settles:
                filter_bar.settled(filter_bar.held())
            for changes in ({"vendor": None}, {"region": None}, {"vendor": None}, {}, {"region": ["East"], "at": "1"}):
                st.text(links.address("risk", changes))
        st.session_state["vendor"] = ["Lumina"]


def test_links_of_one_run_drop_what_each_of_them_changes_and_the_next_run_has_its_own_filters():
    page = AppTest.from_function(_dropped).run()
    assert not page.exception

    def expected(vendor):
        both = "region=North&region=South"
        queries = (both, f"vendor={vendor}", both, f"{both}&vendor={vendor}", f"vendor={vendor}&region=East&at=1")
        return [f"/risk?{query}" for query in queries]

    assert [text.value for text in page.text] == expected("AT%26T") + expected("Lumina")
