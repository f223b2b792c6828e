"""/calendar/TOKEN.ics: somebody's dates for a calendar program, which cannot sign in. The token is the key.

Role, sites and state of its user are looked up on every request. What opens nothing is not found, whatever the reason.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from data_access.address import database_address
from data_access.calendar_file import MIME, as_ics
from data_access.commands.calendar_tokens import opened_by
from data_access.database import utc_now
from data_access.failures import DATABASE_FAILURES, reason_of
from data_access.revisions import SchemaError
from domain.filters import Filters
from ui import start
from ui.viewer import Viewer

PATH = "/calendar/{token}.ics"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
AT_ONCE, PATIENCE_S = 2, 5  # of a process; who waits longer is asked to come back

log = logging.getLogger("duewatch")


class CalendarFeed:
    """A few at a time: calendar programs ask on the hour, all of them."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._seats = asyncio.Semaphore(AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """200 with the calendar, 404, or 503 when there is no answer now; what is wrong is in the log alone."""
        token = request.path_params["token"]
        if not _TOKEN.fullmatch(token):
            return _not_found()
        try:
            await asyncio.wait_for(self._seats.acquire(), PATIENCE_S)
        except TimeoutError:
            return _come_back()
        try:
            content = await run_in_threadpool(calendar_of, token, self._now())
        except (*DATABASE_FAILURES, SchemaError) as error:
            log.error("calendar: %s", reason_of(error))
            return _come_back()
        finally:
            self._seats.release()
        if content is None:
            return _not_found()
        return Response(
            content, headers={"Content-Type": MIME, "Content-Disposition": 'inline; filename="duewatch.ics"'}
        )


def _not_found() -> Response:
    return PlainTextResponse("Not found", 404)


def _come_back() -> Response:
    return PlainTextResponse("unavailable", 503, headers={"Retry-After": "300"})


def calendar_of(token: str, now: datetime) -> bytes | None:
    """The calendar that a token opens, within its user's sites; None for one that opens nothing."""
    from ui import reads  # late: before the server runs, Streamlit has no place for caches

    database = reads.open_database(database_address())
    holder = opened_by(database, token, now, operator=start.settings() is None)
    if holder is None:
        return None
    viewer = Viewer(holder.name, holder.person.role if holder.person else "admin", holder.scope, now, holder.person)
    as_of = viewer.today
    return as_ics(reads.filtered("calendar_entries", viewer, Filters(as_of=as_of)), as_of)
