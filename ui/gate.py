"""Who may ask at all: the hosts that this server answers for, and pages of its own; on HTTP and on the websocket.

Streamlit itself checks the Host of the websocket only, takes any page of localhost for its own there, and asks a service
on the internet for this machine's address when it meets an Origin that it does not know.
"""

import logging

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.headers import SafeHeaders
from ui.start import LocalOnly

log = logging.getLogger("duewatch")


class OwnPages:
    """ASGI middleware: a request that names an Origin must come from a page of the Host that it asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            if not _is_own(headers):
                log.warning("refused Origin %.200r at Host %.200r", headers["origin"], headers.get("host"))
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                else:
                    await PlainTextResponse("This server answers its own pages only", 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_own(headers: Headers) -> bool:
    origins = headers.getlist("origin")
    own = {f"{scheme}://{headers.get('host', '')}".lower() for scheme in ("http", "https")}
    own.update(st.get_option("server.corsAllowedOrigins"))
    return not origins or (len(origins) == 1 and origins[0] in own)


def middleware() -> list[Middleware]:
    """All of it, outermost first. Host names are those of server.allowedHosts; none means that nobody is answered."""
    return [
        Middleware(SafeHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(st.get_option("server.allowedHosts")), www_redirect=False),
        Middleware(OwnPages),
        Middleware(LocalOnly),
    ]
