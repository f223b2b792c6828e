"""A real browser on a real server: chromium, and `streamlit run dashboard.py` on a seeded ledger, all on this machine."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page

from data_access.database import Database
from data_access.migrate import upgrade
from seed.writing import generate, write

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 20)
NO_SECRETS = ROOT / "build" / "no-secrets.toml"  # names no file: what is set up on this machine does not count
PATIENCE_MS = 60_000
# A run is over in the browser: nothing runs, nothing is stale, nothing is still to come.
SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return document.querySelector('[data-testid=stMain] h1')
    && app.dataset.testScriptState === 'notRunning'
    && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
}"""
# It has been over for a while in which nothing was drawn: no rerun was about to begin, no chart about to be painted.
STILL = f"""quiet => new Promise(done => {{
  const settled = {SETTLED};
  let last = performance.now();
  const drawn = new MutationObserver(() => {{ last = performance.now(); }});
  drawn.observe(document, {{subtree: true, childList: true, attributes: true, characterData: true}});
  const look = () => {{
    if (!settled()) last = performance.now();
    if (performance.now() - last < quiet) return setTimeout(look, 50);
    drawn.disconnect();
    done(true);
  }};
  look();
}})"""
QUIET_MS = 600


@pytest.fixture(scope="session")
def demo_ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the demo organisation up to TODAY."""
    address = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'ledger.db'}"
    database = Database(address)
    upgrade(database)
    write(database, generate("demo", 1, TODAY - timedelta(days=1)), "operator")
    database.close()
    return address


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(
    address: str, secrets: Path = NO_SECRETS, said: list[str] | None = None, port: int | None = None, **more: str
) -> Iterator[str]:
    """`streamlit run dashboard.py` on the ledger at `address`, with the secrets file `secrets`; yields its URL.

    `said` gets the lines that it logs; `more` goes into its environment.
    """
    port = port or free_port()
    command = [sys.executable, "-u", "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    environment = {"DATABASE_URL": address, "STREAMLIT_SECRETS_FILES": str(secrets)} | more
    with running(command, environment, "URL:", said):
        yield f"http://localhost:{port}"


@contextmanager
def running(
    command: list[str], environment: dict[str, str], ready: str, said: list[str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A server in a process of its own, from the line in which it says that it answers to the end of the block."""
    said = [] if said is None else said
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout:
            said.append(line)
            if ready in line:
                break
        else:
            pytest.fail("the server did not start:\n" + "".join(said))
        drain = threading.Thread(target=said.extend, args=(process.stdout,), daemon=True)  # a full pipe would stop it
        drain.start()
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=20)
            drain.join(timeout=20)


@pytest.fixture(scope="session")
def server(demo_ledger: str) -> Iterator[str]:
    """The URL of a server on the demo organisation, shared by the tests that only read."""
    with serving(demo_ledger) as url:
        yield url


VIOLATIONS = """addEventListener("securitypolicyviolation", event =>
  console.error(`violated ${event.violatedDirective} by ${event.blockedURI}`))"""


def watched(page: Page, server: str) -> list[str]:
    """What goes wrong on `page` from now on: dialogs, requests to elsewhere, breaches of the content security policy."""
    wrong: list[str] = []
    own = (server, server.replace("http", "ws", 1), "data:", "blob:")
    page.add_init_script(VIOLATIONS)
    page.on("request", lambda request: request.url.startswith(own) or wrong.append(f"asked {request.url}"))
    page.on("websocket", lambda socket: socket.url.startswith(own) or wrong.append(f"asked {socket.url}"))
    page.on("console", lambda said: said.text.startswith("violated ") and wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(f"raised {error}"))
    page.on("popup", lambda popup: wrong.append(f"opened {popup.url}"))

    def refuse(dialog: Dialog) -> None:
        wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    return wrong


def settle(page: Page) -> None:
    """Wait until the page is drawn: settled, and nothing has moved on it for QUIET_MS."""
    page.wait_for_function(STILL, arg=QUIET_MS, timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """One context for tests that only read: what a page needs beside its data is fetched and compiled once."""
    context = browser.new_context(timezone_id="America/Denver", accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def opened(visitor: BrowserContext, server: str) -> Iterator[Callable[..., Page]]:
    """open(path, width=1280, scheme="light"): a page of the demo server in a tab of its own, drawn."""

    def _open(path: str, width: int = 1280, scheme: str = "light") -> Page:
        page = visitor.new_page()
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 800})
        page.emulate_media(color_scheme=scheme)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(server + path)
        settle(page)
        return page

    yield _open
    for page in visitor.pages:
        page.evaluate("localStorage.clear()")
        page.close()
    visitor.clear_cookies()
