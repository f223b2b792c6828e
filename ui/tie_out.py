"""The footer that finance looks at first: what is shown and what the filters hide make up the ledger, to the cent."""

from collections.abc import Mapping

import streamlit as st

from domain.money import to_decimal
from ui import reads
from ui.currencies import Shown
from ui.formats import escape
from ui.viewer import Viewer


def draw(viewer: Viewer, shown: Shown, owed: Mapping[str, int]) -> None:
    """One line a currency in view. `owed`: what all rows of the table come to by currency, before any conversion.

    The three figures come from three reads: the groups of the table, the accounts outside the filters, and the ledger.
    """
    codes = sorted(set(owed) | set(shown.rates)) or [shown.currency]
    for line in (_line(viewer, shown, owed.get(code, 0), code) for code in codes):
        st.markdown(line)


def _line(viewer: Viewer, shown: Shown, seen: int, code: str) -> str:
    filters = shown.filters
    hidden: int = reads.filtered("hidden_totals", viewer, filters).get(code, 0)
    ledger: int = reads.plain("ledger_totals", viewer, as_of=filters.as_of).get(code, 0)
    difference = ledger - seen - hidden
    badge = (
        ":green-badge[:material/check_circle: Ties out]"
        if not difference
        else ":red-badge[:material/error: Does not tie out]"
    )
    figures = [_to_the_cent(amount, code) for amount in (seen, hidden, ledger, difference)]
    return (
        f"{badge} Shown **{figures[0]}** + hidden by filters **{figures[1]}** = ledger **{figures[2]}** {code}, "
        f"difference **{figures[3]}**"
    )


def _to_the_cent(minor: int, code: str) -> str:
    """Unlike in a table, zero is written out: 0.00 is the point."""
    return escape(f"{to_decimal(minor, code):,}")
