"""What moved a balance between two days: opening + billed - credited - paid + refunded + returned = closing."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, literal, or_, select, union_all

from data_access.queries import month_totals, site_totals
from data_access.queries.dimensions import few_accounts, group_named, ledger_accounts
from data_access.queries.expressions import total, unindexed
from data_access.queries.positions import of_these
from data_access.schema import invoices, payments, sites
from data_access.scope import Scope
from domain.filters import Filters

KINDS = ("billed", "credited", "paid", "refunded", "returned")


@dataclass(frozen=True, slots=True)
class Movements:
    """Sums of one currency over a period, minor units, positive."""

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
    return [moved for _, moved in movements_by(connection, scope, filters, "currency")]


def movements_by(connection: Connection, scope: Scope, filters: Filters, by: str) -> list[tuple[str, Movements]]:
    """The same by group: (the group's key, movements), in the order of both."""
    group = group_named(by)
    if by in month_totals.BY and month_totals.kept_by_month(scope, filters):
        return _of_months(connection, scope, filters, group.key)
    if by == "site" and not filters.sites and site_totals.kept_by_site(scope, filters):
        return _of_months(connection, scope, filters, group.key)
    a, alone = ledger_accounts(scope, filters), few_accounts(scope, filters)
    key = a.c[group.key]
    original = payments.alias("original")
    # A refund that bounced was never refunded.
    bounced = and_(payments.c.kind == "reversal", original.c.kind == "refund")
    bills = select(
        invoices.c.account_id,
        invoices.c.issued_on.label("day"),
        case((invoices.c.kind == "invoice", literal("billed")), else_=literal("credited")).label("kind"),
        invoices.c.amount,
    )
    money = select(
        payments.c.account_id,
        payments.c.paid_on,
        case(
            (payments.c.kind == "payment", literal("paid")),
            (or_(payments.c.kind == "refund", bounced), literal("refunded")),
            else_=literal("returned"),
        ),
        case((bounced, -payments.c.amount), else_=payments.c.amount),
    ).outerjoin(original, and_(original.c.account_id == payments.c.account_id, original.c.id == payments.c.reverses_id))
    parts = []
    for rows, table, day in ((bills, invoices, invoices.c.issued_on), (money, payments, payments.c.paid_on)):
        day = day if alone is None else unindexed(day)  # noqa: PLW2901 - then the accounts are the way in
        part = rows.where(of_these(alone, table.c.account_id), day <= filters.as_of)
        if filters.since:
            part = part.where(day >= filters.since)
        if filters.until:
            part = part.where(day < filters.until)
        parts.append(part)
    moves = union_all(*parts).subquery("moves")
    statement = (
        select(key.label("key"), a.c.currency, moves.c.kind, total(moves.c.amount).label("amount"))
        .join(a, a.c.account_id == moves.c.account_id)
        .group_by(key, a.c.currency, moves.c.kind)
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in connection.execute(statement):
        found.setdefault((row.key, row.currency), dict.fromkeys(KINDS, 0))[row.kind] += row.amount
    return [(key, Movements(currency, **sums)) for (key, currency), sums in sorted(found.items())]


def _of_months(connection: Connection, scope: Scope, filters: Filters, key: str) -> list[tuple[str, Movements]]:
    """The same from the totals of months."""
    months = month_totals.months_of(connection, scope, filters)
    if months is None:
        return []
    found: dict[tuple[str, str], dict[str, int]] = {}
    if key == "site":
        sources = [each(connection, scope, filters, months) for each in (site_totals.bills, site_totals.money)]
    else:
        sources = [each(scope, filters, months, key) for each in (month_totals.bills, month_totals.money)]
    own = "site_id" if key == "site" else key
    for rows, kinds in zip(sources, (("billed", "credited"), ("paid", "refunded", "returned", "bounced")), strict=True):
        keys = dict.fromkeys((own, "currency"))
        statement = select(*(rows.c[name] for name in keys), *(total(rows.c[kind]).label(kind) for kind in kinds))
        for row in connection.execute(statement.group_by(*(rows.c[name] for name in keys))):
            if any(getattr(row, kind) for kind in kinds):
                sums = found.setdefault((getattr(row, own), row.currency), dict.fromkeys((*KINDS, "bounced"), 0))
                for kind in kinds:
                    sums[kind] += getattr(row, kind)
    for sums in found.values():
        sums["refunded"] -= sums.pop("bounced")
    codes = dict(connection.execute(select(sites.c.id, sites.c.code)).all()) if key == "site" else {}
    named = {(codes.get(name, name), currency): sums for (name, currency), sums in found.items()}
    return [(name, Movements(currency, **sums)) for (name, currency), sums in sorted(named.items())]
