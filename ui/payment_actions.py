"""What can still happen to a payment: it posts, or it comes back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from data_access.commands.payments import post_payment, return_payment
from data_access.database import Writing
from data_access.queries.payments import PaymentRow
from ui.formats import day, escape, exact_money
from ui.viewer import Viewer
from ui.writes import RefusedError, write


def draw(viewer: Viewer, payment: PaymentRow) -> None:
    """Buttons for what `payment` still allows, for those who may write; a refusal stands below them."""
    if not viewer.may_write() or payment.kind != "payment" or payment.reversed_on is not None:
        return
    key = f"payment-{payment.id}"
    # Buttons are read here and not in callbacks, which would get what was typed up to the run before the click.
    with st.container(horizontal=True):
        if payment.status == "pending":
            with st.popover("Mark as posted", icon=":material/check_circle:", key=f"{key}-post"):
                posted_on = _day("Posted by the vendor or bank on", f"{key}-posted-on", payment, viewer)
                if st.button("Post it", type="primary", key=f"{key}-post-it"):
                    _act(
                        viewer,
                        key,
                        lambda writing: post_payment(writing, viewer.scope, payment.id, posted_on),
                        f"{_named(payment)} is posted on {day(posted_on)}.",
                    )
        with st.popover("It came back", icon=":material/undo:", key=f"{key}-return"):
            returned_on = _day("Returned or voided on", f"{key}-returned-on", payment, viewer)
            note = st.text_input("Why", placeholder="Insufficient funds", key=f"{key}-why", max_chars=200) or ""
            st.caption("Its bills are open again from that day. The payment stays in the history.")
            if st.button("Record the return", type="primary", key=f"{key}-return-it"):
                _act(
                    viewer,
                    key,
                    lambda writing: return_payment(writing, viewer.scope, payment.id, returned_on, note.strip()),
                    f"{_named(payment)} came back on {day(returned_on)}. The bills that it had paid are open again.",
                )
    refusal = st.session_state.pop(f"{key}-refused", None)
    if refusal:
        st.error(escape(refusal), icon=":material/error:")


def told() -> None:
    """What the last click did, once."""
    done = st.session_state.pop("payment-done", None)
    if done:
        st.success(done, icon=":material/check_circle:")


def _day(label: str, key: str, payment: PaymentRow, viewer: Viewer) -> date:
    latest = max(viewer.today, payment.paid_on)
    picked = st.date_input(
        label, value=latest, min_value=payment.paid_on, max_value=latest, key=key, format="YYYY-MM-DD"
    )
    return picked or latest


def _act(viewer: Viewer, key: str, work: Callable[[Writing], Any], done: str) -> None:
    try:
        write(viewer, work)
    except RefusedError as error:
        st.session_state[f"{key}-refused"] = str(error)
    else:
        st.session_state["payment-done"] = done
        st.rerun()


def _named(payment: PaymentRow) -> str:
    return f"The payment of {escape(exact_money(payment.amount, payment.currency))}"
