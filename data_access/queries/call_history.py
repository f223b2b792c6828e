"""One call with all that belongs to it: its earlier versions, and the payments made on it."""

from datetime import date

from sqlalchemy import Connection, and_, or_, select

from data_access.queries.calls import CallRow, call_columns, with_money
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.payments import PaymentRow, payment_rows
from data_access.schema import calls, payments
from data_access.scope import Scope
from domain.filters import Filters


def call_versions(connection: Connection, scope: Scope, call_id: int, *, as_of: date) -> list[CallRow]:
    """Every version of the call that `call_id` is one of, the first one first; empty outside the scope."""
    a = ledger_accounts(scope, Filters(as_of=as_of))
    found = (
        select(calls.c.account_id, calls.c.id, calls.c.amends_id)
        .where(calls.c.id == call_id)
        .cte("found", recursive=True)
    )
    other = calls.alias("other")
    # UNION, not UNION ALL: from any version the walk goes both ways, and meets itself.
    found = found.union(
        select(other.c.account_id, other.c.id, other.c.amends_id).join(
            found,
            and_(
                other.c.account_id == found.c.account_id,
                or_(other.c.id == found.c.amends_id, other.c.amends_id == found.c.id),
            ),
        )
    )
    statement = (
        select(*call_columns(a))
        .join(a, a.c.account_id == calls.c.account_id)
        .join(found, and_(found.c.account_id == calls.c.account_id, found.c.id == calls.c.id))
        .order_by(calls.c.id)
    )
    rows = with_money(connection, scope, connection.execute(statement).all(), as_of)
    by_amended = {row.amends_id: row for row in rows}
    ordered: list[CallRow] = []
    while (following := by_amended.get(ordered[-1].id if ordered else None)) is not None:
        ordered.append(following)
    return ordered


def payments_on_call(connection: Connection, scope: Scope, call_id: int, *, as_of: date) -> list[PaymentRow]:
    """The payments made on any version of a call up to `as_of`, as of that day, in the order in which they were entered."""
    versions = call_versions(connection, scope, call_id, as_of=as_of)
    if not versions:
        return []
    made = connection.scalars(
        select(payments.c.id)
        .where(
            payments.c.account_id == versions[0].account_id,
            payments.c.call_id.in_([version.id for version in versions]),
        )
        .order_by(payments.c.id)
    ).all()
    filters = Filters(as_of=as_of)
    return [row for made_id in made for row in payment_rows(connection, scope, filters, payment_id=made_id)]
