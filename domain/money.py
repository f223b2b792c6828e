"""Money is an integer number of minor units with an ISO 4217 currency; `Decimal` lives only at the edges.

Amounts in two currencies are never added. Conversion needs a rate and its date, and says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision

_CURRENCIES = frozenset(get_global("all_currencies"))
# Where CLDR gives the decimals that shops still use, and ISO 4217 (and so a bank file or a bill) has more.
_ISO_DECIMALS = dict.fromkeys("AFN ALL IRR KPW LAK LBP MGA MMK RSD SOS SYP YER".split(), 2) | {"IQD": 3}  # noqa: SIM905
_EXACT = Context(prec=60, traps=[Inexact])

# Nine thousand amounts of this size still add up within 64 bits, and each is exact in a spreadsheet's numbers.
LARGEST_MINOR = 10**15


class MoneyError(ValueError):
    """An amount or a currency that cannot be what it claims to be."""


class CurrencyMismatchError(MoneyError):
    """Two currencies met in one sum."""


def known_currency(code: str) -> bool:
    """True for an ISO 4217 code, upper case."""
    return code in _CURRENCIES


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Decimal places of a currency by ISO 4217: USD 2, JPY 0, KWD 3."""
    if not known_currency(currency):
        raise MoneyError(f"{currency!r} is not an ISO 4217 currency code")
    return _ISO_DECIMALS.get(currency) or get_currency_precision(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """Minor units of an exact amount; raises where the currency has no such fraction (never rounds), or too large."""
    if not amount.is_finite():
        raise MoneyError(f"{amount} is not an amount")
    places = exponent(currency)
    if amount and amount.adjusted() + places >= len(str(LARGEST_MINOR)):
        raise MoneyError(f"{amount:.3g} {currency} is larger than any bill")
    try:
        scaled = amount.scaleb(places, _EXACT)
    except Inexact:
        scaled = None
    if scaled is None or scaled != scaled.to_integral_value():
        raise MoneyError(f"{amount} has more than the {places} decimals of {currency}")
    if scaled.copy_abs() > LARGEST_MINOR:
        raise MoneyError(f"{amount} {currency} is larger than any bill")
    return int(scaled)


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount in major units, with the currency's number of decimals."""
    return Decimal(minor).scaleb(-exponent(currency))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` units of `currency`; signed: what we owe is positive."""

    minor: int
    currency: str

    def __reduce__(self) -> "tuple[type[Money], tuple[int, str]]":
        # What dataclasses pickle a frozen one with took half of an export's time.
        return Money, (self.minor, self.currency)

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return to_decimal(self.minor, self.currency)

    @property
    def text(self) -> str:
        """1,234.50 USD."""
        return f"{self.decimal:,f} {self.currency}"

    def as_json(self) -> dict[str, str]:
        """The shape that every JSON output uses."""
        return {"currency": self.currency, "amount": str(self.decimal)}


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, in `currency`; raises CurrencyMismatchError on any other one."""
    result = Money(0, currency)
    for amount in amounts:
        result = result + amount
    return result


def convert(amount: Money, currency: str, rate: Decimal) -> Money:
    """`amount` at `rate` (units of `currency` for one unit of amount.currency), rounded half-even to the minor unit."""
    major = (amount.decimal * rate).scaleb(exponent(currency))
    return Money(int(major.to_integral_value(ROUND_HALF_EVEN)), currency)
