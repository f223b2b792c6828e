"""The legs of a payment as SQL, one state at a time, so that each is found by an index of its own.

Matches are known as of the end of a day: the counter that matching keeps on a payment, less what was decided since.
"""

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from data_access.queries.dimensions import bare_accounts, ledger_accounts, narrowed
from data_access.queries.expressions import add_days, unindexed
from data_access.queries.keyset import Mark, beside
from data_access.queries.known_matches import MovedSince
from data_access.queries.payment_legs import POSTED_EARLY, UNMATCHED
from data_access.queries.payments import payments_chosen, payments_found
from data_access.schema import bank_statements, calls, payments
from data_access.scope import Scope
from domain.filters import Filters

_MANY = 500  # accounts: of so many, enough is soon found among all
_DAYS = 2_000  # looked up one by one; a day of posting may be a slip of centuries


class LegState(StrEnum):
    """The first leg that a payment lacks, or that it has all of them. Exceptions come in this order."""

    NO_CONFIRMATION = "no confirmation"
    NOT_POSTED = "not posted"
    NOT_IN_BANK = "not in bank"
    IN_PART = "in bank in part"
    NO_STATEMENT = "no statement"  # none was imported that covers the day on which it was posted
    COMPLETE = "complete"


# As in the indexes on them, which SQLite takes for literals only.
# By its length: SQLite would take the index of all numbers for an equal one.
_UNCONFIRMED: ColumnElement[bool] = literal_column(
    "length(payments.confirmation_number) = 0 AND (payments.channel = 'phone' OR payments.call_id IS NOT NULL)"
)
_IN_PART: ColumnElement[bool] = literal_column("payments.matched > 0 AND payments.matched < payments.amount")
_UNPOSTED: ColumnElement[bool] = literal_column(
    "payments.kind = 'payment' AND payments.matched < payments.amount AND payments.posted_on IS NULL"
)
_MATCHED: ColumnElement[bool] = literal_column("payments.kind = 'payment' AND payments.matched = payments.amount")
BY_POSTING = (
    LegState.NOT_IN_BANK,
    LegState.NO_STATEMENT,
)  # these wait since the day of posting, others since that of payment
# The day that rows wait since, and what finds them.
_Found = tuple[ColumnElement[date], *tuple[ColumnElement[bool], ...]]


class Legs:
    """Payments that stand on a day with their legs: `by_state` gives statements that together bring a state's rows.

    named: with the columns that a row shows, else there is only what is counted.
    """

    def __init__(self, connection: Connection, scope: Scope, filters: Filters, *, named: bool = True) -> None:
        self.connection, self.as_of, self._named = connection, filters.as_of, named
        self._from, self._until = filters.since, filters.until
        of_accounts = ledger_accounts if named or filters.search.strip() else bare_accounts
        self._a = of_accounts(scope, replace(filters, search=""))
        found = payments_found(connection, scope, filters, self._a)
        self._chosen = payments_chosen(filters, found, paid_on=unindexed(payments.c.paid_on))
        mine = select(bare_accounts(scope, replace(filters, search="")).c.account_id)
        if found is None and (narrowed(filters) or not scope.everything) and self._many(mine):
            # The index that is walked along tells the account: whose are chosen is asked before a row is read.
            self._chosen = [*self._chosen, payments.c.account_id.in_(mine).is_(true())]
            self._a = of_accounts(Scope.all_sites(), Filters(as_of=filters.as_of))
        self._covered = _covered(connection, scope, self._a.c.currency, filters.as_of)
        self._since = MovedSince(connection, scope, filters.as_of)
        self._everybodys = scope.everything

    def by_state(self, state: LegState, mark: Mark | None = None) -> list[Select[*tuple[Any, ...]]]:
        """No row is in two of them. Columns: those of a LegRow that are in the ledger, `state`, and `since` to order by."""
        found = [self._rows(state, *each) for each in self._indexed(state, mark)]
        if not self._since.any:
            return found
        return [*found, self._rows(state, unindexed(payments.c[_waits_since(state)]), moved=True)]

    def _many(self, chosen: Select[tuple[int]]) -> bool:
        some = chosen.limit(_MANY).subquery()
        return self.connection.scalar(select(func.count()).select_from(some)) == _MANY

    def _indexed(self, state: LegState, mark: Mark | None) -> list[_Found]:
        """Each with the day that its rows wait since: as it is where an index of it is walked along, else few are put in order."""
        paid, posted = payments.c.paid_on, payments.c.posted_on
        if state is LegState.NOT_POSTED:
            return [(paid, _UNPOSTED), *self._posted_later()]
        early = [self._posted_early(self._from)] if self._from is not None else []
        if state is LegState.NOT_IN_BANK and self._covered is not None:
            first, last, _ = self._covered
            return [self._posted(posted, first, posted < last), *early]
        if state in BY_POSTING:
            return [self._posted(beside(posted, mark), None, beside(posted, mark) <= self.as_of), *early]
        if state is LegState.COMPLETE:
            paid_on = beside(paid, mark)
            bounds = [paid_on <= self.as_of] if self._until is None else [paid_on <= self.as_of, paid_on < self._until]
            return [
                (paid, _MATCHED, *bounds) if self._from is None else (paid, _MATCHED, *bounds, paid_on >= self._from)
            ]
        return [(unindexed(paid), *((_IN_PART,) if state is LegState.IN_PART else (UNMATCHED, _UNCONFIRMED)))]

    def _posted(self, posted: ColumnElement[date], first: date | None, until: ColumnElement[bool]) -> _Found:
        """Posted from the `first` day on. What was paid in a period was posted in it or later, see _posted_early."""
        days = [day for day in (first, self._from) if day is not None]
        since = payments.c.posted_on
        return (since, UNMATCHED, until, posted >= max(days)) if days else (since, UNMATCHED, until)

    def _posted_later(self) -> list[_Found]:
        """Made by the day and posted after it: looked up day by day, since it is little of what was posted since."""
        paid, posted, after = payments.c.paid_on, payments.c.posted_on, self.as_of + timedelta(days=1)
        last = self.connection.scalar(select(func.max(posted))) if self._everybodys else None
        number = (last - self.as_of).days if last is not None else 0
        if not self._everybodys or number > _DAYS:
            return [(unindexed(paid), UNMATCHED, posted > self.as_of)]
        days = [after + timedelta(days=n) for n in range(number)]
        return [(add_days(paid, 0), posted.in_(days), paid <= self.as_of)] if days else []

    @staticmethod
    def _posted_early(since: date) -> _Found:
        """What was posted before it was paid, and before the period."""
        posted = payments.c.posted_on
        return add_days(posted, 0), UNMATCHED, POSTED_EARLY, payments.c.paid_on >= since, unindexed(posted) < since

    def _rows(
        self, wanted: LegState, since: ColumnElement[date], *conditions: ColumnElement[bool], moved: bool = False
    ) -> Select[*tuple[Any, ...]]:
        a, as_of = self._a, self.as_of
        confirmation = case(
            (payments.c.confirmation_number != "", payments.c.confirmation_number),
            else_=func.coalesce(calls.c.confirmation_number, ""),
        )
        of_call = and_(calls.c.account_id == payments.c.account_id, calls.c.id == payments.c.call_id)
        needs_call = or_(payments.c.channel == "phone", payments.c.call_id.is_not(None))
        posted_on = case((payments.c.posted_on <= as_of, payments.c.posted_on))
        matched = payments.c.matched - self._since.amount if moved else payments.c.matched
        unconfirmed = and_(needs_call, confirmation == "")
        if not self._named:  # a call is looked up for those alone that lack a number of their own
            on_call = exists().where(of_call, calls.c.confirmation_number != "")
            unconfirmed = and_(needs_call, unindexed(payments.c.confirmation_number) == "", ~on_call)
        covered = true() if self._covered is None else self._covered[2]
        nothing, posted = (
            unindexed(matched) == 0,
            unindexed(payments.c.posted_on),
        )  # else SQLite goes by amounts above 0
        unposted = or_(posted.is_(None), posted > as_of)  # of a case PostgreSQL would expect one row in 200
        lacks = {
            LegState.COMPLETE: (matched == payments.c.amount,),
            LegState.IN_PART: (matched > 0, matched < payments.c.amount),
            LegState.NO_CONFIRMATION: (nothing, unconfirmed),
            LegState.NOT_POSTED: (nothing, ~unconfirmed, unposted),
            LegState.NO_STATEMENT: (nothing, ~unconfirmed, posted <= as_of, ~covered),
            LegState.NOT_IN_BANK: (nothing, ~unconfirmed, posted <= as_of, covered),
        }
        own = (payments.c.id, payments.c.account_id, payments.c.paid_on, payments.c.amount, payments.c.method)
        told = (
            *own,
            payments.c.channel,
            payments.c.call_id,
            matched.label("matched"),
            needs_call.label("needs_call"),
            confirmation.label("confirmation"),
            posted_on.label("posted_on"),
            literal(wanted.value).label("state"),
            *(a.c[name] for name in ("account_number", "vendor", "site", "site_name", "currency") if self._named),
        )
        statement = (
            select(*(told if self._named else ()), since.label("since"))
            .select_from(payments)
            .join(a, a.c.account_id == payments.c.account_id)
        )
        if self._named:
            statement = statement.outerjoin(calls, of_call)
        if self._since.any:
            statement = statement.where(self._since.moved if moved else ~self._since.moved)
        return statement.where(
            *self._chosen,
            *conditions,
            payments.c.kind == "payment",
            or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
            *lacks[wanted],
        )


def _waits_since(state: LegState) -> str:
    return "posted_on" if state in BY_POSTING else "paid_on"


def _covered(
    connection: Connection, scope: Scope, currency: ColumnElement[str], as_of: date
) -> tuple[date, date, ColumnElement[bool]] | None:
    """The first and last day that some statement covers (half-open), and whether one covers the day of posting.

    A statement of the card for what was paid by card, else of some bank account. What statements cover is not told to
    somebody who sees only some sites: None, to them every payment is covered.
    """
    if not scope.everything:
        return None
    b = bank_statements.c
    statement = select(b.currency, b.kind, b.period_start, b.period_end).order_by(b.currency, b.kind, b.period_start)
    spans: dict[tuple[str, str], list[list[date]]] = {}
    for code, kind, start, end in connection.execute(statement):
        known = spans.setdefault((code, kind), [])
        if known and start <= known[-1][1]:
            known[-1][1] = max(known[-1][1], end)
        else:
            known.append([start, end])
    by_card = payments.c.method == "card"  # not a case that tells the kind: PostgreSQL takes one for one row in 200
    inside = [
        and_(
            currency == code,
            by_card if of == "card" else ~by_card,
            or_(*(_between(start, end) for start, end in known)),
        )
        for (code, of), known in spans.items()
    ]
    days = [day for known in spans.values() for span in known for day in span]
    return min(days, default=as_of), max(days, default=as_of), or_(false(), *inside)


def _between(start: date, end: date) -> ColumnElement[bool]:
    posted = unindexed(payments.c.posted_on)
    return and_(posted >= start, posted < end)
