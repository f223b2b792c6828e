"""What the large tenant is made of: its size, its places, its vendors and its accounts.

Everything about an account follows from its number, so that no list of them is ever kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from domain.periods import add_months
from seed.places import CURRENCIES, PLACES, Place

SITES, ACCOUNTS_A_SITE, VENDORS, MONTHS = 10_000, 5, 50, 60
OPEN_SHARE = 25  # one bill in so many is open
SERVICE_TYPES = ("internet", "voice", "mobile", "circuit", "power", "water")
_SMALLEST = len(PLACES)
# Open bills of ten accounts in a row: together 24 of their 600 bills, which is one in OPEN_SHARE.
_OPEN = (1, 2, 0, 3, 1, 7, 2, 1, 3, 4)
_STEMS = (
    "Alder", "Basalt", "Cinder", "Dovetail", "Elkhorn", "Fathom", "Gannet", "Hollis", "Ironbark", "Juniper", "Kestrel", "Lintel",
    "Marlow", "Northgate", "Osprey", "Palisade", "Quarry", "Redfern", "Sable", "Tamarack", "Umber", "Vesper", "Wexford", "Yarrow",
    "Zephyr",
)  # fmt: skip
_KINDS = {
    "internet": "Broadband",
    "voice": "Telephone",
    "mobile": "Mobile",
    "circuit": "Networks",
    "power": "Energy",
    "water": "Water",
}
# How bills are paid, one entry for each twelfth of the accounts; a third by telephone.
_WAYS = (
    *(("card", "phone"), ("ach", "bank"), ("autopay", "autopay"), ("e-check", "phone"), ("cheque", "mail")),
    *(("card", "portal"), ("autopay", "autopay"), ("card", "phone"), ("ach", "bank"), ("transfer", "bank")),
    *(("e-check", "phone"), ("e-check", "portal")),
)
_PRICES = {
    "internet": (8_900, 24_900),
    "voice": (4_900, 31_900),
    "mobile": (18_900, 240_000),
    "circuit": (38_900, 129_000),
    "power": (21_000, 610_000),
    "water": (4_100, 64_000),
}


class ScaleError(ValueError):
    """A tenant of that size cannot be made."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A fictitious vendor: one kind of service in one part of the world."""

    id: int
    name: str
    service_type: str
    country: str  # IE is served from GB
    terms_days: int


@dataclass(frozen=True, slots=True)
class Account:
    """One account, with all that its history is drawn from."""

    id: int
    site_id: int
    place: Place
    vendor: Vendor
    number: str
    currency: str
    way: tuple[str, str]
    bill_day: int
    price: int
    open_bills: int
    late: bool  # pays after the due day, often


@dataclass(frozen=True, slots=True)
class Tenant:
    """The large tenant, or `scale` of it (more than 0, up to 1), with `open_bills` open if that is said.

    months: of how many there are bills, up to MONTHS; the newest are as those of a longer history.
    """

    random_seed: int
    today: date
    scale: float = 1.0
    open_bills: int | None = None
    months: int = MONTHS

    def __post_init__(self) -> None:
        if not 0 < self.scale <= 1:
            raise ScaleError(f"a scale of {self.scale:g} cannot be; write more than 0, up to 1")
        if not 1 <= self.months <= MONTHS:
            raise ScaleError(f"{self.months} months cannot be; write 1 to {MONTHS}")
        most = self.accounts * max(_OPEN)
        if self.open_bills is not None and not 0 <= self.open_bills <= most:
            raise ScaleError(
                f"{self.open_bills} open bills cannot be; with {self.accounts:,} accounts write 0 to {most:,}"
            )

    @property
    def sites(self) -> int:
        """How many sites: at least one for each place."""
        return max(_SMALLEST, round(SITES * self.scale))

    @property
    def accounts(self) -> int:
        """How many accounts."""
        return self.sites * ACCOUNTS_A_SITE

    @property
    def since(self) -> date:
        """The first day of the first month with bills."""
        return add_months(self.today.replace(day=1), -self.months)

    def stream(self, *parts: object) -> Random:
        """A random stream of its own for each thing."""
        return Random("/".join(map(str, (self.random_seed, "large", *parts))))

    def each_account(self) -> Iterator[Account]:
        """Every account, in order of its id."""
        known = {}
        for vendor in VENDOR_LIST:
            known.setdefault((vendor.country, vendor.service_type), []).append(vendor)
        for index in range(self.accounts):
            rng = self.stream("account", index)
            site, position = divmod(index, ACCOUNTS_A_SITE)
            place = PLACES[site % len(PLACES)]
            kind = SERVICE_TYPES[(position + site // len(PLACES)) % len(SERVICE_TYPES)]
            vendor = rng.choice(known["GB" if place.country == "IE" else place.country, kind])
            open_bills = self._open_until(index + 1) - self._open_until(index)
            yield Account(
                id=index + 1,
                site_id=site + 1,
                place=place,
                vendor=vendor,
                number=f"{vendor.id:02d}-{index + 1:06d}",
                currency=CURRENCIES[place.country],
                way=_WAYS[index % len(_WAYS)],
                bill_day=rng.randrange(1, 28),
                price=rng.randrange(*_PRICES[kind]),
                open_bills=open_bills,
                late=open_bills > 2 or rng.random() < 0.1,
            )

    def _open_until(self, accounts: int) -> int:
        """Open bills of the first `accounts` accounts together."""
        tens, rest = divmod(accounts, len(_OPEN))
        usual = tens * sum(_OPEN) + sum(_OPEN[:rest])
        if self.open_bills is None:
            return usual
        tens, rest = divmod(self.accounts, len(_OPEN))
        return usual * self.open_bills // (tens * sum(_OPEN) + sum(_OPEN[:rest]))


def _vendors() -> tuple[Vendor, ...]:
    made = []
    for index in range(VENDORS):
        kind = SERVICE_TYPES[index % len(SERVICE_TYPES)]
        country = "US" if index < 30 else "GB" if index < 40 else "DE"
        name = f"{_STEMS[index % len(_STEMS)]} {_KINDS[kind]}"
        made.append(Vendor(index + 1, name, kind, country, 14 + 7 * (index % 3)))
    return tuple(made)


VENDOR_LIST = _vendors()
