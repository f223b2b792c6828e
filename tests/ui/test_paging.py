"""Pages of a long table by the address: what it names is shown, what it cannot mean is the first page; new questions begin anew."""

import pytest
from streamlit.testing.v1 import AppTest

from ui import paging

ROWS = [(f"2026-03-{day:02}", day) for day in range(1, 31)]


def _script(rows, question="all"):
    from dataclasses import dataclass
    from datetime import date
    from urllib.parse import urlencode

    import streamlit as st

    from ui import paging

    @dataclass(frozen=True)
    class Row:
        day: date
        id: int

    def fetch(*, sort, after, before, limit):
        st.session_state["asked"] = (sort, after, before, limit)
        known = sorted((Row(date.fromisoformat(day), n) for day, n in rows), key=lambda row: (row.day, row.id))
        known = known[::-1] if sort.startswith("-") else known
        ids = [row.id for row in known]
        if mark := after or before:
            place = ids.index(mark[1]) if mark[1] in ids else len(ids)
            return known[place + 1 :][:limit] if after else known[max(place - limit, 0) : place]
        return known[:limit]

    ordering = paging.Ordering({"day": (date, int), "amount": (int, int)}, "-day")
    found = paging.page("t", question, fetch, ordering, 10)
    st.markdown(" ".join(str(row.id) for row in found.rows))
    for text, name in (("Day", "day"), ("Sum", "amount"), ("Who", "who")):
        st.markdown(found.head(lambda changes: urlencode({k: v or "-" for k, v in changes.items()}), text, name))
    paging.turner(found, lambda row: (row.day, row.id), 30)


def drawn(rows=ROWS, **address):
    page = AppTest.from_function(_script, default_timeout=60, kwargs={"rows": rows})
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def ids(page):
    return [int(n) for n in page.markdown[0].value.split()]


def where(page):
    return page.caption[0].value, [page.button(key=f"t-{end}").disabled for end in ("newer", "older")]


def test_pages_turn_there_and_back():
    page = drawn()
    assert ids(page) == list(range(30, 20, -1))
    assert where(page) == ("1 to 10 of 30", [True, False])
    page.button(key="t-older").click().run()
    assert (ids(page), where(page)) == (list(range(20, 10, -1)), ("11 to 20 of 30", [False, False]))
    page.button(key="t-older").click().run()
    assert (ids(page), where(page)) == (list(range(10, 0, -1)), ("21 to 30 of 30", [False, True]))
    page.button(key="t-newer").click().run()
    assert (ids(page), where(page)) == (list(range(20, 10, -1)), ("11 to 20 of 30", [False, False]))
    page.button(key="t-newer").click().run()
    assert (ids(page), where(page)) == (list(range(30, 20, -1)), ("1 to 10 of 30", [True, False]))


def test_a_link_shows_the_same_rows_when_newer_ones_came_in():
    address = {"after": "10~2026-03-21~21"}
    assert ids(drawn(**address)) == ids(drawn([*ROWS, ("2026-04-01", 99)], **address)) == list(range(20, 10, -1))
    assert ids(drawn(sort="day", before="20~2026-03-21~21")) == list(range(11, 21))


@pytest.mark.parametrize(
    "mark",
    ["", "~", "10", "10~2026-03-21", "10~2026-03-21~21~3", "x~2026-03-21~21", "10~yesterday~21", "10~2026-03-21~1e3"]
    + [f"10~2026-03-21~{2**63}", "10~2026-03-21~\x00", "10~2026-02-30~21", "10~" + "9" * 5000 + "~21"],
)
def test_an_address_that_means_nothing_is_the_first_page(mark):
    page = drawn(after=mark)
    assert ids(page) == list(range(30, 20, -1))
    assert page.session_state["asked"] == ("-day", None, None, 11)


@pytest.mark.parametrize("sort", ["who", "-who", "--day", "day desc", "-", "day,amount"])
def test_an_order_that_there_is_not_is_the_usual_one(sort):
    assert drawn(sort=sort).session_state["asked"][0] == "-day"


def test_heads_sort_and_turn_the_order_around_from_the_first_page():
    page = drawn(sort="-amount", after="10~5~21")
    assert [each.value for each in page.markdown[1:4]] == [
        "[Day](after=-&before=-&sort=-)",
        "[Sum ↓](after=-&before=-&sort=amount)",
        "Who",
    ]
    assert page.session_state["asked"] == ("-amount", (5, 21), None, 11)
    assert [each.value for each in drawn(sort="day").markdown[1:3]] == [
        "[Day ↑](after=-&before=-&sort=-)",
        "[Sum](after=-&before=-&sort=-amount)",
    ]


def test_another_question_begins_anew():
    page = drawn()
    page.button(key="t-older").click().run()
    page.session_state["t-question"] = ("another", "-day")
    page.run()
    assert ids(page) == list(range(30, 20, -1))


def test_a_head_orders_names_from_the_first_and_numbers_from_the_largest():
    """Of a page's second table, whose address keys have a prefix, by keys of its own."""
    ordering = paging.Ordering({"name": (str, int), "amount": (int, int)}, "-amount", "bills-")
    asked = {}
    for sort in ("-amount", "amount", "name", "-name"):
        page = paging.Page("t", [], 0, earlier=False, more=False, sort=sort, ordering=ordering)
        for name in ordering.kinds:
            page.head(lambda changes, at=(sort, name): str(asked.setdefault(at, changes["bills-sort"])), "Head", name)
            assert set(changes := paging.afresh("bills-")) == {"bills-after", "bills-before", "bills-sort"}, changes
    assert asked == {
        ("-amount", "name"): "name",
        ("-amount", "amount"): "amount",
        ("amount", "name"): "name",
        ("amount", "amount"): None,
        ("name", "name"): "-name",
        ("name", "amount"): None,
        ("-name", "name"): "name",
        ("-name", "amount"): None,
    }
