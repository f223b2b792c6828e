"""What moved a balance between two days: opening + billed - credited - paid + refunded + returned = closing."""

from dataclasses import dataclass

from sqlalchemy import Connection, case, literal, select, union_all

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.expressions import total
from data_access.schema import invoices, payments
from data_access.scope import Scope
from domain.filters import Filters

KINDS = ("billed", "credited", "paid", "refunded", "returned")


@dataclass(frozen=True, slots=True)
class Movements:
    """Sums of one currency over a period, minor units, all of them positive."""

    currency: str
    billed: int
    credited: int
    paid: int
    refunded: int
    returned: int

    @property
    def change(self) -> int:
        """By how much what we owe rose."""
        return self.billed - self.credited - self.paid + self.refunded + self.returned


def movements(connection: Connection, scope: Scope, filters: Filters) -> list[Movements]:
    """By currency, from filters.since (or the beginning) to before filters.until, and no later than the as-of day."""
    a = ledger_accounts(scope, filters)
    parts = []
    for table, day, names in (
        (invoices, invoices.c.issued_on, {"invoice": "billed", "credit_note": "credited"}),
        (payments, payments.c.paid_on, {"payment": "paid", "refund": "refunded", "reversal": "returned"}),
    ):
        kind = case(*((table.c.kind == k, literal(name)) for k, name in names.items()))
        part = (
            select(a.c.currency, kind.label("kind"), total(table.c.amount).label("amount"))
            .join(a, a.c.account_id == table.c.account_id)
            .where(day <= filters.as_of)
            .group_by(a.c.currency, table.c.kind)
        )
        if filters.since:
            part = part.where(day >= filters.since)
        if filters.until:
            part = part.where(day < filters.until)
        parts.append(part)
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(union_all(*parts)):
        found.setdefault(row.currency, dict.fromkeys(KINDS, 0))[row.kind] += row.amount
    return [Movements(currency, **sums) for currency, sums in sorted(found.items())]
