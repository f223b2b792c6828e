"""Vendor statements: which there are, how each compares with the ledger on its day, and money on the wrong account."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import signed, total
from data_access.queries.positions import open_items, unapplied
from data_access.schema import accounts, allocations, invoices, payments, vendor_statement_lines, vendor_statements
from data_access.scope import Scope
from domain.filters import Filters
from domain.vendor_statements import Gap, Held, Misapplied, Row, Stated, compare, find_misapplied

_LOOKED_BACK = 120  # days before a statement in which a payment may explain it
MOST = 200  # statements compared at once


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement with what either side says is owed, and the rows that make up the difference; minor units."""

    id: int
    account_id: int
    account_number: str
    vendor: str
    vendor_id: int
    site: str
    site_name: str
    currency: str
    stated_on: date
    rows: tuple[Row, ...]

    @property
    def theirs(self) -> int:
        """What the vendor says is open."""
        return sum(row.theirs or 0 for row in self.rows)

    @property
    def ours(self) -> int:
        """What we say."""
        return sum(row.ours or 0 for row in self.rows)

    @property
    def difference(self) -> int:
        """Ours less theirs: the sum of the rows'."""
        return sum(row.difference for row in self.rows)


@dataclass(frozen=True, slots=True)
class MisappliedRow:
    """What find_misapplied found, with the statements that show it; every account is in scope."""

    short: StatementRow
    amount: int
    long: tuple[tuple[StatementRow, int], ...]
    payment_id: int | None
    paid_on: date | None


def statement_rows(connection: Connection, scope: Scope, filters: Filters) -> list[StatementRow]:
    """The newest statement of each account up to the as-of day, the largest difference first."""
    a = ledger_accounts(scope, filters)
    newest = (
        select(vendor_statements.c.account_id, func.max(vendor_statements.c.stated_on).label("stated_on"))
        .where(vendor_statements.c.stated_on <= filters.as_of)
        .group_by(vendor_statements.c.account_id)
        .subquery("newest")
    )
    names = ("account_id", "account_number", "vendor", "vendor_id", "site", "site_name", "currency")
    statement = (
        select(vendor_statements.c.id, *(a.c[name] for name in names), vendor_statements.c.stated_on)
        .join(a, a.c.account_id == vendor_statements.c.account_id)
        .join(
            newest,
            and_(
                newest.c.account_id == vendor_statements.c.account_id,
                newest.c.stated_on == vendor_statements.c.stated_on,
            ),
        )
        .order_by(vendor_statements.c.stated_on.desc(), vendor_statements.c.id.desc())
        .limit(MOST)
    )
    found = connection.execute(statement).all()
    by_day: dict[date, list[Any]] = defaultdict(list)
    for row in found:
        by_day[row.stated_on].append(row)
    compared = []
    for day, rows in by_day.items():
        stated = _stated(connection, [row.id for row in rows], [row.account_id for row in rows])
        held = _held(connection, [row.account_id for row in rows], day)
        for row in rows:
            lines = compare(stated.get(row.id, ()), held.get(row.account_id, ()), day)
            compared.append(StatementRow(*row, rows=tuple(lines)))
    return sorted(compared, key=lambda s: (-abs(s.difference), s.vendor, s.account_id, s.id))


def misapplied_rows(connection: Connection, scope: Scope, filters: Filters) -> list[MisappliedRow]:
    """Money that a vendor counts on another account than we paid it on, by the statements shown."""
    by_account: dict[int, StatementRow] = {}
    for row in statement_rows(connection, scope, filters):
        by_account.setdefault(row.account_id, row)
    apart = [row for row in by_account.values() if row.difference]
    paid = _payments(connection, [row.account_id for row in apart if row.difference < 0], filters.as_of)
    gaps = [
        Gap(row.account_id, row.vendor_id, row.currency, row.difference, tuple(paid.get(row.account_id, ())))
        for row in apart
    ]
    return [_named(found, by_account) for found in find_misapplied(gaps)]


def _named(found: Misapplied, by_account: dict[int, StatementRow]) -> MisappliedRow:
    long = tuple((by_account[account_id], amount) for account_id, amount in found.long)
    payment_id, paid_on, _ = found.payment or (None, None, 0)
    return MisappliedRow(by_account[found.short], found.amount, long, payment_id, paid_on)


def _stated(
    connection: Connection, statement_ids: Iterable[int], account_ids: Iterable[int]
) -> dict[int, list[Stated]]:
    lines = vendor_statement_lines
    statement = select(lines.c.statement_id, lines.c.kind, lines.c.number, lines.c.open_amount).where(
        lines.c.account_id.in_(sorted(set(account_ids))), lines.c.statement_id.in_(sorted(statement_ids))
    )
    found: dict[int, list[Stated]] = defaultdict(list)
    for row in connection.execute(statement.order_by(lines.c.id)):
        found[row.statement_id].append(Stated(row.kind, row.number, row.open_amount))
    return found


def _held(connection: Connection, account_ids: list[int], day: date) -> dict[int, list[Held]]:
    """By account: what was open at the end of `day`, and the bills settled not long before it."""
    found: dict[int, list[Held]] = defaultdict(list)
    paid = _paid(connection, account_ids, day)
    alone = select(accounts.c.id).where(accounts.c.id.in_(account_ids))
    for row in connection.execute(select(open_items(day, accounts_alone=alone))):
        money = tuple(paid.pop(row.invoice_id, ()))
        held = Held("invoice", row.number, row.open_amount, row.invoice_id, row.disputed, money)
        found[row.account_id].append(held)
    if paid:
        statement = select(invoices.c.account_id, invoices.c.id, invoices.c.number).where(
            invoices.c.account_id.in_(account_ids), invoices.c.id.in_(sorted(paid))
        )
        for row in connection.execute(statement):
            found[row.account_id].append(Held("invoice", row.number, 0, row.id, paid=tuple(paid[row.id])))
    money_left = unapplied(day, alone)
    statement = (
        select(
            money_left.c.account_id,
            money_left.c.id,
            money_left.c.kind,
            money_left.c.unapplied,
            invoices.c.number,
            payments.c.confirmation_number,
        )
        .outerjoin(
            invoices,
            and_(
                money_left.c.kind == "credit_note",
                invoices.c.account_id == money_left.c.account_id,
                invoices.c.id == money_left.c.id,
            ),
        )
        .outerjoin(
            payments,
            and_(
                money_left.c.kind != "credit_note",
                payments.c.account_id == money_left.c.account_id,
                payments.c.id == money_left.c.id,
            ),
        )
    )
    for row in connection.execute(statement):
        kind = "credit_note" if row.kind == "credit_note" else "payment"
        name = row.number or row.confirmation_number or f"payment {row.id}"
        found[row.account_id].append(Held(kind, name, row.unapplied, row.id))
    return found


def _paid(connection: Connection, account_ids: list[int], day: date) -> dict[int, list[tuple[date, int]]]:
    """By bill: (day, amount) of the money applied to it in the months before `day`, and not taken back by then."""
    amount = total(signed(allocations))
    statement = (
        select(allocations.c.invoice_id, func.max(allocations.c.applied_on).label("day"), amount.label("amount"))
        .where(
            allocations.c.account_id.in_(account_ids),
            allocations.c.invoice_id.is_not(None),
            allocations.c.applied_on <= day,
            allocations.c.applied_on >= day - timedelta(days=_LOOKED_BACK),
        )
        .group_by(allocations.c.invoice_id, allocations.c.payment_id, allocations.c.credit_note_id)
        .having(amount > 0)
    )
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.invoice_id].append((row.day, row.amount))
    return found


def _payments(connection: Connection, account_ids: list[int], as_of: date) -> dict[int, list[tuple[int, date, int]]]:
    statement = select(payments.c.account_id, payments.c.id, payments.c.paid_on, payments.c.amount).where(
        payments.c.account_id.in_(account_ids),
        payments.c.kind == "payment",
        payments.c.paid_on <= as_of,
        payments.c.paid_on >= as_of - timedelta(days=2 * _LOOKED_BACK),
        or_(payments.c.reversed_on.is_(None), payments.c.reversed_on > as_of),
    )
    found: dict[int, list[tuple[int, date, int]]] = defaultdict(list)
    for row in connection.execute(statement.order_by(payments.c.id)):
        found[row.account_id].append((row.id, row.paid_on, row.amount))
    return found
