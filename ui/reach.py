"""Reach what scrolls: a table that is larger than its place becomes a stop for the keyboard, so that arrow keys move it."""

import streamlit as st

_SCRIPT = """
const reach = () => {
  for (const table of document.querySelectorAll("[data-testid=stTable] table")) {
    const place = table.parentElement;
    const scrolls = place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1;
    if (scrolls === place.hasAttribute("tabindex")) continue;
    const marks = { tabindex: "0", role: "group", "aria-label": table.getAttribute("aria-label") ?? "Table" };
    for (const [name, value] of Object.entries(marks))
      scrolls ? place.setAttribute(name, value) : place.removeAttribute(name);
  }
};
let asked = 0;
const soon = () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(reach);
};
export default function () {
  const drawn = new MutationObserver(soon);
  drawn.observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", soon);
  soon();
  return () => {
    drawn.disconnect();
    removeEventListener("resize", soon);
  };
}
"""
_reacher = st.components.v2.component("duewatch_reach", js=_SCRIPT)


def mount() -> None:
    """Watch the tables of this session's pages; the front door does, once a run."""
    _reacher(key="reach", height=0)
