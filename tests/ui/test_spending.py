"""The picture of a ledger in which everything is settled."""

from ui.spending import by_year


def test_months_add_up_to_years_and_empty_years_are_there():
    assert by_year({"2019-12": 100, "2019-03": 50, "2021-01": -30}) == {"2019": 150, "2020": 0, "2021": -30}
