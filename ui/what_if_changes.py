"""One scenario in detail: the bridge from today to the horizon, and the accounts that it changes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from data_access.exporting import Sheet
from domain.masking import masked
from domain.periods import shifted
from domain.what_if.measures import Outcome
from domain.what_if.projection import Projection
from domain.what_if.start import NEVER
from ui import exports, notices, section, wording
from ui.charts import courses
from ui.formats import DASH, day, escape, plain_amount, short_day, whole_money
from ui.tables import Column, report
from ui.viewer import Viewer
from ui.what_if_compared import Compared, kept_on, steps

MOST_ROWS = 12


def draw(viewer: Viewer, compared: Compared, index: int, sheet: Callable[[], Sheet]) -> None:
    """The bridge of one scenario, and the accounts that it changes; `sheet` has those of all."""
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
        with st.container(horizontal=True, vertical_alignment="top"):
            _found(compared, name, other)
            exports.offer("what-if-accounts", "scenarios by account", viewer, sheet)
        _changes(compared, other)


def _found(compared: Compared, name: str, other: Projection) -> None:
    rows, kept = changed_accounts(compared.baseline, other), kept_on(compared.baseline, other)
    section.finding(
        f"{wording.counted(len(rows), 'account')} {'changes' if len(rows) == 1 else 'change'}"
        + (f", {escape(wording.listed(kept, 2))} {'stays' if len(kept) == 1 else 'stay'} on" if kept else ""),
        f"{escape(name)} against things as they go, {compared.currency}; from when it is at risk, before and after",
    )


def _changes(compared: Compared, other: Projection) -> None:
    rows = changed_accounts(compared.baseline, other)
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
