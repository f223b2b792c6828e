"""Vendor policies: what a vendor does when it is not paid, and when. Effective-dated, each with its source.

Days in a policy are calendar days; only posting counts working days. Amounts are minor units of the policy's currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.money import known_currency
from domain.periods import add_months
from domain.working_days import known_calendar, working_day_from

# Working days until a vendor shows a payment, where its policy does not say: the slower end of what is usual.
USUAL_POSTING = {"card": 1, "e-check": 3, "ach": 2, "transfer": 1, "cheque": 7}
_WHOLE = 10_000  # basis points


class PolicyError(ValueError):
    """A policy that contradicts itself; the text says which part."""


class CountedFrom(StrEnum):
    """The date of a bill from which days are counted."""

    DUE = "due"
    INVOICE = "invoice"


class FeeBase(StrEnum):
    """What a late fee is a part of."""

    NONE = "none"
    PAST_DUE = "past_due"
    RECURRING = "recurring"  # the recurring charges of a bill, as far as they are unpaid


@dataclass(frozen=True, slots=True)
class LateFeeTerms:
    """`flat`, plus `basis_points` of the base, at least `minimum`, at most `cap`, once more than `grace_days` went by."""

    base: FeeBase = FeeBase.NONE
    basis_points: int = 0
    flat: int = 0
    minimum: int = 0
    cap: int | None = None
    grace_days: int = 0
    counted_from: CountedFrom = CountedFrom.DUE

    def __post_init__(self) -> None:
        if min(self.basis_points, self.flat, self.minimum, self.grace_days) < 0 or self.basis_points > _WHOLE:
            raise PolicyError("a late fee has no negative part, and its rate is at most 100%")
        if self.cap is not None and self.cap < self.minimum:
            raise PolicyError("the cap of a late fee is below its minimum")
        charges = self.basis_points or self.flat or self.minimum
        if bool(charges) != (self.base is not FeeBase.NONE):
            raise PolicyError("a late fee has a base and an amount, or neither")


@dataclass(frozen=True, slots=True)
class SuspensionDays:
    """Days after the date that counts: the first on which the vendor suspends, the usual one, the last."""

    earliest: int
    likely: int
    latest: int

    def __post_init__(self) -> None:
        if not 0 < self.earliest <= self.likely <= self.latest:
            raise PolicyError("suspension days rise from the earliest over the likely to the latest, from 1 on")


@dataclass(frozen=True, slots=True)
class RestoralTerms:
    """What the vendor wants before it switches a service on again."""

    fee: int = 0
    past_due_in_full: bool = True
    months_in_advance: int = 0


@dataclass(frozen=True, slots=True)
class PartTerms:
    """A part payment of a bill, at least `basis_points` of it, puts off the days on which service stops for it by `days`.

    Of what is undisputed, as billed. It does so once: the rest is asked in full from then on.
    """

    basis_points: int
    days: int

    def __post_init__(self) -> None:
        if not (0 < self.basis_points < _WHOLE and self.days > 0):
            raise PolicyError("a part payment is more than 0% and less than all of a bill, and puts off by days")

    def rest(self, billed: int) -> int:
        """The most that may stay unpaid of `billed`, rounded down."""
        whole, over = divmod(billed, _WHOLE)
        left = _WHOLE - self.basis_points
        return whole * left + over * left // _WHOLE


@dataclass(frozen=True, slots=True)
class Policy:
    """One vendor's terms from `effective_from` on, until (not including) `effective_until`.

    service_type, currency: an exception for these accounts only; '' for every one. suspension: None where the vendor
    does not suspend. young: other days for an account that is not yet `young_months` old when the bill counts.
    part: None where only the whole bill counts, or what a notice asks.
    calendar: whose working days count ('' the country of the account's site). `source` is where the terms are printed.
    """

    vendor: str
    effective_from: date
    source: str
    service_type: str = ""
    currency: str = ""
    effective_until: date | None = None
    late_fee: LateFeeTerms = field(default_factory=LateFeeTerms)
    notice_days: int = 0
    counted_from: CountedFrom = CountedFrom.DUE
    suspension: SuspensionDays | None = None
    young_months: int = 0
    young: SuspensionDays | None = None
    part: PartTerms | None = None
    disconnection_days: int | None = None  # after suspension
    restoral: RestoralTerms = field(default_factory=RestoralTerms)
    posting_days: tuple[tuple[str, int], ...] = ()  # (payment method, working days)
    calendar: str = ""
    acts_on_working_days: bool = True
    due_rolls_forward: bool = False  # a due date on a day off becomes the next working day
    id: int | None = None

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise PolicyError("a policy names its source: the document and where in it")
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            raise PolicyError("a policy ends after it starts")
        if self.currency and not known_currency(self.currency):
            raise PolicyError(f"{self.currency!r} is not an ISO 4217 currency code")
        fee = self.late_fee
        if not self.currency and (fee.flat or fee.minimum or fee.cap is not None or self.restoral.fee):
            raise PolicyError("a policy with amounts names their currency")
        if self.calendar and not known_calendar(self.calendar):
            raise PolicyError(f"{self.calendar!r} is not a calendar such as US, GB or GB-SCT")
        if (self.young is None) != (self.young_months == 0) or (self.young and self.suspension is None):
            raise PolicyError("days for young accounts need their age in months, and days for the others")
        if self.part and self.suspension is None:
            raise PolicyError("a part payment puts off a suspension: terms with one have days of the other")
        if min(self.notice_days, self.restoral.fee, self.restoral.months_in_advance, self.disconnection_days or 0) < 0:
            raise PolicyError("days, months and fees of a policy are not negative")
        if any(days < 0 for _, days in self.posting_days):
            raise PolicyError("a payment posts on the day it is made or later")

    def applies_to(self, service_type: str, currency: str, day: date) -> bool:
        """Is it in force on `day` for such an account?"""
        return (
            self.service_type in ("", service_type)
            and self.currency in ("", currency)
            and self.effective_from <= day
            and (self.effective_until is None or day < self.effective_until)
        )

    def posting(self) -> dict[str, int]:
        """Working days until a payment shows, by method: the policy's own, else the usual ones."""
        return USUAL_POSTING | dict(self.posting_days)

    def due_day(self, due_on: date, country: str) -> date:
        """The day up to which a bill due on `due_on` is paid in time."""
        return working_day_from(due_on, self.calendar or country) if self.due_rolls_forward else due_on

    def counted_day(self, counted_from: CountedFrom, issued_on: date, due_on: date, country: str) -> date:
        """The date of a bill from which its days are counted."""
        return issued_on if counted_from is CountedFrom.INVOICE else self.due_day(due_on, country)

    def days_for(self, opened_on: date | None, counted: date) -> SuspensionDays | None:
        """The suspension days of a bill that counts from `counted`, on an account opened on `opened_on`."""
        if self.young is not None and opened_on is not None and counted < add_months(opened_on, self.young_months):
            return self.young
        return self.suspension


def in_force(policies: Iterable[Policy], service_type: str, currency: str, day: date) -> Policy | None:
    """The policy of one vendor for an account on `day`: an exception before the rule, then the one that began last."""
    candidates = [policy for policy in policies if policy.applies_to(service_type, currency, day)]
    return max(
        candidates,
        key=lambda policy: (bool(policy.service_type), bool(policy.currency), policy.effective_from, policy.id or 0),
        default=None,
    )
