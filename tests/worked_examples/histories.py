"""Histories at random: what may happen to two accounts in half a year, in any order, sensible or not."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, product
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.database import Database
from domain.allocation import AllocationRefusedError
from tests import factories as make
from tests.worked_examples.books import Books

START = date(2026, 1, 1)
LAST = 200  # days
_BIT = 500  # what is applied at a time
REFUSALS = (AllocationRefusedError, LedgerRefusedError, NotFoundError, IntegrityError)
ACTS = (
    "bill", "pay", "pay", "apply", "apply", "return", "return", "credit", "use", "use", "refund", "dispute", "settle", "post"
)  # fmt: skip
_names = count(1)


@dataclass(frozen=True)
class Step:
    """Something that happens on a day; `which` and `to` choose among what is there by then."""

    act: str
    day: int
    cents: int
    which: int
    to: int
    due_in: int | None
    euros: bool

    @property
    def date(self) -> date:
        return START + timedelta(days=self.day)


@st.composite
def _steps(draw: st.DrawFn) -> list[Step]:
    """Bills, a payment, a credit note and a dispute to begin with; then anything, mostly onwards in time, some of it entered late.

    Few amounts, and small ones: so that most of it fits, and documents are used up to the cent.
    """
    chosen, day = [], 0
    opening = ["bill", "pay", "bill", "credit", "dispute"]
    acts = opening + draw(st.lists(st.sampled_from(ACTS), min_size=4, max_size=12))
    for number, act in enumerate(acts):
        day = min(LAST, max(0, day + draw(st.integers(-12, 40))))
        chosen.append(
            Step(
                act=act,
                day=day,
                cents=draw(st.sampled_from([500, 1000, 1000, 1500, 3000])),
                which=draw(st.integers(0, 3)),
                to=draw(st.integers(0, 3)),
                due_in=draw(st.none() | st.integers(0, 60)),
                euros=number >= len(opening) and draw(st.integers(0, 5)) == 0,
            )
        )
    return chosen


steps = _steps()
days = st.lists(st.integers(-1, LAST + 100), min_size=1, max_size=4, unique=True)


class Story:
    """Two accounts of one vendor, in dollars and euros, at a site of their own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.name = f"Story {next(_names)}"
        site_id = make.site(database, self.name.replace(" ", "-"))
        vendor_id = make.vendor(database, self.name)
        self.books = [
            Books(
                database,
                make.account(
                    database, site_id, vendor_id, f"{self.name} {currency}", currency=currency, terms_days=terms
                ),
                site_id,
                f"{self.name} {currency}",
                currency,
            )
            for currency, terms in (("USD", 30), ("EUR", 14))
        ]
        self.payments: dict[str, list[int]] = {"USD": [], "EUR": []}
        self.disputes: dict[str, list[int]] = {"USD": [], "EUR": []}

    def happens(self, step: Step) -> bool:
        """Play one step on the first document, from the one it names on, that the books accept; False when none is."""
        books = self.books[step.euros]
        return any(self._accepted(books, step, choice) for choice in self._choices(books, step))

    def _choices(self, books: Books, step: Step) -> list[tuple[Any, ...]]:
        bills = _from(step.to, [name for name in books.documents if name.startswith("B")])
        payments = _from(step.which, self.payments[books.currency])
        notes = _from(step.which, [name for name in books.documents if name.startswith("C")])
        each = [(payment,) for payment in payments]
        choices: dict[str, list[tuple[Any, ...]]] = {
            "apply": list(product(payments, bills)),
            "return": each,
            "post": each,
            "refund": each[:1] or [(None,)],  # entered in two steps, of which the first stays: once only
            "use": list(product(notes, bills)),
            "dispute": [(bill,) for bill in bills],
            "settle": [(dispute,) for dispute in _from(step.which, self.disputes[books.currency])],
        }
        return choices.get(step.act, [()])

    def _accepted(self, books: Books, step: Step, choice: tuple[Any, ...]) -> bool:
        try:
            self._play(books, step, choice)
        except REFUSALS:
            return False
        return True

    def _play(self, books: Books, step: Step, choice: tuple[Any, ...]) -> None:
        amount, on = books.text(_BIT if step.act in {"apply", "use"} else step.cents), step.date.isoformat()
        number = len(books.documents) + 1
        match step.act:
            case "bill":
                due = None if step.due_in is None else (step.date + timedelta(days=step.due_in)).isoformat()
                books.bill(f"B{number}", amount, issued=on, due=due)
            case "credit":
                books.credit_note(f"C{number}", amount, issued=on)
            case "pay":
                apply = "oldest" if step.to % 2 else "none"
                paid = books.pays(amount, on=on, apply=apply, pending=step.which == 0)
                self.payments[books.currency].append(paid)
            case "apply":
                books.applies(choice[0], {choice[1]: amount}, on=on)
            case "return":
                books.comes_back(choice[0], on=on)
            case "post":
                books.posts(choice[0], on=on)
            case "refund":
                books.is_refunded(amount, on=on, payment=choice[0])
            case "use":
                books.uses_credit(choice[0], choice[1], amount, on=on)
            case "dispute":
                self.disputes[books.currency].append(books.disputes(choice[0], amount, on=on))
            case "settle":
                books.settles(choice[0], on=on, outcome="credited")


def _from(position: int, things: list[Any]) -> list[Any]:
    """`things`, beginning with the one at `position` (counted round)."""
    start = position % len(things) if things else 0
    return things[start:] + things[:start]


def moments(happened: list[Step], offsets: list[int]) -> list[date]:
    """The days on which something happened, and others of the half-year, a little before and after."""
    return sorted({step.date for step in happened} | {START + timedelta(days=offset) for offset in offsets})
