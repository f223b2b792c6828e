"""From records to table rows with ids: sites, vendors, accounts, services, rates, users."""

from collections.abc import Iterable
from typing import Any

from data_access.policy_rows import policy_values
from seed.books import Organisation
from seed.cycles import METERED
from seed.rates import SOURCE as RATE_SOURCE
from seed.records import Site
from seed.vendors import portal, website

Row = dict[str, Any]


class Numbers:
    """Ids of records, from 1 in each table; call it with a record for its id."""

    def __init__(self) -> None:
        self._ids: dict[int, int] = {}
        self._keep: list[object] = []

    def number(self, records: Iterable[object]) -> None:
        """Number the records of one table, in this order."""
        for number, record in enumerate(records, 1):
            self._ids[id(record)] = number
            self._keep.append(record)

    def __call__(self, record: object | None) -> int | None:
        return None if record is None else self._ids[id(record)]


def reference_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """Sites, vendors, accounts, services and rates."""
    services = [service for account in books.accounts for service in account.services]
    for records in (books.sites, books.vendors, books.accounts, services):
        number.number(records)
    site_fields = [
        "code",
        "name",
        "region",
        "country",
        "city",
        "timezone",
        "cost_center",
        "headcount",
        "latitude",
        "longitude",
    ]
    account_fields = [
        "service_type",
        "currency",
        "terms_days",
        "opened_on",
        "closed_on",
        "autopay_method",
        "autopay_expires_on",
    ]
    return {
        "sites": [{"id": number(s)} | {name: getattr(s, name) for name in site_fields} for s in books.sites],
        "vendors": [
            {"id": number(v), "name": v.name, "website": website(v), "portal_url": portal(v)} for v in books.vendors
        ],
        "accounts": [
            {"id": number(a), "vendor_id": number(a.vendor), "account_number": a.number, "site_id": number(a.site)}
            | {name: getattr(a, name) for name in account_fields}
            for a in books.accounts
        ],
        "services": [
            {
                "id": number(s),
                "account_id": number(s.account),
                "site_id": number(s.site),
                "identifier": s.identifier,
                "service_type": s.account.service_type,
                "description": s.description,
                "criticality": s.criticality,
                "monthly_charge": None if s.account.service_type in METERED else s.prices[-1][1],
                "started_on": s.started_on,
                "ended_on": s.ended_on,
                "contract_ends_on": s.contract_ends_on,
                "notice_days": s.notice_days,
            }
            for s in services
        ],
        "fx_rates": [
            {
                "id": n,
                "currency": rate.currency,
                "quote": rate.quote,
                "on_date": rate.on_date,
                "rate_e9": rate.rate_e9,
                "rate_source": RATE_SOURCE,
            }
            for n, rate in enumerate(books.rates, 1)
        ],
    }


def terms_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """Vendors' terms and how they are paid."""
    number.number(books.contacts)
    contacts = [
        {name: getattr(contact, name) for name in contact.__slots__ if name not in ("vendor", "replaces", "state")}
        | {"id": number(contact), "vendor_id": number(contact.vendor), "replaces_id": number(contact.replaces)}
        | {"state": contact.state.value}
        for contact in books.contacts
    ]
    return {
        "vendor_policies": [
            {"id": n, "vendor_id": number(vendor)} | policy_values(policy)
            for n, (vendor, policy) in enumerate(books.policies, 1)
        ],
        "payment_contacts": contacts,
    }


def people_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """Users and what each may see."""
    number.number(books.users)
    grants = [
        {
            "user_id": number(user),
            "site_id": number(grant) if isinstance(grant, Site) else None,
            "region": grant if isinstance(grant, str) else None,
        }
        for user in books.users
        for grant in user.grants
    ]
    return {
        "users": [{"id": number(u), "email": u.email, "name": u.name, "role": u.role} for u in books.users],
        "grants": [{"id": n} | grant for n, grant in enumerate(grants, 1)],
    }
