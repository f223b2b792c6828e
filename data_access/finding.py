"""What a look at the installation found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One look: what was looked at, what was found, whether that is fine, and what to do when it is not."""

    about: str
    found: str
    ok: bool
    advice: str = ""
