"""What every answer tells the browser: what a page may load, who may frame it, what may be kept.

docs/decisions/0010-hardening.md says why each part of the content security policy is there.
"""

import base64
import re
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE = Path(st.__file__).parent / "static" / "index.html"
# Their names hold a hash of their content, or never change; nothing of them belongs to anybody.
_KEPT = ("/static/", "/fonts/")


def content_security_policy() -> str:
    """The policy, with the hashes of the inline scripts of Streamlit's own page."""
    inline = re.findall(r"<script>(.*?)</script>", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'" for script in inline]
    parts = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "blob:", "'wasm-unsafe-eval'", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in parts.items())


_UNUSED = [
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
]
ALWAYS = {
    "Content-Security-Policy": content_security_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SafeHeaders:
    """ASGI middleware: ALWAYS on every answer, and no-store on what may hold somebody's rows."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def say(message: Message) -> None:
            nonlocal begun
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                begun = True
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                if not _may_be_kept(scope, message["status"], headers):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        try:
            await self._app(scope, receive, say)
        except Exception:
            if scope["type"] == "http" and not begun:  # Starlette would answer outside of this middleware
                await PlainTextResponse("Internal Server Error", 500)(scope, receive, say)
            raise


def _may_be_kept(scope: Scope, status: int, headers: MutableHeaders) -> bool:
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    path = scope["path"].removeprefix(f"/{base}" if base else "")
    found = status in (200, 206, 304)
    return found and path.startswith(_KEPT) and "html" not in headers.get("Content-Type", "")
