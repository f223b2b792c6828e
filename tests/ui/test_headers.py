"""The headers are on answers that fail, and the gate lets named pages in."""

import streamlit as st
from starlette.responses import PlainTextResponse

from tests.loops import in_a_thread
from ui.gate import OwnPages
from ui.headers import ALWAYS, SafeHeaders

SCOPE = {"type": "http", "path": "/x", "method": "GET", "headers": [(b"host", b"duewatch.example.com")]}


def answered(app, **more):
    """The messages that it sends; its error is left."""
    sent = []

    async def send(message):
        sent.append(message)

    try:
        in_a_thread(app({**SCOPE, **more}, None, send))
    except ZeroDivisionError:
        sent.append("raised")
    return sent


def headers(message):
    return {name.decode().title(): value.decode() for name, value in message["headers"]}


async def broken(scope, receive, send):
    raise ZeroDivisionError


async def breaking(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ZeroDivisionError


def test_what_breaks_is_answered_with_the_headers_and_goes_on_to_the_log():
    start, body, raised = answered(SafeHeaders(broken))
    assert (start["status"], body["body"], raised) == (500, b"Internal Server Error", "raised")
    assert {name: headers(start).get(name.title()) for name in ALWAYS} == ALWAYS
    assert headers(start)["Cache-Control"] == "no-store"


def test_what_broke_half_way_is_not_answered_twice():
    assert [m if m == "raised" else m["type"] for m in answered(SafeHeaders(breaking))] == [
        "http.response.start",
        "raised",
    ]


def test_a_page_of_a_named_origin_is_let_in(monkeypatch):
    theirs = [*SCOPE["headers"], (b"origin", b"https://portal.example.com")]
    app = OwnPages(PlainTextResponse("ok"))
    assert answered(app, headers=theirs)[0]["status"] == 403
    monkeypatch.setattr(st, "get_option", {"server.corsAllowedOrigins": ["https://portal.example.com"]}.get)
    assert answered(app, headers=theirs)[0]["status"] == 200
    assert answered(app, headers=[*theirs, theirs[-1]])[0]["status"] == 403  # once is enough


def test_under_a_base_path_static_files_may_still_be_kept(monkeypatch):
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/ledger/"}.get)
    app = SafeHeaders(PlainTextResponse("x"))
    assert "Cache-Control" not in headers(answered(app, path="/ledger/static/js/a.js")[0])
    assert headers(answered(app, path="/ledger/media/a.csv")[0])["Cache-Control"] == "no-store"
