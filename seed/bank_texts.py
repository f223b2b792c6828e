"""What a bank says of a payment: the name, cut at times, and a number, at times cut, slipped or left out."""

from datetime import date
from random import Random

from seed.records import BankLine, Payment

_ONLINE = {"US": "WEB PMT", "GB": "FASTER PAYMENT", "IE": "SEPA TRANSFER", "DE": "SEPA TRANSFER"}
_DRAWN = {"US": "ACH PPD DEBIT", "GB": "DIRECT DEBIT", "IE": "SEPA DIRECT DEBIT", "DE": "SEPA DIRECT DEBIT"}
_RUN = {"US": "ACH CCD DEBIT"} | {country: what for country, what in _ONLINE.items() if country != "US"}
# Of a hundred lines: the name is cut, the number is cut or slipped, there is no number
_NAME_CUT, _MANGLED, _SILENT = 15, 5, {"card": 70, "e-check": 25, "autopay": 15}
_WIDTH = 14


def draw_line(payment: Payment, booked_on: date, amount: int, rng: Random, *, clearly: bool = False) -> BankLine:
    """A line of `amount` out; `clearly`: with the whole name and the account's number."""
    account, method, country = payment.account, payment.method, payment.account.site.country
    name = account.vendor.name.upper()
    if clearly:
        return BankLine(booked_on, -amount, method.upper(), name, account.number)
    if rng.randrange(100) < _NAME_CUT:
        name = name[:_WIDTH]
    if method == "cheque":
        return BankLine(booked_on, -amount, f"{payment.confirmation_number} PAID")
    number = account.number if method == "autopay" or rng.random() < 0.2 else payment.confirmation_number
    if rng.randrange(100) < _SILENT.get(method, 0):
        number = ""
    elif rng.randrange(100) < _MANGLED:
        number = _mangled(number, rng)
    if method == "card":
        return BankLine(booked_on, -amount, f"{name} {account.vendor.slug}.example", "", number)
    said = {"autopay": _DRAWN, "e-check": _ONLINE}.get(method, _RUN).get(country, "")
    return BankLine(booked_on, -amount, said, name, number)


def _mangled(number: str, rng: Random) -> str:
    """The last two characters are missing, or two that stand side by side changed places."""
    place = rng.randrange(2, max(3, len(number) - 2))
    slipped = number[:place] + number[place : place + 2][::-1] + number[place + 2 :]
    return rng.choice((number[:-2], slipped))
