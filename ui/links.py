"""Links between pages that stay inside the session: an address is the whole picture, and a click does not reload.

Links in Markdown would open a new tab. This listens for plain clicks on links that begin with "/" and hands them to
Streamlit as if the browser's back button had been pressed; with a modifier key they open a tab as usual.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from urllib.parse import quote_plus, urlencode

import streamlit as st

from ui import filter_bar, run
from ui.formats import escape

Changes = Mapping[str, str | Sequence[str] | None]
APPEARANCE = "appearance"  # session state: light or dark once it was switched, None before

_SCRIPT = """
const go = (address) => {
  history.pushState({}, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
};
let before = ""; // the address at the last click
const follow = (event) => {
  before = location.search;
  const link = event.target.closest?.("a[href^='/']");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
};
let last = null;
let session = null;
// When the server's process is gone, another one goes on in a new session, which never saw the filters: a page switch would
// lose them. Then the address has them back.
const takeOver = (data) => {
  const lost = session !== null && session !== data.session && !location.search;
  session = data.session;
  const kept = [...new URLSearchParams(before)].filter(([key]) => data.filters.includes(key));
  if (lost && kept.length) go(`${location.pathname}?${new URLSearchParams(kept)}`);
};
const appearance = () => getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme;
export default function ({ data, setStateValue }) {
  document.addEventListener("click", follow, true);
  const asked = sessionStorage.getItem("duewatch-asked");
  if (asked) {
    sessionStorage.removeItem("duewatch-asked");
    // Only from the front page, where the provider sends everybody: who is elsewhere has chosen that since.
    const front = !location.search && asked.startsWith(location.pathname);
    if (front && asked !== location.pathname) location.replace(asked);
  }
  if (data) takeOver(data);
  if (data?.address && data.turn !== last) {
    last = data.turn;
    go(data.address);
  }
  // Charts keep the colours that they were drawn in: a switch of the appearance asks for a run that redraws them.
  let drawn = appearance();
  const root = document.documentElement.style; // drawers and toasts are drawn beside the app, and take its colours from here
  root.colorScheme = drawn;
  const watch = new MutationObserver(() => {
    if (appearance() === drawn) return;
    root.colorScheme = drawn = appearance();
    setStateValue("appearance", drawn);
  });
  watch.observe(document.querySelector("[data-testid=stApp]"), { attributes: true, attributeFilter: ["class"] });
  return () => {
    watch.disconnect();
    document.removeEventListener("click", follow, true);
  };
}
"""
_listener = st.components.v2.component("duewatch_links", js=_SCRIPT)


def address(path: str, changes: Changes | None = None) -> str:
    """The address of a page with the present filters, and `changes` to them; None drops one. Overview's path is ""."""
    said = changes or {}
    present, kept = filter_bar.address()
    if not present.keys().isdisjoint(said):
        kept = run.once((address, kept, *said), partial(_without, present, tuple(said)))
    new = tuple((key, tuple(v) if isinstance(v, list) else v) for key, v in said.items() if v is not None)
    return _put_together(run.once(_base, _base), path, kept, new)


def _without(present: Mapping[str, Sequence[str]], keys: Sequence[str]) -> str:
    return urlencode({key: value for key, value in present.items() if key not in keys}, doseq=True)


@lru_cache(maxsize=10_000)  # the same links at each run
def _put_together(base: str, path: str, kept: str, new: tuple[tuple[str, str | Sequence[str]], ...]) -> str:
    query = "&".join(filter(None, (kept, urlencode(new, doseq=True))))
    return f"/{base}/{path}".replace("//", "/") + (f"?{query}" if query else "")


def _base() -> str:
    return str(st.get_option("server.baseUrlPath") or "").strip("/")


def opening(path: str, key: str, changes: Changes | None = None) -> Callable[[object], str]:
    """Addresses that differ in `key` alone, beside the present filters and `changes`: put together once for all rows of a table."""
    begin = address(path, {**{name: value for name, value in (changes or {}).items() if name != key}, key: ""})
    return lambda value: begin + quote_plus(str(value))


def link(text: str, path: str, changes: Changes | None = None) -> str:
    """A Markdown link to a page with the present filters; `text` is shown as it is."""
    return f"[{escape(text)}]({address(path, changes)})"


def follow(path: str, changes: Changes | None = None) -> None:
    """Go to a page at the end of this run: for a click on a chart. Call it in a widget's callback."""
    turn = st.session_state.get("links-turn", 0) + 1
    st.session_state["links-turn"] = turn
    st.session_state["links-go"] = address(path, changes)


def listen() -> None:
    """Mount the listener; the front door does, once a run."""
    target = st.session_state.pop("links-go", None)
    listening = _listener(
        key="links",
        data={
            "address": target,
            "turn": st.session_state.get("links-turn", 0),
            "session": st.session_state.setdefault("links-session", secrets.token_hex(8)),
            "filters": list(filter_bar.KEYS),
        },
        height=0,
        on_appearance_change=lambda: None,
    )
    st.session_state[APPEARANCE] = listening.appearance
