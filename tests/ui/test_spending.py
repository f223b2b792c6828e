"""The picture of a ledger in which everything is settled."""

from datetime import date

from data_access.queries.spend import SpendRow
from domain.filters import Filters
from ui.currencies import Shown
from ui.spending import by_year, merged


def test_months_add_up_to_years_and_empty_years_are_there():
    assert by_year({"2019-12": 100, "2019-03": 50, "2021-01": -30}) == {"2019": 150, "2020": 0, "2021": -30}


def test_groups_of_one_name_are_joined_and_ranked():
    shown = Shown("GBP", Filters(as_of=date(2026, 11, 20)))
    rows = [SpendRow("A", "Alpha", "GBP", 100, 1, {}), SpendRow("B", "Beta", "GBP", 300, 2, {})]
    assert merged(shown, rows) == [("B", "Beta", 300), ("A", "Alpha", 100)]
