"""What somebody meets who may not come in: the way to sign in, or why they were refused and whom to ask."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from domain.identity import Identity, Refusal
from domain.sign_in_settings import providers
from ui import start
from ui.formats import escape
from ui.sign_in import Stranger

# Title, what it means and what to do, by refusal.
WORDS = {
    Refusal.UNVERIFIED: (
        "Your e-mail address is not verified",
        "Your sign-in provider has not verified it, so it cannot say who you are here. Verify it there, then sign in again.",
    ),
    Refusal.UNKNOWN: (
        "You are signed in, but not known here",
        "Nobody has given this address access to Duewatch. Ask an administrator to add it, then reload this page.",
    ),
    Refusal.TAKEN: (
        "This address belongs to another sign-in",
        "It was used here before with another account of your provider. If that was you, ask an administrator to "
        "bind your address anew.",
    ),
    Refusal.DISABLED: (
        "Your access is switched off",
        "An administrator has disabled it. Nothing that you entered is lost; ask them to enable it again.",
    ),
}
# The provider sends everybody to the front page: the address that was asked for waits in the browser (see ui/links.py).
_REMEMBER = """
export default function () {
  sessionStorage.setItem("duewatch-asked", location.pathname + location.search);
}
"""
_remember = st.components.v2.component("duewatch_asked", js=_REMEMBER)


def draw(stranger: Stranger) -> None:
    """One card in the middle of an otherwise empty page."""
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle, st.container(border=True, key="stranger"):
        if stranger.refusal is None or stranger.identity is None:
            _welcome(start.settings() or {})
            _remember(key="asked", height=0)
        else:
            _refused(stranger.refusal, stranger.identity)


def _welcome(auth: Mapping[str, Any]) -> None:
    st.title("Sign in to Duewatch", anchor=False)
    st.markdown(
        "What is owed for the services of your sites: bills, payments, and the calls in which they were settled."
    )
    for name in providers(auth):
        label = f"Sign in with {escape(name.capitalize())}" if name else "Sign in"
        if st.button(label, type="primary", icon=":material/login:", key=f"sign-in-{name}", width="stretch"):
            st.login(name or None)


def _refused(refusal: Refusal, identity: Identity) -> None:
    title, meaning = WORDS[refusal]
    st.title(title, anchor=False)
    st.text(f"Signed in as {identity.email or identity.name or identity.subject}")
    st.markdown(meaning)
    if st.button("Sign out", icon=":material/logout:", key="sign-out", width="stretch"):
        st.logout()
