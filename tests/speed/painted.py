"""What somebody at a real browser waits for: from the click to the last change of the page, beside the floor's."""

import shutil
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import PATIENCE_MS, settle
from tests.conftest import FLAGS
from tests.speed.servers import Server

# Marks the time of each change until nothing has changed for a while; charts are painted after the run is over.
WATCH = """([quiet, patience]) => new Promise((resolve, reject) => {
  const began = performance.now();
  let last = began, changes = 0;
  const watch = new MutationObserver(() => { last = performance.now(); changes += 1; });
  watch.observe(document.querySelector("[data-testid=stMain]"), {subtree: true, childList: true, attributes: true, characterData: true});
  const look = setInterval(() => {
    const app = document.querySelector("[data-testid=stApp]");
    const running = app.dataset.testScriptState !== "notRunning" || document.querySelector("[data-stale=true], [data-testid=stSkeleton]");
    const late = performance.now() - began > patience;
    if (!late && (!changes || running || performance.now() - last < quiet)) return;
    clearInterval(look); watch.disconnect();
    if (late) reject(new Error(`not painted after ${patience} ms: ${changes} changes, ${running ? "still running" : "at rest"}`));
    else resolve(last - began);
  }, 20);
})"""
QUIET_MS = 600
ELSEWHERE = ("import", "calls")  # from where a page is gone to; the second one for the first, and after it


@dataclass(frozen=True, slots=True)
class Painted:
    """Medians in milliseconds: a page that was open before, gone to from another one; the choice of another region."""

    path: str
    warm: float
    change: float


def painted(servers: Sequence[Server], regions: list[str], repeats: int, paths: Sequence[str]) -> list[list[Painted]]:
    """For each page what each of `servers` took; they are asked in turn."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        pages = [_opened(browser, server) for server in servers]
        result = [_page(pages, before, path, regions, repeats) for before, path in pairwise((ELSEWHERE[0], *paths))]
        browser.close()
    return result


def _opened(browser: Browser, server: Server) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.url}/{ELSEWHERE[0]}")
    settle(page)
    return page


def _page(pages: Sequence[Page], before: str, path: str, regions: list[str], repeats: int) -> list[Painted]:
    warm: list[list[float]] = [[] for _ in pages]
    change: list[list[float]] = [[] for _ in pages]
    elsewhere = ELSEWHERE[ELSEWHERE[0] in (before, path)]  # going to where one is may change nothing
    for number in range(repeats + 1):
        for page, gone, chosen in zip(pages, warm, change, strict=True):
            page.bring_to_front()  # a page in the background is drawn later
            _go(page, elsewhere, "")
            gone.append(_go(page, path, ""))
            chosen.append(_go(page, path, urlencode({"region": regions[number % len(regions)]})))
    return [
        Painted(path, statistics.median(gone[1:]), statistics.median(chosen[1:]))
        for gone, chosen in zip(warm, change, strict=True)
    ]


def _go(page: Page, path: str, query: str) -> float:
    """Follow an address within the session, as a link does."""
    address = f"/{path}" + (f"?{query}" if query else "")
    page.evaluate(f"void (window.painted = ({WATCH})([{QUIET_MS}, {PATIENCE_MS}]))")  # else it would wait for it here
    page.evaluate(
        "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate', {state: {}})); }", address
    )
    return page.evaluate("window.painted")
