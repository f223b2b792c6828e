"""A quick what-if beside the balances: so much cash on such a day keeps whom on? Answered in place, the page stays as it is.

Cash goes to the accounts in the order in which they stop, each what keeps it on; one that it is not enough for is skipped.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import streamlit as st

from domain.filters import Filters
from domain.money import exponent
from domain.what_if.actions import Action, Kind, Scenario, Selection, What
from ui import much, what_if_address, what_if_results, what_if_words
from ui.formats import escape, plain_amount, short_day, whole_money
from ui.viewer import Viewer
from ui.what_if_address import Draft
from ui.what_if_results import Basis, Threatened
from ui.what_if_words import Answer

HORIZON, AHEAD = 30, 30  # days that it looks ahead, and on which one may pay
MOST_ROWS, STEPS = 6, 100
SOON = 7  # days; at first it is as much as keeps those on that stop by then
_TITLE = "What if we release cash?"
_CASH, _EXACT, _DAY = "quick-cash", "quick-exact", "quick-day"


class Choice(NamedTuple):
    """One account in the table: is it paid?"""

    threatened: Threatened
    pay: bool


class Told(NamedTuple):
    """What so much cash comes to, in words, and what it pays."""

    chosen: Sequence[Choice]
    said: str
    table: str


def draw(viewer: Viewer, filters: Filters, currency: str) -> None:
    """The box; nothing where nothing in view stops, and a button first where many accounts are in view."""
    if not much.offer(
        viewer, filters, currency, _TITLE, partial(what_if_results.work, viewer, filters, currency, HORIZON)
    ):
        return
    basis = what_if_results.basis(viewer, filters, currency)
    if not basis.threatened:
        return
    _ask(viewer, filters, currency)


# Each fragment copies the containers around it at every run, and all that is around those: so it begins outside of its own.
@st.fragment
def _ask(viewer: Viewer, filters: Filters, currency: str) -> None:
    """Runs alone when its day changes, or an exact amount is written."""
    basis = what_if_results.basis(viewer, filters, currency)
    if not basis.threatened:
        return
    with st.container(border=True, key="quick-check"):
        with st.container(horizontal=True, vertical_alignment="top", key="quick-check-head"):
            st.header(_TITLE, anchor=False, width="stretch")
            _exact(basis)
            day = _day(basis)
        _release(viewer, filters, currency, day)


@st.fragment
def _release(viewer: Viewer, filters: Filters, currency: str, day: date) -> None:
    """Runs alone when its slider moves: the browser is slow to draw, so it draws what changes with it and no more."""
    basis = what_if_results.basis(viewer, filters, currency)
    if not basis.threatened:
        return
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        cash = _cash(basis)
        told = basis.once((_told, cash, day), partial(_told, basis, cash, day))
        st.markdown(told.said + way(told.chosen, day, basis.start.as_of))
    right.markdown(told.table)


def _told(basis: Basis, cash: int, day: date) -> Told:
    chosen = choose(basis.threatened, cash)
    said = what_if_words.quick(_answer(basis, chosen, cash, day), basis.currency)
    return Told(chosen, said, _table(chosen, basis))


def _answer(basis: Basis, chosen: Sequence[Choice], cash: int, day: date) -> Answer:
    baseline = what_if_results.played(basis, Scenario("", HORIZON)).total
    paid = [choice.threatened for choice in chosen if choice.pay]
    as_of = basis.start.as_of
    total = what_if_results.total(basis, released([each.account_id for each in paid], day, as_of))
    spent = int(total.cash_out.sum() - baseline.cash_out.sum())
    fees = int(baseline.late_fees[-1] - total.late_fees[-1])
    after = int(total.outstanding[(day - as_of).days])
    off = int(baseline.accounts_suspended[-1])
    kept = off - int(total.accounts_suspended[-1])
    return Answer(spent, cash - spent, after, fees, kept, off, short_day(as_of + timedelta(days=HORIZON), as_of))


def way(chosen: Sequence[Choice], day: date, as_of: date) -> str:
    """The link to What-if. An address does not hold any number of accounts; where all are paid, none needs a name."""
    paid = [choice.threatened.account_id for choice in chosen if choice.pay]
    if not paid:
        return ""
    scenario = released(paid, day, as_of)
    if len(paid) == len(chosen) and not what_if_address.fits(Draft(scenario)):
        scenario = keeping_all(day, as_of)
    if not what_if_address.fits(Draft(scenario)):
        return (
            f"\n\n:small[{len(paid):,} accounts are more than a link to What-if holds: filter by site or vendor first.]"
        )
    return f"\n\n[Open in What-if →]({what_if_address.address(scenario)})"


def _day(basis: Basis) -> date:
    as_of, state = basis.start.as_of, st.session_state
    last = as_of + timedelta(days=AHEAD)
    if state.get(_DAY) is None or not as_of <= state[_DAY] <= last:
        state[_DAY] = as_of
    st.date_input("Paid on", min_value=as_of, max_value=last, key=_DAY, format="YYYY-MM-DD", width=160)
    return state[_DAY]


def _exact(basis: Basis) -> None:
    """An amount that the slider's round steps do not have; written down it is one of them, and the box is empty again."""

    def written() -> None:
        if (amount := st.session_state[_EXACT]) is not None:
            st.session_state[_CASH] = amount
            st.session_state[_EXACT] = None

    st.number_input(
        f"Exactly, {basis.currency}",
        0,
        _most(basis),
        None,
        key=_EXACT,
        on_change=written,
        placeholder="Or an amount",
        width=160,
    )


def _most(basis: Basis) -> int:
    """The slider's upper end, in whole units: a round step past what keeps all on."""
    most = _units(basis, sum(each.keep_on for each in basis.threatened))
    step = _round_step(most)
    return -(-most // step) * step


def _units(basis: Basis, minor: int) -> int:
    """In whole units, rounded up."""
    return -(-minor // 10 ** exponent(basis.currency))


def _cash(basis: Basis) -> int:
    """In minor units, from the slider: round steps, and the exact amount that was written."""
    currency, most, state = basis.currency, _most(basis), st.session_state
    unit, step = 10 ** exponent(currency), _round_step(most)
    if state.get(_CASH) is None or not 0 <= state[_CASH] <= most:
        near = sum(e.keep_on for e in basis.threatened if e.stops_in <= SOON) or basis.threatened[0].keep_on
        state[_CASH] = min(most, -(-_units(basis, near) // step) * step)
    return unit * st.select_slider(
        f"Cash to release, {currency}",
        sorted({*range(0, most + 1, step), state[_CASH]}),
        format_func=lambda amount: whole_money(amount * unit, currency),
        key=_CASH,
    )


def _round_step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that the slider has at most STEPS steps."""
    step = 1
    while most / step > STEPS:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def choose(threatened: Sequence[Threatened], cash: int) -> list[Choice]:
    """In the order of their stop, as long as the cash lasts."""
    chosen = []
    for each in threatened:
        pay = each.keep_on <= cash
        cash -= each.keep_on if pay else 0
        chosen.append(Choice(each, pay))
    return chosen


def released(accounts: Sequence[int], day: date, as_of: date) -> Scenario:
    """What keeps these accounts on, paid on that day."""
    when = None if day <= as_of else day
    pay = Action(Kind.PAY, Selection(accounts=tuple(accounts)), when, What.MINIMUM)
    return Scenario("Release cash", HORIZON, (pay,) if accounts else ())


def keeping_all(day: date, as_of: date) -> Scenario:
    """What keeps every account on, paid on that day."""
    when = None if day <= as_of else day
    return Scenario("Release cash", HORIZON, (Action(Kind.PAY, Selection(), when, What.MINIMUM),))


def _table(chosen: Sequence[Choice], basis: Basis) -> str:
    as_of = basis.start.as_of
    first = chosen[:MOST_ROWS]

    def stops(each: Threatened) -> str:
        return "off" if each.stops_in < 0 else short_day(as_of + timedelta(days=each.stops_in), as_of)

    lines = ["| First to stop | Stops | Amount |", "|---|---|---:|"]  # a tenth of the time of a frame
    for each, pay in first:
        what, amount = f"{escape(each.site)}, {escape(each.service)}", plain_amount(each.keep_on, basis.currency)
        lines.append(f"| {'**Pay**' if pay else 'Skip'} {what} | {stops(each)} | {amount} |")
    if len(chosen) > len(first):
        rest = sum(c.pay for c in chosen[len(first) :])
        lines.append(
            f"\n:small[And {len(chosen) - len(first):,} more, of which {rest:,} {'is' if rest == 1 else 'are'} paid.]"
        )
    return "\n".join(lines)
