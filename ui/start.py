"""Whether the server may serve at all: with sign-in set up safely, or to this machine only."""

import ipaddress
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from data_access.secrets_files import auth_section
from domain.sign_in_settings import UnsafeSignInError, refuse_unsafe

WITHOUT_SIGN_IN = (
    "without sign-in it serves one local operator on this machine only, not on {address}. "
    "Set up a sign-in provider (README, Signing in), or set server.address to localhost"
)


@cache
def settings() -> Mapping[str, Any] | None:
    """The sign-in settings that the server was started with, None for none. Raises UnsafeSignInError.

    Read once: a secrets file that vanishes later must not make everybody the operator.
    """
    return auth_section(st.get_option("secrets.files"))


def check() -> None:
    """End the process with a sentence when serving would not be safe; the front door calls it before there is an app."""
    try:
        auth = settings()
        if auth is not None:
            refuse_unsafe(auth)
        elif not is_this_machine(str(st.get_option("server.address") or "")):
            address = st.get_option("server.address") or "every address"
            raise UnsafeSignInError(WITHOUT_SIGN_IN.format(address=address))
    except UnsafeSignInError as error:
        raise SystemExit(f"Duewatch does not start: {error}.") from None


def is_this_machine(host: str) -> bool:
    """Can only this machine reach the address?"""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """The name in a Host header, without its port; '' for what is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class LocalOnly:
    """Without sign-in, refuse what comes from outside.

    Another server than Streamlit's has its own idea of the address, and a proxy on this machine arrives from this machine:
    then the Host that was asked for says so.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or settings() is not None:
            await self._app(scope, receive, send)
            return
        reached_at = (scope.get("server") or ("",))[0]
        host = _name(Headers(scope=scope).get("host", reached_at))
        if is_this_machine(reached_at) and is_this_machine(host):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            reached = host if is_this_machine(reached_at) else reached_at
            said = f"Duewatch: {WITHOUT_SIGN_IN.format(address=reached)}.\n"
            await PlainTextResponse(said, status_code=403)(scope, receive, send)
