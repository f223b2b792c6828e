"""The bills as they are paid in a scenario: what is left of each, and every payment with the day it is made and shown."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from domain.what_if.posting import Posting
from domain.what_if.start import NEVER, Bills, Flags, Start, Whole


class Applied(NamedTuple):
    """Money applied to bills. cash: what leaves our account for it; 0 for a credit. shown: the day the vendor counts it."""

    bill: Whole
    day: Whole
    shown: Whole
    amount: Whole
    cash: Whole


class Withheld(NamedTuple):
    """Parts of bills that come under dispute."""

    bill: Whole
    day: Whole
    amount: Whole


class OnAccount(NamedTuple):
    """Credits that no bill took up."""

    account: Whole
    day: Whole
    amount: Whole


class Book:
    """left, disputed: of each bill as far as the scenario has been played, also of bills that are not yet issued.

    A bill on autopay is not late: what is paid by hand counts on the day of the draw at the latest, since what the vendor does not
    see by then it draws.
    """

    def __init__(self, start: Start, bills: Bills) -> None:
        self.start, self.bills = start, bills
        self.left, self.disputed = bills.amount.copy(), bills.disputed.copy()
        self.drawn_on = np.full(len(bills.ids), NEVER, np.int64)  # by autopay
        self.posting = Posting(start)
        self._applied: list[Applied] = []
        self._withheld: list[Withheld] = []
        self._on_account: list[OnAccount] = []

    @property
    def rest(self) -> Whole:
        """Of each bill: left and not in dispute."""
        return np.maximum(0, self.left - self.disputed)

    def owed_on(self, day: int) -> Whole:
        """The same of the bills issued by `day`, 0 of the others."""
        return np.where(self.bills.issued <= day, self.rest, 0)

    def oldest_first(self, among: Whole) -> Whole:
        """Bills in the order in which money is taken to pay them."""
        bills = self.bills
        return among[np.lexsort((among, bills.account[among], bills.issued[among], bills.due[among]))]

    def pay(self, bills: Whole, amounts: Whole, day: int, method: str) -> None:
        """Money that leaves on `day` and is shown when the method has it posted."""
        shown = self.posting.day(self.bills.account[bills], method, day)
        drawn_on = self.drawn_on[bills]
        shown = np.where(drawn_on >= day, np.minimum(shown, drawn_on), shown)
        self.apply(bills, amounts, np.full(len(bills), day), shown, amounts)

    def apply(self, bills: Whole, amounts: Whole, day: Whole, shown: Whole, cash: Whole) -> None:
        """Take `amounts` off what is left; each bill once."""
        some = amounts > 0
        applied = Applied(bills[some], day[some], shown[some], amounts[some], cash[some])
        self.left[applied.bill] -= applied.amount
        self._applied.append(applied)

    def withhold(self, bills: Whole, amounts: Whole, day: int) -> None:
        """Bring parts of bills under dispute."""
        some = amounts > 0
        withheld = Withheld(bills[some], np.full(int(some.sum()), day), amounts[some])
        self.disputed[withheld.bill] += withheld.amount
        self._withheld.append(withheld)

    def keep_on_account(self, accounts: Whole, amounts: Whole, day: int) -> None:
        """Credits without a bill to apply them to."""
        some = amounts > 0
        self._on_account.append(OnAccount(accounts[some], np.full(int(some.sum()), day), amounts[some]))

    @property
    def applied(self) -> Applied:
        """All of it so far."""
        return Applied(*_joined(self._applied, 5))

    @property
    def withheld(self) -> Withheld:
        """All that came under dispute in the scenario."""
        return Withheld(*_joined(self._withheld, 3))

    @property
    def on_account(self) -> OnAccount:
        """All that the scenario left on accounts."""
        return OnAccount(*_joined(self._on_account, 3))


class Draws:
    """Bills that are paid by themselves on a day of their own: by autopay, or delayed. They come after what is done that day."""

    def __init__(self, book: Book) -> None:
        bills = book.bills
        self._book = book
        # What is due on the as-of day and still open at its end is drawn tomorrow.
        self._due_day = np.maximum(np.maximum(bills.due_day, bills.issued), 1)
        self._delayed_to = np.full(len(bills.ids), NEVER, np.int64)
        self._method = np.zeros(len(bills.ids), np.int64)  # of the delayed, an index into _methods
        self._methods: list[str] = []
        self._played = -1
        until = book.start.accounts.autopay_until[bills.account]
        self.autopay(bills.due_day <= until, since=0)

    def autopay(self, chosen: Flags, since: int) -> None:
        """Bills due from `since` on are drawn on their due day."""
        drawn = np.flatnonzero(chosen & (self._book.bills.due_day >= since))
        self.leave(drawn)
        self._book.drawn_on[drawn] = self._due_day[drawn]

    def delay(self, chosen: Flags, days: int, method: str) -> None:
        """Each bill is paid `days` after its due day, or after today where that has passed."""
        bills, delayed = self._book.bills, np.flatnonzero(chosen)
        self.leave(delayed)
        self._delayed_to[delayed] = np.maximum(np.maximum(bills.due_day, bills.issued), 0)[delayed] + days
        self._method[delayed] = len(self._methods)
        self._methods.append(method)

    def leave(self, bills: Whole) -> None:
        """These are paid otherwise."""
        self._book.drawn_on[bills] = NEVER
        self._delayed_to[bills] = NEVER

    def play_until(self, day: int) -> None:
        """Pay what falls on the days up to `day` and was not played before."""
        book, since = self._book, self._played
        self._played = max(since, day)
        drawn = np.flatnonzero((book.drawn_on > since) & (book.drawn_on <= day))
        on, amounts = book.drawn_on[drawn], book.rest[drawn]
        book.apply(drawn, amounts, on, on, amounts)
        coming = (self._delayed_to > since) & (self._delayed_to <= day)
        for index, method in enumerate(self._methods):
            late = np.flatnonzero(coming & (self._method == index))
            made, amounts = self._delayed_to[late], book.rest[late]
            book.apply(late, amounts, made, book.posting.day(book.bills.account[late], method, made), amounts)


def _joined(chunks: Sequence[tuple[Whole, ...]], width: int) -> list[Whole]:
    columns = zip(*chunks, strict=True) if chunks else [[np.zeros(0, np.int64)]] * width
    return [np.concatenate(list(column)) for column in columns]
