"""The facts behind an outlook, as sentences: counts of bills past due, as known on the day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from domain.payment_habits import KnownBill

LAST = 12  # bills of the account that are told
_MOSTLY = 0.95  # still open: that the bill is open too says nothing


class Record:
    """What the bills that are past due on `day` have been: late or not, and by how many days."""

    def __init__(self, past: Iterable[KnownBill], day: date) -> None:
        self._day = day
        self._accounts: dict[int, list[KnownBill]] = defaultdict(list)
        self._groups: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.paid = 0  # bills settled, of all
        for bill in past:
            self._accounts[bill.account_id].append(bill)
            self.paid += bill.settled_on is not None
            for group in (("site", bill.site), ("vendor", bill.vendor)):
                self._groups[group][0] += bill.late
                self._groups[group][1] += 1

    def beside(self, past: Iterable[KnownBill]) -> "Record":
        """With bills of other sites, which tell of their sites and accounts alone."""
        found = Record(past, self._day)
        own = {key: value for key, value in found._groups.items() if key[0] == "site"}
        found._groups = own | self._groups
        found._accounts |= self._accounts
        found.paid = self.paid
        return found

    def reasons(self, bill: KnownBill, still_open: float, behind: bool) -> tuple[str, ...]:
        """The facts, the nearest first. `still_open`: of what is paid in time, the share that is open as long."""
        return (
            *self._standing(bill, still_open),
            self._account(bill),
            *(["an older bill of this account is past due"] if behind else []),
            *self._group("site", bill.site),
            *self._group("vendor", bill.vendor),
        )

    def _standing(self, bill: KnownBill, still_open: float) -> list[str]:
        days = (bill.due_on - self._day).days
        if days < 0:
            return [f"it is {_days(-days)} past due"]
        if days == 0:
            return ["it is due on this day and not paid"]
        if still_open > _MOSTLY:
            return []
        return [
            f"{_days(days)} before due, {still_open:.0%} of the bills that this account pays in time are still open"
        ]

    def _account(self, bill: KnownBill) -> str:
        last = self._accounts.get(bill.account_id, [])[-LAST:]
        late = [((b.settled_on or self._day) - b.due_on).days for b in last if b.late]
        if not last:
            return "no bill of this account has fallen due before"
        if not late:
            return f"none of the last {_bills(len(last))} of this account was late"
        by = f"by {_days(round(sum(late) / len(late)))}" + (" on average" if len(late) > 1 else "")
        were = "was" if len(late) == 1 else "were"
        return f"{len(late)} of the last {_bills(len(last))} of this account {were} late, {by}"

    def _group(self, word: str, name: str) -> list[str]:
        late, bills = self._groups.get((word, name), (0, 0))
        return [f"{late / bills:.0%} of {_bills(bills)} of this {word} were late"] if bills > 1 else []


def _days(count: int) -> str:
    return f"{count:,} {'day' if count == 1 else 'days'}"


def _bills(count: int) -> str:
    return f"{count:,} {'bill' if count == 1 else 'bills'}"
