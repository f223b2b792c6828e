"""Which sign-in settings are safe to serve with, and what is said about those that are not."""

import pytest

from domain.sign_in_settings import UnsafeSignInError, looks, providers, refuse_unsafe

STRONG = "9f2d41c07be83a5566d0a1f4c9e27b38"
GOOD = {
    "redirect_uri": "https://duewatch.example.com/oauth2callback",
    "cookie_secret": STRONG,
    "client_id": "duewatch",
    "client_secret": "s",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}


def said(**changes):
    auth = {key: value for key, value in (GOOD | changes).items() if value is not None}
    return {look.about: look for look in looks(auth)}


def test_good_settings_are_fine_and_may_serve():
    assert [look.about for look in said().values()] == ["sign-in", "provider", "cookie secret", "redirect address"]
    assert all(look.ok for look in said().values())
    refuse_unsafe(GOOD)


def test_without_a_provider_it_says_so_and_that_is_fine():
    (look,) = looks(None)
    assert (look.ok, look.found) == (True, "off: one local operator, on this machine only")


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        (None, "missing"),
        ("", "missing"),
        (12345678901234567890123456789012, "missing"),
        ("xxx", "weak (3 characters, 1 different)"),
        (STRONG[:31], "weak (31 characters, 16 different)"),
        ("change-me-" * 4, "weak (40 characters, 8 different)"),
        ("0" * 64, "weak (64 characters, 1 different)"),
    ],
)
def test_a_weak_cookie_secret_is_refused_with_what_to_do(secret, found):
    look = said(cookie_secret=secret)["cookie secret"]
    assert (look.ok, look.found) == (False, found)
    with pytest.raises(UnsafeSignInError, match=r"cookie secret is (missing|weak).*token_hex"):
        refuse_unsafe({key: value for key, value in (GOOD | {"cookie_secret": secret}).items() if value is not None})


@pytest.mark.parametrize("key", ["client_id", "client_secret", "server_metadata_url"])
def test_half_a_provider_is_refused_by_the_name_of_what_is_missing(key):
    with pytest.raises(UnsafeSignInError, match=f"provider is without {key}: set auth.{key}"):
        refuse_unsafe(GOOD | {key: " "})


def test_without_a_redirect_address_there_is_no_way_back():
    with pytest.raises(UnsafeSignInError, match="redirect address is missing"):
        refuse_unsafe({key: value for key, value in GOOD.items() if key != "redirect_uri"})


@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("https://duewatch.example.com/oauth2callback", True),
        ("http://localhost:8501/oauth2callback", True),
        ("http://localhost:{port}/oauth2callback", True),
        ("http://127.0.0.1/oauth2callback", True),
        ("http://[::1]:8501/oauth2callback", True),
        ("http://duewatch.example.com/oauth2callback", False),
        ("http://localhost.example.com/oauth2callback", False),
        ("http://localhost@evil.example/oauth2callback", False),
        ("https://duewatch.example.com/", False),
        ("duewatch/oauth2callback", False),
    ],
)
def test_the_way_back_is_private_and_ends_where_it_must(address, ok):
    assert said(redirect_uri=address)["redirect address"].ok is ok


def test_a_provider_in_the_clear_is_pointed_out():
    assert not said(server_metadata_url="http://id.example.com/")["provider"].ok
    assert said(server_metadata_url="http://localhost:9400/")["provider"].ok


def test_providers_may_have_names():
    shared = {"redirect_uri": GOOD["redirect_uri"], "cookie_secret": STRONG}
    own = {key: GOOD[key] for key in ("client_id", "client_secret", "server_metadata_url")}
    auth = shared | {"microsoft": own, "okta": own | {"client_id": ""}}
    assert list(providers(auth)) == ["microsoft", "okta"]
    assert list(providers(GOOD | {"client_kwargs": {"prompt": "login"}})) == [""]
    assert list(providers(GOOD | {"okta": own})) == ["", "okta"]
    with pytest.raises(UnsafeSignInError, match=r"provider okta is without client_id: set auth\.okta\.client_id"):
        refuse_unsafe(auth)
