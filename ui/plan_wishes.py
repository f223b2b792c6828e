"""Which bills must be paid and which are held: ticked in the table of all that could be paid."""

from collections.abc import Collection

import streamlit as st

from data_access.queries.cash_plan import PlanFacts
from domain.masking import masked
from domain.risk_facts import RiskBill
from ui import wording
from ui.tables import GRID_ROW_PX, HEAD_PX, major_amounts

MUST_PAY, HOLD = "plan-must-pay", "plan-hold"  # session state: ids of bills
TABLE = "plan-wishes"
HEIGHT = 320
MOST = 1_000  # bills that are offered


def wishes(facts: PlanFacts) -> tuple[frozenset[int], frozenset[int]]:
    """(must-pays, held bills), those that are still open here."""
    must_pay, hold = (frozenset(st.session_state.get(key, ())) & facts.bill_ids for key in (MUST_PAY, HOLD))
    return must_pay, hold


def draw(facts: PlanFacts) -> None:
    """The table, folded away: tick rows, then say what becomes of them."""
    must_pay, hold = wishes(facts)
    label = (
        f"Must-pays and held bills ({len(must_pay)} and {len(hold)})"
        if must_pay or hold
        else "Must-pays and held bills"
    )
    if not st.toggle(label, key="plan-wishes-open"):
        return
    bills = [(entry, bill) for entry in facts.entries for bill in entry.facts.bills if bill.owed]
    bills.sort(key=lambda pair: (pair[1].due_on, pair[1].id))
    there, bills = len(bills), bills[:MOST]
    code = facts.currency
    event = st.dataframe(
        {
            "Wish": [_word(bill, must_pay, hold) for _, bill in bills],
            "Due": [f"{bill.due_on:%Y-%m-%d}" for _, bill in bills],
            "Site": [entry.site_name for entry, _ in bills],
            "Vendor": [entry.vendor for entry, _ in bills],
            "Account": [masked(entry.account_number) for entry, _ in bills],
            "Bill": [bill.number for _, bill in bills],
            f"To pay, {code}": [float(n) for n in major_amounts([bill.owed for _, bill in bills], code)],
        },
        key=TABLE,
        hide_index=True,
        row_height=GRID_ROW_PX,
        height=min(HEIGHT, HEAD_PX + GRID_ROW_PX * len(bills)),
        column_config={f"To pay, {code}": st.column_config.NumberColumn(format="accounting")},
        on_select="rerun",
        selection_mode="multi-row",
        alt="Bills that could be paid; tick those that must be paid or are held",
    )
    ticked = frozenset(bills[row][1].id for row in event["selection"]["rows"] if row < len(bills))
    with st.container(horizontal=True):
        for words, key, kept in (
            ("Must be paid", MUST_PAY, (must_pay | ticked, hold - ticked)),
            ("Hold", HOLD, (must_pay - ticked, hold | ticked)),
            ("As the plan finds best", "plan-free", (must_pay - ticked, hold - ticked)),
        ):
            st.button(words, key=f"{key}-button", disabled=not ticked, on_click=_keep, args=kept)
        st.caption(f"{wording.count(len(ticked), 'bill')} ticked. What is in dispute is held anyway.")
    if there > MOST:
        st.caption(f"The {MOST:,} that fall due first, of {there:,}; filter by site or vendor for others.")


def _keep(must_pay: frozenset[int], hold: frozenset[int]) -> None:
    st.session_state[MUST_PAY], st.session_state[HOLD] = must_pay, hold


def _word(bill: RiskBill, must_pay: Collection[int], hold: Collection[int]) -> str:
    return "must pay" if bill.id in must_pay else "held" if bill.id in hold else ""
