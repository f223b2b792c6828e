"""Double entry as text that hledger reads: names, amounts and tags that cannot be taken for anything else.

hledger ends a name at two spaces, an account's part at a colon, a description at a semicolon, a tag at a comma, a code at
its closing bracket, and takes a bracketed date in a comment for a posting's own.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.masking import masked
from domain.money import exponent, to_decimal

PAYABLE, EXPENSES, BANK, CARD = "liabilities:payable", "expenses", "assets:bank", "assets:card"
NOT_ITEMISED = "not itemised"
UNSAID = "not said"
_NAME = str.maketrans({":": "-", ";": ","})
_DESCRIPTION = str.maketrans({";": ",", "|": "/"})
_CODE = str.maketrans({"(": "[", ")": "]", ";": ","})
_TAG = str.maketrans({",": " ", "[": "(", "]": ")"})


def part(text: str) -> str:
    """One part of an account's name."""
    return plain(text.translate(_NAME)) or UNSAID


def payable(vendor: str, number: str, account_id: int) -> str:
    """The account of what is owed on a billing account; the id keeps apart numbers that end alike."""
    return f"{PAYABLE}:{part(vendor)}:{part(number)} #{account_id}"


def masked_payable(vendor: str, number: str, account_id: int) -> str:
    """The same by the last four of the number."""
    return payable(vendor, masked(number), account_id)


def expense(kind: str) -> str:
    """The account of a type of charge."""
    return f"{EXPENSES}:{part(kind.replace('_', ' '))}"


def money_account(method: str) -> str:
    """What a payment is paid from."""
    return CARD if method == "card" else f"{BANK}:{part(method)}"


def amount(minor: int, currency: str) -> str:
    """-1234.50 USD."""
    return f"{to_decimal(minor, currency)} {currency}"


def commodity(currency: str) -> str:
    """How many decimals a currency has, which hledger takes from a sample."""
    return f"commodity 1000.{'0' * exponent(currency)} {currency}"


def tags(values: Mapping[str, object]) -> str:
    """`  ; name:value, ...` of those that have a value; nothing of none."""
    told = {name: plain(str(value).translate(_TAG)) for name, value in values.items() if value not in (None, "")}
    return "  ; " + ", ".join(f"{name}:{value}" for name, value in told.items()) if told else ""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transaction; minor units. holds: what the account must hold after it, where that is asserted."""

    account: str
    minor: int
    currency: str
    tags: Mapping[str, object]
    holds: int | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """What happened on a day. settled: False while neither vendor nor bank has shown it."""

    day: date
    code: str
    payee: str
    note: str
    postings: Sequence[Posting]
    tags: Mapping[str, object]
    settled: bool = True

    def lines(self) -> Iterator[str]:
        """As the journal has it, an empty line last."""
        code = plain(self.code.translate(_CODE))
        payee, note = (plain(text.translate(_DESCRIPTION)) for text in (self.payee, self.note))
        mark = "*" if self.settled else "!"
        yield f"{self.day} {mark} ({code}) {payee} | {note}{tags(self.tags)}"
        for posting in self.postings:
            held = "" if posting.holds is None else f" = {amount(posting.holds, posting.currency)}"
            yield f"    {posting.account}  {amount(posting.minor, posting.currency)}{held}{tags(posting.tags)}"
        yield ""


def declared(accounts: Iterable[tuple[str, Mapping[str, object]]], currencies: Iterable[str]) -> Iterator[str]:
    """The head of a journal: nothing in it is used undeclared, so that `hledger check --strict` passes."""
    yield "decimal-mark ."
    yield from (commodity(currency) for currency in currencies)
    yield from (f"account {name}{tags(told)}" for name, told in accounts)
    yield ""


def plain(text: str) -> str:
    """On one line, single spaces, and no mark that nobody sees."""
    seen = ("" if unicodedata.category(mark) in ("Cf", "Cs") else mark for mark in text)
    spaced = (" " if unicodedata.category(mark)[0] in "ZC" else mark for mark in "".join(seen))
    return " ".join("".join(spaced).split())
