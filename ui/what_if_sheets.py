"""Scenarios as files: side by side day by day, and each account that one of them changes."""

from data_access.exporting import Cell, Sheet
from data_access.queries.sheet_parts import describe
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money
from domain.periods import shifted
from domain.what_if.projection import Projection
from domain.what_if.start import NEVER
from ui.what_if_changes import changed_accounts
from ui.what_if_compared import Compared
from ui.what_if_words import BASELINE

_MONEY = {
    "Outstanding": lambda p, i: p.total.outstanding[i],
    "Past due": lambda p, i: p.total.overdue[i],
    "Late fees": lambda p, i: p.total.late_fees[i],
    "Paid on the day": lambda p, i: p.total.cash_out[i],
}


def by_day(compared: Compared, filters: Filters) -> Sheet:
    """A row a scenario and day."""
    currency = compared.currency
    rows: list[list[Cell]] = []
    for name, played in _all(compared):
        for index, day in enumerate(compared.days):
            amounts = [Money(int(read(played, index)), currency) for read in _MONEY.values()]
            counts = [int(played.total.accounts_at_risk[index]), int(played.total.sites_at_risk[index])]
            rows.append([name, day, currency, *amounts, *counts])
    columns = ("Scenario", "Day", "Currency", *_MONEY, "Accounts at risk", "Sites at risk")
    return Sheet("Scenarios by day", describe(filters), columns, rows)


def by_account(compared: Compared, filters: Filters) -> Sheet:
    """A row a scenario and account that it changes, at the horizon."""
    currency, start, base = compared.currency, compared.basis.start, compared.baseline
    rows: list[list[Cell]] = []
    for name, played in zip(compared.names, compared.played, strict=True):
        for i in changed_accounts(base, played):
            site = start.sites[int(start.accounts.site[i])]
            place = [site.code, site.name, start.accounts.vendor[i], masked(start.accounts.numbers[i])]
            amounts = [
                Money(int(getattr(each.accounts, column)[i]), currency)
                for column in ("cash_out", "outstanding", "overdue", "late_fees")
                for each in (base, played)
            ]
            rows.append([name, *place, currency, *amounts, _stop(base, i), _stop(played, i)])
    pairs = [f"{what}{which}" for what in ("Paid", "Owed", "Past due", "Late fees") for which in (" as things go", "")]
    columns = ("Scenario", "Site code", "Site", "Vendor", "Account", "Currency", *pairs)
    return Sheet("Scenario accounts", describe(filters), (*columns, "May stop as things go", "May stop"), rows)


def _stop(played: Projection, i: int) -> Cell:
    stop = int(played.accounts.stops_on[i])
    return None if stop >= NEVER else shifted(played.as_of, stop)


def _all(compared: Compared) -> list[tuple[str, Projection]]:
    return [(BASELINE, compared.baseline), *zip(compared.names, compared.played, strict=True)]
