"""What of payments no bank line shows, and bank lines that are no payment, by the matches that stood at the end of the day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from data_access.queries.bank_lines import standing_decisions
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total
from data_access.queries.known_matches import known_matches
from data_access.queries.local_days import day_over
from data_access.schema import bank_lines, matches, payments
from data_access.scope import Scope, require
from domain.filters import Filters


@dataclass(frozen=True, slots=True)
class UnmatchedLine:
    """A line of which `left` is in no payment; minor units, money out is negative."""

    id: int
    bank_account: str
    booked_on: date
    currency: str
    text: str
    amount: int
    left: int


def unmatched_in_all(connection: Connection, scope: Scope, filters: Filters) -> dict[str, int]:
    """By currency: what of payments that had not come back by the as-of day is in no bank line, from filters.since on."""
    a = ledger_accounts(scope, filters)
    known = known_matches(scope, filters.as_of, matches.c.payment_id, matches.c.account_id)
    left = total(payments.c.amount - func.coalesce(known.c.amount, 0))
    statement = (
        select(a.c.currency, left.label("left"))
        .select_from(payments)
        .join(a, a.c.account_id == payments.c.account_id)
        .outerjoin(known, and_(known.c.account_id == payments.c.account_id, known.c.payment_id == payments.c.id))
        .where(
            payments.c.kind == "payment",
            payments.c.paid_on <= filters.as_of,
            or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > filters.as_of),
        )
        .group_by(a.c.currency)
    )
    if filters.since:
        statement = statement.where(payments.c.paid_on >= filters.since)
    return {row.currency: row.left for row in connection.execute(statement)}


def unmatched_lines(connection: Connection, scope: Scope, filters: Filters) -> list[UnmatchedLine]:
    """Lines booked by the as-of day and not explained by then, the oldest first.

    None for who does not see every site, since a line belongs to none.
    """
    require(scope)
    if not scope.everything:
        return []
    known = known_matches(scope, filters.as_of, matches.c.bank_line_id)
    explained = standing_decisions(day_over(filters.as_of))
    # A match is of a payment, which goes out.
    left = bank_lines.c.amount + func.coalesce(known.c.amount, 0)
    statement = (
        select(
            bank_lines.c.id,
            bank_lines.c.bank_account,
            bank_lines.c.booked_on,
            bank_lines.c.currency,
            bank_lines.c.description,
            bank_lines.c.reference,
            bank_lines.c.amount,
            left.label("left"),
        )
        .outerjoin(known, known.c.bank_line_id == bank_lines.c.id)
        .outerjoin(explained, explained.c.bank_line_id == bank_lines.c.id)
        .where(bank_lines.c.booked_on <= filters.as_of, left != 0, explained.c.id.is_(None))
        .order_by(bank_lines.c.booked_on, bank_lines.c.id)
    )
    if filters.since:
        statement = statement.where(bank_lines.c.booked_on >= filters.since)
    if filters.currencies:
        statement = statement.where(bank_lines.c.currency.in_(filters.currencies))
    return [
        UnmatchedLine(*row[:4], ", ".join(filter(None, (row.description, row.reference))), row.amount, row.left)
        for row in connection.execute(statement)
    ]
