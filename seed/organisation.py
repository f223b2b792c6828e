"""Sites, vendors, accounts and services of the demo, drawn from one stream for each account."""

from datetime import date, timedelta
from random import Random

from domain.periods import add_months
from seed.books import Organisation
from seed.places import CURRENCIES, PLACES, Place
from seed.records import Account, Site, Vendor, Way
from seed.services import draw_services
from seed.vendors import fill, vendors

# (method, channel): weight, by how the site pays. Cheques and e-checks are American; Europe draws direct debits.
_CALM = {
    "US": {
        ("autopay", "autopay"): 34,
        ("ach", "bank"): 30,
        ("card", "portal"): 14,
        ("e-check", "portal"): 10,
        ("cheque", "mail"): 12,
    },
    "GB": {("autopay", "autopay"): 48, ("transfer", "bank"): 40, ("card", "portal"): 12},
}
_STRAINED = {
    "US": {
        ("card", "phone"): 28,
        ("e-check", "phone"): 24,
        ("cheque", "mail"): 22,
        ("e-check", "portal"): 16,
        ("ach", "bank"): 10,
    },
    "GB": {("card", "phone"): 45, ("transfer", "bank"): 55},
}


def stream(random_seed: int, *parts: object) -> Random:
    """A random stream of its own for each thing, so that one more account changes no other."""
    return Random("/".join(map(str, (random_seed, *parts))))


def account_number(vendor: Vendor, site: Site, rng: Random) -> str:
    """In the vendor's shape; Ardmore numbers an account by its main line."""
    if vendor.slug == "ardmore":
        return f"{site.dialling[2:5]}-555-01{rng.randrange(10, 99)}-{rng.randrange(100, 999)}"
    return fill(vendor.account_template, rng)


def _paying_habit(country: str, strain: int, service_type: str, rng: Random) -> Way:
    table = _STRAINED if strain >= 2 and rng.random() < 0.8 else _CALM
    choices = table["US" if country == "US" else "GB"]
    way = Way(*rng.choices(list(choices), weights=list(choices.values()))[0])
    if country == "DE" and way.method == "card":
        return Way("transfer", "bank")
    if service_type == "circuit" and way.method == "autopay":  # large bills are approved before they are paid
        return Way("ach" if country == "US" else "transfer", "bank")
    return way


def open_account(
    vendor: Vendor, site: Site, service_type: str, *, opened_on: date, today: date, rng: Random
) -> Account:
    """An account with its services; contracts and card expiries are seen from `today`."""
    way = _paying_habit(site.country, site.strain, service_type, rng)
    by_card = service_type in {"internet", "mobile"} and rng.random() < 0.5
    account = Account(
        vendor=vendor,
        site=site,
        number=account_number(vendor, site, rng),
        service_type=service_type,
        currency=CURRENCIES[site.country],
        terms_days=vendor.terms_days,
        opened_on=opened_on,
        way=way,
        bill_day=rng.randrange(2, 27),
    )
    if way.method == "autopay":
        account.autopay_method = "card" if by_card else "bank account" if site.country == "US" else "direct debit"
        if by_card:
            account.autopay_expires_on = add_months(today.replace(day=1), rng.randrange(2, 34)) - timedelta(days=1)
    account.services = draw_services(account, today, rng)
    return account


def _accounts_at(place: Place, site: Site, known: dict[str, Vendor], random_seed: int, today: date) -> list[Account]:
    made = []
    for need in place.needs.split():
        slug, service_type = need.split(":")
        rng = stream(random_seed, "account", place.code, need)
        if place.opened is None:
            opened_on = add_months(today, -rng.randrange(34, 96)).replace(day=rng.randrange(1, 28))
        else:
            opened_on = add_months(today.replace(day=1), -place.opened) + timedelta(days=rng.randrange(0, 24))
        made.append(open_account(known[slug], site, service_type, opened_on=opened_on, today=today, rng=rng))
    return made


def _moved_away(known: dict[str, Vendor], sites: dict[str, Site], random_seed: int, today: date) -> list[Account]:
    """Two accounts that were closed on the way: a line moved to cloud voice, and a provider that was left."""
    made = []
    for code, slug, service_type, months in (("GEG", "ardmore", "voice", 13), ("BOI", "halvorsen", "circuit", 7)):
        rng = stream(random_seed, "closed", code, slug)
        account = open_account(
            known[slug], sites[code], service_type, opened_on=add_months(today, -60), today=today, rng=rng
        )
        account.way, account.autopay_method, account.autopay_expires_on = Way("ach", "bank"), "", None
        account.closed_on = add_months(today.replace(day=1), -months)
        for service in account.services:
            service.ended_on = account.closed_on
            service.contract_ends_on = account.closed_on
        made.append(account)
    return made


def _pool_for_the_field(organisation: Organisation) -> None:
    """Head office's mobile account also carries lines of three depots, charged back to them."""
    sites = {site.code: site for site in organisation.sites}
    pool = next(a for a in organisation.accounts if (a.site.code, a.service_type) == ("HFD", "mobile"))
    for service, code in zip(pool.services[1:], ("BGR", "FLG", "MCN"), strict=False):
        service.site = sites[code]
        service.description = f"{service.description}, {sites[code].city}"


def draw_organisation(random_seed: int, today: date) -> Organisation:
    """24 sites, 12 vendors and about 115 accounts with their services; no bills yet."""
    known = vendors()
    organisation = Organisation(vendors=list(known.values()))
    for index, place in enumerate(PLACES):
        site = place.site(f"CC-{4100 + 15 * index}")
        organisation.sites.append(site)
        organisation.accounts += _accounts_at(place, site, known, random_seed, today)
    sites = {site.code: site for site in organisation.sites}
    organisation.accounts += _moved_away(known, sites, random_seed, today)
    _pool_for_the_field(organisation)
    return organisation
