"""Playing every account in view takes long where they are many: then it begins when it is asked for, and shows what was known then."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from data_access.address import database_address
from data_access.failures import DATABASE_FAILURES, kind_of
from data_access.queries.what_if import FEW
from domain.filters import Filters
from ui import notices, reads, works
from ui.formats import moment
from ui.viewer import Viewer
from ui.works import Make, Told

_BEGUN = "_much_begun"  # session state: what was asked for last


@dataclass(frozen=True, slots=True)
class Begun:
    """The accounts in view, and the data from which they are played."""

    filters: Filters
    version: Hashable
    at: datetime


def offer(
    viewer: Viewer, filters: Filters, currency: str, title: str, work: Callable[[], tuple[Hashable, Make]]
) -> bool:
    """Is there something to show: few accounts in view, or many that were asked for and have been played? Else what it is, and the
    button that begins it, or how far it is.

    work: what has to be there first, by its key; it is asked for once it was begun.
    """
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
            return False
        if not _played(*work()):
            return False
        st.caption(f"What was known on {moment(begun.at, st.context.timezone)} is played.")
        st.button("Work it out again", key="much-begin", type="tertiary", on_click=_begin, args=(wanted,))
    return True


def _played(key: Hashable, make: Make) -> bool:
    """Is it there? Where it is not, how far it is, or why it failed."""
    at_work = works.works()
    work = at_work.begun(key, make)
    if not work.wait(works.PATIENCE_S):
        works.progress(work, "The accounts in view are played")
        return False
    try:
        work.future.result()
    except DATABASE_FAILURES as error:
        at_work.forget(key)
        notices.problem("It was not worked out", f"The database did not answer: {kind_of(error)}. Reload to try again.")
        return False
    except BaseException:
        at_work.forget(key)
        raise
    return True


def work(
    name: str,
    viewer: Viewer,
    filters: Filters,
    currency: str,
    then: Callable[[Any], None] = lambda _: None,
    /,
    **arguments: Any,
) -> tuple[Hashable, Make]:
    """What `offer` wants of a read: it, and what is made of it once."""
    asked = _question(name, viewer, filters, currency, arguments)

    def make(told: Told) -> None:
        then(_kept(asked, told))

    return asked, make


def read(name: str, viewer: Viewer, filters: Filters, currency: str, /, **arguments: Any) -> Any:
    """What reads.filtered brings; of the data that are played where many accounts are in view."""
    if version(of_view(filters, currency)) is None:
        return reads.filtered(name, viewer, filters, **arguments)
    return _kept(_question(name, viewer, filters, currency, arguments))


def _question(name: str, viewer: Viewer, filters: Filters, currency: str, arguments: dict[str, Any]) -> reads.Question:
    played = version(of_view(filters, currency))
    more = tuple(sorted(arguments.items()))
    return reads.Question(name, database_address(), False, viewer.scope, filters, played, more)


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs={reads.Question: repr})
def _kept(question: reads.Question, _told: Told = lambda _: None) -> Any:
    arguments = dict(question.arguments)
    with reads.open_database(question.address).reading(question.scope) as connection:
        return reads.READS[question.name](connection, question.scope, question.filters, told=_told, **arguments)


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
