"""What is on an account: lines, circuits, pools and meters, with prices that step once a year."""

from collections.abc import Iterator
from datetime import date
from random import Random

from domain.periods import add_months
from seed.records import Account, Service
from seed.vendors import fill

# Sizes by kind of site: internet (low, high) in minor units, power kWh and water kgal a month, mobile lines
_INTERNET = {
    "Office": (38_900, 58_900),
    "Plant": (47_900, 72_900),
    "Warehouse": (28_900, 46_900),
    "Depot": (16_900, 25_900),
    "Call Center": (68_900, 92_900),
}
_KWH = {"Office": 6_200, "Plant": 16_500, "Warehouse": 10_400, "Depot": 3_500, "Call Center": 14_800}
_KGAL = {"Office": 26, "Plant": 118, "Warehouse": 31, "Depot": 12, "Call Center": 24}
_SPEED = {"Office": "500 Mb", "Plant": "1 Gb", "Warehouse": "500 Mb", "Depot": "200 Mb", "Call Center": "2 Gb"}
_PARTS = Iterator[
    tuple[str, str, int, int, int]
]  # identifier, description, criticality (5 highest), monthly price, usage


def line_number(account: Account, rng: Random) -> str:
    """A telephone number at the site, in a range kept for fiction (the lower half of 555-01xx); E.164."""
    rest = {"US": f"01{rng.randrange(50):02d}", "GB": "0###", "IE": "5###", "DE": "###"}[account.site.country]
    return account.site.dialling + fill(rest, rng)


def mobile_number(account: Account, rng: Random) -> str:
    """A mobile number in a range kept for fiction (the upper half of 555-01xx); E.164."""
    match account.site.country:
        case "GB":
            return f"+447700900{rng.randrange(1000):03d}"
        case "DE":
            return f"+49176040690{rng.randrange(100):02d}"
        case "US":
            return f"{account.site.dialling}01{rng.randrange(50, 100)}"
    return line_number(account, rng)


def circuit_id(account: Account, kind: str, rng: Random) -> str:
    """A carrier's circuit id: kind, serial, the site, the carrier's own letters."""
    return f"{kind}/{rng.randrange(100_000, 999_999)}/{account.site.code}/{account.vendor.slug[:3].upper()}"


def _internet(account: Account, rng: Random) -> _PARTS:
    kind, word = account.site.kind, "Fiber" if account.site.country == "US" else "Fibre"
    low, high = _INTERNET[kind]
    yield (
        circuit_id(account, "FTTX", rng),
        f"{word} internet {_SPEED[kind]}",
        4 if kind == "Depot" else 5,
        rng.randrange(low, high, 500),
        0,
    )
    if kind in {"Plant", "Call Center"} or rng.random() < 0.35:
        yield circuit_id(account, "LTE", rng), "Wireless backup 50 Mb", 3, rng.randrange(6_900, 11_900, 500), 0


def _voice(account: Account, rng: Random) -> _PARTS:
    american = account.site.country == "US"
    kind, seats = account.site.kind, max(8, account.site.headcount * 7 // 10)
    if account.vendor.slug == "quillan":
        yield (
            f"TENANT-{account.site.code}-{rng.randrange(1000, 9999)}",
            f"Cloud voice, {seats} seats",
            5,
            seats * 545,
            0,
        )
        return
    if kind in {"Office", "Plant", "Call Center"}:
        yield line_number(account, rng), "SIP trunk, 23 channels", 4, rng.randrange(32_900, 48_900, 500), 5_200
    else:
        yield line_number(account, rng), "Main line", 4, rng.randrange(4_990, 6_990, 100), 640
    yield (
        line_number(account, rng),
        "Fire and burglar alarm line" if american else "Fire and intruder alarm line",
        5,
        rng.randrange(4_490, 5_990, 50),
        0,
    )
    if kind in {"Office", "Plant"}:
        yield (
            line_number(account, rng),
            "Elevator emergency line" if american else "Lift emergency line",
            5,
            rng.randrange(4_490, 5_990, 50),
            0,
        )
    if rng.random() < 0.5:
        yield line_number(account, rng), "Fax line", 1, rng.randrange(3_490, 4_990, 50), 90


def _mobile(account: Account, rng: Random) -> _PARTS:
    lines = max(5, account.site.headcount // 7)
    yield (
        mobile_number(account, rng),
        f"Business pool, {lines} lines",
        3,
        lines * rng.randrange(3_150, 3_850, 50),
        lines * 3,
    )
    if account.site.code == "HFD":
        for _ in range(3):
            yield mobile_number(account, rng), "Field pool, 6 lines", 3, 6 * 3_450, 18
    elif rng.random() < 0.4:
        yield mobile_number(account, rng), "Router SIMs, 4 lines", 4, 4 * rng.randrange(1_450, 1_950, 50), 0


def _circuit(account: Account, rng: Random) -> _PARTS:
    yield circuit_id(account, "KXFN", rng), "SD-WAN edge, 200 Mb", 5, rng.randrange(69_000, 118_000, 500), 0
    if account.site.kind in {"Office", "Call Center"}:
        yield circuit_id(account, "VLXX", rng), "Metro Ethernet, 100 Mb", 4, rng.randrange(58_000, 89_000, 500), 0


def _power(account: Account, rng: Random) -> _PARTS:
    kwh = _KWH[account.site.kind] * rng.randrange(82, 119) // 100
    meter = f"E{rng.randrange(10_000_000, 99_999_999)}"
    yield meter, "Electricity, main meter", 5, rng.randrange(4_800, 9_600, 50), kwh
    if account.site.kind in {"Plant", "Warehouse"}:
        yield (
            f"E{rng.randrange(10_000_000, 99_999_999)}",
            "Electricity, yard and lighting",
            3,
            rng.randrange(1_900, 3_900, 50),
            kwh // 9,
        )


def _water(account: Account, rng: Random) -> _PARTS:
    volume = _KGAL[account.site.kind] * rng.randrange(80, 125) // 100
    if account.site.country != "US":
        volume = volume * 379 // 100  # cubic metres
    yield f"W{rng.randrange(1_000_000, 9_999_999)}", "Water and sewer", 4, rng.randrange(2_400, 5_800, 10), volume
    if account.site.kind in {"Plant", "Warehouse"}:
        yield f"W{rng.randrange(1_000_000, 9_999_999)}", "Fire protection line", 5, rng.randrange(3_100, 6_400, 10), 0


_DRAW = {
    "internet": _internet,
    "voice": _voice,
    "mobile": _mobile,
    "circuit": _circuit,
    "power": _power,
    "water": _water,
}


def _prices(base: int, since: date, until: date, rng: Random) -> list[tuple[date, int]]:
    """A price that steps up once a year in the month of the contract; `base` is what it costs now."""
    steps = []
    day = since
    while day <= until:
        steps.append(day)
        day = add_months(day, 12)
    prices, amount = [], base
    for day in reversed(steps):
        prices.append((day, amount))
        amount = amount * 1000 // rng.choice((1000, 1022, 1030, 1035, 1048))
        amount -= amount % 5
    return prices[::-1]


def draw_services(account: Account, today: date, rng: Random) -> list[Service]:
    """One to four services, started with the account; some contracts end soon, some have run out (month to month)."""
    made: list[Service] = []
    for identifier, description, criticality, price, usage in _DRAW[account.service_type](account, rng):
        while identifier in {service.identifier for service in made}:
            identifier = identifier[:-1] + str(rng.randrange(10))  # noqa: PLW2901 - two lines never share a number
        contract = account.service_type not in {"water"} and rng.random() < 0.85
        made.append(
            Service(
                account=account,
                site=account.site,
                identifier=identifier,
                description=description,
                criticality=criticality,
                prices=_prices(price, account.opened_on.replace(day=1), today, rng),
                started_on=account.opened_on,
                usage=usage,
                contract_ends_on=add_months(today.replace(day=1), rng.randrange(-2, 30)) if contract else None,
                notice_days=rng.choice((30, 30, 60, 90)) if contract else None,
            )
        )
    return made
