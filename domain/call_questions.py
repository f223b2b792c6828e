"""What to ask a vendor on a call, derived from the account's facts; and what to have at hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

Money = Callable[[int], str]
Day = Callable[[date], str]


@dataclass(frozen=True, slots=True)
class NoticeFact:
    """A notice that stands."""

    kind: str
    dated: date
    acts_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A payment on its way, or the last one."""

    amount: int
    paid_on: date
    method: str
    confirmation_number: str = ""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One account before a call; amounts in minor units of its currency. disputed: (bill, amount).

    unconfirmed: a payment that was taken on a call without a confirmation number.
    """

    notices: tuple[NoticeFact, ...] = ()
    pending: tuple[PaymentFact, ...] = ()
    unconfirmed: tuple[PaymentFact, ...] = ()
    broken_promises: tuple[date, ...] = ()
    disputed: tuple[tuple[str, int], ...] = ()
    past_due: int = 0
    suspended: bool = False
    last_payment: PaymentFact | None = None
    asks_for: str = ""
    oldest_bill: str = ""
    site: str = ""


def questions(facts: CallFacts, money: Money, day: Day) -> list[str]:
    """What to ask, what is most urgent first."""
    return list(_questions(facts, money, day))


def _questions(facts: CallFacts, money: Money, day: Day) -> Iterator[str]:
    if facts.suspended:
        yield "What must be paid, fees included, to be switched on again, and how soon after the payment?"
    for notice in facts.notices:
        named = f"{notice.kind} notice of {day(notice.dated)}" + (
            f", no. {notice.reference}" if notice.reference else ""
        )
        by = f" by {day(notice.acts_on)}" if notice.acts_on else ""
        yield f"The {named}: which amount meets it{by}, and is it withdrawn once that is paid?"
    for promised_on in facts.broken_promises:
        yield f"We promised to pay by {day(promised_on)} and did not: does the arrangement still stand?"
    for payment in facts.pending:
        number = f", confirmation {payment.confirmation_number}" if payment.confirmation_number else ""
        yield f"Has our payment of {money(payment.amount)} of {day(payment.paid_on)} by {payment.method or 'an unknown method'}{number} arrived?"
    for payment in facts.unconfirmed:
        yield f"Which confirmation number has our payment of {money(payment.amount)} of {day(payment.paid_on)}?"
    for bill, amount in facts.disputed:
        yield f"Bill {bill}: how far is the dispute of {money(amount)}, and is that amount left out of collections?"
    if facts.past_due and not facts.notices and not facts.suspended:
        yield "Is a notice or a suspension under way, and from which day?"


def at_hand(facts: CallFacts, money: Money, day: Day) -> list[str]:
    """What the agent may want to hear."""
    said = [f"They ask for: {facts.asks_for}"] if facts.asks_for else []
    if facts.oldest_bill:
        said.append(f"Bill {facts.oldest_bill}, the oldest open one")
    if facts.last_payment:
        last = facts.last_payment
        number = f", confirmation {last.confirmation_number}" if last.confirmation_number else ""
        said.append(
            f"Last payment: {money(last.amount)} on {day(last.paid_on)} by {last.method or 'an unknown method'}{number}"
        )
    if facts.site:
        said.append(f"Service address: {facts.site}")
    return [*said, "The card or the bank account that pays; its number goes nowhere in Duewatch"]
