"""The cash forecast as tables for export: by week, and the bills behind each week."""

from sqlalchemy import Connection

from data_access.exporting import Cell, Sheet
from data_access.queries.cash_forecast import cash_forecasts
from data_access.queries.sheet_parts import describe
from data_access.scope import Scope
from domain.cash_forecast import WEEKS, Source
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money

SOURCES = {
    Source.PROMISED: "Promised",
    Source.AUTOPAY: "Autopay",
    Source.OPEN: "Open bills",
    Source.EXPECTED: "Expected bills",
}
_RANGE = "Low to high: the range that is to hold four weeks of five"


def cash_sheet(connection: Connection, scope: Scope, filters: Filters, weeks: int = WEEKS) -> Sheet:
    """One row a currency and week."""
    rows: list[list[Cell]] = []
    for one in cash_forecasts(connection, scope, filters, weeks):
        for week in one.forecast.total:
            amounts = (*(week.by_source[source] for source in SOURCES), week.amount, week.low, week.high)
            rows.append([one.currency, week.first, week.last, *(Money(n, one.currency) for n in amounts)])
    columns = ("Currency", "From", "To", *SOURCES.values(), "Total", "Low", "High")
    return Sheet("Cash forecast", (*describe(filters), _RANGE), columns, rows)


def cash_bills_sheet(connection: Connection, scope: Scope, filters: Filters, weeks: int = WEEKS) -> Sheet:
    """One row a week and bill: amount times chance is its share of the week."""
    rows: list[list[Cell]] = []
    for one in cash_forecasts(connection, scope, filters, weeks):
        for n, week in enumerate(one.forecast.total):
            for flow, chance, share in one.forecast.rows(n):
                account = one.accounts[flow.account_id]
                rows.append(
                    [week.first, week.last, account.site, account.site_name, account.vendor]
                    + [masked(account.account_number), SOURCES[flow.source], flow.number, flow.issued_on, flow.due_on]
                    + [one.currency, Money(flow.amount, one.currency), round(chance, 4), Money(share, one.currency)]
                )
    columns = ("From", "To", "Site code", "Site", "Vendor", "Account", "Why", "Bill", "Issued", "Due", "Currency")
    return Sheet("Cash forecast, bills", describe(filters), (*columns, "Amount", "Chance", "In the week"), rows)
