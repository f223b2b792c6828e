"""How fast the quick check answers a move of its slider, as a ratio to a rerun that does nothing but answer a slider.

`python -m tests.speed.quick_check` seeds the demo organisation, opens both in one browser and moves them in turn; the time is
from the key to the new answer on the screen.
"""

import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from data_access.database import Database
from data_access.migrate import upgrade
from seed.writing import generate, write
from tests.browser.conftest import PATIENCE_MS, free_port, running, serving, settle
from tests.conftest import FLAGS

TODAY = date(2026, 11, 20)
MOVES = 40
EMPTY = """import streamlit as st
st.title("Empty")
@st.fragment
def ask():
    st.markdown(f"Chose {st.select_slider('Cash', range(0, 101), 50, key='cash')}.")
ask()
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


def moved(page: Page, box: str, key: str) -> float:
    """Milliseconds from the key to the new answer."""
    page.locator(box).get_by_role("slider").focus()
    page.evaluate(WATCH, f"{box} [data-testid=stMarkdown]")
    page.keyboard.press(key)
    return page.evaluate("window.moved")


def main() -> None:
    """Print the medians and their ratio."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/ledger.db")
        upgrade(database)
        write(database, generate("demo", 1, TODAY - timedelta(days=1)), "operator")
        database.close()
        script, port = Path(place) / "empty.py", free_port()
        script.write_text(EMPTY)
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
        with (
            serving(f"sqlite:///{place}/ledger.db") as url,
            running([*command, "--server.headless", "true"], {}, "URL:"),
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            pages = []
            for address in (f"{url}/?as_of={TODAY}", f"http://localhost:{port}"):
                page = browser.new_page()
                page.set_default_timeout(PATIENCE_MS)
                page.goto(address)
                settle(page)
                pages.append(page)
            boxes = (".st-key-quick-check", "[data-testid=stMain]")
            times: tuple[list[float], list[float]] = ([], [])
            for number in range(MOVES):
                key = "ArrowRight" if number % 2 else "ArrowLeft"
                for page, box, kept in zip(pages, boxes, times, strict=True):
                    kept.append(moved(page, box, key))
                    time.sleep(0.05)
            browser.close()
    quick, empty = (statistics.median(kept[4:]) for kept in times)
    sys.stdout.write(
        f"slider move {quick:.0f} ms, empty rerun {empty:.0f} ms, ratio {quick / empty:.2f} (medians of {MOVES - 4})\n"
    )


if __name__ == "__main__":
    main()
