"""What of payments no bank line shows, and bank lines that are no payment, by the matches that stood at the end of the day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, or_, select, union_all

from data_access.queries.bank_lines import open_lines
from data_access.queries.dimensions import bare_accounts
from data_access.queries.expressions import total, unindexed
from data_access.queries.known_matches import MovedSince
from data_access.queries.payment_legs import POSTED_EARLY, UNMATCHED
from data_access.schema import payments
from data_access.scope import Scope
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
    """By currency: what of payments that had not come back by the as-of day is in no bank line, from filters.since on.

    What the counters leave open now, by its index, and what matches decided since the day took of it.
    """
    p, a, as_of = payments.c, bare_accounts(scope, filters), filters.as_of
    of_account = a.c.account_id == p.account_id
    stands = [p.kind == "payment", unindexed(p.paid_on) <= as_of, or_(p.reversed_on.is_(None), p.reversed_on > as_of)]
    if filters.since:
        stands.append(unindexed(p.paid_on) >= filters.since)
    parts = [
        select(a.c.currency, (p.amount - p.matched).label("left"))
        .select_from(payments)
        .join(a, of_account)
        .where(UNMATCHED, *way, *stands)
        for way in _ways(filters.since)
    ]
    since = MovedSince(connection, scope, as_of)
    if since.any:
        took = select(a.c.currency, since.amount.label("left")).select_from(payments).join(a, of_account)
        parts.append(took.where(since.moved, *stands))
    every = union_all(*parts).subquery("every")
    statement = select(every.c.currency, total(every.c.left)).group_by(every.c.currency)
    return {currency: left for currency, left in connection.execute(statement) if left}


def _ways(since: date | None) -> list[tuple[ColumnElement[bool], ...]]:
    """To payments made since the day: posted since, not posted, or posted before they were made; no row is in two of them."""
    posted = payments.c.posted_on
    if since is None:
        return [()]
    early = (POSTED_EARLY, payments.c.paid_on >= since, unindexed(posted) < since)
    return [(posted >= since,), (posted.is_(None),), early]


def unmatched_lines(connection: Connection, scope: Scope, filters: Filters) -> list[UnmatchedLine]:
    """Lines booked by the as-of day and not explained by then, the oldest first.

    None for who does not see every site, since a line belongs to none.
    """
    wanted, since = filters.currencies, filters.since or date.min
    return [
        UnmatchedLine(
            line.id,
            line.bank_account,
            line.booked_on,
            line.currency,
            ", ".join(filter(None, (line.description, line.reference))),
            line.amount,
            line.left if line.amount > 0 else -line.left,
        )
        for line in open_lines(connection, scope, as_of=filters.as_of, limit=None)
        if line.booked_on >= since and (not wanted or line.currency in wanted)
    ]
