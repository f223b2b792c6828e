"""The filter bar's values: periods, labels, and the typed filters of an address."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data_access.queries.dimensions import FilterOptions
from ui import filter_chips
from ui.filter_bar import PERIODS, labels_of, period_of, site_label, site_name

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("This month", date(2026, 11, 1), date(2026, 11, 21)),
        ("Last month", date(2026, 10, 1), date(2026, 11, 1)),
        ("This quarter", date(2026, 10, 1), date(2026, 11, 21)),
        ("This year", date(2026, 1, 1), date(2026, 11, 21)),
        ("Last 12 months", date(2025, 12, 1), date(2026, 11, 21)),
        (None, None, None),
        ("Nonsense", None, None),
    ],
)
def test_periods_are_half_open(period, since, until):
    assert period_of(period, DAY, None, None) == (since, until)


def test_a_custom_period_includes_its_last_day_and_may_be_open():
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    assert period_of("Custom", DAY, first, last) == (first, date(2026, 4, 1))
    assert period_of("Custom", DAY, first, None) == (first, None)
    assert period_of("Custom", DAY, None, last) == (None, date(2026, 4, 1))
    assert period_of("Custom", DAY, last, first) == (None, None)
    assert period_of("Custom", DAY, first, first) == (first, date(2026, 3, 2))


def test_periods_around_the_turn_of_a_year():
    assert period_of("Last month", date(2026, 1, 15), None, None) == (date(2025, 12, 1), date(2026, 1, 1))
    assert period_of("This quarter", date(2026, 1, 1), None, None) == (date(2026, 1, 1), date(2026, 1, 2))
    assert all(period_of(p, date(2024, 2, 29), None, None) is not None for p in PERIODS)


def test_sites_of_one_name_are_told_apart_by_their_code():
    options = FilterOptions((), (("A", "Depot", ""), ("B", "Depot", ""), ("C", "Of*ice", "")), (), (), ())
    assert [site_label(options, code) for code in "ABC"] == ["Depot (A)", "Depot (B)", r"Of\*ice"]
    assert site_label(options, "Z*") == r"Z\*"
    assert [site_name(options, code) for code in ("B", "C", "Z*")] == ["Depot (B)", "Of*ice", "Z*"]
    assert labels_of(options, "site") == {"A": "Depot (A)", "B": "Depot (B)", "C": r"Of\*ice"}


def test_a_long_list_is_no_markdown_and_pills_are():
    few, many = ([(f"S{n}", f"#{n}", "") for n in range(count)] for count in (40, 41))
    assert labels_of(FilterOptions((), tuple(few), (), (), ()), "site")["S0"] == r"\#0"
    assert labels_of(FilterOptions((), tuple(many), (), (), ()), "site")["S0"] == "#0"
    assert labels_of(FilterOptions(tuple("#" * n for n in range(1, 42)), (), (), (), ()), "region")["#"] == "#"


def _two_chips() -> None:
    from ui import filter_chips

    labels = {f"S{n}": f"Site {n}" for n in range(50)}
    filter_chips._choice("site", "Site", labels, {"site": ["S7"]}, closed=True)
    filter_chips._choice("vendor", "Vendor", labels, {}, closed=False)


def test_a_closed_chip_of_a_long_list_offers_what_is_chosen_and_an_open_one_everything():
    page = AppTest.from_function(_two_chips)
    page.query_params["site"] = "Site 9"  # asked for by now
    page.run()
    closed, opened = page.multiselect
    assert closed.options == ["Site 7", "Site 9"]
    assert closed.placeholder == filter_chips.COMING  # seen between a click and the end of its run
    assert opened.options == [f"Site {n}" for n in range(50)]
    assert opened.placeholder != filter_chips.COMING
