"""Days on which banks work, in the four countries of the demo, and steps by month.

National bank holidays only: a payment on 26 December or on Thanksgiving is the first thing that a finance person sees.
"""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

MONDAY, THURSDAY, FRIDAY = 0, 3, 4


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth (1..) such weekday of a month; nth -1 is the last one."""
    if nth < 0:
        last = add_months(date(year, month, 1), 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


@cache
def bank_holidays(country: str, year: int) -> frozenset[date]:
    """National bank holidays of US, GB, IE or DE; those that fall on a weekend keep their date."""
    sunday = easter(year)
    good_friday, easter_monday = sunday - timedelta(days=2), sunday + timedelta(days=1)
    new_year, christmas, boxing_day = date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)
    if country == "US":
        days = {
            new_year,
            nth_weekday(year, 1, MONDAY, 3),
            nth_weekday(year, 2, MONDAY, 3),
            nth_weekday(year, 5, MONDAY, -1),
            date(year, 6, 19),
            date(year, 7, 4),
            nth_weekday(year, 9, MONDAY, 1),
            nth_weekday(year, 10, MONDAY, 2),
            date(year, 11, 11),
            nth_weekday(year, 11, THURSDAY, 4),
            christmas,
        }
        return frozenset(day + timedelta(days=1) if day.weekday() == 6 else day for day in days)
    if country == "GB":
        spring = {nth_weekday(year, 5, MONDAY, 1), nth_weekday(year, 5, MONDAY, -1)}
        summer = {nth_weekday(year, 8, MONDAY, -1)}
        return frozenset({new_year, good_friday, easter_monday, christmas, boxing_day} | spring | summer)
    if country == "IE":
        bank = {nth_weekday(year, month, MONDAY, 1) for month in (2, 5, 6, 8)} | {nth_weekday(year, 10, MONDAY, -1)}
        return frozenset({new_year, date(year, 3, 17), easter_monday, christmas, boxing_day} | bank)
    if country == "DE":
        church = {good_friday, easter_monday, sunday + timedelta(days=39), sunday + timedelta(days=50)}
        return frozenset({new_year, date(year, 5, 1), date(year, 10, 3), christmas, boxing_day} | church)
    raise ValueError(f"no bank holidays known for {country!r}")


def is_business_day(day: date, country: str) -> bool:
    """A weekday that is not a bank holiday."""
    return day.weekday() <= FRIDAY and day not in bank_holidays(country, day.year)


def business_day(day: date, country: str, *, step: int = 1) -> date:
    """`day` itself if banks work, else the next (step 1) or the previous (step -1) day on which they do."""
    while not is_business_day(day, country):
        day += timedelta(days=step)
    return day


def business_days_after(day: date, count: int, country: str) -> date:
    """The `count`-th business day after `day`; 0 is the first business day not before it."""
    day = business_day(day, country)
    for _ in range(count):
        day = business_day(day + timedelta(days=1), country)
    return day


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def period_name(day: date) -> str:
    """YYYY-MM, as a call names the bill that it is about."""
    return f"{day.year:04d}-{day.month:02d}"
