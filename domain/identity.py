"""Who a sign-in provider says that somebody is, and why somebody may be refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Refusal(StrEnum):
    """Why a sign-in is refused; the value is what the audit trail says."""

    UNVERIFIED = "the provider has not verified the e-mail address"
    UNKNOWN = "no user has this e-mail address"
    TAKEN = "the e-mail address is bound to another sign-in"
    DISABLED = "the user is disabled"


@dataclass(frozen=True, slots=True)
class Identity:
    """The claims that count. Issuer and subject identify; the e-mail address only finds the user the first time.

    session: when the provider issued the token, which names this sign-in among the person's others.
    """

    issuer: str
    subject: str
    email: str
    name: str
    verified: bool
    session: str


def identity_of(claims: Mapping[str, Any]) -> Identity:
    """The identity in an ID token. A provider that does not speak of verification is taken at its word."""
    issued = claims.get("iat")
    return Identity(
        issuer=_text(claims, "iss"),
        subject=_text(claims, "sub"),
        email=canonical_email(_text(claims, "email")),
        name=_text(claims, "name"),
        verified=str(claims.get("email_verified", True)).lower() == "true",  # some providers send text
        session=datetime.fromtimestamp(int(issued), UTC).isoformat() if isinstance(issued, int | float) else "",
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def canonical_email(text: str) -> str:
    """As users are stored: lower case. Letters beyond ASCII stay as they are: the Kelvin sign's lower case is a k."""
    return "".join(mark.lower() if mark.isascii() else mark for mark in text.strip())
