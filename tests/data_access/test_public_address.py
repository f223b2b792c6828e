"""doctor --url: what a stranger is answered."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from data_access import public_address
from data_access.public_address import HEADERS, STRANGER, examine_address

GOOD = dict.fromkeys(HEADERS, "x") | {"Cache-Control": "no-store", "Strict-Transport-Security": "max-age=1"}


class Dashboard(BaseHTTPRequestHandler):
    """Answers as a deployed dashboard does, but for the faults of its server."""

    def do_GET(self):
        faults = self.server.faults
        status = 200
        if self.path == "/_stcore/metrics":
            status = 404
        if self.headers["Host"] == STRANGER or STRANGER in self.headers.get("Origin", ""):
            status = 403
        for name in ("Host", "Origin"):
            if STRANGER in self.headers.get(name, "") and name in faults:
                status = 200
        self.send_response(faults.get(self.path, status))
        for name, value in GOOD.items():
            if name not in faults:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def dashboard():
    with ThreadingHTTPServer(("127.0.0.1", 0), Dashboard) as server:
        server.faults = {}
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def wrong(server):
    url = f"http://127.0.0.1:{server.server_address[1]}"
    return [finding.about for finding in examine_address(url) if not finding.ok]


def test_only_the_missing_encryption_is_found_on_a_plain_port(dashboard):
    assert wrong(dashboard) == ["encryption"]


@pytest.mark.parametrize(
    ("fault", "about"),
    [
        *(({name: None}, "answered headers") for name in (*HEADERS, "Cache-Control")),
        ({"/healthz": 503}, "healthz"),
        ({"/_stcore/metrics": 200}, "internals"),
        ({"Host": 1}, "foreign host"),
        ({"Origin": 1}, "foreign page"),
        ({"/": 502}, "public address"),
    ],
)
def test_each_fault_is_named(dashboard, fault, about):
    dashboard.faults = fault
    assert about in wrong(dashboard)
    assert len(wrong(dashboard)) == 2  # it, and the encryption


def test_nobody_there(dashboard):
    (finding,) = examine_address("http://127.0.0.1:9")
    assert not finding.ok
    assert [finding.about for finding in examine_address("duewatch.example.com")] == ["public address"]


def test_encryption_is_fine_when_it_lasts(monkeypatch):
    answer = public_address.Answer(200, {name.lower(): value for name, value in GOOD.items()})
    monkeypatch.setattr(public_address, "_ask", lambda *_: answer)
    found = {finding.about: finding.ok for finding in examine_address("https://duewatch.example.com")}
    assert found["encryption"]
    assert not {f.about: f.ok for f in examine_address("http://duewatch.example.com")}["encryption"]
