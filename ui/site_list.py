"""The sites in the filters: what each owes, what falls due next, what it was billed; found by name.

All of them are put in order by what the order needs; the rest is read of the sites of the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from data_access.exporting import Cell, Sheet
from data_access.queries.due_dates import NextDue
from data_access.queries.sheet_parts import describe
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
BY_RISK, BY_DUE = "At risk, by effect", "Next due"
Ask = Callable[..., Any]  # a read by name, of filters
ORDERS = ("Most past due", BY_RISK, "Most owed", "Most billed", BY_DUE, "Name")


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


def lines(
    viewer: Viewer, shown: Shown, currencies: tuple[str, ...], stretch: Filters, order: str = ORDERS[0]
) -> list[SiteLine]:
    """Every site in the filters, also where nothing is owed, in `order`, with what that needs; `currencies` are the filter bar's own.

    stretch: the filters of what was billed.
    """
    filters = shown.filters
    everywhere = replace(filters, currencies=currencies)
    owed = {row.key: row for row in shown.merged(reads.aging(viewer, replace(filters, search=""), "site"))}
    billed: dict[str, int] = {}
    for site, currency, amount in reads.filtered("billed_by_site", viewer, stretch):
        billed[site] = billed.get(site, 0) + shown.minor(amount, currency)
    codes = reads.filtered("site_currencies", viewer, replace(everywhere, search=""))
    nothing = AgingRow("", "", shown.currency, (0,) * (len(filters.edges) + 2))
    found = []
    for place in reads.filtered("site_rows", viewer, everywhere):
        mine = codes.get(place.code, ())
        beside = mine if not set(mine) & set(filters.currencies or mine) else ()
        aging = owed.get(place.code, nothing)
        found.append(SiteLine(place, aging, billed.get(place.code, 0), None, (), beside))
    every = replace(filters, search="")
    ask = partial(reads.filtered, viewer=viewer)
    if order == BY_RISK:
        found = _with_risk(ask, found, replace(every, currencies=currencies))
    elif order == BY_DUE:
        found = _with_due(ask, found, replace(shown, filters=every))
    return ordered(found, order)


def told(viewer: Viewer, found: Sequence[SiteLine], shown: Shown, currencies: tuple[str, ...]) -> list[SiteLine]:
    """These lines with all that is shown of them: risk, what falls due next, and what was owed in a year."""
    if not found:  # no site in the filters would be every site
        return []
    own = replace(shown.filters, search="", sites=tuple(line.site.code for line in found))
    lines = _in_full(partial(reads.filtered, viewer=viewer), found, replace(shown, filters=own), currencies)
    days = month_ends(own.as_of, positions.MONTHS)
    history = positions.outstanding_by_group(viewer, replace(shown, filters=own), "site", days)
    return [replace(line, history=tuple(history.get(line.site.code, ()))) for line in lines]


def _in_full(ask: Ask, found: Sequence[SiteLine], shown: Shown, currencies: tuple[str, ...]) -> list[SiteLine]:
    return _with_due(ask, _with_risk(ask, found, replace(shown.filters, currencies=currencies)), shown)


def _with_risk(ask: Ask, found: Sequence[SiteLine], filters: Filters) -> list[SiteLine]:
    at_risk = {site.site: site for site in ask("site_standings", filters=filters)}
    return [replace(line, risk=at_risk.get(line.site.code)) for line in found]


def _with_due(ask: Ask, found: Sequence[SiteLine], shown: Shown) -> list[SiteLine]:
    due = first_due(shown, ask("next_due", filters=shown.filters, by="site"))
    return [replace(line, due=due.get(line.site.code)) for line in found]


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


def ordered(found: Sequence[SiteLine], order: str) -> list[SiteLine]:
    """In one of ORDERS; what is equal stays by name. Sites without an account in view come last, but by risk."""
    keys: dict[str, Callable[[SiteLine], object]] = {
        "Most past due": lambda line: (-line.aging.overdue, -line.aging.outstanding, -line.billed),
        BY_RISK: lambda line: (line.risk is None, line.risk.by_effect if line.risk else ()),
        "Most owed": lambda line: (-line.aging.outstanding, -line.billed),
        "Most billed": lambda line: -line.billed,
        BY_DUE: lambda line: line.due.due_on if line.due else date.max,
        "Name": lambda line: line.site.name.casefold(),
    }
    key = keys.get(order, keys["Most past due"])
    apart = order != BY_RISK  # what stops is told in every currency
    return sorted(
        found, key=lambda line: (apart and bool(line.elsewhere), key(line), line.site.name.casefold(), line.site.code)
    )


def finding(found: Sequence[SiteLine]) -> str:
    """Where the past due is; where nothing is, who was billed most."""
    in_view = [line for line in found if not line.elsewhere]
    if any(line.aging.overdue for line in in_view):
        return wording.concentration([line.aging.overdue for line in in_view], "site")
    if any(line.aging.outstanding for line in in_view):
        return f"Nothing is past due at {wording.count(len(in_view), 'site')}"
    billed = sum(line.billed for line in in_view)
    if billed > 0:
        top = max(in_view, key=lambda line: line.billed)
        return f"Nothing is owed; {wording.leader(top.site.name, top.billed, billed, 'took')} of what was billed"
    return f"Nothing is owed at {wording.count(len(in_view), 'site')}"


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


def sheet(
    viewer: Viewer, found: Sequence[SiteLine], shown: Shown, currencies: tuple[str, ...], stretch: Filters
) -> Sheet:
    """All of them as a file, with the particulars of each site; off the page's thread."""
    code = shown.currency
    every = replace(shown, filters=replace(shown.filters, search=""))
    found = _in_full(partial(reads.unkept, viewer=viewer), found, every, currencies)
    rows: list[list[Cell]] = []
    for line in found:
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
