"""What the Payments page is about: whose payments, of which stretch of time, in which currency."""

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.queries.activity import Activity
from data_access.queries.late_ranking import LateRanking
from data_access.queries.payment_totals import PaymentTotal
from data_access.queries.punctuality import Punctuality
from data_access.queries.rankings import Ranking
from domain.filters import Filters
from ui import reads
from ui import window as windows
from ui.currencies import Shown
from ui.page_address import Here
from ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Story:
    """Who looks at what: the filters of `shown` have a period; `steps` are its months or years."""

    viewer: Viewer
    shown: Shown
    here: Here
    steps: Sequence[str]
    span: Activity

    @property
    def stretch(self) -> str:
        """Nov 2025 to 20 Nov 2026."""
        return windows.in_words(self.shown.filters)

    @property
    def step(self) -> str:
        """What one bar is: month or year."""
        return "year" if self.steps and len(self.steps[0]) == len("2026") else "month"

    def by_step(self, amounts: dict[str, int]) -> list[int]:
        """Amounts by month added up to the steps."""
        return [sum(amount for month, amount in amounts.items() if month.startswith(step)) for step in self.steps]

    def totals(self, by: str) -> list[PaymentTotal]:
        """Payments of the period by group."""
        return reads.payment_totals(self.viewer, self.shown.filters, by)

    def ranking(self, by: str, most: int) -> Ranking:
        """The groups to which most was paid, and what all were."""
        weights = self.shown.weights
        return reads.filtered("payment_ranking", self.viewer, self.shown.filters, by=by, limit=most, weights=weights)

    def late_ranking(self, by: str, most: int) -> LateRanking:
        """The groups that were late most often, and how often all were."""
        return reads.filtered("late_ranking", self.viewer, self.shown.filters, by=by, limit=most)

    def punctuality(self, by: str) -> list[Punctuality]:
        """Bills that fell due in the period by group."""
        return reads.filtered("punctuality", self.viewer, self.shown.filters, by=by)

    def earlier(self) -> Filters | None:
        """The stretch just before, where there were payments from its beginning on."""
        filters = windows.before(self.shown.filters)
        first = self.span.first_payment
        return filters if first and filters.since and first <= filters.since else None


def sums_of(shown: Shown, rows: Sequence[PaymentTotal], what: str) -> dict[str, int]:
    """`what` (paid, returned, net) by key, in the currency shown."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.key] = sums.get(row.key, 0) + shown.minor(getattr(row, what), row.currency)
    return sums
