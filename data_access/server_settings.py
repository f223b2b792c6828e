"""The settings that the dashboard's server will start with, and which of them are unsafe.

They are read as Streamlit reads them, each place over the ones before: the user's config.toml, the project's, and
STREAMLIT_* variables. What is given on the command line of `streamlit run` cannot be seen from here.
"""

import ast
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from data_access.finding import Finding

ROOT = Path(__file__).resolve().parents[1]
MOST_UPLOAD_MB = 200
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, Streamlit's own default, when it is fine, and what to do when it is not."""

    about: str
    name: str
    default: Any
    fine: Callable[[Any], bool]
    advice: str


def _loopback(address: str) -> bool:
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


def _hosts(names: list[str]) -> bool:
    return bool(names) and all(_HOST.fullmatch(name) for name in names)


SETTINGS = (
    Setting(
        "allowed hosts",
        "server.allowedHosts",
        [],
        _hosts,
        "name the hosts that the server answers for, without * alone, blanks between: STREAMLIT_SERVER_ALLOWED_HOSTS",
    ),
    Setting(
        "address",
        "server.address",
        "0.0.0.0",  # noqa: S104 - Streamlit's default, which is what is looked for
        _loopback,
        "anybody on the network gets past the proxy: listen on 127.0.0.1",
    ),
    Setting("forged requests", "server.enableXsrfProtection", True, lambda on: on is True, "switch it on"),
    Setting(
        "foreign pages", "server.enableCORS", True, lambda on: on is True, "switch it on: it keeps other pages out"
    ),
    Setting("error detail", "client.showErrorDetails", "full", lambda shown: shown == "none", 'set it to "none"'),
    Setting(
        "upload limit",
        "server.maxUploadSize",
        200,
        lambda limit: isinstance(limit, int) and 0 < limit <= MOST_UPLOAD_MB,
        f"set it to at most {MOST_UPLOAD_MB} (MB): an upload is held in memory",
    ),
    Setting("static serving", "server.enableStaticServing", False, lambda on: on is False, "switch it off"),
    Setting("usage statistics", "browser.gatherUsageStats", True, lambda on: on is False, "switch them off"),
    Setting("agent interface", "server.enableAgentApi", False, lambda on: on is False, "switch it off"),
    Setting("framing pages", "client.allowedOrigins", ["*"], lambda pages: pages == [], "set it to []"),
    Setting("development mode", "global.developmentMode", False, lambda on: on is False, "switch it off"),
)


def examine_server(root: Path = ROOT, environment: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """A finding for each setting, and for the headers that dashboard.py puts on every answer."""
    try:
        given = _given([Path.home(), root])
    except (OSError, tomllib.TOMLDecodeError) as error:
        yield Finding("server settings", "unreadable", False, f"correct .streamlit/config.toml: {error}")
        return
    for setting in SETTINGS:
        value = given.get(setting.name, setting.default)
        variable = "STREAMLIT_" + re.sub(r"(?<=[a-z])(?=[A-Z])|\.", "_", setting.name).upper()
        if text := environment.get(variable):
            value = _typed(text, setting.default)
        shown = ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
        yield Finding(setting.about, f"{setting.name} = {shown}", setting.fine(value), setting.advice)
    guarded = _has_gate(root / "dashboard.py")
    yield Finding(
        "headers",
        "set on every answer" if guarded else "not set",
        guarded,
        "dashboard.py must hand gate.middleware() to st.App",
    )


def _given(folders: list[Path]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder in folders:
        path = folder / ".streamlit" / "config.toml"
        if path.exists():
            for section, values in tomllib.loads(path.read_text(encoding="utf-8")).items():
                found |= {f"{section}.{key}": value for key, value in values.items()}
    return found


def _typed(text: str, default: Any) -> Any:
    """The text of a variable as the type of `default`; as it is where it does not fit, which no check takes."""
    if isinstance(default, list):
        return text.split()
    if isinstance(default, bool):
        known = {
            "true": True,
            "1": True,
            "yes": True,
            "on": True,
            "false": False,
            "0": False,
            "no": False,
            "off": False,
        }
        return known.get(text.strip().lower(), text)
    if isinstance(default, int):
        return int(text) if text.strip().isdecimal() else text
    return text


def _has_gate(dashboard: Path) -> bool:
    for node in ast.walk(ast.parse(dashboard.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.App":
            return any(
                keyword.arg == "middleware" and ast.unparse(keyword.value) == "gate.middleware()"
                for keyword in node.keywords
            )
    return False
