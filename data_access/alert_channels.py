"""Where a digest can be sent: an address in apprise's form, e-mail, Slack or a webhook, on an allowed host.

The address may hold a password or a token: it is told to nobody. Only the host and the kind are.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import apprise

from domain.outgoing import AddressRefusedError, check_address

KINDS = {"mailto": "e-mail", "mailtos": "e-mail", "slack": "Slack", "json": "webhook", "jsons": "webhook"}
SLACK_HOSTS = ("hooks.slack.com", "slack.com")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")


class ChannelError(ValueError):
    """This is no address that a digest can be sent to; the text says why, and repeats none of it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. host: the machine that is spoken to. url holds secrets, and is not in repr."""

    name: str
    kind: str
    host: str
    secure: bool
    url: str = field(repr=False)

    @property
    def shown(self) -> str:
        """What may be told: e-mail by smtp.example.com."""
        return f"{self.kind} by {self.host}"

    def refused_by(self, allowed: Collection[str]) -> str:
        """Why nothing may be sent there, '' where it may: the same list and the same rules as for other messages."""
        scheme = "https" if self.secure else "http"
        try:
            check_address(f"{scheme}://{self.host}/", allowed)
        except AddressRefusedError as error:
            said = str(error)
            plain = "only https is sent to" in said and self.kind == "e-mail"
            return f"{self.host}: e-mail is sent encrypted; write mailtos://" if plain else said
        return ""


def read_channel(name: str, url: str) -> Channel:
    """The channel of an address in apprise's form. Raises ChannelError."""
    scheme = url.split("://", 1)[0].lower()
    if scheme not in KINDS:
        raise ChannelError(f"write an address that begins with one of {', '.join(f'{kind}://' for kind in KINDS)}")
    target = instance(url)
    if target is None:
        raise ChannelError(f"apprise does not understand this {KINDS[scheme]} address; see its page on {scheme}://")
    if not target.verify_certificate:
        raise ChannelError("leave verify=no out: the certificate of the other side is looked at")
    host = _host(target, scheme)
    return Channel(name, KINDS[scheme], host, scheme == "slack" or bool(target.secure), url)


def instance(url: str) -> Any | None:
    """apprise's own object for an address; None for one that it does not take."""
    return apprise.Apprise.instantiate(url, suppress_exceptions=True)


def _host(target: Any, scheme: str) -> str:
    if scheme == "slack":
        return SLACK_HOSTS[0] if getattr(target, "mode", "hook") in (None, "hook", "webhook") else SLACK_HOSTS[1]
    host = str((getattr(target, "smtp_host", None) if scheme.startswith("mailto") else None) or target.host).lower()
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
