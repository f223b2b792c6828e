"""Whether a sign-in provider is set up safely: the [auth] section of secrets.toml, judged."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SHORTEST_SECRET, FEWEST_MARKS = 32, 10
NEEDED = ("client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"
# https to anywhere, or http that does not leave this machine; Streamlit fills in {port} itself.
_PRIVATE = re.compile(r"https://[^/@\s]+(/\S*)?|http://(localhost|127\.0\.0\.1|\[::1\])(:(\d+|\{port\}))?(/\S*)?")
MAKE_ONE = "set it to what `python -c 'import secrets; print(secrets.token_hex(32))'` prints"


class UnsafeSignInError(ValueError):
    """The settings cannot be served with; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the settings: about what, what was found, whether it is fine, what to do when it is not."""

    about: str
    found: str
    ok: bool
    advice: str = ""


def providers(auth: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The providers by name; the one without a name, which stands in [auth] itself, is called ""."""
    named = {name: part for name, part in auth.items() if isinstance(part, Mapping) and name != "client_kwargs"}
    return named if named and "client_id" not in auth else {"": auth, **named}


def looks(auth: Mapping[str, Any] | None) -> Iterator[Look]:
    """What `doctor` says about sign-in; None means that no provider is set up."""
    if auth is None:
        yield Look("sign-in", "off: one local operator, on this machine only", True)
        return
    yield Look("sign-in", "on", True)
    for name, section in providers(auth).items():
        missing = [key for key in NEEDED if not _text(section, key)]
        address = _text(section, "server_metadata_url")
        label = f"provider {name}" if name else "provider"
        if missing:
            where = f"auth.{name}" if name else "auth"
            yield Look(label, f"without {', '.join(missing)}", False, f"set {_listed(where, missing)} in secrets.toml")
        else:
            yield Look(
                label,
                address,
                _PRIVATE.fullmatch(address) is not None,
                "use an https address: whoever is on the way may lie",
            )
    yield _secret(_text(auth, "cookie_secret"))
    yield _redirect(_text(auth, "redirect_uri"))


def refuse_unsafe(auth: Mapping[str, Any]) -> None:
    """Raise UnsafeSignInError unless sign-in can work and its cookie cannot be forged."""
    for look in looks(auth):
        serious = look.about == "cookie secret" or look.found.startswith("without") or look.found == "missing"
        if serious and not look.ok:
            raise UnsafeSignInError(f"sign-in is on and its {look.about} is {look.found}: {look.advice}")


def _secret(secret: str) -> Look:
    about = "cookie secret"
    if not secret:
        return Look(about, "missing", False, f"auth.cookie_secret signs who is who; {MAKE_ONE}")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_MARKS:
        found = f"weak ({len(secret)} characters, {len(set(secret))} different)"
        return Look(about, found, False, f"with a guessed auth.cookie_secret anybody can be anybody; {MAKE_ONE}")
    return Look(about, "strong", True)


def _redirect(address: str) -> Look:
    about = "redirect address"
    if not address:
        return Look(about, "missing", False, f"set auth.redirect_uri to the app's own address and {CALLBACK}")
    if not address.endswith(CALLBACK):
        return Look(about, address, False, f"it must end in {CALLBACK}")
    return Look(
        about,
        address,
        _PRIVATE.fullmatch(address) is not None,
        "use https, or localhost: the sign-in would travel in the clear",
    )


def _text(section: Mapping[str, Any], key: str) -> str:
    value = section.get(key)
    return value.strip() if isinstance(value, str) else ""


def _listed(where: str, keys: list[str]) -> str:
    return ", ".join(f"{where}.{key}" for key in keys)
