"""The forecast of cash by week: figures by hand, and ranges that follow from what may happen."""

from dataclasses import replace
from datetime import date

from domain.cash_forecast import CashForecast, Outflow, Source

AS_OF = date(2026, 11, 20)


def bill(amount, *chances, account=1, source=Source.OPEN, low=None, high=None):
    names = (account, "internet", f"S{account}", source, 7, "B7", date(2026, 11, 1), date(2026, 11, 30))
    return Outflow(*names, amount, low or amount, high or amount, chances)


def forecast(*bills, **more):
    return CashForecast(AS_OF, len(bills[0].chances), bills, **more)


def test_a_week_is_the_sum_of_amounts_times_chances():
    found = forecast(bill(10_000, 0.25, 0.75), bill(4_000, 1, 0, source=Source.AUTOPAY)).total
    assert [(w.first, w.last, w.amount) for w in found] == [
        (date(2026, 11, 21), date(2026, 11, 27), 6_500),
        (date(2026, 11, 28), date(2026, 12, 4), 7_500),
    ]
    assert found[0].by_source[Source.OPEN] == 2_500
    assert found[0].by_source[Source.AUTOPAY] == 4_000


def test_what_is_certain_has_no_range():
    week = forecast(bill(10_000, 1), bill(4_000, 1)).total[0]
    assert (week.low, week.amount, week.high) == (14_000, 14_000, 14_000)


def test_one_bill_is_paid_or_not():
    week = forecast(bill(10_000, 0.5, 0.5)).total[0]
    assert (week.low, week.amount, week.high) == (0, 5_000, 10_000)


def test_many_bills_even_out_but_for_what_all_have_in_common():
    """100 throws of a coin are 50 give or take 1.28 times 5. These lean the same way a little: as if they were 14 throws."""
    many = [bill(10_000, 0.5, 0.5, account=n) for n in range(100)]
    week = forecast(*many).total[0]
    assert week.amount == 500_000
    assert 0.28 < week.low / 1_000_000 < 0.34
    assert 0.66 < week.high / 1_000_000 < 0.72


def test_what_bills_have_in_common_does_not_even_out():
    """Half or double: a hundred of one account are as uncertain together as its share in common, of many far less."""
    one = [bill(10_000, 1, low=5_000, high=20_000) for _ in range(100)]
    many = [bill(10_000, 1, account=n, low=5_000, high=20_000) for n in range(100)]

    def width(bills):
        week = forecast(*bills).total[0]
        return (week.high - week.low) / week.amount

    assert width(one) > 1.2 * width(many) > 0.3


def test_groups_and_rows_add_up_to_the_total():
    bills = [bill(3_333, 0.3, 0.3, account=1), bill(7_777, 0.1, 0.9, account=2), bill(999, 0.5, 0.1, account=1)]
    found = forecast(*bills)
    groups = found.by([flow.site for flow in bills])
    assert list(groups) == ["S1", "S2"]
    for n, week in enumerate(found.total):
        assert sum(group[n].amount for group in groups.values()) == week.amount
        assert sum(share for _, _, share in found.rows(n)) == week.amount


def test_the_same_seed_draws_the_same():
    bills = [bill(10_000, 0.5, 0.5, account=n, low=8_000, high=12_000) for n in range(10)]
    assert forecast(*bills).total == forecast(*bills).total
    assert forecast(*bills).total != replace(forecast(*bills), random_seed=2).total


def test_nothing_to_pay():
    assert [week.high for week in CashForecast(AS_OF, 3, []).total] == [0, 0, 0]
