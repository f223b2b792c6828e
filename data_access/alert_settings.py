"""The file of alert settings: thresholds, rules that are switched off, and the channels that a digest goes to.

[thresholds] suspension_days = 14; [rules] off = ["R18"]; [channels] finance = "mailtos://..." or "$NAME_OF_A_VARIABLE".
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from data_access.alert_channels import Channel, ChannelError, read_channel
from data_access.finding import Finding
from data_access.webhooks import HOSTS, allowed_hosts
from domain.alerts.catalog import RULES
from domain.alerts.thresholds import Thresholds
from domain.alerts.watch import Watch

FILE = "DUEWATCH_ALERTS"
_USUAL = Path(__file__).resolve().parents[1] / ".streamlit" / "alerts.toml"
MOST = 3650
_SECTIONS = ("thresholds", "rules", "channels")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_VARIABLE = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*")


class AlertSettingsError(ValueError):
    """The file cannot be used; the text says which value, and what to write instead. It repeats no address."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What the file says; what it does not say is as it is without one."""

    watch: Watch = field(default_factory=Watch)
    channels: tuple[Channel, ...] = ()
    file: str = ""


def alert_settings() -> AlertSettings:
    """From the file that DUEWATCH_ALERTS names, else .streamlit/alerts.toml where it is there. Raises AlertSettingsError."""
    file, given = _given()
    return read_settings(given, file, os.environ)


def alert_watch() -> Watch:
    """The same without the channels, which a page has no use for."""
    file, given = _given()
    return read_settings({name: value for name, value in given.items() if name != "channels"}, file, {}).watch


def _given() -> tuple[str, dict[str, Any]]:
    named = os.environ.get(FILE, "").strip()
    path = Path(named) if named else _USUAL
    if not named and not path.exists():
        return "", {}
    try:
        return str(path), tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AlertSettingsError(f"{path}: {error.strerror}; correct {FILE}, or make the file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AlertSettingsError(f"{path} is not TOML: {error}") from error


def read_settings(given: Mapping[str, Any], file: str, environment: Mapping[str, str]) -> AlertSettings:
    """Check what the file holds. Raises AlertSettingsError for the first thing that cannot be meant."""
    for name, section in given.items():
        if name not in _SECTIONS:
            raise AlertSettingsError(f"{file}: there is no [{name}]; write one of {_listed(_SECTIONS)}")
        if not isinstance(section, Mapping):
            raise AlertSettingsError(f"{file}: {name} is a section; write [{name}] and its settings below it")
    watch = Watch(_thresholds(given.get("thresholds", {}), file), _off(given.get("rules", {}), file))
    channels = given.get("channels", {})
    return AlertSettings(
        watch, tuple(_channel(name, value, file, environment) for name, value in channels.items()), file
    )


def examine_alerts() -> Iterator[Finding]:
    """What doctor says: is the file fine, and may its channels be sent to?"""
    try:
        settings = alert_settings()
    except AlertSettingsError as error:
        yield Finding("alerts", "settings not usable", False, str(error))
        return
    off = f", without {_listed(sorted(settings.watch.off))}" if settings.watch.off else ""
    yield Finding("alerts", f"{len(settings.watch.rules)} rules{off}, {len(settings.channels)} channels", True)
    for channel in settings.channels:
        refused = channel.refused_by(allowed_hosts())
        yield Finding(f"channel {channel.name}", channel.shown, not refused, f"{refused}; set {HOSTS}")


def _thresholds(given: Mapping[str, Any], file: str) -> Thresholds:
    known = [each.name for each in fields(Thresholds)]
    for name, value in given.items():
        if name not in known:
            raise AlertSettingsError(f"{file}: there is no threshold {name}; write one of {_listed(known)}")
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            raise AlertSettingsError(f"{file}: thresholds.{name} is {value!r}; write a whole number from 0 to {MOST}")
    return Thresholds(**given)


def _off(given: Mapping[str, Any], file: str) -> frozenset[str]:
    for name in given:
        if name != "off":
            raise AlertSettingsError(f'{file}: [rules] has no {name}; write off = ["R18"], the rules to switch off')
    off = given.get("off", [])
    if not isinstance(off, list):
        raise AlertSettingsError(f'{file}: rules.off is {off!r}; write a list such as ["R18"]')
    for rule in off:
        if rule not in RULES:
            raise AlertSettingsError(f"{file}: rules.off names {rule!r}; write rules from R01 to R{len(RULES):02}")
    return frozenset(off)


def _channel(name: str, value: Any, file: str, environment: Mapping[str, str]) -> Channel:
    if _NAME.fullmatch(name) is None:
        raise AlertSettingsError(
            f"{file}: {name!r} cannot name a channel; write small letters, digits, - and _, at most 40"
        )
    if not isinstance(value, str):
        raise AlertSettingsError(f"{file}: channels.{name} is no text; write an address, or $NAME of a variable")
    if _VARIABLE.fullmatch(value):
        variable, value = value[1:], environment.get(value[1:], "")
        if not value:
            raise AlertSettingsError(f"{file}: channels.{name} is in the variable {variable}, which is not set")
    try:
        return read_channel(name, value)
    except ChannelError as error:
        raise AlertSettingsError(f"{file}: channels.{name}: {error}") from error


def _listed(names: Any) -> str:
    return ", ".join(names)
