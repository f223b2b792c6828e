"""The filter bar's values: periods, labels, and the typed filters of an address."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from data_access.queries.dimensions import FilterOptions
from data_access.queries.site_names import SiteName
from ui import filter_chips, reads
from ui.answers import Kept
from ui.filter_address import at_least, picked
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


@pytest.fixture
def offered(monkeypatch):
    """Lets reads bring these sites, and others; tells how often each was asked for."""
    asked = Counter()

    def offer(sites=(), regions=()):
        answers = {
            "filter_options": Kept(1, FilterOptions(tuple(regions), len(sites), (), (), ()), datetime.now(UTC), 0.0),
            "site_names": Kept(1, tuple(sites), datetime.now(UTC), 0.0),
        }

        def ask(name, viewer, filters, arguments):
            asked[name] += 1
            codes = arguments.get("codes")
            if codes is None:
                return answers[name]
            return Kept(1, tuple(site for site in sites if site.code in codes), datetime.now(UTC), 0.0)

        monkeypatch.setattr(reads, "_ask", ask)
        return asked

    return offer


def test_sites_of_one_name_are_told_apart_by_their_code(offered):
    offered([SiteName("A", "Depot", True), SiteName("B", "Depot", True), SiteName("C", "Of*ice", False)])
    assert [site_label(None, code) for code in "ABC"] == ["Depot (A)", "Depot (B)", r"Of\*ice"]
    assert site_label(None, "Z*") == r"Z\*"
    assert [site_name(None, code) for code in ("B", "C", "Z*")] == ["Depot (B)", "Of*ice", "Z*"]
    assert labels_of(None, "site") == {"A": "Depot (A)", "B": "Depot (B)", "C": r"Of\*ice"}


def test_a_long_list_is_no_markdown_and_pills_are(offered):
    few, many = ([SiteName(f"S{n}", f"#{n}", False) for n in range(count)] for count in (40, 41))
    offered(few)
    assert labels_of(None, "site")["S0"] == site_label(None, "S0") == r"\#0"
    offered(many, regions=["#" * n for n in range(1, 42)])
    assert labels_of(None, "site")["S0"] == site_label(None, "S0") == "#0"
    assert labels_of(None, "region")["#"] == "#"


def test_of_thousands_of_sites_none_is_read_until_somebody_looks_at_one(offered):
    asked = offered([SiteName(f"S{n}", f"Site {n}", False) for n in range(5_000)])
    labels = labels_of(None, "site")
    assert len(labels) == 5_000
    assert picked("site", labels, {}) == picked("site", labels, {"site": []}) == at_least("site", labels, {}) == []
    assert asked == {"filter_options": 1}
    assert picked("site", labels, {"site": ["S7", "none"]}) == ["S7"]
    assert list(labels)[-1] == "S4999"
    assert asked["site_names"] > 0


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
