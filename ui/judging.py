"""Accounts whose kept risk or alerts do not stand any more are judged beside the pages, once a page had to judge many of them itself.

Alerts of a new day are not waited for: the page says that it shows what was found last, and draws itself anew when they are judged.
So it does when very many accounts are judged for a day of the past, or the alert rules asked about them, which it shows how far it is.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import partial
from time import monotonic
from typing import Any

import streamlit as st

from data_access import past_alerts
from data_access.account_risks import judge
from data_access.address import database_address
from data_access.database import Database
from data_access.folding import fold
from data_access.kept_alerts import keep_as_set
from data_access.past_risks import keep
from data_access.queries.alert_pages import Standing
from data_access.queries.at_risk import AtRisk
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from ui import reads
from ui.formats import day
from ui.viewer import Viewer

MANY = 50  # accounts: some ten milliseconds of each read
_EVERY_S = 60
_LOOK_S = 1.0  # so often a waiting page looks whether all are judged
_HELP = (
    "The rules are being asked about every account again: for a new day, or since terms, payment contacts or bank statements "
    "changed. The page draws itself anew when they have been."
)


_ALERTS = "alerts"
_TODAY = ("today", date.min)
_Asked = tuple[str, date]  # what of which other day; _TODAY


class _Judging:
    """Each at most once and not again at once: for today, or the risk or the alerts of another day.

    One at a time, but the alerts of another day beside the others, since these take minutes and those seconds.
    """

    def __init__(self) -> None:
        self._pools = {slow: ThreadPoolExecutor(1, thread_name_prefix="judging") for slow in (False, True)}
        self._asked: dict[_Asked, tuple[float, Future[Any]]] = {}
        self._shares: dict[_Asked, float] = {}

    def soon(self, asked: _Asked, work: Callable[[], object]) -> None:
        """Begin, unless that is under way or was a moment ago."""
        now = monotonic()
        known, shares = list(self._asked.items()), list(self._shares.items())  # other threads add to both meanwhile
        self._asked = {each: one for each, one in known if not one[1].done() or now - one[0] < _EVERY_S}
        self._shares = {each: share for each, share in shares if each in self._asked}
        if asked not in self._asked:
            self._asked[asked] = now, self._pools[asked[0] == _ALERTS].submit(work)

    def is_under_way(self, asked: _Asked) -> bool:
        """Is that going on, or waiting for what is?"""
        return asked in self._asked and not self._asked[asked][1].done()

    def share(self, asked: _Asked) -> float:
        """Of the accounts that are judged for another day."""
        return self._shares.get(asked, 0.0)

    def tell(self, asked: _Asked, judged: int, number: int) -> None:
        """How many of how many accounts are judged."""
        self._shares[asked] = judged / number


def _judge(database: Database, today: date) -> None:
    fold(database)
    judge(database, today)
    keep_as_set(database, today)


def _judge_past(database: Database, today: date, day_asked: date, told: Callable[[int, int], None]) -> None:
    fold(database)
    judge(database, today)  # who is marked is judged for the days of the past as well
    keep(database, day_asked, told)


def _ask_rules(
    database: Database, today: date, day_asked: date, thresholds: Thresholds, told: Callable[[int, int], None]
) -> None:
    fold(database)
    keep_as_set(database, today)  # nobody is marked any more, so that the day stands when it is judged
    past_alerts.keep(database, day_asked, thresholds, told)


@st.cache_resource(show_spinner=False)
def _judging(_address: str) -> _Judging:
    return _Judging()


def at_risk(viewer: Viewer, filters: Filters) -> AtRisk | None:
    """The accounts at risk; None where very many are being judged for it first, and the page says how far that is."""
    found: AtRisk = reads.filtered("at_risk", viewer, filters, hasty=True)
    if found.unjudged:
        if _waits(viewer, filters.as_of):
            return None
        found = reads.filtered("at_risk", viewer, filters)  # nobody could judge them beside the page
    _many(viewer, found.apart, filters.as_of)
    return found


def after_alerts(viewer: Viewer, standing: Standing, as_of: date) -> None:
    """The same of alerts. Where what was found last is shown, the page says so."""
    if standing.as_judged is not None:
        _begin(viewer)
        _tell(viewer, standing.as_judged)
    else:
        _many(viewer, standing.apart, as_of)


def _many(viewer: Viewer, apart: int, as_of: date) -> None:
    """What was read of today judged many accounts: the next reads shall find them judged."""
    if apart > MANY and as_of == viewer.today:
        _begin(viewer)


def _begin(viewer: Viewer) -> _Judging:
    address = database_address()
    judging = _judging(address)
    judging.soon(_TODAY, partial(_judge, reads.open_database(address), viewer.today))
    return judging


def _waits(viewer: Viewer, as_of: date) -> bool:
    """Whether accounts are being judged for the day; then the page says how far that is."""
    if as_of == viewer.today:
        return _shown(_begin(viewer), _TODAY, f"Judging every account as of {day(as_of)} …")
    address, asked = database_address(), ("risk", as_of)
    judging = _judging(address)
    told = partial(judging.tell, asked)
    judging.soon(asked, partial(_judge_past, reads.open_database(address), viewer.today, as_of, told))
    return _shown(judging, asked, f"Judging every account as of {day(as_of)} …")


def alerts_wait(viewer: Viewer, as_of: date, thresholds: Thresholds) -> bool:
    """The same while the rules are asked about every account."""
    text = f"Asking the alert rules about every account as of {day(as_of)} …"
    if as_of == viewer.today:
        return _shown(_begin(viewer), _TODAY, text)
    address, asked = database_address(), (_ALERTS, as_of)
    judging = _judging(address)
    told = partial(judging.tell, asked)
    judging.soon(asked, partial(_ask_rules, reads.open_database(address), viewer.today, as_of, thresholds, told))
    return _shown(judging, asked, text)


def _shown(judging: _Judging, asked: _Asked, text: str) -> bool:
    if not judging.is_under_way(asked):
        return False
    st.fragment(_progress, run_every=_LOOK_S)(judging, asked, text)
    return True


def _progress(judging: _Judging, asked: _Asked, text: str) -> None:
    if not judging.is_under_way(asked):
        st.rerun()
    st.progress(judging.share(asked), text)


def _tell(viewer: Viewer, as_judged: date) -> None:
    """Until all are judged, or nobody judges: that is tried again by a later run."""
    known = f"as of {day(as_judged)}" if date.min < as_judged < viewer.today else "as found last"
    text = f":yellow-badge[:material/sync: Alerts {known}; the rules are being asked about {day(viewer.today)}]"
    judging = _judging(database_address())
    if judging.is_under_way(_TODAY):
        st.fragment(_waiting, run_every=_LOOK_S)(judging, text)
    else:
        _draw(text)


def _waiting(judging: _Judging, text: str) -> None:
    if not judging.is_under_way(_TODAY):
        st.rerun()
    _draw(text)


def _draw(text: str) -> None:
    st.markdown(text, width="content", help=_HELP)
