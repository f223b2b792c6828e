"""The comparison on the screen: the finding, and the figures side by side."""

from collections.abc import Callable, Sequence

import streamlit as st

from domain.what_if.projection import Projection
from ui import section, what_if_words, wording
from ui.formats import DASH, day, escape, plain_amount, short_day
from ui.tables import Column, report
from ui.what_if_compared import Compared, anew, first_off, off, stay_on

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
