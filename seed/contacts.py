"""The directory of payment contacts: every number that is rung, every portal, two old numbers, and a fraud."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from domain.contacts import ContactState
from seed.books import Contact
from seed.organisation import stream
from seed.people import PAYABLES, address
from seed.records import Vendor
from seed.vendors import portal

_WHO_ENTERS, _WHO_CHECKS, _WHO_SUSPECTS = (address(name) for name in PAYABLES)
_CHECKED_IN = ("printed on the bill", "contract, page 2", "the vendor's portal, signed in")
_MENUS = {
    "US": ("1 business, 2 billing, 1 pay by card", "2 existing account, 3 payments", "say 'make a payment'", ""),
    "GB": ("option 2, then 1", "option 3: billing and payments", ""),
    "IE": ("option 2, then 1", ""),
    "DE": ("2 Rechnung, 1 Zahlung", ""),
}
_ASKS = {
    "US": ("account number, service ZIP code", "account number, last payment amount", "account PIN"),
    "GB": ("account number, billing postcode", "first line of the service address"),
    "IE": ("account number, Eircode",),
    "DE": ("Kundennummer, Rechnungsnummer", "Kundennummer, Postleitzahl"),
}
_HOURS = {
    "US": ("Mo-Fr 07:00-21:00; Sa 08:00-17:00", "Mo-Fr 08:00-18:00", "Mo-Su 00:00-24:00"),
    "GB": ("Mo-Fr 08:00-18:00; Sa 09:00-13:00", "Mo-Fr 09:00-17:30"),
    "IE": ("Mo-Fr 09:00-17:30",),
    "DE": ("Mo-Fr 08:00-18:00", "Mo-Fr 08:00-20:00; Sa 09:00-14:00"),
}
_ZONES = {"US": "America/Denver", "GB": "Europe/London", "IE": "Europe/Dublin", "DE": "Europe/Berlin"}
_NOBODY_CHECKED = {("clearbrook", "US"), ("severnvale", "IE")}
_BEFORE = {("ardmore", "US"): "+18775550186", ("pennine", "GB"): "+448081570927"}


class _Desk:
    """Who enters and checks contacts, some days ago, at some hour."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng = rng
        self._today = today

    def moment(self, ago: int) -> datetime:
        clock = time(self.rng.randrange(13, 21), self.rng.randrange(60))
        return datetime.combine(self._today - timedelta(days=ago), clock, UTC)

    def entered(self, vendor: Vendor, where: str, label: str, found_in: str, ago: int) -> Contact:
        kind = "phone" if where.startswith("+") else "portal"
        at = self.moment(ago)
        return Contact(vendor, kind, where, label, ContactState.UNVERIFIED, _WHO_ENTERS, at, found_in=found_in)

    def checked(self, contact: Contact, ago: int) -> Contact:
        contact.state, contact.verified_by, contact.verified_at = ContactState.VERIFIED, _WHO_CHECKS, self.moment(ago)
        contact.verified_in = self.rng.choice(_CHECKED_IN)
        return contact

    def number(self, vendor: Vendor, country: str) -> list[Contact]:
        """The number that is rung, after the one whose place it took."""
        rng = self.rng
        now = self.entered(vendor, vendor.phone[country], "Business billing", "bill", rng.randrange(380, 700))
        now.country, now.timezone = country, _ZONES[country]
        now.hours, now.menu_path, now.asks_for = (rng.choice(of[country]) for of in (_HOURS, _MENUS, _ASKS))
        if (vendor.slug, country) not in _NOBODY_CHECKED:
            self.checked(now, rng.randrange(20, 370))
        if (vendor.slug, country) not in _BEFORE:
            return [now]
        old = self.checked(self.entered(vendor, _BEFORE[vendor.slug, country], now.label, "bill", 900), 890)
        old.country, old.state = country, ContactState.RETIRED
        old.ended_by, old.ended_at, old.ended_because = _WHO_CHECKS, now.verified_at, f"replaced by {now.address}"
        return [old, replace(now, replaces=old)]

    def fraud(self, vendor: Vendor) -> Contact:
        """Two digits swapped, sent by e-mail, and reported the day after."""
        country, number = next(iter(vendor.phone.items()))
        like = number[:-2] + number[-1] + number[-2]
        contact = self.entered(vendor, like, "New payment line", "e-mail of an unknown sender", 12)
        contact.country, contact.state = country, ContactState.REPORTED
        contact.ended_by, contact.ended_at = _WHO_SUSPECTS, self.moment(11)
        contact.ended_because = "asks for card details by e-mail; the bill has another number"
        return contact


def draw_contacts(random_seed: int, vendors: list[Vendor], today: date) -> list[Contact]:
    """All contacts, in the order in which they are entered: what is replaced comes before what replaces it."""
    made: list[Contact] = []
    for vendor in vendors:
        desk = _Desk(stream(random_seed, "contacts", vendor.slug), today)
        for country in vendor.phone:
            made += desk.number(vendor, country)
        site = desk.entered(vendor, portal(vendor), "Bills and payments", "bill", 720)
        made.append(desk.checked(site, desk.rng.randrange(30, 700)))
    desk = _Desk(stream(random_seed, "contacts", "by letter"), today)
    made.append(desk.fraud(vendors[0]))
    for vendor in vendors:
        if vendor.slug == "greatdivide":
            line = desk.entered(vendor, "+18335550153", "Large accounts", "letter of this month", 9)
            made.append(replace(line, country="US"))
    return made
