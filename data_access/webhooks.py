"""Sending a small message to a web address on an allowed host, and nowhere else."""

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from data_access.finding import Finding
from domain.outgoing import Destination, is_host

HOSTS = "DUEWATCH_WEBHOOK_HOSTS"
SECONDS = 10.0  # for all of it
# Both log whole addresses, in which a secret may stand.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class NotSentError(RuntimeError):
    """The message did not arrive, as far as can be known; the text says why."""


def allowed_hosts() -> tuple[str, ...]:
    """The hosts of DUEWATCH_WEBHOOK_HOSTS, a comma list; none when it is not set."""
    return tuple(filter(None, (host.strip() for host in os.environ.get(HOSTS, "").split(","))))


def examine_webhooks() -> Iterator[Finding]:
    """Which hosts are allowed, and names that cannot be meant."""
    given = allowed_hosts()
    wrong = [name for name in given if not is_host(name)]
    yield Finding(
        "webhooks",
        f"to {', '.join(given)}" if given else "none allowed",
        not wrong,
        f"{HOSTS} takes host names with commas between, no * and no address; not {', '.join(wrong)}",
    )


def post(destination: Destination, message: Mapping[str, Any], seconds: float = SECONDS) -> int:
    """Send `message` as JSON; returns the status of the answer (2xx). Follows no redirect. Raises NotSentError."""
    try:
        status = asyncio.run(_within(destination, message, seconds))
    except TimeoutError:
        raise NotSentError(f"{destination.host} did not answer within {seconds:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        # The library's own words may quote the address, which may hold a secret.
        raise NotSentError(f"{destination.host} could not be reached ({type(error).__name__})") from None
    if httpx.codes.is_redirect(status):
        raise NotSentError(f"{destination.host} answered with a redirect ({status}), which is not followed")
    if not httpx.codes.is_success(status):
        raise NotSentError(f"{destination.host} refused it with status {status}")
    return status


async def _within(destination: Destination, message: Mapping[str, Any], seconds: float) -> int:
    # A proxy of the environment is for the world outside; nothing on this machine goes through it.
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(trust_env=not destination.loopback, timeout=seconds) as client,
        client.stream("POST", destination.url, json=dict(message)) as answer,  # its body is not read
    ):
        return answer.status_code
