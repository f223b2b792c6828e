"""Playing every account in view takes long where they are many: then it begins when it is asked for, and shows what was known then."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from data_access.address import database_address
from data_access.queries.what_if import FEW
from domain.filters import Filters
from ui import reads
from ui.formats import moment
from ui.viewer import Viewer

_BEGUN = "_much_begun"  # session state: what was asked for last


@dataclass(frozen=True, slots=True)
class Begun:
    """The accounts in view, and the data from which they are played."""

    filters: Filters
    version: Hashable
    at: datetime


def offer(viewer: Viewer, filters: Filters, currency: str, title: str) -> bool:
    """Is there something to show: few accounts in view, or many that were asked for? Else what it is, and the button that begins it."""
    wanted = of_view(filters, currency)
    if not reads.filtered("many_accounts", viewer, wanted):
        return True
    begun = _begun(wanted)
    with st.container(border=begun is None, key="much"):
        if begun is None:
            st.header(title, anchor=False)
            st.caption(
                f"More than {FEW:,} accounts are in view, and each of them is played, which takes a while. Filter by site, vendor "
                "or region for an answer at once."
            )
            st.button("Work it out", key="much-begin", on_click=_begin, args=(wanted,))
        else:
            st.caption(f"What was known on {moment(begun.at, st.context.timezone)} is played.")
            st.button("Work it out again", key="much-begin", type="tertiary", on_click=_begin, args=(wanted,))
    return begun is not None


def read(name: str, viewer: Viewer, filters: Filters, currency: str) -> Any:
    """What reads.filtered brings; of the data that are played where many accounts are in view."""
    played = version(of_view(filters, currency))
    if played is None:
        return reads.filtered(name, viewer, filters)
    return _kept(reads.Question(name, database_address(), False, viewer.scope, filters, played, ()))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={reads.Question: repr})
def _kept(question: reads.Question) -> Any:
    with reads.open_database(question.address).reading(question.scope) as connection:
        return reads.READS[question.name](connection, question.scope, question.filters)


def of_view(filters: Filters, currency: str) -> Filters:
    """The filters that choose accounts and day."""
    return replace(filters, currencies=(currency,), since=None, until=None, search="")


def version(filters: Filters) -> Hashable | None:
    """That of the data from which the accounts of such a view are played; None for the newest."""
    begun = _begun(filters)
    return begun and begun.version


def _begun(filters: Filters) -> Begun | None:
    begun: Begun | None = st.session_state.get(_BEGUN)
    return begun if begun and begun.filters == filters else None


def _begin(filters: Filters) -> None:
    database = reads.open_database(database_address())
    st.session_state[_BEGUN] = Begun(filters, database.version(), datetime.now(UTC))
