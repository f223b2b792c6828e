"""Payments and bank lines whose partners are known, with the noise of real statements; for measuring the matcher.

Dates slip, references are mangled or left out, debits are joined and split, twins stand side by side, banks take fees,
payment runs share one number, partners are missing on either side, and other currencies and cards lie between. What nobody could tell is not asked: of
twins without any reference, never one loses its line while the other loses its payment.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.matching.legs import CARD, LineLeg, PaymentLeg
from domain.matching.scores import Labelled
from domain.periods import add_months
from domain.policies import USUAL_POSTING
from domain.working_days import add_working_days

_FIRST = [
    "Lumina",
    "Northgate",
    "Vantage",
    "Kestrel",
    "Harbor",
    "Orchid",
    "Summit",
    "Meridian",
    "Cobalt",
    "Juniper",
    "Falcon",
    "Tidewater",
    "Redwood",
    "Granite",
]
_SECOND = ["Networks", "Telecom", "Wireless", "Communications", "Energy", "Water", "Fiber", "Broadband"]
_METHODS = ("ach", "ach", "transfer", "e-check", "cheque", "card")
_START = date(2025, 1, 6)
_DAYS = 360
_MONTHS = 12
_CONFUSED = str.maketrans("0158", "OISB")
# Shares of all payments.
_JOINED, _SPLIT, _TWINS, _NO_LINE, _NO_PAYMENT, _WITH_FEE, _MANGLED = 0.03, 0.02, 0.02, 0.02, 0.02, 0.004, 0.1
_RUN = 0.012


@dataclass(slots=True)
class _Made:
    """What is being made."""

    chance: random.Random
    payments: list[PaymentLeg] = field(default_factory=list)
    lines: list[LineLeg] = field(default_factory=list)
    pairs: set[tuple[int, int]] = field(default_factory=set)

    def payment(self, like: PaymentLeg, **changed: object) -> PaymentLeg:
        new = replace(like, id=len(self.payments) + 1, **changed)
        self.payments.append(new)
        return new

    def line(self, of: Sequence[PaymentLeg], amount: int, text: str, *, late: int = 0, known: bool = True) -> None:
        """A line that shows `of`, on the day on which the last of them shows, or some days later."""
        first = of[0]
        day = max(p.posted_on or p.paid_on for p in of) + timedelta(days=late)
        kind = CARD if first.method == CARD else "bank"
        account = f"{kind} {first.currency}"
        line = LineLeg(10_000_000 + len(self.lines), account, first.currency, -amount, day, kind, description=text)
        self.lines.append(line)
        if known:
            self.pairs.update((payment.id, line.id) for payment in of)


def labelled(random_seed: int, payments: int) -> Labelled:
    """About `payments` payments with their lines, shuffled."""
    made = _Made(random.Random(random_seed))
    accounts = _accounts(made.chance, payments // _MONTHS)
    for month in range(_MONTHS + 1):
        for account in accounts:
            if len(made.payments) < payments:
                _one_more(made, account, month)
    for _ in range(payments // 50):
        _bank_fee(made)
    made.chance.shuffle(made.payments)
    made.chance.shuffle(made.lines)
    return Labelled(tuple(made.payments), tuple(made.lines), frozenset(made.pairs))


def _accounts(chance: random.Random, count: int) -> list[PaymentLeg]:
    """What each account's payments have in common; amounts vary around the account's own."""
    names = [f"{first} {second}" for first in _FIRST for second in _SECOND]
    chance.shuffle(names)
    vendors = names[: max(12, count // 6)]
    found = []
    for n in range(count):
        vendor = chance.randrange(len(vendors))
        currency = chance.choices(("USD", "EUR", "GBP"), (8, 1, 1))[0]
        number = f"{chance.randrange(10**9, 10**10)}"
        amount = chance.choice((4_999, 7_999, 12_000)) if chance.random() < 0.1 else chance.randrange(2_000, 900_000)
        method = chance.choice(_METHODS)
        day = _START + timedelta(days=chance.randrange(28))
        like = PaymentLeg(0, n + 1, vendor + 1, currency, amount, day, method=method, account_number=number)
        found.append(replace(like, names=(vendors[vendor],), posting_days=USUAL_POSTING[method], calendar="US"))
    return found


def _one_more(made: _Made, account: PaymentLeg, month: int) -> None:
    chance = made.chance
    kind = chance.random()
    payment = _paid(made, account, month)
    if kind < _JOINED:
        _joined(made, payment)
    elif kind < _JOINED + _SPLIT:
        _split(made, payment)
    elif kind < _JOINED + _SPLIT + _TWINS:
        _twins(made, payment)
    elif kind < _JOINED + _SPLIT + _TWINS + _WITH_FEE:
        fee = chance.choice((1_500, 2_500)) if payment.amount > 60_000 else payment.amount // 40 + 1
        told = chance.choice(("INCL CHARGES", "INCL FEE", ""))
        text = f"{payment.names[0].upper()} {payment.confirmation or payment.account_number} {told}"
        made.line([payment], payment.amount + fee, text)
    elif kind < _JOINED + _SPLIT + _TWINS + _WITH_FEE + _NO_LINE:
        pass
    elif kind < _JOINED + _SPLIT + _TWINS + _WITH_FEE + _NO_LINE + _NO_PAYMENT:
        made.payments.pop()
        made.line([payment], payment.amount, _said(made, payment), known=False)
    elif kind < _JOINED + _SPLIT + _TWINS + _WITH_FEE + _NO_LINE + _NO_PAYMENT + _RUN:
        _run(made, payment)
    else:
        made.line([payment], payment.amount, _said(made, payment), late=_late(chance))


def _paid(made: _Made, account: PaymentLeg, month: int) -> PaymentLeg:
    """A bill a month, paid about its day."""
    chance = made.chance
    paid_on = add_months(account.paid_on, month) + timedelta(days=chance.randint(-3, 3))
    amount = account.amount if chance.random() < 0.5 else max(100, account.amount + chance.randrange(-900, 900))
    posted_on = add_working_days(paid_on, chance.randint(0, account.posting_days), "US")
    number = f"{account.names[0][:2].upper()}{chance.randrange(10**7, 10**8)}" if chance.random() < 0.7 else ""
    posted = posted_on if chance.random() < 0.9 else None
    return made.payment(account, paid_on=paid_on, amount=amount, posted_on=posted, confirmation=number)


def _late(chance: random.Random) -> int:
    return chance.choices((0, 1, 2, 3, 5), (60, 20, 12, 6, 2))[0]


def _said(made: _Made, payment: PaymentLeg, *, silent: bool = False) -> str:
    """What the bank says: the name, cut or mistyped at times, and a number, at times mangled or none."""
    chance = made.chance
    name = payment.names[0].upper()
    if chance.random() < 0.15:
        name = name[:14]
    elif chance.random() < 0.1:
        place = chance.randrange(2, len(name) - 1)
        name = name[:place] + name[place + 1 :]
    number = ""
    if not silent and chance.random() < 0.7:
        number = payment.confirmation or payment.account_number
        if chance.random() < _MANGLED:
            number = _mangled(chance, number)
    before = chance.choice(("ACH", "PMT", "ONLINE PAYMENT", "WEB", "", "DEBIT"))
    trace = f"{chance.randrange(10**14, 10**15)}" if chance.random() < 0.3 else ""
    return " ".join(filter(None, (before, name, number, trace)))


def _mangled(chance: random.Random, number: str) -> str:
    place = chance.randrange(3, len(number) - 2)
    return chance.choice(
        (
            f"{number[:place]}-{number[place:]}",
            f"{number[:place]} {number[place:]}",
            number[:-2],
            number[2:],
            number.translate(_CONFUSED),
            number[:place] + number[place + 1] + number[place] + number[place + 2 :],
        )
    )


def _joined(made: _Made, payment: PaymentLeg) -> None:
    """One run of payments to a vendor for several of its accounts, one debit."""
    chance = made.chance
    several = [payment]
    for n in range(chance.randint(1, 3)):
        amount = chance.randrange(2_000, 900_000)
        other = {"account_id": 1_000_000 + payment.id * 10 + n, "amount": amount, "confirmation": ""}
        number = f"{chance.randrange(10**9, 10**10)}"
        several.append(made.payment(payment, **other, account_number=number))
    made.line(several, sum(p.amount for p in several), _said(made, payment, silent=chance.random() < 0.5))


def _run(made: _Made, payment: PaymentLeg) -> None:
    """Many accounts paid at once under one number, on one debit each or on one for all; of the former some are not there.

    Accounts of a vendor often cost nearly or exactly the same: such are on a line that names the account too.
    """
    chance = made.chance
    number = f"PR{payment.paid_on:%y%m%d}-{payment.id:03d}"
    made.payments[-1] = payment = replace(payment, confirmation=number)
    several = [payment]
    like = chance.random() < 0.4
    for n in range(chance.choice((1, 2, 4, 8, 16, 30))):
        amount = payment.amount + (chance.randrange(-payment.amount // 20, payment.amount // 20) if like else 0)
        amount = amount if like else chance.choice((5_000, 10_000, 15_000, chance.randrange(2_000, 900_000)))
        account = {
            "account_id": 3_000_000 + payment.id * 100 + n,
            "account_number": f"{chance.randrange(10**9, 10**10)}",
        }
        several.append(made.payment(payment, amount=amount, **account))
    if chance.random() < 0.4:
        made.line(several, sum(p.amount for p in several), f"PAYMENT RUN {number}")
        return
    amounts = Counter(p.amount for p in several)
    for one in several:
        if chance.random() >= _NO_LINE:
            account = f" {one.account_number}" if amounts[one.amount] > 1 else ""
            said = _mangled(chance, number) if chance.random() < _MANGLED / 2 else number
            made.line([one], one.amount, f"ACH {one.names[0].upper()} {said}{account}", late=_late(chance))


def _split(made: _Made, payment: PaymentLeg) -> None:
    """One payment that left in two or three debits."""
    pieces = made.chance.randint(2, 3)
    left = payment.amount
    for n in range(pieces, 0, -1):
        amount = left if n == 1 else made.chance.randrange(1, max(2, left * 2 // n))
        amount = min(amount, left - (n - 1)) if n > 1 else left
        left -= amount
        made.line([payment], amount, _said(made, payment), late=made.chance.randint(0, 1))


def _twins(made: _Made, payment: PaymentLeg) -> None:
    """Two accounts of a vendor, the same amount, days apart; a number tells most of them apart."""
    chance = made.chance
    apart = chance.randint(3, 6)
    later = {"paid_on": payment.paid_on + timedelta(days=apart)}
    later["posted_on"] = payment.posted_on and add_working_days(payment.posted_on + timedelta(days=apart), 0, "US")
    number = f"{chance.randrange(10**9, 10**10)}"
    said = f"{payment.confirmation[:2]}{chance.randrange(10**7, 10**8)}" if payment.confirmation else ""
    other = made.payment(payment, **later, account_id=2_000_000 + payment.id, account_number=number, confirmation=said)
    silent = chance.random() < 0.3
    missing = chance.random()
    for twin in (payment, other):
        if twin is other and missing < _NO_LINE:
            continue
        name = twin.names[0].upper()
        text = f"ACH {name}" if silent else f"ACH {name} {twin.confirmation or twin.account_number}"
        made.line([twin], twin.amount, text)


def _bank_fee(made: _Made) -> None:
    day = _START + timedelta(days=made.chance.randrange(_DAYS))
    text = made.chance.choice(("WIRE FEE", "MONTHLY SERVICE CHARGE", "BANK CHARGES", "INTEREST DEBIT"))
    amount = -made.chance.choice((1_500, 2_500, 4_999, 12_000))
    made.lines.append(LineLeg(10_000_000 + len(made.lines), "bank USD", "USD", amount, day, description=text))
