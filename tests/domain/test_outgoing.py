"""Which addresses may be written to: the host decides, and nothing can be smuggled past it."""

import pytest

from domain.outgoing import AddressRefusedError, check_address

ALLOWED = ("hooks.example.com", "Chat.Example.ORG:8443", "localhost", "127.0.0.1", "[::1]")


@pytest.mark.parametrize(
    ("url", "host", "loopback"),
    [
        ("https://hooks.example.com", "hooks.example.com", False),
        ("https://hooks.example.com/services/T0/B0/x?y=1", "hooks.example.com", False),
        ("https://HOOKS.example.com./x", "hooks.example.com", False),
        ("https://hooks.example.com:9000/x", "hooks.example.com", False),
        ("https://chat.example.org:8443/x", "chat.example.org", False),
        ("http://localhost:8000/x", "localhost", True),
        ("http://127.0.0.1/x", "127.0.0.1", True),
        ("http://[::1]:80/x", "[::1]", True),
    ],
)
def test_a_host_of_the_list_is_let_through(url, host, loopback):
    found = check_address(url, ALLOWED)
    assert (found.url, found.host, found.loopback) == (url, host, loopback)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.com/x", "example.com is not on the list"),
        ("https://hooks.example.com.evil.net/x", "hooks.example.com.evil.net is not on the list"),
        ("https://evil-hooks.example.com/x", "is not on the list"),
        ("https://sub.hooks.example.com/x", "is not on the list"),
        ("https://chat.example.org/x", "is not on the list"),  # allowed on one port only
        ("https://chat.example.org:443/x", "is not on the list"),
        ("http://169.254.169.254/latest", "is not on the list"),
        ("http://127.0.0.2/x", "is not on the list"),
        ("http://hooks.example.com/x", "only https"),
        ("https://hooks.example.com:99999/x", "no port"),
        ("https://hooks.example.com@evil.net/x", "not an address"),
        ("https://user:secret@hooks.example.com/x", "not an address"),
        ("https://evil.net\\@hooks.example.com/x", "not an address"),
        ("https://evil.net#@hooks.example.com/x", "not an address"),
        ("https://hooks.example.com/x\r\nHost: evil.net", "not an address"),
        (" https://hooks.example.com/x", "not an address"),
        ("https://hooks.example.com\u3002evil.net/x", "not an address"),
        ("https:/hooks.example.com", "not an address"),
        ("//hooks.example.com/x", "not an address"),
        ("ftp://hooks.example.com/x", "not an address"),
        ("file:///etc/passwd", "not an address"),
        ("https://[::ffff:127.0.0.1]/x", "is not on the list"),
        ("https://2130706433/x", "is not on the list"),
        ("", "not an address"),
        ("https://hooks.example.com/" + "x" * 2_000, "not an address"),
    ],
)
def test_anything_else_is_refused(url, why):
    with pytest.raises(AddressRefusedError, match=why):
        check_address(url, ALLOWED)


def test_without_a_list_nothing_is_allowed():
    with pytest.raises(AddressRefusedError, match=r"hooks.example.com is not on the list .*empty"):
        check_address("https://hooks.example.com/x", ())


def test_what_stands_behind_the_host_is_not_told():
    for url in ("https://example.com/T0/secret", "http://hooks.example.com/T0/secret", "https://u:secret@x/"):
        with pytest.raises(AddressRefusedError) as error:
            check_address(url, ALLOWED)
        assert "secret" not in str(error.value)
