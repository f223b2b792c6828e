"""Rows of the large tenant that belong to no history: sites, vendors and their terms, accounts, services, people."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from data_access.policy_rows import policy_values
from domain.periods import add_months
from domain.policies import FeeBase, LateFeeTerms, PartTerms, Policy, RestoralTerms, SuspensionDays
from seed.large.tenant import SERVICE_TYPES, VENDOR_LIST, Account, Tenant
from seed.people import address
from seed.places import PLACES
from seed.rates import SOURCE, draw_rates

Row = dict[str, Any]
_SINCE = date(2015, 1, 1)
_KINDS = ("Office", "Plant", "Warehouse", "Depot", "Store")
_MANAGERS, _CLERKS = 100, 4
_CURRENCIES = {"US": ("USD",), "GB": ("GBP", "EUR"), "DE": ("EUR",)}


def area(place_index: int) -> str:
    """The region of a place's sites."""
    return f"{PLACES[place_index].city} area"


def site_rows(tenant: Tenant) -> Iterator[Row]:
    """Each place in turn, numbered."""
    for index in range(tenant.sites):
        rng = tenant.stream("site", index)
        number, place_index = divmod(index, len(PLACES))
        place = PLACES[place_index]
        yield {
            "id": index + 1,
            "code": f"{place.code}{number + 1:03d}",
            "name": f"{place.city} {_KINDS[(index // len(PLACES)) % len(_KINDS)]} {number + 1}",
            "region": area(place_index),
            "country": place.country,
            "city": place.city,
            "timezone": place.timezone,
            "cost_center": f"CC-{10_000 + index}",
            "headcount": rng.randrange(4, 240),
            "latitude": round(place.latitude + rng.uniform(-0.4, 0.4), 3),
            "longitude": round(place.longitude + rng.uniform(-0.4, 0.4), 3),
        }


def vendor_rows() -> list[Row]:
    """The vendors."""
    hosts = [(v, v.name.lower().replace(" ", "-")) for v in VENDOR_LIST]
    return [
        {
            "id": vendor.id,
            "name": vendor.name,
            "website": f"https://www.{host}.example",
            "portal_url": f"https://pay.{host}.example/business",
        }
        for vendor, host in hosts
    ]


_PARTS = 2  # the shape that accepts half of a bill for a month


def policy_rows() -> list[Row]:
    """One policy for each vendor and currency; three shapes in turn, one with part payments, and water is not shut off."""
    found: list[Row] = []
    for vendor, currency in ((v, c) for v in VENDOR_LIST for c in _CURRENCIES[v.country]):
        turn = vendor.id % 3
        fee = (
            LateFeeTerms(FeeBase.PAST_DUE, flat=800),
            LateFeeTerms(FeeBase.PAST_DUE, basis_points=150, minimum=500),
            LateFeeTerms(FeeBase.RECURRING, basis_points=100, cap=50_000, grace_days=10),
        )[turn]
        shut_off = vendor.service_type != "water"
        policy = Policy(
            vendor.name,
            _SINCE,
            "Business service terms, sections 7 and 8",
            currency=currency,
            late_fee=fee,
            notice_days=10 if shut_off else 0,
            suspension=(SuspensionDays(30, 32, 38), SuspensionDays(45, 47, 54), SuspensionDays(60, 64, 75))[turn]
            if shut_off
            else None,
            disconnection_days=30 if shut_off else None,
            restoral=RestoralTerms(3_500) if shut_off else RestoralTerms(),
            posting_days=(("card", 0), ("e-check", 2), ("cheque", 8)),
            part=PartTerms(5_000, 30) if shut_off and turn == _PARTS else None,
        )
        found.append({"id": len(found) + 1, "vendor_id": vendor.id} | policy_values(policy))
    return found


def phone(vendor_id: int) -> str:
    """The number that is rung; it lies in a range kept for fiction, and no two differ by one digit or two swapped."""
    return f"+1{200 + 17 * vendor_id}5550{100 + (vendor_id * 37) % 100}"


def contact_rows(tenant: Tenant) -> list[Row]:
    """A portal for every vendor, checked, and a number that nobody has checked for each fifth."""
    entered = datetime.combine(tenant.today - timedelta(days=400), time(15, 20), UTC)
    checked = datetime.combine(tenant.today - timedelta(days=90), time(16, 5), UTC)
    by = {"proposed_by": address("Dana Whitlock"), "proposed_at": entered, "found_in": "bill"}
    rows: list[Row] = []
    for vendor, row in zip(VENDOR_LIST, vendor_rows(), strict=True):
        for kind, where in (("phone", phone(vendor.id)), ("portal", row["portal_url"])):
            sure = kind == "portal" or vendor.id % 5 != 0
            rows.append(
                {"id": len(rows) + 1, "vendor_id": vendor.id, "kind": kind, "address": where, **by}
                | {"label": "Business billing", "country": "US" if kind == "phone" else ""}
                | {"timezone": "America/Denver", "hours": "Mo-Fr 07:00-21:00"}
                | {"state": "verified" if sure else "unverified"}
                | {
                    "verified_in": "contract, page 2" if sure else "",
                    "verified_by": address("Priya Venkat") if sure else "",
                }
                | {"verified_at": checked if sure else None}
            )
    return rows


def account_rows(tenant: Tenant, accounts: list[Account]) -> list[Row]:
    """The accounts themselves."""
    return [
        {
            "id": a.id,
            "vendor_id": a.vendor.id,
            "account_number": a.number,
            "site_id": a.site_id,
            "service_type": a.vendor.service_type,
            "currency": a.currency,
            "terms_days": a.vendor.terms_days,
            "opened_on": add_months(tenant.since, -1 - a.id % 50),
            "closed_on": None,
            "autopay_method": "bank account" if a.way[0] == "autopay" else "",
            "autopay_expires_on": None,
        }
        for a in accounts
    ]


def service_rows(tenant: Tenant, accounts: list[Account]) -> list[Row]:
    """One service an account, and a second for every second account."""
    rows = []
    for a in accounts:
        kind = SERVICE_TYPES.index(a.vendor.service_type)
        for position in range(1 + a.id % 2):
            rows.append(
                {
                    "id": 2 * a.id + position,
                    "account_id": a.id,
                    "site_id": a.site_id,
                    "identifier": f"{a.number}-{position + 1}",
                    "service_type": a.vendor.service_type,
                    "description": f"{a.vendor.service_type.capitalize()}, {'main' if position == 0 else 'second'} line",
                    "criticality": (5, 4, 3, 5, 5, 4)[kind] - position,
                    "monthly_charge": None
                    if a.vendor.service_type in ("power", "water")
                    else a.price * (3, 1)[position] // 4,
                    "started_on": add_months(tenant.since, -1 - a.id % 50),
                    "contract_ends_on": add_months(tenant.today.replace(day=1), a.id % 36 - 3) if a.id % 4 else None,
                    "notice_days": (30, 60, 90)[a.id % 3] if a.id % 4 else None,
                }
            )
    return rows


def rate_rows(tenant: Tenant) -> list[Row]:
    """A rate into dollars for each month."""
    rates = draw_rates(tenant.random_seed, tenant.since, tenant.today)
    return [
        {
            "id": n,
            "currency": r.currency,
            "quote": r.quote,
            "on_date": r.on_date,
            "rate_e9": r.rate_e9,
            "rate_source": SOURCE,
        }
        for n, r in enumerate(rates, 1)
    ]


def people_rows(tenant: Tenant) -> tuple[list[Row], list[Row]]:
    """(users, grants): an administrator, clerks for every region, a manager for each region, managers of up to 100 sites."""
    regions = [area(index) for index in range(len(PLACES))]
    wanted: list[tuple[str, str, list[Row]]] = [("Renata Castellano", "admin", [{"region": r} for r in regions])]
    wanted += [(f"Clerk {n + 1}", "finance", [{"region": r} for r in regions]) for n in range(_CLERKS)]
    wanted += [(f"Manager {place.city}", "viewer", [{"region": r}]) for place, r in zip(PLACES, regions, strict=True)]
    for n in range(min(_MANAGERS, tenant.sites)):
        own = range(n + 1, tenant.sites + 1, _MANAGERS)
        wanted.append((f"Site manager {n + 1}", "viewer", [{"site_id": site} for site in own]))
    users = [
        {"id": n, "email": address(name), "name": name, "role": role} for n, (name, role, _) in enumerate(wanted, 1)
    ]
    grants = [
        {"user_id": user["id"], "site_id": None, "region": None} | grant
        for user, (_, _, own) in zip(users, wanted, strict=True)
        for grant in own
    ]
    return users, [{"id": n} | grant for n, grant in enumerate(grants, 1)]
