"""How fast the quick check answers a move of its slider, as a ratio to an empty rerun: the same page with a box in its place
that only says what its slider was moved to.

`python -m tests.speed.quick_check` seeds the demo organisation, opens both in one browser and moves them in turn; the time is
from the key to the new answer on the screen.
"""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from data_access.database import Database
from data_access.migrate import upgrade
from seed.writing import generate, write
from tests.browser.conftest import PATIENCE_MS, ROOT, free_port, running, settle
from tests.conftest import FLAGS

TODAY = date(2026, 11, 20)
MOVES, BOX = 40, ".st-key-quick-check"
# The Overview of the local operator; with EMPTY its quick check only says what the slider was moved to.
SCRIPT = """import os
from datetime import UTC, datetime
import streamlit as st
from pages import overview
from ui import head, quick_check
from ui.viewer import local_operator
@st.fragment
def ask():
    st.markdown(f"Chose {st.select_slider('Cash', range(101), 50, key='cash')}.")
def draw(*_):
    with st.container(border=True, key="quick-check"):
        ask()
if os.environ.get("EMPTY"):
    quick_check.draw = draw
head.prepare()
viewer = local_operator(datetime(2026, 11, 20, 12, tzinfo=UTC))
head.draw(viewer, "Overview")
overview.render(viewer)
"""
# From the key to the change of the answer's text, as the browser's own clock has it.
WATCH = """answer => {
  const before = document.querySelector(answer).innerText;
  window.moved = new Promise(resolve => {
    let began;
    addEventListener("keydown", () => (began = performance.now()), {once: true, capture: true});
    const watch = new MutationObserver(() => {
      if ((document.querySelector(answer)?.innerText ?? before) === before) return;
      watch.disconnect();
      resolve(performance.now() - began);
    });
    watch.observe(document.body, {subtree: true, childList: true, characterData: true});
  });
}"""


@contextmanager
def shown(script: Path, environment: dict[str, str]) -> Iterator[str]:
    """The script served; yields its URL."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with running(command, environment, "URL:"):
        yield f"http://localhost:{port}"


def moved(page: Page, key: str) -> float:
    """Milliseconds from the key to the new answer."""
    page.bring_to_front()  # a page in the background is drawn later
    page.wait_for_timeout(300)
    page.locator(BOX).get_by_role("slider").focus()
    page.evaluate(WATCH, f"{BOX} [data-testid=stMarkdown]")
    page.keyboard.press(key)
    return page.evaluate("window.moved")


def main() -> None:
    """Print the medians and their ratio."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        ledger = {"DATABASE_URL": f"sqlite:///{place}/ledger.db", "PYTHONPATH": str(ROOT)}
        database = Database(ledger["DATABASE_URL"])
        upgrade(database)
        write(database, generate("demo", 1, TODAY - timedelta(days=1)), "operator")
        database.close()
        script = Path(place) / "overview.py"
        script.write_text(SCRIPT)
        urls = [stack.enter_context(shown(script, ledger | more)) for more in ({}, {"EMPTY": "1"})]
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=found, args=FLAGS)
        pages = []
        for url in urls:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(PATIENCE_MS)
            page.goto(url)
            settle(page)
            pages.append(page)
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(MOVES):
            for page, kept in zip(pages, times, strict=True):
                kept.append(moved(page, "ArrowRight" if number % 2 else "ArrowLeft"))
        browser.close()
    quick, empty = (statistics.median(kept[4:]) for kept in times)
    sys.stdout.write(
        f"slider move {quick:.0f} ms, empty rerun {empty:.0f} ms, ratio {quick / empty:.2f} (medians of {MOVES - 4})\n"
    )


if __name__ == "__main__":
    main()
