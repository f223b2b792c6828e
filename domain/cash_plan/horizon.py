"""The days of a plan: when each week's money is paid, and when it shows, by calendar and method."""

from dataclasses import dataclass, field
from datetime import date

from domain.periods import shifted
from domain.working_days import add_working_days, working_day_from

WEEKS = 13
DAYS = 7


@dataclass(frozen=True, slots=True)
class Horizon:
    """`weeks` weeks from `as_of` on. What was reckoned is kept: thousands of accounts share few calendars."""

    as_of: date
    weeks: int = WEEKS
    _edges: dict[tuple[str, int], tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def end(self) -> date:
        """The day after the last one."""
        return shifted(self.as_of, DAYS * self.weeks)

    def starts(self, week: int) -> date:
        """The first day of a week."""
        return shifted(self.as_of, DAYS * week)

    def pay_day(self, week: int, calendar: str) -> date:
        """The first working day of a week."""
        return working_day_from(self.starts(week), calendar)

    def shows_on(self, week: int, calendar: str, posting_days: int) -> date:
        """When the vendor shows what was paid on that day."""
        return add_working_days(self.pay_day(week, calendar), posting_days, calendar)

    def edges(self, calendar: str, posting_days: int) -> tuple[int, ...]:
        """The day of the plan, the day after each week's money shows, and the end, which none of them is after.

        What shows on the day of a fee or of a stop is too late for it.
        """
        key = calendar, posting_days
        if key not in self._edges:
            end = self.end.toordinal()
            shown = (self.shows_on(week, calendar, posting_days).toordinal() for week in range(self.weeks))
            self._edges[key] = (self.as_of.toordinal(), *(min(day + 1, end) for day in shown), end)
        return self._edges[key]
