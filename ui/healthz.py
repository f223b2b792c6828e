"""/healthz: is this process of use? It runs, its database answers, and the schema is the one that it reads."""

import asyncio
import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from data_access.address import database_address
from data_access.failures import DATABASE_FAILURES, reason_of
from data_access.revisions import SchemaError, current_revision, head_revision

PATIENCE_S = 5

log = logging.getLogger("duewatch")


class Healthz:
    """One look at a time, whose answer all get who ask meanwhile: a stuck database is not asked again and again."""

    def __init__(self) -> None:
        self._look: asyncio.Task[bool] | None = None

    async def answer(self, _request: Request) -> PlainTextResponse:
        """200 ok or 503 unavailable; what is wrong is in the log alone."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(run_in_threadpool(is_well))
        try:
            well = await asyncio.wait_for(asyncio.shield(self._look), PATIENCE_S)
        except TimeoutError:
            log.error("healthz: the database has not answered for %d seconds", PATIENCE_S)
            well = False
        return PlainTextResponse("ok" if well else "unavailable", 200 if well else 503)


def is_well() -> bool:
    """Does the database answer, at the revision that this program reads?"""
    from ui import reads  # late: before the server runs, Streamlit has no place for caches

    try:
        found = current_revision(reads.open_database(database_address()))
    except (*DATABASE_FAILURES, SchemaError) as error:
        log.error("healthz: %s", reason_of(error))
        return False
    if found != head_revision():
        log.error("healthz: the database is at revision %s, this program at %s", found, head_revision())
    return found == head_revision()
