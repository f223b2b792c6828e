"""One payment with its legs at length: its call, its bank lines with score and reasons, and what may be done."""

import streamlit as st

from data_access.commands.call_links import link_call
from data_access.commands.matches import undo_match
from data_access.database import Writing
from data_access.queries.details import PaymentDetail
from data_access.queries.matched_lines import MatchedLine
from domain.filters import Filters
from domain.masking import masked_bank_account
from domain.matching.proposals import CallProposal
from ui import call_links, denials, evidence, facts, links, payment_actions, payment_words, reads, reconcile_acts
from ui import reconcile_words as words
from ui.formats import day, escape, exact_money, moment
from ui.ledger_tables import account_name
from ui.page_address import Here, number_in
from ui.viewer import Viewer


def open_if_asked(viewer: Viewer, filters: Filters, here: Here, key: str) -> None:
    """The payment that the address names, below the table."""
    if not st.query_params.get(key):
        return
    wanted = number_in(key)
    detail = reads.plain("payment_detail", viewer, payment_id=wanted, as_of=filters.as_of) if wanted else None
    if detail is None:
        denials.not_found(viewer, "payment", wanted)
        st.info(f"There is no such payment on {day(filters.as_of)}.", icon=":material/link_off:")
        return
    with st.container(border=True, key="leg"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(f"Payment of {escape(exact_money(detail.payment.amount, detail.payment.currency))}", anchor=False)
            st.space("stretch")
            evidence.offer(viewer, detail.payment, filters.as_of)
            st.button(
                "Close", icon=":material/close:", type="tertiary", key="leg-close",
                on_click=lambda: here.put({key: None}),
            )  # fmt: skip
        _draw(viewer, detail, filters)


def _draw(viewer: Viewer, detail: PaymentDetail, filters: Filters) -> None:
    payment = detail.payment
    name = account_name(payment.vendor, payment.account_number, payment.site)
    facts.draw(
        [
            ("Account", links.link(name, "sites", {"account": str(payment.account_id)})),
            ("Site", escape(payment.site_name)),
            ("Paid", links.link(day(payment.paid_on), "payments", {"payment": str(payment.id)})),
            ("How", payment_words.how(payment)),
            ("Status", payment_words.status_badge(payment)),
            ("Posted", day(payment.posted_on) if payment.posted_on else "not yet"),
            ("Confirmation", escape(payment.confirmation_number)),
        ],
        4,
    )
    payment_actions.told()
    payment_actions.draw(viewer, payment)
    st.subheader("The call", anchor=False)
    if detail.call is not None:
        said = f"{moment(detail.call.started_at, None)}, {detail.call.outcome}"
        st.markdown(f"[{escape(said)}]({call_links.call_address(detail.call.id)})")
    else:
        _calls(viewer, detail, filters)
    st.subheader("The bank", anchor=False)
    if not viewer.scope.everything:
        st.caption(reconcile_acts.WHO_SEES)
        return
    found: list[MatchedLine] = reads.plain("matches_of_payment", viewer, payment_id=payment.id)
    for match in found:
        _match(viewer, match, payment.account_number)
    if not found:
        way = links.link("see what is to be matched →", "reconcile", {"view": "To match"})
        st.markdown(f"No bank line is matched to it yet; {way}")


def _match(viewer: Viewer, match: MatchedLine, account_number: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"match-{match.match_id}"):
        with st.container(gap="xxsmall"):
            of = "" if match.amount == -match.line_amount else f" of {exact_money(-match.line_amount, match.currency)}"
            said = f"**{escape(exact_money(match.amount, match.currency))}**{escape(of)}, {day(match.booked_on)}"
            st.markdown(
                f"{said}, {escape(masked_bank_account(match.bank_account))}: {words.line_text(match, [account_number])}"
            )
            by = f"matched by {match.decided_by} on {day(match.decided_at.date())}, score {words.score(match.score)}"
            st.markdown(f":small[{escape(by)}: {words.reasons(match.reasons)}]")
        if viewer.may_write():
            st.button(
                "Undo", icon=":material/undo:", key=f"undo-{match.match_id}", on_click=_undo, args=(viewer, match)
            )


def _undo(viewer: Viewer, match: MatchedLine) -> None:
    reconcile_acts.act(
        viewer,
        lambda writing: undo_match(writing, viewer.scope, match.match_id),
        "The match is undone by a further row; the payment and the bank line are open again.",
    )


def _calls(viewer: Viewer, detail: PaymentDetail, filters: Filters) -> None:
    """The calls on which it may have been made, for those who see every site."""
    payment = detail.payment
    every: list[CallProposal] = reads.plain("proposed_calls", viewer, as_of=filters.as_of, payment_id=payment.id)
    found = every[:3]
    if not found:
        st.caption("It names no call.")
        return
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            way = f"[Call {each.call_id}]({call_links.call_address(each.call_id)})"
            st.markdown(f"{way} may be it, score {each.score:,}: :small[{words.reasons(each.reasons)}]")
            if viewer.may_write():
                st.button(
                    "It was made on this call", icon=":material/link:", key=f"link-call-{each.call_id}",
                    on_click=_link, args=(viewer, payment.id, each.call_id),
                )  # fmt: skip


def _link(viewer: Viewer, payment_id: int, call_id: int) -> None:
    def work(writing: Writing) -> None:
        link_call(writing, viewer.scope, payment_id, call_id)

    reconcile_acts.act(viewer, work, "The payment names its call now.")
