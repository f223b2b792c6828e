"""Notices that vendors sent, as known on a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import signed, total
from data_access.queries.positions import effective_due
from data_access.queries.unsettled import ONLY, is_under_way, only
from data_access.schema import accounts, allocations, invoices, notices, payments
from data_access.scope import Scope, within
from domain.filters import Filters
from domain.notices import Notice, NoticeKind

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice; amount in minor units of `currency`, None where it names none. bill: the number of the one it is about."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    kind: str
    dated: date
    acts_on: date | None
    amount: int | None
    bill: str | None
    reference: str
    channel: str
    note: str


def notice_rows(
    connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None
) -> list[NoticeRow]:
    """Notices dated up to the as-of day and not withdrawn by then, the newest first."""
    a = ledger_accounts(scope, filters)
    statement = (
        select(
            notices.c.id,
            notices.c.account_id,
            a.c.account_number,
            a.c.vendor,
            a.c.site,
            a.c.site_name,
            a.c.currency,
            notices.c.kind,
            notices.c.dated,
            notices.c.acts_on,
            notices.c.amount,
            invoices.c.number.label("bill"),
            notices.c.reference,
            notices.c.channel,
            notices.c.note,
        )
        .join(a, a.c.account_id == notices.c.account_id)
        .outerjoin(invoices, and_(invoices.c.account_id == notices.c.account_id, invoices.c.id == notices.c.invoice_id))
        .where(known_notices(filters.as_of))
        .order_by(notices.c.dated.desc(), notices.c.id.desc())
    )
    if account_id is not None:
        statement = statement.where(notices.c.account_id == account_id)
    return [NoticeRow(*row) for row in connection.execute(statement)]


def notices_by_account(
    connection: Connection, scope: Scope, filters: Filters, among: Collection[int] | None = None
) -> dict[int, list[Notice]]:
    """The newest of each account and bill as values (see domain.notices.newest); paid_since is left to be filled in.

    among: of these accounts, None for all.
    """
    few = among is not None
    found: dict[int, list[Notice]] = {}
    for row in connection.execute(_newest(scope, filters, few=few), {ONLY: list(among)} if few else {}):
        notice = Notice(row.id, NoticeKind(row.kind), row.dated, row.acts_on, row.amount, bill_id=row.invoice_id)
        found.setdefault(row.account_id, []).append(notice)
    return found


@lru_cache(maxsize=64)
def _newest(scope: Scope, filters: Filters, *, few: bool) -> Select[*tuple[Any, ...]]:
    a = ledger_accounts(scope, filters)
    late = case((notices.c.kind == NoticeKind.LATE, 1), else_=0)
    place = func.row_number().over(
        partition_by=(notices.c.account_id, notices.c.invoice_id, late),
        order_by=(notices.c.dated.desc(), notices.c.id.desc()),
    )
    known = select(notices, place.label("place")).where(
        known_notices(filters.as_of), only(notices.c.account_id, few=few)
    )
    ranked = known.subquery()
    newest = select(ranked).join(a, a.c.account_id == ranked.c.account_id).where(ranked.c.place == 1)
    return newest.order_by(ranked.c.id)


def paid_since(connection: Connection, scope: Scope, as_of: date, notice_ids: Sequence[int]) -> dict[int, int]:
    """By notice: what was applied after its date to the bills that it is about, less what is under way."""
    covered = or_(
        invoices.c.id == notices.c.invoice_id,
        and_(notices.c.invoice_id.is_(None), effective_due(accounts.c.terms_days) < notices.c.dated),
    )
    statement = (
        select(notices.c.id, total(signed(allocations)).label("paid"))
        .join(accounts, accounts.c.id == notices.c.account_id)
        .join(allocations, allocations.c.account_id == notices.c.account_id)
        .join(
            invoices,
            and_(invoices.c.account_id == allocations.c.account_id, invoices.c.id == allocations.c.invoice_id),
        )
        .outerjoin(
            payments,
            and_(payments.c.account_id == allocations.c.account_id, payments.c.id == allocations.c.payment_id),
        )
        .where(
            within(scope, notices.c.site_id),
            allocations.c.applied_on > notices.c.dated,
            allocations.c.applied_on <= as_of,
            covered,
            or_(payments.c.id.is_(None), ~is_under_way(as_of)),
        )
        .group_by(notices.c.id)
    )
    found: dict[int, int] = {}
    for start in range(0, len(notice_ids), _AT_ONCE):
        some = notice_ids[start : start + _AT_ONCE]
        found |= {row.id: max(0, row.paid) for row in connection.execute(statement.where(notices.c.id.in_(some)))}
    return found


def known_notices(as_of: date) -> Any:
    """Dated by that day, and not withdrawn by then."""
    return and_(notices.c.dated <= as_of, or_(notices.c.withdrawn_on.is_(None), notices.c.withdrawn_on > as_of))
