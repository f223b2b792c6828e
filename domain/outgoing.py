"""Which addresses may be written to: a web address is let through only when its host is on the list."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# Written out, and narrower than the standard: what two readers could read differently is no address here.
_HOST = r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])\.?(?::(?P<port>[0-9]{1,5}))?"
_ADDRESS = re.compile(rf"(?P<scheme>https?)://{_HOST}(?P<rest>[/?][!-~]*)?", re.IGNORECASE)
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")
_AMBIGUOUS = frozenset("\\#@")
LONGEST, LAST_PORT = 2_000, 65_535


class AddressRefusedError(ValueError):
    """Nothing is sent to this address; the text says why, and names no more of it than the host."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An address that may be written to. What stands behind the host may be a secret: `host` is what may be told."""

    url: str
    host: str
    loopback: bool


def is_host(text: str) -> bool:
    """Can `text` stand on the list: a name or number, with a port or without?"""
    return re.fullmatch(_HOST, text, re.IGNORECASE) is not None


def check_address(url: str, allowed: Collection[str]) -> Destination:
    """The destination; `allowed` are hosts, each good for every port unless it names one. Raises AddressRefusedError."""
    match = _ADDRESS.fullmatch(url) if len(url) <= LONGEST and not _AMBIGUOUS.intersection(url) else None
    if match is None:
        raise AddressRefusedError(
            "this is not an address that can be sent to: write https://host/path, without a user name"
        )
    scheme, host, port = match["scheme"].lower(), match["host"].lower(), int(match["port"] or 0)
    if port > LAST_PORT:
        raise AddressRefusedError(f"{host}: there is no port {port}")
    named = host if not port else f"{host}:{port}"
    if not {host, named}.intersection(each.strip().lower().rstrip(".") for each in allowed):
        listed = ", ".join(sorted(allowed)) or "empty"
        raise AddressRefusedError(f"{host} is not on the list of hosts that may be sent to ({listed})")
    loopback = _LOOPBACK.fullmatch(host) is not None
    if scheme != "https" and not loopback:
        raise AddressRefusedError(f"{host}: only https is sent to, http on this machine alone")
    return Destination(url, host, loopback)
