"""The twelve vendors of the demo, all fictitious, each with its own numbers, terms and billing cycle."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import NamedTuple

from domain.card_numbers import card_numbers
from seed.records import Account, Bill, Vendor

_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # what a vendor prints: no I, O, S
_EPOCH = 737_000  # 2018-10-30 as an ordinal: running invoice numbers grow from here


def fill(template: str, rng: Random) -> str:
    """A number in a vendor's shape: # a digit, @ a letter, * either; everything else as it stands. Never like a card's."""
    drawn = {"#": "0123456789", "@": _LETTERS, "*": _LETTERS + "23456789"}
    while True:
        number = "".join(rng.choice(drawn[sign]) if sign in drawn else sign for sign in template)
        if not card_numbers(number):
            return number


_PHONES = {
    "lumora": {"US": "+18005550142"},
    "ardmore": {"US": "+18775550118"},
    "vantelle": {"US": "+18885550163"},
    "halvorsen": {"US": "+18665550127"},
    "quillan": {"US": "+18445550109"},
    "greatdivide": {"US": "+18005550176"},
    "clearbrook": {"US": "+18555550134"},
    "pennine": {"GB": "+448081570214", "IE": "+353209105217"},
    "larkfield": {"GB": "+448081570388", "IE": "+353209105290"},
    "severnvale": {"GB": "+448081570641", "IE": "+353209105344"},
    "rheinfaden": {"DE": "+496990009412"},
    "nordmark": {"DE": "+496990009870"},
}


def _vendor(slug: str, name: str, terms: int, account: str, confirmation: str, *, months: int = 1) -> Vendor:
    return Vendor(name, slug, _PHONES[slug], terms, account, confirmation, months)


def vendors() -> dict[str, Vendor]:
    """A fresh set, keyed by slug. Phone numbers lie in ranges kept for fiction."""
    every = (
        _vendor("lumora", "Lumora Broadband", 21, "8773 40 ### #######", "LB**##**##"),
        _vendor("ardmore", "Ardmore Telephone", 20, "", "########"),
        _vendor("vantelle", "Vantelle Mobile", 23, "28#######", "VM-######-@@"),
        _vendor("halvorsen", "Halvorsen Networks", 30, "HN-00#####", "HNPAY######"),
        _vendor("quillan", "Quillan Cloud Voice", 30, "Q-##-#####", "QP#########", months=12),
        _vendor("greatdivide", "Great Divide Energy", 21, "539#-####-##", "############"),
        _vendor("clearbrook", "Clearbrook Water", 28, "00####-0###", "CW-####-####", months=3),
        _vendor("pennine", "Pennine Connect", 21, "PC #### ####", "PCX-@@@-####"),
        _vendor("larkfield", "Larkfield Mobile", 18, "60######", "L########"),
        _vendor("severnvale", "Severnvale Power", 14, "A-********", "SV/#####/##"),
        _vendor("rheinfaden", "Rheinfaden Netze", 14, "52 ### ### 0#", "RF#######"),
        _vendor("nordmark", "Nordmark Energie und Wasser", 14, "4000 ### ###", "NEW-#######"),
    )
    return {vendor.slug: vendor for vendor in every}


class _Printing(NamedTuple):
    """What a vendor makes an invoice number from."""

    digits: str  # of the account number
    issued_on: date
    sequence: int
    rng: Random

    def running(self, start: int, a_day: int) -> int:
        """A number that grows by `a_day` bills a day, over all customers."""
        return start + (self.issued_on.toordinal() - _EPOCH) * a_day + self.rng.randrange(a_day)


_INVOICE_NUMBERS: dict[str, Callable[[_Printing], str]] = {
    "lumora": lambda p: str(p.running(104_000_000, 4_127)),
    "ardmore": lambda p: f"{p.issued_on:%Y%m%d}",  # known by account and bill date
    "vantelle": lambda p: f"{p.digits}X{p.issued_on:%m%d%Y}",
    "halvorsen": lambda p: f"HN-INV-{p.running(310_000, 61):07d}",
    "quillan": lambda p: f"QCV-{p.issued_on:%Y%m%d}-{p.rng.randrange(1000, 9999)}",
    "greatdivide": lambda p: str(p.running(70_100_000_000, 38_113)),
    "clearbrook": lambda p: f"W{p.issued_on:%y%m%d}-{p.digits[:6]}",
    "pennine": lambda p: f"PC{p.issued_on:%y}/{p.running(40_000, 173):07d}",
    "larkfield": lambda p: f"{p.digits}/{p.sequence:03d}",
    "severnvale": lambda p: f"{p.digits[1:]}-{p.issued_on:%y%m%d}",
    "rheinfaden": lambda p: f"RE-{p.issued_on:%Y}-{p.running(100_000, 211):07d}",
    "nordmark": lambda p: f"VR{p.issued_on:%y%m}{p.rng.randrange(100_000, 999_999)}",
}


def invoice_number(account: Account, issued_on: date, sequence: int, rng: Random) -> str:
    """What the vendor prints on a bill. `sequence` counts the account's bills from 1."""
    digits = "".join(sign for sign in account.number if sign.isalnum())
    return _INVOICE_NUMBERS[account.vendor.slug](_Printing(digits, issued_on, sequence, rng))


def credit_number(bill: Bill, rng: Random) -> str:
    """A credit note's own number, from the bill that it corrects."""
    return f"CR{bill.number.replace('HN-INV-', '').replace('/', '')[-9:]}-{rng.randrange(10, 99)}"


def website(vendor: Vendor) -> str:
    """An address in a domain that nobody can own."""
    return f"https://www.{vendor.slug}.example"


def portal(vendor: Vendor) -> str:
    """Where bills are read and paid."""
    return f"https://pay.{vendor.slug}.example/business"
