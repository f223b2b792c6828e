"""A whole deployment on free ports of this machine: deploy/nginx.conf in front of processes of deploy/duewatch@.service."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.conftest import DEPLOY, ROOT
from tests.deploy.units import read, variables

NAME = "localhost"  # of the site: any browser finds it
PATIENCE_S = 60


def environment_of(example: str, **given: str) -> dict[str, str]:
    """An environment file of deploy/ with the names of this machine; nothing else of this process's environment."""
    values = variables((DEPLOY / example).read_text()) | given
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **values}


def commands(service: str, environment: dict[str, str], instance: str = "") -> list[list[str]]:
    """What a unit runs, with the paths of this machine."""
    text = (DEPLOY / service).read_text()
    text = text.replace("/opt/duewatch/.venv/bin", str(Path(sys.executable).parent)).replace("/opt/duewatch", str(ROOT))
    return read(text).commands(environment, instance)


@dataclass
class Site:
    """`processes`: the app's, by their port. `log` has a line for each request, with the port that answered."""

    url: str
    certificate: Path
    log: Path
    processes: dict[int, "subprocess.Popen[str]"] = field(default_factory=dict)

    def seats(self, path: str) -> list[int]:
        """The ports that answered for `path`, in order."""
        found = re.findall(
            rf'"GET {re.escape(path)}" \d+ \d+ \S+ (?:127.0.0.1:\d+, )*127.0.0.1:(\d+)', self.log.read_text()
        )
        return [int(port) for port in found]


@contextmanager
def app(environment: dict[str, str], port: int) -> Iterator["subprocess.Popen[str]"]:
    """One process as systemd would start it, once it says that it answers."""
    (command,) = commands("duewatch@.service", environment, str(port))
    environment = environment | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = iter(process.stdout.readline, "")
            assert any("URL:" in line for line in said), "the app did not start"
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@contextmanager
def nginx(folder: Path, ports: dict[int, int]) -> Iterator[Site]:
    """nginx without privileges; `ports` are those of this machine by those of the file."""
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
        + ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("duewatch.example.com", NAME),
        (f"https://{NAME}$request_uri", f"https://{NAME}:{ports[443]}$request_uri"),
        ("/etc/ssl/duewatch", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("127.0.0.1:8601", f"127.0.0.1:{ports[8601]}"),
        ("127.0.0.1:8602", f"127.0.0.1:{ports[8602]}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    for port in (443, 80):
        text = re.sub(rf"listen {port}\b", f"listen 127.0.0.1:{ports[port]}", text)
    (folder / "site.conf").write_text(text)
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off; worker_processes 1;\n"
        "events { worker_connections 256; }\nhttp {\n"
        + "".join(
            f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"access_log {folder}/other.log;\ninclude {folder}/site.conf;\n}}\n"
    )
    user = None
    if os.geteuid() == 0:
        user = "nobody"
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, pwd.getpwnam(user).pw_uid)
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "nginx is missing: sh tests/deploy/install.sh"
    command = [program, "-e", folder / "error.log", "-p", folder, "-c", folder / "nginx.conf"]
    subprocess.run([*command, "-t"], check=True, capture_output=True, user=user)
    with subprocess.Popen(command, user=user) as process:
        try:
            _await(ports[443], process)
            yield Site(f"https://{NAME}:{ports[443]}", certificate, folder / "duewatch.log")
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
    raise AssertionError("nginx did not start")
