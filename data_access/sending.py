"""Sending a digest to one channel, in a process of its own that is ended when its time is over.

apprise speaks SMTP and HTTP, and waits for slow servers as it sees fit; its process is not ours. What goes to it, the address
among it, goes by a pipe: neither arguments nor logs hold a secret.
"""

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from data_access.alert_channels import Channel, instance
from domain.alerts.digest import Digest

SECONDS = 30.0
_ROOT = Path(__file__).resolve().parents[1]
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it. unclear: it may have arrived, or not: nobody said. error: '' where it was taken."""

    ok: bool
    error: str = ""
    unclear: bool = False


def send(channel: Channel, digest: Digest, seconds: float) -> Sent:
    """Hand the digest to the channel's server. Within `seconds`, whatever that server does; raises nothing."""
    mail = channel.kind == "e-mail"
    request = {"url": channel.url, "title": digest.title, "body": digest.html() if mail else digest.text()}
    environment = dict(os.environ)
    if not channel.secure:  # this machine: nothing on it goes through a proxy of the world outside
        environment = {name: value for name, value in environment.items() if name.lower() not in _PROXIES}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "data_access.sending"],
            input=json.dumps(request | {"format": "html" if mail else "text", "seconds": seconds}),
            capture_output=True,
            text=True,
            timeout=seconds,
            cwd=_ROOT,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Sent(ok=False, error=f"{channel.host} did not answer within {seconds:g} seconds", unclear=True)
    if done.returncode == 0:
        return Sent(ok=True)
    if done.returncode == 1:
        return Sent(ok=False, error=f"{channel.host} could not be reached, or refused it")
    return Sent(ok=False, error=f"the sending process for {channel.host} failed ({done.returncode})", unclear=True)


def main() -> int:
    """The process: the request comes on standard input; 0 taken, 1 not taken."""
    logging.disable(logging.CRITICAL)  # apprise's log may quote what it was given
    request = json.loads(sys.stdin.read())
    target = instance(request["url"])
    if target is None:
        return 1
    target.redirects = False
    # Longer than the parent waits: its time is the one that counts, and tells "no answer" from "refused".
    target.socket_read_timeout = request["seconds"] * 2
    taken = target.notify(body=request["body"], title=request["title"], body_format=request["format"])
    return 0 if taken else 1


if __name__ == "__main__":
    sys.exit(main())
