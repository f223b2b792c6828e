"""What the dashboard answers at its address, asked as a stranger: through the proxy, with its certificate checked."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from data_access.finding import Finding

PATIENCE_S = 10
HEADERS = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
)
STRANGER = "stranger.invalid"
REFUSED_FROM = 400
OK = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and headers by their lower-case names; status 0: the connection was closed without an answer."""

    status: int
    headers: dict[str, str]


def examine_address(url: str) -> Iterator[Finding]:
    """Every look, in a fixed order; ends after the first when nobody answers."""
    try:
        page = _ask(url, "/")
    except (OSError, HTTPException, ValueError) as error:
        yield Finding("public address", f"{url}: {error}", False, "is the proxy running, and its certificate valid?")
        return
    yield Finding("public address", f"{url}: {page.status}", page.status == OK, "the proxy or the app refuses it")
    lasting = "strict-transport-security" in page.headers
    yield Finding(
        "encryption",
        f"{urlsplit(url).scheme}{' for good' if lasting else ''}",
        lasting and urlsplit(url).scheme == "https",
        "serve it by TLS and send Strict-Transport-Security, as deploy/nginx.conf does",
    )
    missing = [name for name in HEADERS if name.lower() not in page.headers]
    if page.headers.get("cache-control") != "no-store":
        missing.append("Cache-Control: no-store")
    yield Finding(
        "answered headers",
        "missing: " + ", ".join(missing) if missing else "as they should be",
        not missing,
        "something between strips them, or another program answers",
    )
    for about, path, headers, refused, advice in (
        ("healthz", "/healthz", {}, False, "the database does not answer, or `python manage.py init` is due"),
        ("internals", "/_stcore/metrics", {}, True, "close /_stcore/metrics at the proxy, as deploy/nginx.conf does"),
        ("foreign host", "/", {"Host": STRANGER}, True, "name the hosts in STREAMLIT_SERVER_ALLOWED_HOSTS"),
        (
            "foreign page",
            "/",
            {"Origin": f"https://{STRANGER}"},
            True,
            "dashboard.py must hand gate.middleware() to st.App",
        ),
    ):
        status = _status(url, path, headers)
        fine = (status == 0 or status >= REFUSED_FROM) if refused else status == OK
        yield Finding(about, f"{path} answers {status or 'nothing'}", fine, advice)


def _status(url: str, path: str, headers: dict[str, str]) -> int:
    try:
        return _ask(url, path, headers).status
    except (OSError, HTTPException):
        return 0


def _ask(url: str, path: str, headers: dict[str, str] | None = None) -> Answer:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address begins with https://")
    connection: HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = HTTPSConnection(parts.hostname, parts.port, timeout=PATIENCE_S, context=context)
    else:
        connection = HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE_S)
    try:
        connection.request("GET", parts.path.rstrip("/") + path, headers=headers or {})
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()})
    finally:
        connection.close()
