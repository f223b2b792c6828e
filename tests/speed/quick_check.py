"""How fast the quick check answers a move of its slider, as a ratio to an empty rerun: the same page with a box in its place
that only says what its slider was moved to.

`python -m tests.speed.quick_check` seeds the demo organisation, opens both in one browser and moves them in turn, each move to an
amount that was not asked for before; the time is from the key to the new answer on the screen. Others may be using the machine:
so the ratio is that of the medians of a round, and of the rounds the middle one; the processor time of each server and of each
page is told beside it.
"""

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import psutil
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from data_access.database import Database
from data_access.migrate import upgrade
from seed.writing import generate, write
from tests.browser.conftest import PATIENCE_MS, ROOT, SETTLED, free_port, running, settle
from tests.conftest import FLAGS

TODAY = date(2026, 11, 20)
ROUNDS, MOVES, BOX = 5, 8, ".st-key-quick-check"
WARM = 3  # moves before the first round
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


@dataclass
class Shown:
    """A page of one kind with its server, and what its moves have taken so far: milliseconds, and of the processor."""

    page: Page
    metrics: CDPSession
    server: psutil.Process
    taken: list[float] = field(default_factory=list)
    in_server: list[float] = field(default_factory=list)
    in_page: list[float] = field(default_factory=list)

    def move(self) -> None:
        """One step down, timed from the key to the new answer."""
        page = self.page
        page.bring_to_front()  # a page in the background is drawn later
        page.wait_for_timeout(300)
        page.locator(BOX).get_by_role("slider").focus()
        page.evaluate(WATCH, f"{BOX} [data-testid=stMarkdown]")
        served, drawn = self._served(), self._drawn()
        page.keyboard.press("ArrowLeft")
        self.taken.append(page.evaluate("window.moved"))
        page.wait_for_function(SETTLED)
        self.in_server.append(self._served() - served)
        self.in_page.append(self._drawn() - drawn)

    def _served(self) -> float:
        times = self.server.cpu_times()
        return 1000 * (times.user + times.system)

    def _drawn(self) -> float:
        found = {each["name"]: each["value"] for each in self.metrics.send("Performance.getMetrics")["metrics"]}
        return 1000 * found["TaskDuration"]


@contextmanager
def shown(browser: Browser, script: Path, environment: dict[str, str]) -> Iterator[Shown]:
    """The script served, and opened with its slider at the upper end."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with running(command, environment, "URL:") as process:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"http://localhost:{port}")
        settle(page)
        page.locator(BOX).get_by_role("slider").press("End")
        settle(page)
        metrics = page.context.new_cdp_session(page)
        metrics.send("Performance.enable")
        yield Shown(page, metrics, psutil.Process(process.pid))


def main() -> None:
    """Print the ratio of each round, and what a move takes."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        ledger = {"DATABASE_URL": f"sqlite:///{place}/ledger.db", "PYTHONPATH": str(ROOT)}
        database = Database(ledger["DATABASE_URL"])
        upgrade(database)
        write(database, generate("demo", 1, TODAY - timedelta(days=1)), "operator")
        database.close()
        script = Path(place) / "overview.py"
        script.write_text(SCRIPT)
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=found, args=FLAGS)
        quick, empty = both = [
            stack.enter_context(shown(browser, script, ledger | more)) for more in ({}, {"EMPTY": "1"})
        ]
        for number in range(WARM + ROUNDS * MOVES):
            for each in both if number % 2 else reversed(both):
                each.move()
        browser.close()
    rounds = [slice(first, first + MOVES) for first in range(WARM, WARM + ROUNDS * MOVES, MOVES)]
    ratios = sorted(statistics.median(quick.taken[some]) / statistics.median(empty.taken[some]) for some in rounds)
    for name, each in (("slider move", quick), ("empty rerun", empty)):
        taken, served, drawn = (statistics.mean(kept[WARM:]) for kept in (each.taken, each.in_server, each.in_page))
        middle = statistics.median(each.taken[WARM:])
        sys.stdout.write(
            f"{name}: median {middle:.0f} ms (mean {taken:.0f}); processor {served:.1f} ms in the server, {drawn:.1f} ms in the page\n"
        )
    told = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    load = os.getloadavg()[0]
    sys.stdout.write(f"ratio {statistics.median(ratios):.2f} (rounds: {told}); load {load:.1f}\n")


if __name__ == "__main__":
    main()
