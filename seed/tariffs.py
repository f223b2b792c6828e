"""What a bill consists of: the vendor's lines for one period, so that they add up to the amount by construction."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from seed.cycles import METERED, Cycle
from seed.places import NORTHEAST, SOUTH
from seed.records import Account, Charge, Service

_TRAFFIC = (100, 97, 105, 100, 102, 98, 88, 86, 104, 109, 104, 91)  # per cent by month: summer and December are quiet
_COLD = (124, 117, 106, 94, 86, 87, 94, 93, 86, 93, 107, 120)
_WARM = (101, 95, 90, 88, 97, 116, 130, 129, 113, 95, 88, 95)
_DRY = (84, 83, 88, 96, 106, 119, 126, 124, 110, 97, 86, 82)

# Tenths of a cent for a kWh today, and what one year earlier cost, per mille
_ENERGY = {"US": 118, "GB": 231, "IE": 244, "DE": 252}
_DELIVERY = {"US": 43, "GB": 0, "IE": 0, "DE": 0}
_A_YEAR_EARLIER = 962

Lines = Iterator[Charge]


def _part(amount: int, per_mille: int) -> int:
    return (amount * per_mille + 500) // 1000


def _years_back(day: date, today: date) -> int:
    """How many tariff years (from 1 April) lie between a day and today."""
    return (today.year - (today.month < 4)) - (day.year - (day.month < 4))


def _rate(now: int, day: date, today: date) -> int:
    for _ in range(max(0, _years_back(day, today))):
        now = now * _A_YEAR_EARLIER // 1000
    return now


def _draw_usage(service: Service, season: tuple[int, ...], start: date, end: date, rng: Random) -> int:
    middle = start + (end - start) / 2
    return service.usage * season[middle.month - 1] * (end - start).days * rng.randrange(930, 1071) // (100 * 1000 * 30)


def _recurring(account: Account, start: date) -> Lines:
    for service in account.services:
        if service.active(start) and service.price(start):
            months = account.vendor.months
            what = f"Service charge, {service.identifier}" if account.service_type in METERED else service.description
            if months > 1:
                what = f"{what}, {months} months"
            bears = service.site if service.site is not account.site else None
            yield Charge("recurring", what, service.price(start) * months, service.identifier, bears)


def _internet(account: Account, start: date, _end: date, _today: date, _rng: Random) -> Lines:
    yield from _recurring(account, start)
    if account.site.country == "US":
        yield Charge("fee", "Network recovery fee", _part(sum(s.price(start) for s in account.services), 28) + 199)


def _voice(account: Account, start: date, end: date, _today: date, rng: Random) -> Lines:
    yield from _recurring(account, start)
    lines = [service for service in account.services if service.active(start)]
    for service in lines:
        if minutes := _draw_usage(service, _TRAFFIC, start, end, rng):
            rate = 21 if account.site.country == "US" else 17
            yield Charge("usage", f"Calls, {minutes:,} minutes", _part(minutes * rate, 100), service.identifier)
    if account.site.country == "US" and account.vendor.months == 1:
        yield Charge("fee", "Federal universal service charge", _part(sum(s.price(start) for s in lines), 114))
        yield Charge("fee", f"E911, {len(lines)} lines", 125 * len(lines))


def _mobile(account: Account, start: date, end: date, _today: date, rng: Random) -> Lines:
    yield from _recurring(account, start)
    pool = account.services[0]
    used = _draw_usage(pool, _TRAFFIC, start, end, rng)
    if used > pool.usage:
        yield Charge("usage", f"Extra data, {used - pool.usage + 1} GB", (used - pool.usage + 1) * 450, pool.identifier)
    if rng.random() < 0.22:
        yield Charge("usage", "Roaming and calls abroad", rng.randrange(390, 6_800), pool.identifier)
    if rng.random() < 0.03:
        yield Charge("one_time", "Handset replacement", rng.choice((18_900, 24_900, 32_900)), pool.identifier)
    if account.site.country == "US":
        yield Charge("fee", "Regulatory recovery charge", _part(pool.price(start), 34) + 95)


def _circuit(account: Account, start: date, _end: date, _today: date, _rng: Random) -> Lines:
    yield from _recurring(account, start)
    if account.site.country == "US":
        yield Charge(
            "fee", "Federal universal service charge", _part(sum(s.price(start) for s in account.services), 66)
        )


def _power(account: Account, start: date, end: date, today: date, rng: Random) -> Lines:
    country = account.site.country
    season = _WARM if account.site.region == SOUTH or account.site.city == "Stockton" else _COLD
    per_kwh, delivery = _rate(_ENERGY[country], start, today), _rate(_DELIVERY[country], start, today)
    total = 0
    for service in account.services:
        kwh = _draw_usage(service, season, start, end, rng)
        total += kwh
        yield Charge("usage", f"Energy, {kwh:,} kWh", _part(kwh * per_kwh, 100), service.identifier)
        if delivery:
            yield Charge("usage", f"Delivery, {kwh:,} kWh", _part(kwh * delivery, 100), service.identifier)
    yield from _recurring(account, start)
    if country == "US":
        kilowatts = max(4, total // 330)
        yield Charge(
            "usage", f"Demand, {kilowatts} kW", kilowatts * _rate(985, start, today), account.services[0].identifier
        )
        yield Charge("fee", "Public purpose charge", _part(total * 27, 10) + 115)
    else:
        levy = {"GB": ("Climate change levy", 78), "IE": ("Electricity tax", 10), "DE": ("Electricity tax", 205)}[
            country
        ]
        yield Charge("tax", levy[0], _part(total * levy[1], 10))


def _water(account: Account, start: date, end: date, today: date, rng: Random) -> Lines:
    american = account.site.country == "US"
    for service in account.services:
        if used := _draw_usage(service, _DRY, start, end, rng):
            unit, water, sewer = ("kgal", 412, 538) if american else ("m³", 198, 224)
            yield Charge("usage", f"Water, {used} {unit}", used * _rate(water, start, today), service.identifier)
            yield Charge("usage", f"Sewer, {used} {unit}", used * _rate(sewer, start, today), service.identifier)
    yield from _recurring(account, start)


_LINES: dict[str, Callable[[Account, date, date, date, Random], Lines]] = {
    "internet": _internet,
    "voice": _voice,
    "mobile": _mobile,
    "circuit": _circuit,
    "power": _power,
    "water": _water,
}
_TAX_NAMES = {"GB": "VAT 20%", "IE": "VAT 23%", "DE": "VAT 19%"}


def _taxes(account: Account, charges: list[Charge]) -> Lines:
    country = account.site.country
    rate = account.site.sales_tax
    name = _TAX_NAMES.get(country, "State and local taxes")
    if account.service_type == "water":
        if country == "US":
            return
        rate, name = 70, "VAT 7%"
    base = sum(
        charge.amount for charge in charges if charge.type in {"recurring", "usage", "one_time", "credit", "adjustment"}
    )
    if country != "US":
        base += sum(charge.amount for charge in charges if charge.type == "tax")  # levies carry VAT
    elif account.service_type == "power":
        rate = rate * 6 // 10
    if rate and base > 0:
        yield Charge("tax", name, _part(base, rate))
    if account.site.region == NORTHEAST and account.service_type in {"voice", "mobile"}:
        yield Charge("tax", "Gross receipts surcharge", _part(base, 21))


def lines_of(account: Account, cycle: Cycle, today: date, extra: list[Charge], rng: Random) -> list[Charge]:
    """All lines of a cycle's bill: the tariff's, `extra` (credits, late fees, one-off work), taxes on them.

    The first bill of an account carries the installation; prices are those in force when the period starts.
    """
    start = cycle.period_start
    charges = list(_LINES[account.service_type](account, start, cycle.period_end, today, rng))
    if start <= account.opened_on + timedelta(days=31) and account.service_type in {"internet", "circuit", "voice"}:
        charges.append(Charge("one_time", "Installation", 14_900 if account.service_type != "circuit" else 45_000))
    charges += extra
    return charges + list(_taxes(account, charges))
