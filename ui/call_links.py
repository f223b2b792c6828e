"""The addresses of the Calls page: its sections, one call, preparing one, and the form."""

import streamlit as st

from ui import links, paging
from ui.page_address import Changes

# Address keys of this page.
CALL, LOG, FIX, PREPARE = "call", "log", "fix", "prepare"
SECTION = "desk"
OUTCOME, PURPOSE, VERIFIED, TODO, FIND = "outcome", "purpose", "verified", "todo", "q"
EVERYWHERE = "everywhere"  # the text whose words are looked for in calls too, though they name accounts
OWN = (OUTCOME, PURPOSE, VERIFIED, TODO, FIND, EVERYWHERE, *paging.OWN)


def here() -> dict[str, list[str]]:
    """The log's own part of the address, so that a call opened from it leads back to the same log."""
    return {key: st.query_params.get_all(key) for key in OWN if st.query_params.get_all(key)}


def log_address(changes: Changes) -> str:
    """The same log with `changes`; None drops one."""
    return links.address("calls", {**here(), **changes})


def call_address(call_id: int) -> str:
    """Where a call is shown."""
    return links.address("calls", {**here(), CALL: str(call_id)})


def form_address(account_id: int | None = None) -> str:
    """Where a call is logged, about an account or one still to be chosen."""
    return links.address("calls", {LOG: str(account_id) if account_id else "new"})


def prepare_address(account_id: int) -> str:
    """Where a call about an account is prepared."""
    return links.address("calls", {PREPARE: str(account_id)})


def ways(account_id: int | None) -> str:
    """Prepare, and below it Log call; nothing about no account. Markdown for a cell."""
    if account_id is None:
        return ""
    return (
        f"[Prepare]({prepare_address(account_id)})  \n:small[[Log\N{NO-BREAK SPACE}call]({form_address(account_id)})]"
    )


def open_form(account_id: int | None = None) -> None:
    """Turn this page to the form; a widget's callback."""
    st.query_params.pop(PREPARE, None)
    st.query_params[LOG] = str(account_id) if account_id else "new"
