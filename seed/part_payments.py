"""When a vendor whose terms accept a part payment waits with what it announced."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.policies import Policy
from domain.working_days import working_day_from
from seed.records import Bill


def put_off(policy: Policy | None, owed: Iterable[Bill], day: date, country: str) -> date | None:
    """Until when, if the part of every bill is paid by `day`; None where it does not wait."""
    part = policy.part if policy is not None else None
    if part is None or any(bill.open - bill.withheld > part.rest(bill.amount - bill.withheld) for bill in owed):
        return None
    return working_day_from(day + timedelta(days=part.days), country)
