"""Money on account: payments and credit notes not yet applied to a bill, refunds not yet matched."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, literal, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.positions import unapplied
from data_access.queries.unsettled import ONLY, only_accounts
from data_access.schema import invoices, payments
from data_access.scope import Scope, within
from domain.filters import Filters

_NOTE = "credit_note"
_AT_ONCE = 500  # payments or bills that are looked up together


@dataclass(frozen=True, slots=True)
class UnappliedRow:
    """One payment, refund or credit note with money left on the as-of day; minor units.

    `left` is what it takes off the balance: negative, of an unmatched refund positive. `name` is the confirmation or
    credit note number. The rows of a group add up to the `unapplied` of its aging.
    """

    kind: str
    id: int
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    day: date
    name: str
    method: str
    amount: int
    left: int


def unapplied_rows(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    among: Collection[int] | None = None,
) -> list[UnappliedRow]:
    """All of them, the oldest first; there are few, since what is applied is not here.

    account_id, among: of this account or of these few alone.
    """
    among = [account_id] if account_id is not None else among
    asked = {} if among is None else {ONLY: list(among)}
    left = connection.execute(_left(scope, filters, few=among is not None), asked).all()
    # Looked up afterwards, by number: joined, all payments would be, since nobody can tell the planner how few there are.
    told = _documents(connection, scope, left)
    rows = [
        UnappliedRow(kind, id_, account, *named, *told[kind == _NOTE, id_], unused)
        for kind, id_, account, *named, unused in left
    ]
    return sorted(rows, key=lambda row: (row.day, row.kind, row.id))


@lru_cache(maxsize=64)
def _left(scope: Scope, filters: Filters, *, few: bool) -> Select[*tuple[Any, ...]]:
    a, money = ledger_accounts(scope, filters), unapplied(filters.as_of, only_accounts(few=few))
    names = ("account_number", "vendor", "site", "site_name", "currency")
    return select(money.c.kind, money.c.id, a.c.account_id, *(a.c[name] for name in names), money.c.unapplied).join(
        a, a.c.account_id == money.c.account_id
    )


def _documents(connection: Connection, scope: Scope, left: Sequence[Any]) -> dict[tuple[bool, int], tuple[Any, ...]]:
    """By (is it a credit note, id): day, name, method and amount."""
    p, i = payments.c, invoices.c
    found: dict[tuple[bool, int], tuple[Any, ...]] = {}
    for note, columns in (
        (False, (p.id, p.paid_on, p.confirmation_number, p.method, p.amount)),
        (True, (i.id, i.issued_on, i.number, literal(""), i.amount)),
    ):
        ids = [row.id for row in left if (row.kind == _NOTE) == note]
        for start in range(0, len(ids), _AT_ONCE):
            mine = columns[0].in_(ids[start : start + _AT_ONCE])
            statement = select(*columns).where(within(scope, columns[0].table.c.site_id), mine)
            found.update({(note, id_): tuple(told) for id_, *told in connection.execute(statement)})
    return found
