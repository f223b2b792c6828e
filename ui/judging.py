"""Accounts whose kept risk or alerts do not stand any more are judged beside the pages, once a page had to judge many of them itself."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from time import monotonic

import streamlit as st

from data_access.account_risks import judge
from data_access.address import database_address
from data_access.database import Database
from data_access.kept_alerts import keep_as_set
from data_access.months import fold
from data_access.queries.at_risk import AtRisk
from ui import reads
from ui.viewer import Viewer

MANY = 50  # accounts: some ten milliseconds of each read
_EVERY_S = 60


class _Judging:
    """At most one at a time, and not again at once."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="judging")
        self._under_way: Future[None] | None = None
        self._begun: float | None = None

    def soon(self, database: Database, today: date) -> None:
        """Begin, unless one is under way or was a moment ago."""
        now = monotonic()
        lately = self._begun is not None and now - self._begun < _EVERY_S
        if lately or (self._under_way and not self._under_way.done()):
            return
        self._begun = now
        self._under_way = self._pool.submit(_judge, database, today)


def _judge(database: Database, today: date) -> None:
    fold(database)
    judge(database, today)
    keep_as_set(database, today)


@st.cache_resource(show_spinner=False)
def _judging(_address: str) -> _Judging:
    return _Judging()


def after(viewer: Viewer, risks: AtRisk) -> None:
    """What was read of today judged many accounts: the next reads shall find them judged."""
    _many(viewer, risks.apart, risks.as_of)


def after_alerts(viewer: Viewer, apart: int, as_of: date) -> None:
    """The same of alerts, which are kept for who sees every site."""
    if viewer.scope.everything:
        _many(viewer, apart, as_of)


def _many(viewer: Viewer, apart: int, as_of: date) -> None:
    if apart > MANY and as_of == viewer.today:
        address = database_address()
        _judging(address).soon(reads.open_database(address), viewer.today)
