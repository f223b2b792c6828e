"""The link to one's own calendar: made, copied once, renewed, revoked."""

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from data_access.address import database_address
from data_access.calendar_tokens import Link, link_of
from data_access.commands.calendar_tokens import new_token, renew, revoke
from data_access.commands.refusals import NotFoundError, PeopleRefusedError
from data_access.database import Writing
from data_access.failures import DATABASE_FAILURES, kind_of
from data_access.scope import Scope
from ui import reads, sign_in, sources
from ui.calendar_feed import PATH
from ui.formats import escape, moment
from ui.viewer import Viewer

MADE = "calendar-made"  # session state: the address to copy, for one run
_KEPT = "calendar-kept"  # session state: whose link of which version, and the link
_WHAT = "Due days, last safe days to pay, promises and follow-ups of the sites that you see, renewed by your calendar program."
_KEY = "Whoever has the link reads these dates without signing in. Give it to your calendar program alone."


def draw(viewer: Viewer) -> None:
    """A button that opens what there is to do about it."""
    with st.popover("Calendar link", icon=":material/calendar_add_on:", key="calendar-link"):
        st.markdown(_WHAT)
        made = st.session_state.pop(MADE, None)
        if made:
            st.code(made, language=None, wrap_lines=True)
            st.caption(f"Copy it now: it is not shown again. {_KEY}")
        link = _link(viewer)
        if link is None:
            st.button("Make a link", type="primary", key="calendar-make", on_click=_renew, args=(viewer,))
            st.caption(_KEY)
            return
        used = moment(link.last_used_at, st.context.timezone) if link.last_used_at else "never"
        st.caption(escape(f"Made {moment(link.created_at, st.context.timezone)}, last fetched {used}"))
        with st.container(horizontal=True):
            st.button(
                "Renew",
                icon=":material/autorenew:",
                key="calendar-renew",
                on_click=_renew,
                args=(viewer,),
                help="Makes a new link; the one before ends.",
            )
            st.button("Revoke", icon=":material/link_off:", key="calendar-revoke", on_click=_revoke, args=(viewer,))


def _user(viewer: Viewer) -> int | None:
    return viewer.person.id if viewer.person else None


def _link(viewer: Viewer) -> Link | None:
    """One's own, kept by the session until the data move."""
    database = reads.opened(database_address())
    of, kept = (_user(viewer), sources.version(database)), st.session_state.get(_KEPT)
    if kept is None or kept[0] != of:
        with database.reading(Scope.all_sites()) as connection:
            kept = st.session_state[_KEPT] = of, link_of(connection, _user(viewer))
    return kept[1]


def _renew(viewer: Viewer) -> None:
    token = new_token()
    if _write(viewer, lambda writing: renew(writing, _user(viewer), token)):
        st.session_state[MADE] = _address(token)


def _revoke(viewer: Viewer) -> None:
    if _write(viewer, lambda writing: revoke(writing, _user(viewer))):
        st.toast("The calendar link is revoked.", icon=":material/link_off:")


def _write(viewer: Viewer, work: Callable[[Writing], None]) -> bool:
    """One's own link, whatever the role: looked up again, since a click may come long after the page."""
    if not sign_in.is_still(viewer):
        st.toast("Your access has changed since this page was drawn; reload it.", icon=":material/error:")
        return False
    try:
        reads.open_database(database_address()).writing(viewer.name, Scope.all_sites(), work)
    except (NotFoundError, PeopleRefusedError) as error:
        st.toast(escape(str(error)), icon=":material/error:")
    except DATABASE_FAILURES as error:
        st.toast(f"The database did not take it: {kind_of(error)}.", icon=":material/error:")
    else:
        return True
    return False


def _address(token: str) -> str:
    """As the browser reaches this app."""
    here = urlsplit(st.context.url or "")
    origin = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    return origin + PATH.format(token=token)
