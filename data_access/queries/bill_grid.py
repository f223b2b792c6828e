"""The bill grid: a page of accounts, their bills month by month, and the bill to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, select

from data_access.alert_settings import alert_watch
from data_access.exporting import Cell as SheetCell
from data_access.exporting import Sheet
from data_access.queries.alert_findings import findings
from data_access.queries.audited_bills import RHYTHM, audited_bills
from data_access.queries.dimensions import ledger_accounts
from data_access.queries.keyset import Mark, Order, page_of, turned
from data_access.queries.sheet_parts import PAGE, RowsOnDisk, describe, every
from data_access.schema import accounts, invoices
from data_access.scope import Scope
from domain.alerts.bill_audit import NextBill
from domain.bill_grid import MARKS, Cell, bill_cells
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money
from domain.periods import add_months, month_start, shifted

MONTHS = 12


@dataclass(frozen=True, slots=True)
class GridRow:
    """An account with a cell a month, the oldest first."""

    account_id: int
    account_number: str
    vendor: str
    site: str
    site_name: str
    currency: str
    cells: tuple[Cell, ...]
    coming: NextBill | None

    @property
    def mark(self) -> tuple[str, str, int]:
        """Where a page ends."""
        return self.site, self.vendor, self.account_id


def grid_months(as_of: date, count: int = MONTHS) -> list[date]:
    """The first days of the months shown: the month after `as_of` is the last, for the bill to come."""
    return [add_months(month_start(as_of), back) for back in range(2 - count, 2)]


def bill_grid(
    connection: Connection,
    scope: Scope,
    filters: Filters,
    *,
    months: Sequence[date] = (),
    after: Mark | None = None,
    before: Mark | None = None,
    limit: int = 50,
) -> list[GridRow]:
    """Accounts by site and vendor, with `months` (none: those of grid_months); `after`: the mark where a page ended, `before`: began."""
    a = ledger_accounts(scope, filters)
    statement = select(a, accounts.c.closed_on).join(accounts, accounts.c.id == a.c.account_id)
    order = Order((a.c.site, a.c.vendor, a.c.account_id), descending=False)
    page = page_of(statement, order, after=after, before=before, limit=limit)
    rows = turned(connection.execute(page).all(), before)
    as_of, months = filters.as_of, months or grid_months(filters.as_of)
    since = min(*months, shifted(as_of, -RHYTHM))
    ids = [row.account_id for row in rows]
    condition = and_(invoices.c.account_id.in_(ids), invoices.c.issued_on >= since)
    bills = audited_bills(connection, scope, as_of, condition) if ids else {}
    thresholds = alert_watch().thresholds
    found = []
    marked = _marked(connection, frozenset(row.site_id for row in rows), as_of)
    for row in rows:
        own = bills.get(row.account_id, ())
        cells, coming = bill_cells(own, months, as_of, thresholds, closed_on=row.closed_on, found=marked)
        names = (row.account_id, row.account_number, row.vendor, row.site, row.site_name, row.currency)
        found.append(GridRow(*names, tuple(cells), coming))
    return found


def _marked(connection: Connection, site_ids: frozenset[int], as_of: date) -> dict[int, set[str]]:
    """By bill: what the alerts find on it at these sites, those of MARKS that nobody turned off."""
    watch = alert_watch()
    only = frozenset(MARKS) - watch.off
    found: dict[int, set[str]] = {}
    if site_ids and only:
        for each in findings(connection, Scope.of(site_ids), as_of, watch.thresholds, only):
            found.setdefault(each.entity_id, set()).add(each.rule)
    return found


def bill_grid_sheet(connection: Connection, scope: Scope, filters: Filters) -> Sheet:
    """Every account of the grid, with what is expected next."""
    found = every(lambda mark: bill_grid(connection, scope, filters, after=mark, limit=PAGE), lambda row: row.mark)
    rows = RowsOnDisk(map(_sheet_row, found))
    months = [f"{month:%Y-%m}" for month in grid_months(filters.as_of)]
    head = ("Site code", "Site", "Vendor", "Account", "Currency")
    return Sheet("Bill grid", describe(filters), (*head, *months, "Next by", "Least", "Most"), rows)


def _sheet_row(row: GridRow) -> list[SheetCell]:
    coming = row.coming
    told: list[SheetCell] = [None] * 3
    if coming:
        told = [coming.expected_by, *(Money(n, row.currency) for n in (coming.least, coming.most))]
    states = [cell.told for cell in row.cells]
    return [row.site, row.site_name, row.vendor, masked(row.account_number), row.currency, *states, *told]
