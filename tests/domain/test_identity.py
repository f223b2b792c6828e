"""What the claims of a sign-in provider come to."""

import pytest

from domain.identity import canonical_email, identity_of

CLAIMS = {"iss": "https://id.example.org", "sub": "248289761001", "email": "Ada@Example.ORG", "name": " Ada  Lovelace "}


def test_the_claims_that_count():
    identity = identity_of(CLAIMS | {"email_verified": True, "iat": 1_795_176_000})
    assert (identity.issuer, identity.subject) == ("https://id.example.org", "248289761001")
    assert (identity.email, identity.name, identity.verified) == ("ada@example.org", "Ada Lovelace", True)
    assert identity.session == "2026-11-20T12:00:00+00:00"


@pytest.mark.parametrize(
    ("said", "verified"),
    [
        (True, True),
        ("true", True),
        (False, False),
        ("false", False),
        (None, False),
        ("", False),
        (0, False),
        (1, False),
    ],
)
def test_only_a_clear_yes_is_verified(said, verified):
    assert identity_of(CLAIMS | {"email_verified": said}).verified is verified


def test_a_provider_that_does_not_speak_of_it_is_taken_at_its_word():
    assert identity_of(CLAIMS).verified is True


@pytest.mark.parametrize("claims", [{}, {"iss": 1, "sub": None, "email": ["x"], "name": {}, "iat": "soon"}])
def test_claims_of_another_kind_identify_nobody(claims):
    identity = identity_of(claims)
    assert (identity.issuer, identity.subject, identity.email, identity.name, identity.session) == ("",) * 5


def test_two_letters_that_only_look_alike_stay_two():
    assert canonical_email(" ADA@Example.org ") == "ada@example.org"
    assert canonical_email("\N{KELVIN SIGN}im@example.org") != canonical_email("kim@example.org")
