"""Where faults are planted: vendors and sites of their own, and the accounts with what must be found on each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from domain.contacts import ContactState
from domain.policies import Policy, RestoralTerms, SuspensionDays
from seed.books import Contact, Organisation
from seed.organisation import stream
from seed.people import PAYABLES, address
from seed.records import Account, Site, Vendor, Way

REGION = "Field trials"
_ENTERS, _CHECKS = address(PAYABLES[0]), address(PAYABLES[1])
_PATIENT, _STRICT = "Cedarline Telecom", "Ironbridge Telecom"


@dataclass(frozen=True, slots=True)
class Expected:
    """A rule that must fire about a record: an account, bill, payment, ..."""

    rule: str
    record: object


@dataclass(eq=False, slots=True)
class Planted:
    """An account (or a contact of a vendor, then None), what was planted, and what must be found; nothing: a look-alike."""

    story: str
    about: str  # the rule that it is for
    vendor: Vendor
    account: Account | None
    expected: list[Expected] = field(default_factory=list)


def _vendor(name: str, slug: str, number: str) -> Vendor:
    return Vendor(name, slug, {"US": number, "CA": number}, 21, f"{slug[:2].upper()}-######", "########")


def _site(code: str, city: str, country: str, timezone: str) -> Site:
    return Site(
        code=code,
        name=f"{city} test site",
        kind="test site",
        region=REGION,
        country=country,
        city=city,
        timezone=timezone,
        cost_center=f"FT-{code}",
        headcount=12,
        latitude=0.0,
        longitude=0.0,
        dialling="",
        sales_tax=0,
    )


class Stage:
    """Collects what is planted. `patient` never suspends a service, `strict` does after 30 days."""

    def __init__(self, books: Organisation, random_seed: int, today: date) -> None:
        self.books, self.random_seed, self.today = books, random_seed, today
        self.patient = _vendor(_PATIENT, "cedarline", "+13035550171")
        self.strict = _vendor(_STRICT, "ironbridge", "+15055550128")
        self.sites = [_site("FT1", "Durango", "US", "America/Denver"), _site("FT2", "Camden", "US", "America/New_York")]
        self.northern = _site("FT3", "Calgary", "CA", "America/Edmonton")  # the one whose bank statements there are
        self.planted: list[Planted] = []
        books.vendors += [self.patient, self.strict]
        books.sites += [*self.sites, self.northern]
        since, source = date(2021, 7, 1), "Terms of business, clause 4"
        books.policies += [
            (self.patient, Policy(_PATIENT, since, source)),
            (
                self.strict,
                Policy(
                    _STRICT,
                    since,
                    source,
                    currency="USD",
                    notice_days=7,
                    suspension=SuspensionDays(30, 32, 37),
                    restoral=RestoralTerms(2_500),
                    acts_on_working_days=False,
                ),
            ),
        ]
        for vendor in (self.patient, self.strict):
            self.contact(vendor, vendor.phone["US"], verified_ago=90)

    def day(self, ago: int) -> date:
        """The day `ago` days before today."""
        return self.today - timedelta(days=ago)

    def dice(self, *parts: object) -> Random:
        """A stream of its own for each thing that is planted."""
        return stream(self.random_seed, "faults", *parts)

    def open_account(
        self, vendor: Vendor, rng: Random, *, site: Site | None = None, currency: str = "USD", terms_days: int = 21
    ) -> Account:
        """A fresh account, with no autopay and no services."""
        account = Account(
            vendor=vendor,
            site=site or rng.choice(self.sites),
            number=f"{vendor.slug[:2].upper()}-{len(self.books.accounts) + 1:04d}{rng.randrange(100):02d}",
            service_type="internet",
            currency=currency,
            terms_days=terms_days,
            opened_on=self.day(900),
            way=Way("ach", "bank"),
            bill_day=1,
        )
        self.books.accounts.append(account)
        return account

    def moment(self, ago: int, hour: int = 17) -> datetime:
        """An hour of a working day at every site, in UTC."""
        return datetime.combine(self.day(ago), time(hour, 10), UTC)

    def contact(
        self,
        vendor: Vendor,
        number: str,
        *,
        proposed_ago: int | None = None,
        verified_ago: int | None = None,
        ended_ago: int | None = None,
        state: ContactState | None = None,
    ) -> Contact:
        """A number of the directory, entered by one person and checked by another."""
        entered = proposed_ago if proposed_ago is not None else (verified_ago or 0) + 5
        known = state or (ContactState.VERIFIED if verified_ago is not None else ContactState.UNVERIFIED)
        made = Contact(vendor, "phone", number, "Payments", known, _ENTERS, self.moment(entered), country="US")
        made.found_in = "bill"
        if verified_ago is not None:
            made.verified_in, made.verified_by, made.verified_at = "printed bill", _CHECKS, self.moment(verified_ago)
        if ended_ago is not None:
            made.ended_by, made.ended_at, made.ended_because = _CHECKS, self.moment(ended_ago), "no longer printed"
        self.books.contacts.append(made)
        return made

    def expect(self, about: str, story: str, account: Account, expected: Sequence[Expected] = ()) -> None:
        """Write an account into the answer sheet; nothing expected makes it a look-alike of `about`."""
        self.planted.append(Planted(story, about, account.vendor, account, list(expected)))
