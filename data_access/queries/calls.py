"""The call log, newest first, with search and filters."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, and_, func, select, tuple_

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import contains
from data_access.schema import calls, payments
from data_access.scope import Scope
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call. started_at in UTC; `timezone` is the site's. paid: minor units paid on this call, 0 for none."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    timezone: str
    started_at: datetime
    number: str
    direction: str
    duration_s: int | None
    agent: str
    caller: str
    caller_verified: str
    purpose: str
    billing_period: str
    outcome: str
    confirmation_number: str
    promised_on: date | None
    follow_up_on: date | None
    notes: str
    amends_id: int | None
    paid: int


def call_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    outcome: str | None = None,
    purpose: str | None = None,
    verified: str | None = None,
    with_follow_up: bool = False,
    after: tuple[datetime, int] | None = None,
    limit: int = 200,
) -> list[CallRow]:
    """Calls in the filters' period (UTC days) up to the as-of day; a corrected call shows as its correction only.

    filters.search looks into site, vendor, account, agent, caller, number, confirmation number and notes.
    `after` is (started_at, id) of the last one shown.
    """
    a = ledger_accounts(scope, replace(filters, search=""))
    correction = calls.alias("correction")
    paid = (
        select(func.coalesce(func.sum(payments.c.amount), 0))
        .where(
            payments.c.account_id == calls.c.account_id,
            payments.c.call_id == calls.c.id,
            payments.c.kind == "payment",
        )
        .correlate(calls)
        .scalar_subquery()
    )
    statement = (
        select(
            calls,
            a.c.account_number,
            a.c.vendor,
            a.c.site,
            a.c.site_name,
            a.c.currency,
            a.c.timezone,
            paid.label("paid"),
        )
        .join(a, a.c.account_id == calls.c.account_id)
        .outerjoin(
            correction, and_(correction.c.account_id == calls.c.account_id, correction.c.amends_id == calls.c.id)
        )
        .where(correction.c.id.is_(None), calls.c.started_at < _midnight(filters.as_of + timedelta(days=1)))
        .order_by(calls.c.started_at.desc(), calls.c.id.desc())
        .limit(limit)
    )
    if filters.since:
        statement = statement.where(calls.c.started_at >= _midnight(filters.since))
    if filters.until:
        statement = statement.where(calls.c.started_at < _midnight(filters.until))
    if filters.search.strip():
        statement = statement.where(
            contains(
                [
                    a.c.site_name,
                    a.c.site,
                    a.c.vendor,
                    a.c.account_number,
                    calls.c.agent,
                    calls.c.caller,
                    calls.c.number,
                    calls.c.confirmation_number,
                    calls.c.notes,
                ],
                filters.search,
            )
        )
    for column, wanted in (
        (calls.c.account_id, account_id),
        (calls.c.outcome, outcome),
        (calls.c.purpose, purpose),
        (calls.c.caller_verified, verified),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if with_follow_up:
        statement = statement.where(calls.c.follow_up_on.is_not(None))
    if after is not None:
        statement = statement.where(tuple_(calls.c.started_at, calls.c.id) < tuple_(*after))
    fields = CallRow.__dataclass_fields__
    return [
        CallRow(**{f: getattr(row, f) for f in fields if f != "paid"}, paid=int(row.paid))
        for row in connection.execute(statement)
    ]


def call_words(connection: Connection, scope: Scope) -> dict[str, list[str]]:
    """The outcomes and purposes in use within the scope, for filters and forms."""
    a = ledger_accounts(scope, Filters(as_of=date.max))
    words = {}
    for name in ("outcome", "purpose"):
        column = calls.c[name]
        statement = select(column).join(a, a.c.account_id == calls.c.account_id).where(column != "").distinct()
        words[name] = sorted(connection.scalars(statement))
    return words


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
