"""/calendar/TOKEN.ics as a calendar program meets it: the calendar, not found, or come back."""

import asyncio
import logging

import pytest
from icalendar import Calendar
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from data_access.commands.calendar_tokens import new_token, renew
from data_access.commands.people import disable
from data_access.logs import guard_logs, redacted
from data_access.scope import Scope
from tests import factories as make
from tests.conftest import NOW
from tests.loops import in_a_thread
from ui import calendar_feed, reads, start
from ui.headers import ALWAYS, SafeHeaders

ALL = Scope.all_sites()
SIGN_IN = {"auth": "is set up"}


@pytest.fixture
def feed(ledger_address, monkeypatch):
    """feed(token, method="GET"): (status, headers, body) of the app's route."""
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    monkeypatch.setattr(start, "settings", lambda: SIGN_IN)
    reads.open_database.clear()

    def call(token, method="GET", path=None, with_feed=None):
        answering = with_feed or calendar_feed.CalendarFeed(lambda: NOW)
        app = Starlette(routes=[Route(calendar_feed.PATH, answering.answer)], middleware=[Middleware(SafeHeaders)])
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "method": method, "path": path or f"/calendar/{token}.ics", "headers": []}
        in_a_thread(app(scope | {"query_string": b""}, receive, send))
        head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], head, b"".join(message.get("body", b"") for message in sent[1:])

    yield call
    reads.open_database.clear()


@pytest.fixture
def vera(database):
    where = make.office(database)
    make.invoice(database, where, "B-1", NOW.date(), NOW.date(), 100)
    user_id = make.add(database, "users", email="vera@example.com", role="viewer")
    make.add(database, "grants", user_id=user_id, site_id=where["site_id"])
    token = new_token()
    database.writing("vera@example.com", ALL, lambda writing: renew(writing, user_id, token))
    return token


def test_the_calendar_and_its_headers(feed, vera):
    status, headers, body = feed(vera)
    assert (status, headers["content-type"], headers["cache-control"]) == (
        200, "text/calendar; charset=utf-8", "no-store"
    )  # fmt: skip
    assert headers["x-content-type-options"] == "nosniff"
    assert {name: headers[name.lower()] for name in ALWAYS} == ALWAYS
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert "HQ site" in event["SUMMARY"]
    assert feed(vera)[2] == body


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 10_000, "%27", "..", "A" * 42 + "/"])
def test_what_opens_nothing_is_not_found(feed, vera, token):
    status, headers, body = feed(token)
    assert status == 404
    assert headers["cache-control"] == "no-store"
    assert body.strip().lower() == b"not found"


def test_a_disabled_user_is_not_found_at_once(feed, vera, database):
    assert feed(vera)[0] == 200
    make.add(database, "users", email="ada@example.com", role="admin")
    database.writing("ada", ALL, lambda writing: disable(writing, "vera@example.com"))
    assert feed(vera)[::2] == (404, b"Not found")


def test_the_operator_has_one_where_nobody_signs_in(feed, vera, database, monkeypatch):
    token = new_token()
    database.writing("operator", ALL, lambda writing: renew(writing, None, token))
    assert feed(token)[0] == 404
    monkeypatch.setattr(start, "settings", lambda: None)
    assert feed(token)[0] == 200


def test_it_only_reads(feed, vera):
    assert feed(vera, "POST")[0] == 405
    assert feed(vera, "HEAD")[0] == 200


def test_too_many_at_once_are_asked_to_come_back(feed, vera, monkeypatch):
    monkeypatch.setattr(calendar_feed, "PATIENCE_S", 0.01)
    busy = calendar_feed.CalendarFeed(lambda: NOW)
    busy._seats = asyncio.Semaphore(0)
    status, headers, _ = feed(vera, with_feed=busy)
    assert (status, headers["retry-after"]) == (503, "300")


def test_a_database_that_fails_says_so_in_the_log_alone(feed, vera, database, caplog):
    with database.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE calendar_tokens RENAME TO elsewhere")
    try:
        status, headers, body = feed(vera)
        assert (status, body) == (503, b"unavailable")
        assert headers["retry-after"]
        assert "calendar" in caplog.text
        assert vera not in caplog.text
    finally:
        with database.writer.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO calendar_tokens")


def test_no_log_keeps_the_address(caplog):
    token = new_token()
    for said in (f'"GET /calendar/{token}.ics HTTP/1.1" 200', f"url: 'https://x.example/calendar/{token}.ics?a=1'"):
        assert token not in redacted(said)
        assert "/calendar/•••" in redacted(said)
    before = logging.getLogRecordFactory()
    try:
        guard_logs()
        logging.getLogger("uvicorn.access").warning(
            '%s - "%s %s HTTP/%s" %d', "::1", "GET", f"/calendar/{token}.ics", "1.1", 200
        )
        assert "/calendar/•••" in caplog.text
        assert token not in caplog.text
    finally:
        logging.setLogRecordFactory(before)
