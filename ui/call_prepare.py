"""Before the call: whom to ring, what is owed and what keeps the service on, what to ask, and what to have at hand."""

import streamlit as st

from data_access.printed.call_sheet import call_sheet_document
from data_access.queries.call_sheet import CallSheet
from data_access.queries.call_sheet import call_sheet as call_sheet_of
from domain.call_questions import at_hand, questions
from ui import (
    account_number,
    call_links,
    call_notice,
    call_number,
    call_sheet,
    denials,
    links,
    notices,
    page_address,
    printed,
    reads,
    section,
)
from ui.formats import day, escape, exact_money
from ui.printed import Printed
from ui.viewer import Viewer


def draw(viewer: Viewer) -> None:
    """The call sheet of the account that the address names."""
    st.markdown(f"[:material/arrow_back: All calls]({links.address('calls', call_links.here())})")
    wanted = page_address.number_in(call_links.PREPARE)
    sheet: CallSheet | None = (
        reads.plain("call_sheet", viewer, account_id=wanted, as_of=viewer.today) if wanted else None
    )
    if sheet is None:
        denials.not_found(viewer, "account", wanted)
        notices.empty("There is no such account", "It may belong to a site that you do not see.", ":material/call_end:")
        return
    account, code = sheet.account, sheet.account.currency
    with st.container(horizontal=True, vertical_alignment="center"):
        section.finding(
            f"Before ringing {escape(account.vendor)}",
            f"{escape(account.site_name)}, {escape(account.service_type or 'service')}, as of {day(viewer.today)}",
        )
        st.space("stretch")
        printed.offer(
            "call-sheet",
            "Print",
            viewer,
            Printed(
                f"call sheet of account {account.id}",
                account.id,
                call_sheet_of,
                {"account_id": account.id, "as_of": viewer.today},
                lambda found, number: call_sheet_document(found, viewer.now, number),
            ),
        )
        call_notice.offer(viewer, sheet)
        if viewer.may_write():
            st.button(
                "Log the call",
                type="primary",
                icon=":material/add_call:",
                key="prepare-log",
                on_click=call_links.open_form,
                args=(account.id,),
            )
    left, right = st.columns([1, 1.15], gap="medium")
    with left:
        with st.container(border=True, key="prepare-number"):
            st.header("Whom to ring", anchor=False)
            call_number.draw(viewer, sheet)
        with st.container(border=True, key="prepare-ask"):
            st.header("What to ask", anchor=False)
            asked_for = questions(sheet.facts, lambda minor: exact_money(minor, code), day)
            _list(asked_for or ["Nothing is open that needs a question."])
            st.header("At hand", anchor=False)
            _list(at_hand(sheet.facts, lambda minor: exact_money(minor, code), day))
    with right, st.container(border=True, key="prepare-account"):
        st.header("What is owed", anchor=False)
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.markdown("Account", width="content")
            account_number.draw(viewer, account, "call sheet")
        call_sheet.owed(sheet)
        call_sheet.keeps_on(viewer, sheet)
        call_sheet.bills(sheet, code)
        call_notice.standing(viewer, sheet)
        call_sheet.calls(viewer, sheet)


def _list(lines: list[str]) -> None:
    st.markdown("\n".join(f"- {escape(line)}" for line in lines))
