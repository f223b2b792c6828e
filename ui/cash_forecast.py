"""What leaves the bank in the weeks to come: by week and why, with the bills behind a week, and by site or vendor."""

from dataclasses import replace
from functools import partial

import streamlit as st

from data_access.queries.cash_forecast import CurrencyForecast
from data_access.queries.cash_sheets import SOURCES, cash_bills_sheet, cash_sheet
from domain.cash_forecast import CashWeek, Source
from domain.filters import Filters
from domain.masking import masked
from ui import currencies, exports, links, much, notices, reads, section, sparklines, tables, wording
from ui.charts import weeks as week_charts
from ui.formats import DASH, day, escape, plain_amount, short_day, whole_money
from ui.page_address import Here
from ui.tables import Column, report
from ui.viewer import Viewer

WEEK, BY = "week", "by"  # address keys: the week whose bills are shown, and what the second table is by
HERE = Here("what-if", {"view": "", WEEK: "", BY: "Site"})
GROUPS = {"Site": "site", "Vendor": "vendor", "Region": "region", "Service type": "service_type"}
STEPS = {Source.PROMISED: 7, Source.AUTOPAY: 5, Source.OPEN: 3, Source.EXPECTED: 1}  # what is surer is darker
MOST = 200  # bills of a week that are listed; the others are one line
_CHART = "cash-weeks"
# Measured by `manage.py cash-forecast --backtest`; docs/decisions/0026-cash-forecast.md has all of it.
HONEST = (
    "Back-tested at 18 month ends of three simulated organisations: a week's total was off by 23% of what was paid where 85 "
    "accounts share the currency, by 40% to 45% where 15 do (the same month last year by 29% and by 59%); the range held in 80% "
    "of weeks."
)


def draw(viewer: Viewer, filters: Filters) -> None:
    """The finding, the chart, the weeks, the bills of one, and where the money goes."""
    shown = currencies.choose(viewer, filters)
    own = replace(filters, currencies=(shown.currency,))
    work = partial(much.work, "cash_forecasts", viewer, own, shown.currency, _draw_all)
    if not much.offer(viewer, filters, shown.currency, "What leaves the bank in the weeks to come", work):
        return
    found: list[CurrencyForecast] = much.read("cash_forecasts", viewer, own, shown.currency)
    one = next((one for one in found if any(week.high for week in one.forecast.total)), None)
    if one is None:
        notices.empty("Nothing is expected to be paid", "No bill is open or expected in these weeks.")
        return
    if shown.rates or shown.missing:
        st.caption(f"Only what is paid in {shown.currency}: ranges are not converted.")
    _weeks(viewer, own, one)
    _bills(viewer, own, one)
    _groups(one)


def _draw_all(found: list[CurrencyForecast]) -> None:
    """Its ranges are drawn once, which takes as long as the rest."""
    for one in found:
        _ = one.forecast.total


def _weeks(viewer: Viewer, filters: Filters, one: CurrencyForecast) -> None:
    weeks, code = one.forecast.total, one.currency
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container():
            section.finding(
                _finding(weeks, code),
                f"By week and why, {code}, from what was known on {day(one.forecast.as_of)}; whiskers: four weeks of five",
                [sparklines.swatch(step, SOURCES[source]) for source, step in STEPS.items()],
            )
        exports.offer("cash-weeks", "cash forecast", viewer, lambda: reads.sheet(viewer, filters, cash_sheet))

    def open_week() -> None:
        first = section.picked(_CHART)
        if first:
            HERE.put({WEEK: str(first)})

    kinds = {SOURCES[source]: [week.by_source[source] for week in weeks] for source in STEPS}
    figure = week_charts.stacked(
        [week.first for week in weeks], kinds, list(STEPS.values()), [(week.low, week.high) for week in weeks], code
    )
    section.chart(figure, _CHART, "What leaves the bank by week, by why it is expected", open_week)
    st.caption(HONEST)
    report(
        "total-cash-weeks",
        [
            Column("Week", [_week_link(week, one) for week in weeks], f"{len(weeks)} weeks"),
            Column(
                f"Total, {code}",
                [f"**{plain_amount(week.amount, code)}**" for week in weeks],
                f"**{plain_amount(sum(week.amount for week in weeks), code)}**",
                right=True,
            ),
            Column("Four weeks of five", [_range(week, code) for week in weeks], right=True),
            *(
                Column(
                    SOURCES[source],
                    tables.amounts([week.by_source[source] for week in weeks], code),
                    plain_amount(sum(week.by_source[source] for week in weeks), code),
                    right=True,
                )
                for source in STEPS
            ),
        ],
        "What leaves the bank by week",
        total=True,
        dense=True,
    )


def _finding(weeks: list[CashWeek], code: str) -> str:
    whole = sum(week.amount for week in weeks)
    most = max(weeks, key=lambda week: week.amount)
    return (
        f"{whole_money(whole, code)} leaves in {wording.count(len(weeks), 'week')}, "
        f"most in the week of {most.first.day} {most.first:%b}"
    )


def _week_link(week: CashWeek, one: CurrencyForecast) -> str:
    words = f"{week.first:%-d %b} to {short_day(week.last, one.forecast.as_of)}"
    return HERE.link(words, {WEEK: week.first.isoformat()})


def _range(week: CashWeek, code: str) -> str:
    return f"{escape(whole_money(week.low, code))} to {escape(whole_money(week.high, code))}"


def _bills(viewer: Viewer, filters: Filters, one: CurrencyForecast) -> None:
    """The bills of the week that the address names, else of the next one."""
    weeks, code = one.forecast.total, one.currency
    wanted = HERE.value(WEEK)
    number = next((n for n, week in enumerate(weeks) if week.first.isoformat() == wanted), 0)
    week, rows = weeks[number], one.forecast.rows(number)
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container():
            section.finding(
                f"{wording.counted(len(rows), 'bill')} behind the week of {day(week.first)}",
                f"Amount times the chance to be paid from {day(week.first)} to {day(week.last)}, {code}; a bill may stand in several weeks",
            )
        exports.offer(
            "cash-bills", "cash forecast bills", viewer, lambda: reads.sheet(viewer, filters, cash_bills_sheet)
        )
    if not rows:
        st.caption("Nothing is expected to be paid in this week.")
        return
    listed, rest = rows[:MOST], rows[MOST:]
    accounts = [one.accounts[flow.account_id] for flow, _, _ in listed]
    more = sum(share for _, _, share in rest)
    columns = [
        Column(
            "Account",
            [
                links.link(
                    f"{a.site_name} · {a.vendor} {masked(a.account_number)}", "sites", {"account": str(a.account_id)}
                )
                for a in accounts
            ],
        ),
        Column("Bill", [_bill(flow.bill_id, flow.number) for flow, _, _ in listed]),
        Column("Why", [SOURCES[flow.source] for flow, _, _ in listed]),
        Column("Due", [f"{flow.due_on:%Y-%m-%d}" for flow, _, _ in listed]),
        Column("Amount", [plain_amount(flow.amount, code) for flow, _, _ in listed], right=True),
        Column("Chance", [_percent(chance) for _, chance, _ in listed], right=True),
        Column(
            "In the week",
            [f"**{plain_amount(share, code)}**" for _, _, share in listed],
            f"**{plain_amount(week.amount, code)}**",
            right=True,
        ),
    ]
    if rest:
        last = [f"and {wording.count(len(rest), 'smaller one')}", "", "", "", "", "", f"**{plain_amount(more, code)}**"]
        columns = [replace(c, cells=[*c.cells, cell]) for c, cell in zip(columns, last, strict=True)]
    report(
        "total-cash-bills",
        [replace(columns[0], total="Total"), *columns[1:]],
        "Bills behind the week",
        total=True,
        height=420,
        dense=True,
    )


def _bill(bill_id: int | None, number: str) -> str:
    if bill_id is None:
        return "not issued yet"
    return links.link(number, "balances", {"view": "Bills", "bill": str(bill_id)})


def _percent(chance: float) -> str:
    return "under 1%" if chance < 0.01 else f"{100 * chance:.0f}%"  # noqa: PLR2004


def _groups(one: CurrencyForecast) -> None:
    code = one.currency
    picked = st.segmented_control(
        "By", list(GROUPS), default="Site", required=True, key=BY, bind="query-params", label_visibility="collapsed"
    )
    word = picked or "Site"
    rows = one.sums_by(GROUPS[word])
    count = len(one.forecast.total)
    whole = sum(sum(weeks) for _, _, weeks in rows)
    section.finding(
        f"{escape(rows[0][1]) or DASH} takes {wording.part_of(sum(rows[0][2]), whole)} of what leaves",
        f"Expected to be paid by {word.lower()}, {code}; the line shows the {count} weeks",
    )
    columns = [
        Column(word, [escape(name) or DASH for _, name, _ in rows], "Total"),
        Column(
            "Weeks",
            [
                sparklines.line(weeks, f"from {whole_money(weeks[0], code)} to {whole_money(weeks[-1], code)}")
                for _, _, weeks in rows
            ],
        ),
    ]
    for head, until in (("Next week", 1), ("4 weeks", 4), (f"{count} weeks", count)):
        sums = [sum(weeks[:until]) for _, _, weeks in rows]
        columns.append(Column(head, tables.amounts(sums, code), plain_amount(sum(sums), code), right=True))
    report("total-cash-groups", columns, f"Expected to be paid by {word.lower()}", total=True, height=420, dense=True)
