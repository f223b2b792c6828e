"""The sites in the filters: what each owes, what falls due next, what it was billed; found by name.

All of them are put in order by code; what stands beside them is read of the sites of the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from data_access.exporting import Cell, Sheet
from data_access.queries.due_dates import NextDue
from data_access.queries.rankings import Ranking
from data_access.queries.sheet_parts import describe
from data_access.queries.site_list import SiteList
from data_access.queries.site_standings import SiteStanding
from data_access.queries.sites import SiteRow
from domain.aging import AgingRow, bucket_labels
from domain.filters import Filters
from domain.money import Money
from domain.periods import month_ends
from ui import positions, reads, risk_summary, sparklines, tables, wording
from ui import window as windows
from ui.currencies import Shown
from ui.formats import escape, percent, plain_amount, short_day, whole_money
from ui.tables import Column
from ui.viewer import Viewer

TALL = 600
Ask = Callable[..., Any]  # a read by name, of filters
ORDERS = {
    "Most past due": "overdue",
    "At risk, by effect": "risk",
    "Most owed": "outstanding",
    "Most billed": "billed",
    "Next due": "due",
    "Name": "name",
}
USUAL = "Most past due"


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site's figures in the currency shown, minor units. `elsewhere`: its currencies when it has none in view."""

    site: SiteRow
    aging: AgingRow
    billed: int
    due: NextDue | None
    history: tuple[int, ...]
    elsewhere: tuple[str, ...] = ()
    risk: SiteStanding | None = None


def listed(viewer: Viewer, shown: Shown, currencies: tuple[str, ...], stretch: Filters, order: str) -> SiteList:
    """Every site in the filters, also where nothing is owed, in one of ORDERS; `currencies` are the filter bar's own.

    stretch: the filters of what was billed.
    """
    name = ORDERS.get(order, "overdue")
    about = {"billed": stretch} if name == "billed" else {}
    weights = shown.weights
    return reads.filtered(
        "site_list", viewer, shown.filters, order=name, currencies=currencies, weights=weights, **about
    )


def told(
    viewer: Viewer, codes: Sequence[str], shown: Shown, currencies: tuple[str, ...], stretch: Filters
) -> list[SiteLine]:
    """These sites with all that is shown of them, and what was owed in a year."""
    if not codes:  # no site in the filters would be every site
        return []
    own = replace(shown.filters, search="", sites=tuple(codes))
    there = replace(shown, filters=own)
    lines = _lines(partial(reads.filtered, viewer=viewer), there, currencies, replace(stretch, sites=own.sites))
    days = month_ends(own.as_of, positions.MONTHS)
    history = positions.outstanding_by_group(viewer, there, "site", days)
    return [replace(lines[code], history=tuple(history.get(code, ()))) for code in codes if code in lines]


def _lines(ask: Ask, shown: Shown, currencies: tuple[str, ...], stretch: Filters) -> dict[str, SiteLine]:
    """By code: the sites in the filters, in full but for their history."""
    filters = shown.filters
    everywhere = replace(filters, currencies=currencies)
    owed = {row.key: row for row in shown.merged(ask("aging", filters=filters, by="site"))}
    billed: dict[str, int] = {}
    for site, currency, amount in ask("billed_by_site", filters=stretch):
        billed[site] = billed.get(site, 0) + shown.minor(amount, currency)
    codes = ask("site_currencies", filters=everywhere)
    at_risk = {site.site: site for site in ask("site_standings", filters=everywhere)}
    due = first_due(shown, ask("next_due", filters=filters, by="site"))
    nothing = AgingRow("", "", shown.currency, (0,) * (len(filters.edges) + 2))
    found = {}
    for site in ask("site_rows", filters=everywhere):
        code, mine = site.code, codes.get(site.code, ())
        beside = mine if not set(mine) & set(filters.currencies or mine) else ()
        sums = owed.get(code, nothing), billed.get(code, 0), due.get(code)
        found[code] = SiteLine(site, *sums, (), beside, at_risk.get(code))
    return found


def first_due(shown: Shown, rows: Sequence[NextDue]) -> dict[str, NextDue]:
    """By site: the earliest due day of all its currencies, with what is due then."""
    first: dict[str, NextDue] = {}
    for row in sorted(rows, key=lambda row: row.due_on):
        amount = shown.minor(row.amount, row.currency)
        known = first.get(row.key)
        if known is None:
            first[row.key] = replace(row, amount=amount, currency=shown.currency)
        elif known.due_on == row.due_on:
            first[row.key] = replace(known, amount=known.amount + amount, bills=known.bills + row.bills)
    return first


def finding(found: SiteList, most_billed: Callable[[], Ranking], shown: Shown) -> str:
    """Where the past due is; where nothing is, who was billed most."""
    if any(found.overdue):
        return wording.concentration([*found.overdue, *(0,) * (found.in_view - len(found.overdue))], "site")
    count = wording.count(found.in_view, "site")
    if found.outstanding:
        return f"Nothing is past due at {count}"
    ranking = most_billed()
    billed = shown.sum_of(ranking.sums)
    if billed > 0:
        top = ranking.first[0]
        most = shown.sum_of(top.amounts)
        share = "all" if most >= billed else percent(most, billed)
        return f"Nothing is owed; {top.name} took {share} of what was billed"
    return f"Nothing is owed at {count}"


def report(first: Sequence[SiteLine], largest: int, shown: Shown, address: Callable[[str], str]) -> None:
    """Draw a page of them, each name a link to the site's picture; `largest`: the most past due of any site."""
    code = shown.currency
    labels = bucket_labels(shown.filters.edges)
    columns = [Column("Site", [f"[**{escape(line.site.name)}**]({address(line.site.code)})" for line in first])]
    if any(line.site.region for line in first):
        columns.append(Column("Region", [escape(line.site.region) for line in first]))
    if any(line.risk and line.risk.stage for line in first):
        columns.append(Column("Risk", [risk_summary.of_site(line.risk, shown.filters.as_of) for line in first]))
    columns += [
        Column("Accounts", [f"{line.site.accounts:,}" for line in first], right=True),
        Column("Next due", [_due(line, shown.filters.as_of) for line in first]),
        Column("Due then", [plain_amount(line.due.amount, code) if line.due else "–" for line in first], right=True),
        Column("Billed", tables.amounts([line.billed for line in first], code), right=True),
        Column("", [sparklines.bar(line.aging.overdue, largest, "", width=60) for line in first]),
        Column("Past due", tables.amounts([line.aging.overdue for line in first], code), right=True),
        Column("Outstanding", [f"**{plain_amount(line.aging.outstanding, code)}**" for line in first], right=True),
        Column("Age mix", [_mix(line.aging, labels) for line in first]),
        Column("13 months", [_history(line.history, code) for line in first]),
    ]
    tables.report("rows-sites", columns, "Sites with what they owe", height=TALL, dense=True)


def _due(line: SiteLine, as_of: date) -> str:
    if line.elsewhere:
        return f":small[in {wording.listed(line.elsewhere)}]"
    return short_day(line.due.due_on, as_of) if line.due else "–"


def _mix(row: AgingRow, labels: Sequence[str]) -> str:
    owed = sum(row.buckets)
    parts = [f"{name} {percent(part, owed)}" for name, part in zip(labels, row.buckets, strict=True) if part]
    return sparklines.age_mix(row.buckets, ", ".join(parts) or "nothing open", width=84) if owed else ""


def _history(values: Sequence[int], code: str) -> str:
    if len(values) < 2 or not any(values):  # noqa: PLR2004 - no line
        return ""
    said = f"from {whole_money(values[0], code)} to {whole_money(values[-1], code)} in a year"
    return sparklines.line(values, said)


def sheet(viewer: Viewer, found: SiteList, shown: Shown, currencies: tuple[str, ...], stretch: Filters) -> Sheet:
    """All of them as a file, with the particulars of each site; off the page's thread."""
    code = shown.currency
    every = replace(shown, filters=replace(shown.filters, search=""))
    lines = _lines(partial(reads.unkept, viewer=viewer), every, currencies, stretch)
    rows: list[list[Cell]] = []
    for line in (lines[each] for each in found.codes if each in lines):
        site, due = line.site, line.due
        places: list[Cell] = [site.code, site.name, site.region, site.country, site.city, site.timezone]
        rows.append(
            [*places, site.cost_center, site.headcount, site.accounts, site.services]
            + [due.due_on if due else None, code]
            + [Money(amount, code) for amount in _amounts(line)]
            + _at_risk(line.risk)
        )
    about = describe(shown.filters)
    if shown.rates:
        about = (*about, f"Amounts in {shown.unit}", shown.rates_in_words)
    heads = ("Code", "Site", "Region", "Country", "City", "Time zone", "Cost center", "Headcount", "Accounts")
    sums = ("Due then", f"Billed {windows.in_words(stretch)}", "Past due", "Outstanding")
    return Sheet("Sites", about, (*heads, "Services", "Next due", "Currency", *sums, *_AT_RISK), rows)


_AT_RISK = ("Risk", "Likely stop", "To keep on")


def _at_risk(site: SiteStanding | None) -> list[Cell]:
    """What keeps a site on may be in several currencies: as text."""
    if site is None:
        return ["", None, ""]
    owed = ", ".join(f"{code} {Money(minor, code).decimal}" for code, minor in site.keep_on.items() if minor)
    return [site.stage.word, site.likely, owed]


def _amounts(line: SiteLine) -> tuple[int, ...]:
    return (line.due.amount if line.due else 0, line.billed, line.aging.overdue, line.aging.outstanding)
