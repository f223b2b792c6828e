"""Bring what a click changed into view: a chart's click may change a table that lies below the screen."""

import streamlit as st

_SCRIPT = """
let last = 0;
export default function ({ data }) {
  if (data.turn <= last) return;
  last = data.turn;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  setTimeout(() => {
    const target = document.querySelector(`.st-key-${data.target}`);
    const top = target?.getBoundingClientRect().top ?? 0;
    if (target) target.style.scrollMarginTop = "4rem"; // below the menu
    if (target && (top < 0 || top > innerHeight * 0.6))
      target.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
  }, 150);
}
"""
_scroller = st.components.v2.component("duewatch_scroll", js=_SCRIPT)


def follow(target: str, question: object) -> None:
    """Scroll to the container with the key `target` when `question` is another than in the run before."""
    key = f"scroll-{target}"
    kept = st.session_state.get(key)
    turn = 0 if kept is None else kept[1] + (kept[0] != question)
    st.session_state[key] = (question, turn)
    _scroller(key=f"{key}-mount", data={"target": target, "turn": turn}, height=0)
