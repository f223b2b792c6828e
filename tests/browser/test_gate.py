"""What the server answers to whom, and what every answer says: asked by hand, without a browser's own caution."""

from urllib.parse import urlsplit

import pytest

from tests.browser.raw_http import ask, shake_hands
from ui.headers import ALWAYS

pytestmark = pytest.mark.browser

ANSWERS = {
    "/": 200,
    "/balances?as_of=2026-11-20": 200,
    "/healthz": 200,
    "/favicon.png": 200,
    "/_stcore/health": 200,
    "/_stcore/host-config": 200,
    "/_stcore/agent/openapi.json": 200,
    "/media/none.csv": 404,
    "/static/none.js": 200,  # Streamlit gives its page for what it does not know
    "/fonts/none.woff2": 404,
    "/../../etc/passwd": 400,
    "//evil.example/": 400,
}


@pytest.mark.parametrize(("path", "status"), ANSWERS.items())
def test_every_answer_carries_the_headers_and_may_not_be_kept(server, path, status):
    found, headers, _ = ask(server, path)
    assert found == status
    assert {name: headers.get(name.lower()) for name in ALWAYS} == ALWAYS
    assert headers["cache-control"] == "no-store"


def test_what_belongs_to_nobody_may_be_kept(server):
    _, _, page = ask(server, "/")
    script = page.decode().split('src="./')[1].split('"')[0]
    for path in (f"/{script}", "/fonts/ibm-plex-sans-latin-400-normal.woff2"):
        status, headers, _ = ask(server, path)
        assert (status, headers.get("cache-control", "")) in ((200, ""), (200, "public, immutable, max-age=31536000"))
        assert {name: headers.get(name.lower()) for name in ALWAYS} == ALWAYS


def test_the_policy_lets_no_foreign_thing_in():
    policy = dict(part.split(" ", 1) for part in ALWAYS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    sources = {source for value in policy.values() for source in value.split(" ")}
    assert {source for source in sources if not source.startswith("'sha256-")} == {
        "'none'",
        "'self'",
        "'unsafe-inline'",
        "'wasm-unsafe-eval'",
        "blob:",
        "data:",
    }
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & set(policy["script-src"].split(" "))


FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "localhost.evil.example",
    "10.0.0.1:{port}",
    "localhost@evil.example",
]


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_host_is_refused(server, host):
    host = host.format(port=urlsplit(server).port)
    for path in ("/", "/healthz", "/_stcore/health", "/_stcore/metrics"):
        assert ask(server, path, Host=host)[0] == 400
    assert shake_hands(server, Host=host, Origin=f"http://{host}") == 400  # a name rebound to this machine


FOREIGN_PAGES = [
    "https://evil.example",
    "null",
    "http://localhost:1",
    "http://127.0.0.1:{port}",
    "http://0.0.0.0:{port}",
    "http://localhost:{port}.evil.example",
    "http://evil.example@localhost:{port}",
    "file://localhost:{port}",
    "",
]


@pytest.mark.parametrize("origin", FOREIGN_PAGES)
def test_a_foreign_page_is_refused(server, origin):
    origin = origin.format(port=urlsplit(server).port)
    assert ask(server, "/", Origin=origin)[0] == 403
    assert ask(server, "/_stcore/upload_file/a/b", "PUT", Origin=origin)[0] == 403
    assert shake_hands(server, Origin=origin) == 403


def test_an_own_page_is_served(server):
    assert ask(server, "/", Origin=server)[0] == 200
    assert shake_hands(server, Origin=server) == 101
    assert ask(server, "/healthz")[2] == b"ok"


def test_no_upload_without_its_token_and_no_other_way_in(server):
    assert ask(server, "/_stcore/upload_file/a/b", "PUT", Origin=server)[0] == 403
    assert ask(server, "/_stcore/agent/interact", "POST")[0] == 403
    assert b'"allowedOrigins":[]' in ask(server, "/_stcore/host-config")[2]


def test_a_download_is_an_attachment_that_is_not_kept(opened, server):
    page = opened("/balances?as_of=2026-11-20")
    page.locator(".st-key-export-balances button").first.click()
    page.get_by_role("button", name="CSV", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    status, headers, body = ask(server, urlsplit(download.value.url).path)
    assert (status, body) == (200, download.value.path().read_bytes())
    assert headers["content-type"].startswith("text/csv")
    assert headers["content-disposition"].startswith('attachment; filename="duewatch-balances')
    assert headers["cache-control"] == "no-store"
    assert {name: headers.get(name.lower()) for name in ALWAYS} == ALWAYS
