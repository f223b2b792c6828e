"""Choosing the account that a call is about: its site first, then the account, what is owed beside each name."""

import streamlit as st

from data_access.queries.accounts import AccountRow
from domain.filters import Filters
from domain.masking import masked
from ui import call_links, denials, filter_bar, page_address, reads
from ui.formats import exact_money
from ui.viewer import Viewer


def choose(viewer: Viewer, prefix: str, asked: str) -> AccountRow | None:
    """The account; `asked` is the id in the address, or anything else for none. None until one is chosen."""
    _prefer(viewer, prefix, asked)
    sites = {site.code: site.name for site in reads.every_site(viewer)}
    left, right = st.columns([1, 1.6])
    with left:
        site = st.selectbox(
            "Site",
            list(sites),
            index=None,
            format_func=lambda code: f"{sites[code]} ({code})",
            placeholder="Type a part of its name",
            key=f"{prefix}site",
            persist_state="session",
        )
    found = _accounts(viewer, site) if site else []
    by_id = {account.id: account for account in found}
    owed = _owed(viewer, site) if site else {}
    key = f"{prefix}account-{site}"
    if len(by_id) == 1:
        st.session_state.setdefault(key, next(iter(by_id)))
    with right:
        picked = st.selectbox(
            "Account",
            sorted(by_id, key=lambda account_id: (-owed.get(account_id, (0, 0))[1], by_id[account_id].vendor)),
            index=None,
            format_func=lambda account_id: _label(by_id[account_id], *owed.get(account_id, (0, 0))),
            placeholder="Choose the vendor's account" if found else "Choose the site first",
            disabled=not found,
            key=key,
            persist_state="session",
        )
    return by_id.get(picked) if picked is not None else None


def by_id(viewer: Viewer, account_id: int) -> AccountRow | None:
    """The account within the viewer's scope."""
    found = reads.filtered("account_rows", viewer, Filters(as_of=viewer.today), account_id=account_id, limit=1)
    return found[0] if found else None


def _prefer(viewer: Viewer, prefix: str, asked: str) -> None:
    """Fill in, once, what the address or the filter bar says already."""
    if st.session_state.get(f"{prefix}asked") == asked:
        return
    st.session_state[f"{prefix}asked"] = asked
    account = by_id(viewer, int(asked)) if asked.isdecimal() else None
    if account:
        st.session_state[f"{prefix}site"] = account.site
        st.session_state[f"{prefix}account-{account.site}"] = account.id
        return
    denials.not_found(viewer, "account", page_address.number_in(call_links.LOG))
    filters = filter_bar.chosen(viewer)
    if len(filters.sites) == 1 and not st.session_state.get(f"{prefix}site"):
        st.session_state[f"{prefix}site"] = filters.sites[0]


def _accounts(viewer: Viewer, site: str) -> list[AccountRow]:
    return reads.filtered("account_rows", viewer, Filters(as_of=viewer.today, sites=(site,)), limit=500)


def _owed(viewer: Viewer, site: str) -> dict[int, tuple[int, int]]:
    """By account id: (outstanding, past due)."""
    rows = reads.aging(viewer, Filters(as_of=viewer.today, sites=(site,)), "account")
    return {int(row.labels["account_id"]): (row.outstanding, row.overdue) for row in rows}


def _label(account: AccountRow, outstanding: int, overdue: int) -> str:
    parts = [f"{account.vendor}, {account.service_type or 'service'} {masked(account.account_number)}"]
    if account.closed_on:
        parts.append("closed")
    if overdue:
        parts.append(f"{exact_money(overdue, account.currency)} past due")
    elif outstanding:
        parts.append(f"{exact_money(outstanding, account.currency)} owed")
    return " · ".join(parts)
