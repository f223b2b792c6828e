"""The comparison on the screen: the finding, the figures side by side, two charts, and one scenario in detail."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from domain.masking import masked
from domain.periods import shifted
from domain.what_if.measures import Outcome
from domain.what_if.projection import Projection
from domain.what_if.start import NEVER
from ui import notices, section, what_if_words, wording
from ui.charts import courses
from ui.charts.courses import Course
from ui.formats import DASH, day, escape, plain_amount, short_day, whole_money
from ui.tables import Column, report
from ui.what_if_compared import Compared, anew, first_off, kept_on, off, stay_on, steps

MOST_ROWS = 12
Measure = Callable[[Projection], int]


def draw(compared: Compared) -> None:
    """The finding and the figures."""
    if compared.moved:
        _moved()
    _finding(compared)
    _figures(compared)
    for name, currency in compared.elsewhere:
        st.caption(
            f"Amounts of {escape(name)} are in {currency}: in {compared.currency} its actions with amounts do nothing."
        )


def charts(compared: Compared) -> None:
    """What is owed and how many sites are at risk, by day."""
    left, right = st.columns(2, gap="medium")
    with left:
        _owed(compared)
    with right:
        _at_risk(compared)


def _moved() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="what-if-moved"):
        st.warning(
            "The ledger has changed since this was computed. What you see is as it was then.", icon=":material/update:"
        )
        st.button("Recompute", icon=":material/refresh:", type="primary", key="what-if-recompute", on_click=anew)


def _finding(compared: Compared) -> None:
    base, currency, as_of = compared.baseline, compared.currency, compared.baseline.as_of
    if compared.played:
        other = compared.played[0]
        owed = int(other.total.outstanding[-1]) - int(base.total.outstanding[-1])
        title = what_if_words.headline(
            compared.names[0], owed, stay_on(base, other), currency, short_day(compared.horizon, as_of)
        )
    else:
        gone = int(off(base).sum())
        left = f"{wording.counted(gone, 'site')} {'goes' if gone == 1 else 'go'} off by {day(compared.horizon)}"
        title = f"{left} if nobody pays" if gone else f"No site goes off by {day(compared.horizon)}"
    section.finding(
        title,
        f"{day(as_of)} to {day(compared.horizon)}, {currency}; as things go, autopay draws, money under way arrives, the bills "
        "that are expected come, and nobody pays by hand",
    )


def _figures(compared: Compared) -> None:
    """A row a measure, a column a scenario, with what it changes in small."""
    currency, base = compared.currency, compared.baseline
    rows: list[tuple[str, Measure | None, Measure, bool]] = [
        ("Outstanding", lambda p: int(p.total.outstanding[0]), lambda p: int(p.total.outstanding[-1]), True),
        ("Past due, not disputed", lambda p: int(p.total.overdue[0]), lambda p: int(p.total.overdue[-1]), True),
        ("Paid by then", None, lambda p: int(p.total.cash_out.sum()), True),
        ("Late fees by then", None, lambda p: int(p.total.late_fees[-1]), True),
        ("Sites at risk", lambda p: int(p.total.sites_at_risk[0]), lambda p: int(p.total.sites_at_risk[-1]), False),
        ("Sites that go off", None, lambda p: int(off(p).sum()), False),
    ]

    def said(value: int, money: bool) -> str:
        return plain_amount(value, currency) if money else f"{value:,}" if value else DASH

    def cell(measure: Measure, other: Projection, money: bool) -> str:
        value, change = measure(other), measure(other) - measure(base)
        if not change:
            return said(value, money)
        sign = "+" if change > 0 else "-"
        return f"{said(value, money)}  \n:small[{sign}{said(abs(change), money)}]"

    def first(other: Projection) -> str:
        day_off = first_off(other)
        return short_day(day_off, base.as_of) if day_off else DASH

    then = short_day(compared.horizon, base.as_of)
    columns = [
        Column(f"On {then}", [*(name for name, *_ in rows), "First site goes off"]),
        Column("Today", [*(said(now(base), money) if now else "" for _, now, _, money in rows), ""], right=True),
        Column(
            what_if_words.BASELINE,
            [*(said(measure(base), money) for _, _, measure, money in rows), first(base)],
            right=True,
        ),
    ]
    for name, other in zip(_heads(compared.names), compared.played, strict=True):
        cells = [*(cell(measure, other, money) for _, _, measure, money in rows), first(other)]
        columns.append(Column(name, cells, right=True))
    report("dense-what-if-figures", columns, "Scenarios side by side with today")


def _heads(names: Sequence[str]) -> list[str]:
    """Column heads are keys: two of one name are told apart."""
    heads: list[str] = []
    for name in names:
        heads.append(what_if_words.named(heads, escape(name)))
    return heads


def _courses(compared: Compared, values: Callable[[Projection], Any]) -> list[Course]:
    lines = [
        Course(name, values(p), i) for i, (name, p) in enumerate(zip(compared.names, compared.played, strict=True))
    ]
    return [*lines, Course(what_if_words.BASELINE, values(compared.baseline))]


def _owed(compared: Compared) -> None:
    shown = compared.played[0] if compared.played else compared.baseline
    peak = int(shown.total.outstanding.argmax())
    name = compared.names[0] if compared.played else what_if_words.BASELINE
    when = "today" if not peak else f"on {short_day(compared.days[peak], compared.baseline.as_of)}"
    section.finding(
        f"{escape(name)}: most is owed {when}",
        f"Outstanding by day, {compared.currency}; shaded: if bills come low or high",
    )
    drawn = _courses(compared, lambda p: p.total.outstanding)
    section.picture(
        courses.owed(compared.days, drawn, compared.currency, (shown.total.low, shown.total.high)),
        "what-if-owed",
        "Outstanding by day for each scenario",
    )


def _at_risk(compared: Compared) -> None:
    most = int(compared.baseline.total.sites_at_risk.max())
    title = f"Up to {wording.count(most, 'site')} at risk if nobody pays" if most else "No site is at risk"
    section.finding(title, "Sites with an account that may be suspended, or is, by day")
    drawn = _courses(compared, lambda p: p.total.sites_at_risk)
    section.picture(courses.at_risk(compared.days, drawn), "what-if-at-risk", "Sites at risk by day for each scenario")


def details(compared: Compared, index: int) -> None:
    """The bridge of one scenario, and the accounts that it changes."""
    if index >= len(compared.played):
        return
    name, other = compared.names[index], compared.played[index]
    left, right = st.columns([1, 1.7], gap="medium")
    with left:
        moved = steps(compared.baseline, other)
        change = sum(amount for _, amount in moved[1:])
        section.finding(
            f"{escape(name)}: {escape(whole_money(abs(change), compared.currency))} {'more' if change > 0 else 'less'} than today"
            if change
            else f"{escape(name)} ends where it begins",
            f"From today's balance to {day(compared.horizon)}, {compared.currency}",
        )
        last = short_day(compared.horizon, compared.baseline.as_of)
        section.picture(
            courses.bridge(moved, last, compared.currency), "what-if-bridge", "From today's balance to the horizon's"
        )
    with right:
        _changes(compared, name, other)


def _changes(compared: Compared, name: str, other: Projection) -> None:
    rows = changed_accounts(compared.baseline, other)
    kept = kept_on(compared.baseline, other)
    section.finding(
        f"{wording.counted(len(rows), 'account')} {'changes' if len(rows) == 1 else 'change'}"
        + (f", {escape(wording.listed(kept, 2))} {'stays' if len(kept) == 1 else 'stay'} on" if kept else ""),
        f"{escape(name)} against things as they go, {compared.currency}; from when it is at risk, before and after",
    )
    if not rows:
        notices.empty("Nothing changes", "No bill within the filters is touched by it.", ":material/balance:")
        return
    start, base = compared.basis.start, compared.baseline
    saved = other.accounts.late_fees - base.accounts.late_fees
    first = rows[:MOST_ROWS]

    def from_day(outcome: Outcome, i: int) -> str:
        stop = int(outcome.stops_on[i])
        when = shifted(base.as_of, stop)
        return DASH if stop >= NEVER else f"{when.day} {when:%b}"

    def at_risk(i: int) -> str:
        before, after = from_day(base.accounts, i), from_day(other.accounts, i)
        return before if before == after else f"{before} → {after}"

    report(
        "dense-what-if-changes",
        [
            Column("Site", [escape(start.sites[int(start.accounts.site[i])].name) for i in first]),
            Column(
                "Account", [escape(f"{start.accounts.vendor[i]} {masked(start.accounts.numbers[i])}") for i in first]
            ),
            Column("Paid", _amounts(other.accounts.cash_out, first, compared.currency), right=True),
            Column("Owed then", _amounts(other.accounts.outstanding, first, compared.currency), right=True),
            Column("Late fees", _amounts(saved, first, compared.currency), right=True),
            Column("At risk from", [at_risk(i) for i in first]),
        ],
        "Accounts that the scenario changes",
    )
    if len(rows) > len(first):
        st.caption(f"The first {len(first)} of {len(rows):,} accounts; the export has them all.")


def _amounts(column: Any, rows: Sequence[int], currency: str) -> list[str]:
    return [plain_amount(int(column[i]), currency) for i in rows]


def changed_accounts(baseline: Projection, other: Projection) -> list[int]:
    """Indexes of the accounts that come to something else, those with most paid first."""
    changed = np.zeros(len(baseline.accounts.outstanding), dtype=bool)
    for column in ("outstanding", "overdue", "late_fees", "cash_out", "stops_on"):
        changed |= getattr(baseline.accounts, column) != getattr(other.accounts, column)
    paid = np.abs(other.accounts.cash_out - baseline.accounts.cash_out)
    found = np.flatnonzero(changed)
    return [int(i) for i in found[np.argsort(-paid[found], kind="stable")]]
