"""Requests as an attacker writes them: any Host, any Origin, a websocket's handshake."""

import base64
import http.client
import ssl
from urllib.parse import urlsplit

HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
    "Sec-WebSocket-Protocol": "streamlit",
}


def ask(url, path, method="GET", **headers):
    """(status, headers by lower-case name, body); `Host` replaces the address's own."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=30, context=context)
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        upgraded = response.status == 101
        return response.status, {k.lower(): v for k, v in response.getheaders()}, b"" if upgraded else response.read()
    finally:
        connection.close()


def shake_hands(url, **headers):
    """The status that a websocket's handshake is answered with; 101 is a welcome."""
    return ask(url, "/_stcore/stream", **HANDSHAKE, **headers)[0]
