"""Whether the server serves at all: refused with a sentence, a code and no traceback, or for this machine only."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st

from ui import start

ROOT = Path(__file__).parents[2]
STRONG = "0123456789abcdef" * 4
AUTH = {
    "redirect_uri": "https://due.example.com/oauth2callback",
    "cookie_secret": STRONG,
    "client_id": "duewatch",
    "client_secret": "s",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}


def begin(monkeypatch, auth, address):
    monkeypatch.setattr(start, "settings", lambda: auth)
    monkeypatch.setattr(st, "get_option", {"server.address": address}.__getitem__)
    start.check()


@pytest.mark.parametrize(
    ("auth", "address", "words"),
    [
        (AUTH | {"cookie_secret": "xxx"}, "localhost", "sign-in is on and its cookie secret is weak (3 characters"),
        (AUTH | {"cookie_secret": ""}, "localhost", "sign-in is on and its cookie secret is missing"),
        (AUTH | {"client_id": ""}, "localhost", "provider is without client_id"),
        (None, "0.0.0.0", "one local operator on this machine only, not on 0.0.0.0"),
        (None, "192.0.2.2", "not on 192.0.2.2"),
        (None, None, "not on every address"),
    ],
)
def test_it_refuses_to_begin_with_a_sentence(monkeypatch, auth, address, words):
    with pytest.raises(SystemExit) as ended:
        begin(monkeypatch, auth, address)
    assert str(ended.value).startswith("Duewatch does not start: ")
    assert words in str(ended.value)
    assert STRONG not in str(ended.value)


@pytest.mark.parametrize(("auth", "address"), [(None, "localhost"), (None, "127.0.0.1"), (AUTH, "0.0.0.0")])
def test_it_begins_on_this_machine_and_with_a_safe_sign_in(monkeypatch, auth, address):
    begin(monkeypatch, auth, address)


def test_what_was_set_up_when_it_began_stays(monkeypatch, tmp_path):
    """A secrets file that vanishes later does not make everybody the operator."""
    path = tmp_path / "secrets.toml"
    path.write_text('[auth]\nclient_id = "x"\n')
    monkeypatch.setattr(st, "get_option", {"secrets.files": [str(path)]}.__getitem__)
    start.settings.cache_clear()
    assert start.settings() == {"client_id": "x"}
    path.unlink()
    assert start.settings() == {"client_id": "x"}
    start.settings.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("secrets", "address", "words"),
    [
        (None, "0.0.0.0", "without sign-in"),
        ("[auth", "localhost", "cannot be read"),
    ],
)
def test_streamlit_run_ends_instead_of_serving(tmp_path, secrets, address, words):
    path = tmp_path / "secrets.toml"
    if secrets is not None:
        path.write_text(secrets)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "server.port": port,
        "server.address": address,
        "secrets.files": path,
        "browser.serverAddress": "localhost",  # else it asks the network for its address
    }
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
    command += [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Duewatch does not start: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("", False),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.2", False),
        ("localhost.example.com", False),
        ("unix:///run/duewatch.sock", False),
    ],
)
def test_what_only_this_machine_can_reach(host, here):
    assert start.is_this_machine(host) is here


def ask(settings, scope, monkeypatch):
    """What the app is handed, and what is sent instead."""
    monkeypatch.setattr(start, "settings", lambda: settings)
    reached, sent = [], []

    async def app(scope, receive, send):
        reached.append(scope["type"])

    async def send(message):
        sent.append(message)

    asyncio.run(start.LocalOnly(app)(scope, None, send))
    return reached, sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_another_server_on_another_address_is_refused_too(monkeypatch, kind):
    outside = {"type": kind, "server": ("192.0.2.2", 8501), "headers": []}
    reached, sent = ask(None, outside, monkeypatch)
    assert reached == []
    if kind == "http":
        assert sent[0]["status"] == 403
        assert b"one local operator on this machine only" in sent[1]["body"]
    else:
        assert sent == [{"type": "websocket.close", "code": 1008}]
    assert ask({"client_id": "x"}, outside, monkeypatch) == ([kind], [])
    assert ask(None, {"type": kind, "server": ("127.0.0.1", 8501), "headers": []}, monkeypatch) == ([kind], [])
    assert ask(None, {"type": kind, "server": None, "headers": []}, monkeypatch)[0] == []
    assert ask(None, {"type": "lifespan"}, monkeypatch) == (["lifespan"], [])


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_behind_a_proxy_of_this_machine_it_is_the_host_that_counts(monkeypatch, kind):
    def asked(host, auth=None):
        here = {"type": kind, "server": ("127.0.0.1", 8501), "headers": [(b"host", host)]}
        return ask(auth, here, monkeypatch)[0]

    for own in (b"localhost:8501", b"127.0.0.1", b"[::1]:8501"):
        assert asked(own) == [kind]
    for public in (b"duewatch.example.com", b"192.0.2.2:443", b"", b"localhost.example.com", b"[::1"):
        assert asked(public) == []
        assert asked(public, {"client_id": "x"}) == [kind]
