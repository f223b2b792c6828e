"""Matching a bank line by hand: payments are chosen, and their amounts compared with what of the line is open."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from data_access.commands.matches import match_by_hand
from data_access.queries.bank_lines import BankLineRow
from data_access.queries.matched_lines import PaymentBrief
from domain.matching.proposals import Part
from ui import reads, reconcile_acts, wording
from ui import reconcile_words as words
from ui.formats import escape, exact_money
from ui.viewer import Viewer

DAYS = 120  # on either side of the line's day
LONGEST = 500


def draw(viewer: Viewer, line: BankLineRow, done: Callable[[], None]) -> None:
    """A popover with the open payments near the line's day; `done` is called when it is matched."""
    with st.popover("Match by hand", icon=":material/back_hand:", key="by-hand"):
        near = timedelta(days=DAYS)
        found: list[PaymentBrief] = reads.plain(
            "open_payments",
            viewer,
            currency=line.currency,
            first=line.booked_on - near,
            last=line.booked_on + near,
            limit=LONGEST,
        )
        by_id = {each.id: each for each in sorted(found, key=lambda each: abs(each.left - line.left))}
        st.caption(f"Open payments within {DAYS} days, the nearest amount first. Type to search.")
        chosen = st.multiselect(
            "Payments",
            list(by_id),
            format_func=lambda each: words.payment_at_length(by_id[each]),
            key=f"by-hand-{line.id}",
            placeholder="Choose one or more",
        )
        parts = shared_out(line, [by_id[each] for each in chosen])
        st.markdown(escape(told(line, [by_id[each] for each in chosen])))
        if st.button("Match them", type="primary", key="by-hand-it", disabled=not parts):
            if reconcile_acts.matched(
                viewer,
                lambda writing: match_by_hand(writing, viewer.scope, parts),
                f"Matched by hand with {wording.count(len(parts), 'payment')}; the next line follows.",
            ):
                done()
            st.rerun()


def shared_out(line: BankLineRow, chosen: list[PaymentBrief]) -> tuple[Part, ...]:
    """So much of each payment as the line has left, in the order in which they were chosen."""
    left, parts = line.left, []
    for each in chosen:
        amount = min(each.left, left)
        if amount:
            parts.append(Part(each.id, line.id, amount))
        left -= amount
    return tuple(parts)


def told(line: BankLineRow, chosen: list[PaymentBrief]) -> str:
    """How the amounts compare."""
    whole, code = sum(each.left for each in chosen), line.currency
    if not chosen:
        return f"{exact_money(line.left, code)} of the line is open."
    said = f"Chosen {exact_money(whole, code)} for {exact_money(line.left, code)}"
    if whole == line.left:
        return f"{said}: they agree."
    if whole < line.left:
        return f"{said}: {exact_money(line.left - whole, code)} of the line stays open."
    return f"{said}: {exact_money(whole - line.left, code)} of the last payments stays without a bank line."
