"""What each line used, month by month, and whom was called; the export of the former."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from data_access.exporting import Sheet
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.keyset import turned
from data_access.queries.sheet_parts import PAGE, RowsOnDisk, describe
from data_access.queries.usage import in_month, local_months, usage_sums, used
from data_access.schema import services, usage
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money

VOICE = "voice"


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One kind of use of one line in one month (YYYY-MM, the site's own); service_id 0: the account's, of no line."""

    month: str
    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    service_id: int
    identifier: str
    kind: str
    unit: str
    records: int
    quantity: int
    billed_s: int
    cost: int | None


@dataclass(frozen=True, slots=True)
class CalledNumber:
    """`number` is masked; two numbers that end alike stay two."""

    number: str
    records: int
    quantity: int


LineMark = tuple[str, int, int, str, str]


def line_mark(row: UsageLine) -> LineMark:
    """Where a page of usage_lines ended."""
    return row.month, row.account_id, row.service_id, row.kind, row.unit


def usage_lines(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    account_id: int | None = None,
    after: LineMark | None = None,
    before: LineMark | None = None,
    limit: int = 200,
) -> list[UsageLine]:
    """Newest month first; `after` is the line_mark of the last one shown, `before` of the first."""
    found = _lines(connection, scope, filters, account_id)
    if found is None:
        return []
    statement, month, key = found
    if before is None:
        statement = statement.order_by(month.desc(), *key)
    else:
        statement = statement.order_by(month, *(column.desc() for column in key))
    if mark := before or after:
        there, rest = mark[0], tuple_(*mark[1:])
        beyond, within = (month > there, tuple_(*key) < rest) if before else (month < there, tuple_(*key) > rest)
        statement = statement.where(or_(beyond, and_(month == there, within)))
    return turned([_line_of(row) for row in connection.execute(statement.limit(limit)).mappings()], before)


def every_usage_line(
    connection: Connection, scope: Scope, filters: Filters, account_id: int | None = None
) -> Iterator[UsageLine]:
    """All of them by one statement: each page would add all records up again."""
    found = _lines(connection, scope, filters, account_id)
    if found is not None:
        statement, month, key = found
        rows = connection.execute(statement.order_by(month.desc(), *key), execution_options={"yield_per": PAGE})
        yield from map(_line_of, rows.mappings())


def _lines(
    connection: Connection, scope: Scope, filters: Filters, account_id: int | None
) -> tuple[Select[*tuple[Any, ...]], ColumnElement[str], list[ColumnElement[Any]]] | None:
    """The statement, and what a line is known by: its month, and the rest; None where there is no month."""
    a = ledger_accounts(scope, filters)
    zones, windows = local_months(connection, scope, filters)
    if windows is None:
        return None
    line = func.coalesce(usage.c.service_id, literal_column("0"))  # no parameter: it is grouped by
    named = [a.c[name] for name in ("account_number", "vendor", "site", "site_name", "currency")]
    key: list[ColumnElement[Any]] = [usage.c.account_id, line, usage.c.kind, usage.c.unit]
    month = windows.c.month
    statement = (
        select(
            month,
            usage.c.account_id,
            line.label("service_id"),
            usage.c.kind,
            usage.c.unit,
            *named,
            func.coalesce(services.c.identifier, "").label("identifier"),
            func.count().label("records"),
            *usage_sums(),
        )
        .select_from(usage)
        .join(a, a.c.account_id == usage.c.account_id)
        .join(windows, in_month(a, windows))
        .outerjoin(services, services.c.id == usage.c.service_id)
        .where(*used(a, zones, filters, account_id))
        .group_by(month, *key, *named, services.c.identifier)
    )
    return statement, month, key


def top_called(
    connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None, limit: int = 10
) -> list[CalledNumber]:
    """The numbers that were talked to longest."""
    a = ledger_accounts(scope, filters)
    zones, windows = local_months(connection, scope, filters)
    if windows is None:
        return []
    seconds = cast(func.sum(usage.c.quantity), BigInteger)
    statement = (
        select(usage.c.to_number, func.count(), seconds)
        .join(a, a.c.account_id == usage.c.account_id)
        .where(usage.c.kind == VOICE, usage.c.to_number != "", *used(a, zones, filters, account_id))
        .group_by(usage.c.to_number)
        .order_by(seconds.desc(), usage.c.to_number)
        .limit(limit)
    )
    found: list[Any] = list(connection.execute(statement))
    return [CalledNumber(masked(number), records, total) for number, records, total in found]


def _line_of(row: Mapping[Any, Any]) -> UsageLine:
    values: dict[str, Any] = {**row, "billed_s": row["billed_s"] or 0}
    return UsageLine(**values)


def usage_sheet(connection: Connection, scope: Scope, filters: Filters, *, account_id: int | None = None) -> Sheet:
    """What each line used in each month, of one account or all."""
    found = every_usage_line(connection, scope, filters, account_id)
    rows = RowsOnDisk(
        [u.month, u.site, u.site_name, u.vendor, masked(u.account_number), u.identifier, u.kind, u.records]
        + [u.quantity, u.unit, u.billed_s, u.currency, None if u.cost is None else Money(u.cost, u.currency)]
        for u in found
    )
    place = ("Month", "Site code", "Site", "Vendor", "Account", "Line", "Kind", "Records")
    return Sheet(
        "Usage", describe(filters), (*place, "Quantity", "Unit", "Seconds billed", "Currency", "Cost told"), rows
    )
