"""docs/deploy.md, done: roles, units, environment files and nginx as they are shipped, and a browser in front of them."""

import os
import re
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.conftest import PATIENCE_MS, SETTLED, watched
from tests.browser.raw_http import ask, shake_hands
from tests.deploy.conftest import ROOT, logins_on
from tests.deploy.site import app, commands, environment_of, nginx
from tests.deploy.test_postgresql_roles import manage
from tests.postgres import free_port, postgres_home
from tests.streaming import until
from ui.headers import ALWAYS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAY = "as_of=2026-11-20"
SITES = f"/sites?{DAY}"
TOOLS = {"DUEWATCH_PG_BIN": str(postgres_home() / "bin")}


@pytest.fixture(scope="module")
def logins(pair):
    made = logins_on(pair.primary)
    manage(made.owner, "init")
    manage(made.web, "seed", "--size", "tiny")
    return made


@pytest.fixture(scope="module")
def site(pair, logins):
    ports = {port: free_port() for port in (443, 80, 8601, 8602)}
    environment = environment_of(
        "web.env.example",
        DATABASE_URL=logins.web,
        DATABASE_READ_URL=pair.replica_of(logins.web),
        DATABASE_READ_LAG_S="600",  # on a busy machine too
        STREAMLIT_SERVER_ALLOWED_HOSTS="localhost 127.0.0.1",
        STREAMLIT_SERVER_COOKIE_SECRET=os.urandom(32).hex(),
    )
    with ExitStack() as running, tempfile.TemporaryDirectory(prefix="duewatch-site-") as folder:
        site = running.enter_context(nginx(Path(folder), ports))
        for port in (ports[8601], ports[8602]):
            site.processes[port] = running.enter_context(app(environment, port))
        site.ports, site.environment = ports, environment
        yield site
    pair.release()


@pytest.fixture
def page(browser, site):
    context = browser.new_context(base_url=site.url, ignore_https_errors=True, timezone_id="UTC", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def drawn(page, path):
    page.goto(path)
    page.wait_for_function(SETTLED)
    return page


def test_strangers_are_not_answered_and_internals_are_closed(site):
    status, headers, _ = ask(site.url, "/")
    assert status == 200
    assert {name: headers.get(name.lower()) for name in ALWAYS} == ALWAYS
    assert headers["strict-transport-security"] == "max-age=63072000"
    assert headers["cache-control"] == "no-store"
    assert headers["server"] == "nginx"
    seat = headers["set-cookie"]
    assert "Secure; HttpOnly; SameSite=Lax" in seat
    assert "set-cookie" not in ask(site.url, "/", Cookie=seat.split(";")[0])[1]
    # A cookie that is not one of ours is replaced, whatever it says.
    assert ask(site.url, "/", Cookie="duewatch_seat=x")[1]["set-cookie"] != seat
    assert "Secure" in ask(site.url, "/_stcore/health")[1]["set-cookie"]

    for path in (
        "metrics",
        "metrics/",
        "METRICS",
        "script-health-check",
        "agent/openapi.json",
        "agent/mcp",
        "%6detrics",
    ):
        status, headers, _ = ask(site.url, f"/_stcore/{path}")
        assert status == 404, path
        assert headers["x-frame-options"] == "DENY"
        assert "strict-transport-security" in headers
    assert ask(site.url, "//_stcore//metrics")[0] == 404
    assert ask(site.url, "/healthz")[::2] == (200, b"ok")

    for host in ("evil.example", f"evil.example:{site.ports[443]}", "127.0.0.1"):
        with pytest.raises(OSError, match="closed connection"):
            ask(site.url, "/", Host=host)
    with pytest.raises(OSError, match="SSL"):  # a name that the certificate does not have
        ask(site.url.replace("localhost", "127.0.0.1"), "/")
    plain = f"http://localhost:{site.ports[80]}"
    assert ask(plain, "/sites?x=1")[:1] == (301,)
    assert ask(plain, "/sites?x=1")[1]["location"] == f"{site.url}/sites?x=1"
    with pytest.raises(OSError, match="closed connection"):
        ask(plain, "/", Host="evil.example")

    assert shake_hands(site.url, Origin=site.url) == 101
    assert shake_hands(site.url, Origin="https://evil.example") == 403
    assert shake_hands(site.url, Origin=site.url.replace("https", "http").replace(":", ":1")) == 403
    assert ask(site.url, "/_stcore/upload_file/a/b", "PUT", **{"Content-Length": str(60 << 20)})[0] == 413
    # Past the proxy: the same refusals by the app itself.
    direct = f"http://127.0.0.1:{site.ports[8601]}"
    assert ask(direct, "/", Host="evil.example")[0] == 400
    assert ask(direct, "/healthz")[0] == 200


def test_a_calendar_comes_through_and_no_log_keeps_its_address(site, logins):
    manage(logins.web, "grant", "vera@example.com", "viewer", "--region", "Northeast")
    path = manage(logins.web, "calendar-link", "--as", "vera@example.com")["path"]
    status, headers, body = ask(site.url, path)
    assert (status, headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert body.startswith(b"BEGIN:VCALENDAR")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" in headers
    assert ask(f"http://localhost:{site.ports[80]}", path)[0] == 301
    wrong = f"/calendar/{'A' * 43}.ics"
    answers = [ask(site.url, wrong)[0] for _ in range(15)]
    assert answers[0] == 404
    assert answers[-1] == 429  # nobody tries many
    folder = site.log.parent
    kept = "".join(file.read_text() for file in folder.glob("*.log"))
    assert '"GET /calendar/-" 200' in kept
    assert path.split("/")[2] not in kept
    assert "AAAA" not in kept


def run(service, environment):
    """What a unit runs, one command after another; its output."""
    said = ""
    for command in commands(service, environment):
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        said += done.stdout
    return said


def test_the_daily_check_is_green(site, logins):
    environment = site.environment | TOOLS | {"DUEWATCH_URL": site.url, "SSL_CERT_FILE": str(site.certificate)}
    said = run("duewatch-check.service", environment)
    assert "LOOK" not in said
    assert "BROKEN" not in said
    for about in (
        "row-level security",
        "login: duewatch_web",
        "internals: /_stcore/metrics answers 404",
        "encryption: https for good",
    ):
        assert f"ok    {about}" in said


def test_the_nightly_backup_comes_back_in_the_drill(logins, new_logins, tmp_path):
    drill = new_logins()
    environment = environment_of("owner.env.example", DATABASE_URL=logins.owner, DUEWATCH_DRILL_URL=drill.owner) | TOOLS
    (command,) = commands("duewatch-backup.service", environment)
    assert command[-1] == "/var/lib/duewatch-backup"
    old = tmp_path / "ledger-20250101T000000Z.backup"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    (tmp_path / "notes").write_text("not ours")
    os.utime(tmp_path / "notes", (0, 0))
    subprocess.run([command[0], tmp_path], env=environment, cwd="/", check=True, capture_output=True)
    (made, notes) = sorted(tmp_path.iterdir())
    assert (made.name.startswith("ledger-"), notes.name) == (True, "notes")
    assert made.stat().st_mode & 0o777 == 0o600

    script = Path(command[0]).with_name("restore-drill.sh")
    done = subprocess.run([script, tmp_path], env=environment, cwd="/", check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "ok     L7" in done.stdout
    assert manage(drill.web, "balances", "--as-of", "2026-11-20") == manage(
        logins.web, "balances", "--as-of", "2026-11-20"
    )
    same = environment | {"DUEWATCH_DRILL_URL": environment["DATABASE_URL"]}
    assert subprocess.run([script, tmp_path], env=same, cwd="/", check=False, capture_output=True).returncode == 2


def test_pages_work_and_a_browser_keeps_its_process(site, page, browser):
    wrong = watched(page, site.url)
    drawn(page, f"/balances?{DAY}")
    page.locator(".st-key-export-balances button").first.click()
    page.get_by_role("button", name="CSV", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert "Outstanding" in download.value.path().read_text(encoding="utf-8-sig")
    page.keyboard.press("Escape")
    for _ in range(8):
        page.request.get("/_stcore/health")
    seats = set(site.seats("/_stcore/health")[-8:])
    page.goto("/import?kind=sites")
    page.wait_for_function(SETTLED)
    page.locator("input[type=file]").set_input_files(
        {"name": "sites.csv", "mimeType": "text/csv", "buffer": b"code,name\nS1,One\n"}
    )
    page.get_by_role("heading", name="1 of 1 row can be imported").wait_for()
    assert wrong == []
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert all(cookie["secure"] for cookie in cookies.values())

    port = site.seats("/_stcore/host-config")[-1]
    assert seats == {port}
    # A hundred other browsers do not all sit there.
    for _ in range(100):
        ask(site.url, "/favicon.png")
    assert set(site.seats("/favicon.png")) == set(site.processes)


def head(page, path):
    drawn(page, path)
    return page.locator(".st-key-head").inner_text()


def codes(page):
    return set(re.findall(r"\bNEW-\d\b", page.locator("[data-testid=stMain]").inner_text()))


def add(logins, tmp_path, code, *who):
    file = tmp_path / f"{code}.csv"
    file.write_text(f"code,name,region\n{code},Site {code},New\n")
    assert manage(logins.web, "import", "sites", file, *who)["added"] == 1


def test_lag_is_told_ones_own_change_is_seen_and_a_killed_process_is_survived(site, page, pair, logins, tmp_path):
    wrong = watched(page, site.url)
    manage(logins.web, "grant", "fred@example.com", "admin")
    add(logins, tmp_path, "NEW-1")
    pair.catch_up()
    until(lambda: "Replica" in head(page, SITES))
    assert codes(page) == {"NEW-1"}

    # What somebody else adds is not there yet, and the page says how old it is.
    pair.hold()
    add(logins, tmp_path, "NEW-2", "--as", "fred@example.com")
    assert re.search(r"Replica, up to [\d,]+ s behind", head(page, SITES))
    assert codes(page) == {"NEW-1"}

    # What the viewer adds is there at once.
    drawn(page, "/import?kind=sites")
    row = {"name": "s.csv", "mimeType": "text/csv", "buffer": b"code,name,region\nNEW-3,Site NEW-3,New\n"}
    page.locator("input[type=file]").set_input_files(row)
    page.get_by_role("button", name="Import 1 row").click()
    page.get_by_role("heading", name="1 of 1 row was imported").wait_for()
    assert "Replica" not in head(page, SITES)
    assert codes(page) == {"NEW-1", "NEW-2", "NEW-3"}

    mine = site.seats("/_stcore/host-config")[-1]
    site.processes[mine].kill()
    site.processes[mine].wait()
    (other,) = set(site.processes) - {mine}
    until(lambda: site.seats("/_stcore/host-config")[-1] == other)
    page.wait_for_function(SETTLED)
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url("**/?*")
    page.wait_for_function(SETTLED)
    assert DAY in page.url
    # The process that takes over did not see the change being made, and the replica still lacks it.
    assert "Replica" not in head(page, SITES)
    assert codes(page) == {"NEW-1", "NEW-2", "NEW-3"}

    pair.release()
    pair.catch_up()
    until(lambda: "Replica" in head(page, SITES))
    assert codes(page) == {"NEW-1", "NEW-2", "NEW-3"}
    assert wrong == []
