"""Payments as legs of a match. Of those that a bank line could show, the ones near it in time are looked at one by one; older ones are
believed by their confirmation number alone and found by it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from data_access.queries.expressions import unindexed
from data_access.queries.policies import policies
from data_access.schema import accounts, payments, sites, vendors
from data_access.scope import Scope, within
from domain.matching.evidence import LATE, LATE_WITH_NUMBER
from domain.matching.legs import PaymentLeg
from domain.matching.reach import Reach, paid_since
from domain.policies import USUAL_POSTING, in_force

_AT_ONCE = 500
_SLOWEST = max(USUAL_POSTING.values())
# As in the indexes on them, which SQLite takes for literals only.
UNMATCHED: ColumnElement[bool] = literal_column("payments.kind = 'payment' AND payments.matched < payments.amount")
POSTED_EARLY: ColumnElement[bool] = literal_column("payments.posted_on < payments.paid_on")


class _odd_number(FunctionElement[bool]):  # noqa: N801 - a SQL function
    """Does the confirmation number hold anything but letters and digits, so that a line may show it in another way?"""

    inherit_cache = True


@compiles(_odd_number, "sqlite")
def _odd_sqlite(*_: Any, **__: Any) -> str:
    return "payments.confirmation_number GLOB '*[^0-9A-Za-z]*'"


@compiles(_odd_number, "postgresql")
def _odd_postgresql(*_: Any, **__: Any) -> str:
    return "payments.confirmation_number ~ '[^0-9A-Za-z]'"


ODD_NUMBER: ColumnElement[bool] = _odd_number()


def legs(
    connection: Connection, scope: Scope, wanted: ColumnElement[bool], reach: Reach | None = None
) -> Iterator[PaymentLeg]:
    """The payments that `wanted` lets through, without their bills; of those in reach alone, where a reach is given."""
    terms = policies(connection, scope)
    p, a = payments.c, accounts.c
    statement = (
        select(p.id, p.account_id, a.vendor_id, a.currency, p.amount, p.matched, p.paid_on, p.posted_on, p.method)
        .add_columns(p.confirmation_number, a.account_number, a.service_type, p.call_id, sites.c.country)
        .add_columns(vendors.c.name)
        .join(accounts, a.id == p.account_id)
        .join(vendors, vendors.c.id == a.vendor_id)
        .join(sites, sites.c.id == a.site_id)
        .where(within(scope, p.site_id), wanted)
        .order_by(unindexed(p.id))
    )
    known: dict[Any, tuple[dict[str, int], str]] = {}
    for (
        id_, account_id, vendor_id, currency, amount, matched, paid_on, posted_on, method,
        confirmation, account_number, service_type, call_id, country, vendor,
    ) in connection.execute(statement):  # fmt: skip
        key = vendor, service_type, currency, paid_on
        if key not in known:
            policy = in_force(terms.get(vendor, ()), service_type, currency, paid_on)
            known[key] = (policy.posting(), policy.calendar) if policy else (USUAL_POSTING, "")
        posting, calendar = known[key]
        days, calendar = posting.get(method, _SLOWEST), calendar or country
        if reach is not None:
            whose, when = (vendor_id, currency, method), (paid_on, posted_on, days, calendar)
            if not reach.near(whose, amount - matched, when, (account_number, confirmation)):
                continue
        yield PaymentLeg(
            id=id_,
            account_id=account_id,
            vendor_id=vendor_id,
            currency=currency,
            amount=amount - matched,
            paid_on=paid_on,
            posted_on=posted_on,
            method=method,
            confirmation=confirmation,
            account_number=account_number,
            names=(vendor,),
            posting_days=days,
            calendar=calendar,
            call_id=call_id,
            part_matched=matched > 0,
        )


def legs_within(
    connection: Connection, scope: Scope, reach: Reach, stands: Sequence[ColumnElement[bool]]
) -> list[PaymentLeg]:
    """Open payments that `stands` lets through and a line may show, in the order of their numbers."""
    days, calendars = _slowest(connection, scope)
    shown = reach.first - timedelta(days=LATE)
    found: dict[int, PaymentLeg] = {}

    def find(*wanted: ColumnElement[bool]) -> None:
        found.update((leg.id, leg) for leg in legs(connection, scope, and_(*stands, UNMATCHED, *wanted), reach))

    for branch in _shown_since(shown, paid_since(shown, days, calendars)):
        find(branch)
    believed = reach.first - timedelta(days=LATE_WITH_NUMBER)
    paid = paid_since(believed, days, calendars)
    older = or_(unindexed(payments.c.posted_on) >= believed, unindexed(payments.c.paid_on) >= paid)
    find(older, ODD_NUMBER)
    numbers = sorted(reach.numbers)
    for start in range(0, len(numbers), _AT_ONCE):
        find(older, func.lower(payments.c.confirmation_number).in_(numbers[start : start + _AT_ONCE]))
    return [found[id_] for id_ in sorted(found)]


def _shown_since(shown: date, paid: date) -> Iterator[ColumnElement[bool]]:
    """What a bank may show on `shown` or later: posted by then, or made on `paid` or later. Each by an index of its own."""
    first = min(shown, paid)
    yield payments.c.posted_on >= first
    yield and_(payments.c.posted_on.is_(None), unindexed(payments.c.paid_on) >= paid)
    yield and_(POSTED_EARLY, payments.c.paid_on >= paid)


def _slowest(connection: Connection, scope: Scope) -> tuple[int, list[str]]:
    """Working days until the slowest payment shows, by anybody's terms, and the calendars that they are counted in."""
    every = [policy for some in policies(connection, scope).values() for policy in some]
    days = max(max(posting.values()) for posting in (USUAL_POSTING, *(policy.posting() for policy in every)))
    countries = connection.scalars(select(sites.c.country).where(within(scope, sites.c.id)).distinct())
    return days, sorted({*countries, *(policy.calendar for policy in every)})
